"""A picture of a suite: ours as bars, baselines as hollow marks, the bar to reach as a line. Knows matplotlib."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.bars import BARS

_INK, _ACCENT, _SOFT, _PALE = "#2b2a28", "#b5562f", "#e3b49c", "#8a867f"
_MARKS = ("D", "o", "s")
_OURS = (_ACCENT, _SOFT, "#c9c2b8", "#e4dfd7")


def draw(suite: str, ours: Sequence[tuple[str, Mapping[str, Any]]], baselines: Mapping[str, Any], path: Path) -> None:
    """Write the picture as SVG, where a figure has a bar. Figures far apart in size are drawn relative to theirs."""
    bars = {name: bar for name, bar in BARS.get(suite, {}).items() if any(name in values for _, values in ours)}
    if not bars:
        return
    pyplot = _pyplot(suite)
    height = 0.8 / max(len(ours), 1)
    figure, axes = pyplot.subplots(figsize=(7, 1.1 + 0.75 * len(bars)))
    for row, (name, bar) in enumerate(bars.items()):
        scale = _scale([values.get(name, 0) for _, values in ours], bar.value)
        for place, (_, values) in enumerate(ours):
            value = float(values.get(name, 0))
            colour = _OURS[min(place, 3)]
            y = row - 0.4 + height * (place + 0.5)
            axes.barh(y, value / scale, height * 0.86, color=colour)
            axes.text(value / scale + 0.01, y, f"{value:.3g}", va="center", color=_INK, fontsize=9)
        for mark, (_, figures) in zip(_MARKS, baselines.items(), strict=False):
            if name in figures:
                axes.plot(figures[name] / scale, row, mark, mfc="none", mec=_INK, ms=7)
        axes.plot([bar.value / scale] * 2, [row - 0.45, row + 0.45], color=_INK, lw=1.6)
    axes.set_yticks(range(len(bars)), [f"{name}  {bar}" for name, bar in bars.items()])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.18)
    axes.xaxis.set_visible(False)
    axes.set_title(suite, loc="left", color=_INK)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(_PALE)
    _legend(axes, [name for name, _ in ours], list(baselines))
    _save(figure, path)


def _pyplot(salt: str) -> Any:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": salt, "font.family": "sans-serif", "font.size": 10})
    from matplotlib import pyplot

    return pyplot


def _save(figure: Any, path: Path) -> None:
    from matplotlib import pyplot

    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    pyplot.close(figure)


def _scale(values: Sequence[Any], bar: float) -> float:
    """Shares (0 to 1) are drawn as they are; other figures against the largest of them and the bar."""
    largest = max([bar, *map(float, values)])
    return 1.0 if 0 < largest <= 1 else largest or 1.0


def _legend(axes: Any, ours: Sequence[str], baselines: Sequence[str]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [Patch(color=_OURS[min(at, 3)], label=name) for at, name in enumerate(ours)]
    handles += [
        Line2D([], [], marker=mark, mfc="none", mec=_INK, ls="", label=name)
        for mark, name in zip(_MARKS, baselines, strict=False)
    ]
    handles.append(Line2D([], [], color=_INK, lw=1.6, label="bar"))
    axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.45, -0.02), ncols=6, frameon=False, fontsize=9)
