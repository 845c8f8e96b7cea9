"""Modules that an import is spared."""

from __future__ import annotations

import sys

from coach.omissions import without


def test_what_is_spared_does_nothing_and_can_be_imported_afterwards() -> None:
    sys.modules.pop("colorsys", None)
    with without("colorsys"):
        from colorsys import hls_to_rgb as spared
    assert spared(0.5, 1.0, 0.0) is None
    from colorsys import hls_to_rgb

    assert hls_to_rgb(0.5, 1.0, 0.0) == (1.0, 1.0, 1.0)


def test_what_is_there_already_stays_what_it_is() -> None:
    with without("sys"):
        import sys as found
    assert found is sys
