"""One spelling for a text, so that quotes, spaces, capitals and odd Unicode change nothing.

Knows characters. Does not know what words mean.
"""

from __future__ import annotations

import re
import unicodedata

_SWAP = {ord(mark): "'" for mark in "‘’‚‛`´ʼʹ′"}
_SWAP |= {ord(mark): '"' for mark in "“”„‟«»″"}
_SWAP |= {ord(mark): "-" for mark in "‐‑‒–—―−"}
_SWAP |= {ord(mark): None for mark in "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"}  # type: ignore[misc]
# Letters of other scripts that look like Latin ones: the coach reads English, so they stand for those.
_SWAP |= {ord(odd): usual for odd, usual in zip("аеорсухіјԁ", "aeopcyxijd", strict=True)}
_SWAP |= {ord(odd): usual for odd, usual in zip("АВЕКМНОРСТХ", "ABEKMHOPCTX", strict=True)}
_STRETCH = re.compile(r"([a-z!?.])\1{2,}")
_ACCENTS = re.compile("[\u0300-\u036f]")
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """Return the text in lower case, NFKC, with straight quotes, single spaces and no stretched letters."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_SWAP)
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return _SPACES.sub(" ", _STRETCH.sub(r"\1\1", text.lower())).strip()


def shortened(text: str, limit: int = 110) -> str:
    """Return the text on one line, cut at a word to ``limit`` characters."""
    text = _SPACES.sub(" ", text).strip()
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(",;:-") + "…"
