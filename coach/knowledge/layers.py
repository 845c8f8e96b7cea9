"""The upper half of MiniLM, taught on the exemplars: what kind of message a text is, from all its words at once.

A ridge over vectors compares a message with exemplars as a whole or by the clause. Layers that attend (Vaswani et al.,
2017) see who does what to whom. Only the upper three were taught on (after Howard & Ruder, 2018): the lower three are
MiniLM's own, so a text costs half as much again. ``evals.tuned`` teaches them.

Knows weights and hidden states. Knows no text, and not what follows from a kind.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.domain.readings import Kind
from coach.knowledge.features import Floats
from coach.knowledge.lines import HARMS

FILE = "layers.npz"

BELOW = 3
"""How many of MiniLM's own layers stand below the taught ones."""

WORK = "work"
"""The class of every message of work: the layers do not tell these apart."""

FEWEST, MOST = 25, 120
"""In texts of fewer or more words the layers are not trusted: they were taught on few of these."""

_HEADS = 12
_TINY, _SHARE = 1e-6, 1e-4

OWN, OWN_KIND = 0.5, 0.3
"""How much the log odds of harm by the layers count beside those by the tables, and what they say of its kind."""


Weights = NDArray[np.int8] | Floats
"""Of a table in bytes the scale of each column stands beside it, under its name with an s."""


def narrowed(weights: Mapping[str, Floats]) -> dict[str, Weights]:
    """Return a layer's weights with its tables in bytes: a quarter of the memory, and widened in no time."""
    kept: dict[str, Weights] = {}
    for name, some in weights.items():
        if some.ndim == 1:
            kept[name] = some.astype(np.float32)
            continue
        scale = np.maximum(np.abs(some).max(axis=0), _TINY).astype(np.float32) / 127
        kept[name], kept[f"{name}s"] = np.rint(some / scale).astype(np.int8), scale
    return kept


@dataclass(frozen=True, slots=True)
class Layers:
    """``layers``: the weights of each, by name (see ``_layer``), tables of them in bytes (see ``narrowed``).

    ``out`` (768, classes) and ``bias`` make scores of the mean and the largest of the states. ``classes``: their names.
    """

    layers: tuple[Mapping[str, Weights], ...]
    out: Floats
    bias: Floats
    classes: tuple[str, ...]

    def __call__(self, states: Floats) -> Floats:
        """Return a probability a class. ``states`` (tokens, 384): what the layers below make of a text."""
        states = through(self.layers, states)
        scores = np.concatenate([states.mean(axis=0), states.max(axis=0)]) @ self.out + self.bias
        powers = np.exp(scores - scores.max())
        return np.asarray(powers / powers.sum(), np.float32)

    def heard(self, states: Floats) -> Mapping[str, float]:
        """Return the same by the names of the classes."""
        return dict(zip(self.classes, map(float, self(states)), strict=True))

    @staticmethod
    def hears(text: str) -> bool:
        """Return whether a text is of a length that the layers are trusted with."""
        return FEWEST <= len(text.split()) <= MOST

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what ``load`` needs, for an npz file."""
        return {**packed(self.layers), "out": self.out, "bias": self.bias, "classes": np.array(self.classes)}

    @classmethod
    def load(cls, file: Path) -> Layers | None:
        """Read what ``arrays`` gave; None where there is no such file, or none that can be read."""
        try:
            with np.load(file, allow_pickle=False) as kept:
                found = {name: kept[name] for name in kept.files}
            return cls(unpacked(found), found["out"], found["bias"], tuple(map(str, found["classes"])))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None


def packed(layers: Sequence[Mapping[str, Weights]]) -> dict[str, NDArray[np.generic]]:
    """Return the weights of layers by names that say which layer each is of."""
    return {f"{at}.{name}": some for at, layer in enumerate(layers) for name, some in layer.items()}


def unpacked(found: Mapping[str, Weights]) -> tuple[Mapping[str, Weights], ...]:
    """Return layers from what ``packed`` gave. Raises ValueError where there are none."""
    count = 1 + max(int(name.split(".")[0]) for name in found if "." in name)
    return tuple(
        {name.split(".")[1]: some for name, some in found.items() if name.startswith(f"{at}.")} for at in range(count)
    )


def through(layers: Sequence[Mapping[str, Weights]], states: Floats) -> Floats:
    """Return what layers make of states (tokens, width), one after another."""
    for weights in layers:
        states = _layer(weights, states)
    return states


def _layer(w: Mapping[str, Weights], x: Floats) -> Floats:
    """Return what one layer makes of states (tokens, width): attention, then two sums of each token alone.

    q, k, v, o: of queries, keys, values and what attention found; i, d: into the wide layer and back; a name with b:
    what is added; g and h: by what a normed state is multiplied, and what is added.
    """
    q, k, v = (heads(_through(w, name, x)) for name in "qkv")
    near = q @ k.swapaxes(-1, -2) / np.float32(np.sqrt(q.shape[-1]))
    near = np.exp(near - near.max(axis=-1, keepdims=True))
    found: Floats = ((near / near.sum(axis=-1, keepdims=True)) @ v).swapaxes(-2, -3).reshape(x.shape)
    x = _normed(x + _through(w, "o", found), w["g1"], w["h1"])
    wide = _through(w, "i", x)
    wide *= 0.5 * (1 + np.tanh(np.float32(0.7978846) * (wide + np.float32(0.044715) * wide * wide * wide)))
    return _normed(x + _through(w, "d", wide), w["g2"], w["h2"])


def _through(w: Mapping[str, Weights], name: str, x: Floats) -> Floats:
    """Return states times a table, widened for that, and what is added."""
    return np.asarray(x @ w[name].astype(np.float32) * w[f"{name}s"] + w[f"{name}b"], np.float32)


def heads(x: Any) -> Any:
    """Return states (..., tokens, width) as each head attends to them: (..., heads, tokens, width of one)."""
    return x.reshape(*x.shape[:-1], _HEADS, -1).swapaxes(-2, -3)


def _normed(x: Any, scale: Weights, shift: Weights) -> Floats:
    x = x - x.mean(axis=-1, keepdims=True)
    return np.asarray(x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + 1e-12) * scale + shift, np.float32)


def both(tables: Mapping[Kind, float], layers: Mapping[str, float] | None) -> Mapping[Kind, float]:
    """Return a probability a kind from what tables and layers say of a message; ``layers`` None: the tables alone.

    The log odds of any harm are added up, and so are those of which harm it is; how the rest is shared among the kinds
    that are no harm, the tables say alone.
    """
    if layers is None:
        return tables
    base = sum(tables[kind] for kind in HARMS)
    own = sum(layers[kind.value] for kind in HARMS)
    unsafe = 1 / (1 + np.exp(-(_logit(base) + OWN * _logit(own))))
    shares = {
        kind: (tables[kind] / max(base, _TINY) + _SHARE) ** (1 - OWN_KIND)
        * (layers[kind.value] / max(own, _TINY) + _SHARE) ** OWN_KIND
        for kind in HARMS
    }
    total = sum(shares.values())
    rest = (1 - unsafe) / max(1 - base, _TINY)
    return {
        kind: float(unsafe * shares[kind] / total) if kind in shares else float(odds * rest)
        for kind, odds in tables.items()
    }


def _logit(odds: float) -> float:
    odds = min(max(odds, _TINY), 1 - _TINY)
    return float(np.log(odds / (1 - odds)))
