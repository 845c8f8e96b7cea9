"""The lines of address books and calendars: unfolded, quoted-printable written plainly, each in its character set.

Lines are put together as bytes, for programs fold wherever a line is full, in the middle of a letter too. Knows the
form ``NAME;PARAMETERS:VALUE`` and no names.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterable, Iterator

from coach.foreign.charsets import charset

_QUOTED = re.compile(rb";(?:ENCODING=)?QUOTED-PRINTABLE", re.IGNORECASE)
_CHARSET = re.compile(rb";CHARSET=\"?([\w.:-]+)\"?", re.IGNORECASE)
_COMES_AFTER = re.compile(rb"=\r?\n([ \t]?)")
_BLANKS = re.compile(rb"QUOTED-PRINTABLE[^:\n]*:[^\n]* ", re.IGNORECASE)
"""Quoted-printable by a program that leaves blanks as they are."""

_BULK = re.compile(rb"(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY|ATTACH)[;:]", re.IGNORECASE)
"""What nobody reads here, and may be long."""


def logical(raw: bytes) -> list[str]:
    """Return the unfolded lines of a file as text, each as ``NAME;PARAMETERS:VALUE``."""
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    folded = _folds_soft_breaks(raw)
    lines = list(_unfolded(raw.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n"), folded))
    own = charset(b"\n".join(line for line in lines if not _CHARSET.search(line.partition(b":")[0])))
    return [_text(line, own) for line in lines]


def _folds_soft_breaks(raw: bytes) -> bool:
    """Whether the blank after a soft line break is a fold's, as some programs write both, or belongs to the words."""
    after = _COMES_AFTER.findall(raw) if b"QUOTED-PRINTABLE" in raw.upper() else []
    return all(after) and (len(after) > 1 or not _BLANKS.search(raw))


def _unfolded(raw: bytes, folded: bool) -> Iterator[bytes]:
    """Yield whole lines. A picture is left out as it goes by."""
    parts: list[bytes] = []
    soft = quoted = bulk = False
    for line in raw.split(b"\n"):
        if soft:
            parts.append(line[1:] if folded and line[:1] in {b" ", b"\t"} else line)
        elif line[:1] in {b" ", b"\t"} and parts:
            if not bulk:
                parts.append(line[1:])
        else:
            if parts and not bulk:
                yield b"".join(parts)
            parts, bulk = [line], bool(_BULK.match(line))
            quoted = bool(_QUOTED.search(line.partition(b":")[0]))
        soft = quoted and parts[-1].endswith(b"=")
        if soft:
            parts[-1] = parts[-1][:-1]
    if parts and not bulk:
        yield b"".join(parts)


def _text(line: bytes, own: str) -> str:
    head, colon, value = line.partition(b":")
    if not colon:
        return _decoded(line, own)
    told = _CHARSET.search(head)
    if _QUOTED.search(head):
        value = quopri.decodestring(value).replace(b"\r\n", b"\n").rstrip(b"\n").replace(b"\n", b"\\n")
    head = _CHARSET.sub(b"", _QUOTED.sub(b"", head))
    return f"{_decoded(head, own)}:{_decoded(value, told[1].decode() if told else own)}"


def _decoded(value: bytes, codec: str) -> str:
    """Return bytes as text: in UTF-8 if they are, for some programs name another set than they write."""
    for each in ("utf-8", codec, charset(value)) if not value.isascii() else ("utf-8",):
        try:
            return value.decode(each)
        except (LookupError, UnicodeDecodeError):
            continue
    return value.decode("cp1252", errors="replace")


def between(lines: Iterable[str], name: str) -> Iterator[tuple[list[str], bool]]:
    """Yield what stands between BEGIN and END of a name, and whether its END was there."""
    inside: list[str] | None = None
    for line in lines:
        told = line.strip().upper()
        if told == f"BEGIN:{name}":
            if inside is not None:
                yield inside, False
            inside = []
        elif told == f"END:{name}" and inside is not None:
            yield inside, True
            inside = None
        elif inside is not None and told:
            inside.append(line)
    if inside is not None:
        yield inside, False
