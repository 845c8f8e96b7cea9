"""The recovery code: 130 random bits and two characters that find a slip, in seven groups of four.

It is written down by hand and typed years later, so any spelling of it is taken: small letters, blanks, dashes or
none, the letter O for nought, I and L for one. The last two characters are a checksum over the field of 32 elements
that finds any one or two wrong characters and any two that changed places. Pure.
"""

from __future__ import annotations

import secrets

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("OIL", "011", " -\u2010\u2011\u2013\u2014\t\r\n.")
_CHARACTERS = 26
_GROUP = 4


def new_code() -> str:
    """Return a new code, such as ``7K2M-…`` (seven groups of four)."""
    said = "".join(secrets.choice(_LETTERS) for _ in range(_CHARACTERS))
    whole = said + _checks(said)
    return "-".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))


def read(text: str) -> str | None:
    """Return the code's characters however it was spelt, None when a character is wrong, missing or out of place."""
    said = text.upper().translate(_READ_AS)
    if len(said) != _CHARACTERS + 2 or not set(said) <= set(_LETTERS):
        return None
    return said if _checks(said[:_CHARACTERS]) == said[_CHARACTERS:] else None


def last_group(code: str) -> str:
    """Return a code's last group, which is typed back to show that it was written down."""
    return code.rpartition("-")[2]


def is_last_group(code: str, typed: str) -> bool:
    """Whether what was typed is the last group of a code, in any spelling."""
    said = typed.upper().translate(_READ_AS)
    return bool(secrets.compare_digest(said.encode(errors="replace"), last_group(code).encode()))


def _checks(said: str) -> str:
    """Return the two characters that make the code's value zero at two points of the field (Reed-Solomon)."""
    one, two = 0, 0
    for value in map(_LETTERS.index, said):
        one, two = _doubled(one) ^ value, _doubled(_doubled(two)) ^ value
    # The two unknowns stand at the places a and 1: a·x + y = a²·one and a²·x + y = a⁴·two, where a is 2.
    left, right = _doubled(_doubled(one)), _doubled(_doubled(_doubled(_doubled(two))))
    x = _DIVIDED[left ^ right]
    y = left ^ _doubled(x)
    return _LETTERS[x] + _LETTERS[y]


def _doubled(value: int) -> int:
    """Return a value times two in the field of 32 elements, whose polynomial is x⁵ + x² + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


_DIVIDED = {_doubled(_doubled(value)) ^ _doubled(value): value for value in range(32)}
"""A value divided by 2² + 2, the difference of the two points."""
