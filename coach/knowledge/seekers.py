"""The upper half of MiniLM, taught on labelled letters: which events of the catalogue a letter tells of.

Each event looks for the words that tell it, wherever they stand in a long letter (label-wise attention: Mullenbach et
al., 2018), beside what the letter says as a whole. ``evals.telling`` teaches the layers.

Knows weights and hidden states. Knows no text, and nothing of taps.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.knowledge.features import Floats
from coach.knowledge.layers import Weights, packed, through, unpacked

FILE = "told.npz"

LENGTH = 8.0
"""To what the mean of the states is scaled."""

_HEAD = ("whole", "seek", "found", "bias")


@dataclass(frozen=True, slots=True)
class Told:
    """``layers``: the weights of each (see ``coach.knowledge.layers``). ``events``: the ids of those it knows.

    A column an event (384, events): ``whole`` scores the mean of the states, ``seek`` says where to look, ``found``
    scores what is there. ``bias``: one number an event.
    """

    layers: tuple[Mapping[str, Weights], ...]
    whole: Floats
    seek: Floats
    found: Floats
    bias: Floats
    events: tuple[str, ...]

    def __call__(self, states: Floats) -> Floats:
        """Return a score an event. ``states`` (tokens, 384): what the layers below make of a letter."""
        states = through(self.layers, states)
        mean = states.mean(axis=0)
        near = states @ self.seek
        near = np.exp(near - near.max(axis=0))
        looked = (near / near.sum(axis=0) * (states @ self.found)).sum(axis=0)
        return np.asarray(LENGTH * mean / np.linalg.norm(mean) @ self.whole + looked + self.bias, np.float32)

    def heard(self, states: Floats) -> Mapping[str, float]:
        """Return the same by the ids of the events."""
        return dict(zip(self.events, map(float, self(states)), strict=True))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what ``load`` needs, for an npz file."""
        head = {name: np.asarray(getattr(self, name), np.float16) for name in _HEAD}
        return {**packed(self.layers), **head, "events": np.array(self.events)}

    @classmethod
    def load(cls, file: Path) -> Told | None:
        """Read what ``arrays`` gave; None where there is no such file, or none that can be read."""
        try:
            with np.load(file, allow_pickle=False) as kept:
                found = {name: kept[name] for name in kept.files}
            head = {name: found[name].astype(np.float32) for name in _HEAD}
            return cls(unpacked(found), **head, events=tuple(map(str, found["events"])))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None
