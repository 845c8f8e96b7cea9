"""Bytes of a file → its text, whatever character set it was written in. Knows letters, and no kinds of files.

UTF-8 and UTF-16 are told by their form. Among older sets the one wins in which most words are words of one language
(``words/alphabets``); among those of East Asia, whose pairs of bytes make characters in any of them, charset-normalizer
chooses.
"""

from __future__ import annotations

import re
from functools import cache

from coach.rows import rows

_SINGLE = ("cp1252", "cp1250", "cp1254", "cp1253", "cp1251", "koi8_r", "mac_roman")
"""Sets of one byte a letter, the likeliest first."""

_PAIRS = ("cp932", "euc_jp", "gb18030", "big5", "cp949")
_LOOKED_AT = 20_000
"""Bytes that decide: those of the first lines that are not ASCII."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WORD = re.compile(r"[^\s\x21-\x40\x5b-\x60\x7b-\x7f]+")
_AROUND = "“”„‘’‚–—…«»・　、。（）\xa0"
"""What stands around words."""


def decoded(raw: bytes) -> str:
    """Return the text of a file; what no character set explains stands as �."""
    mark = next((codec for mark, codec in _MARKS if raw.startswith(mark)), "")
    return raw.decode(mark or charset(raw), errors="replace")


def charset(raw: bytes) -> str:
    """Return the name of the character set that some bytes were written in."""
    if raw[1:400:2].count(0) > len(raw[:400]) // 3:
        return "utf-16-le"
    if raw[:400:2].count(0) > len(raw[:400]) // 3:
        return "utf-16-be"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return _older(raw)
    return "utf-8"


def _older(raw: bytes) -> str:
    some = b"\n".join(line for line in raw.splitlines() if not line.isascii())[:_LOOKED_AT]
    best, at_best = "cp1252", (-len(raw), 0)
    for codec in (*_SINGLE, *_east_asian(some)):
        likely = _likely(some.decode(codec, errors="replace"))
        if likely > at_best:
            best, at_best = codec, likely
    return best


def _east_asian(some: bytes) -> tuple[str, ...]:
    """Return the set of East Asia that fits best, if one fits."""
    from charset_normalizer import from_bytes  # its import takes a while, and most files are UTF-8

    found = from_bytes(some, cp_isolation=list(_PAIRS)).best()
    return (found.encoding,) if found is not None else ()


def _likely(text: str) -> tuple[int, int]:
    """Return how many more words beyond ASCII are words of a language than not, and how many are of the commonest."""
    words = [word for each in _WORD.findall(text) if not (word := each.strip(_AROUND)).isascii()]
    fitting = [_languages(word) for word in words]
    counts = [sum(language in fits for fits in fitting) for language in {each for fits in fitting for each in fits}]
    return sum(1 if fits else -1 for fits in fitting), max(counts, default=0)


@cache
def _languages(word: str) -> frozenset[str]:
    return frozenset(row.id for row in rows("words/alphabets") if row.pattern.match(word))
