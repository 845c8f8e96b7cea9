"""How the upper layers of MiniLM are taught which events of the catalogue a letter tells of.

``python -m evals.telling [FOLDER]`` writes ``minilm/told.npz`` anew, from the labelled letters and the catalogue's
ways of saying. It takes ten minutes on two cores and needs the libraries of ``evals.tuned``. Cases of the evals are
never read.

Beside the letters stand some made of two or three, each event in as many: a long letter tells several things, and what
is told seldom is to be heard as well as what is told often.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from coach.domain import letters
from coach.domain.events import Catalogue
from coach.knowledge.cards import load_cards
from coach.knowledge.catalogue import load_catalogue
from coach.knowledge.embedder import MiniLm
from coach.knowledge.features import Floats
from coach.knowledge.plain import plain
from coach.knowledge.ranking import sayings
from coach.knowledge.seekers import FILE, LENGTH, Told
from evals.ranked import NONE, labelled_letters
from evals.tuned import Lesson, Tree, narrow, opened, start, taught

MADE, SHORT, LONGEST = 800, 75, 170
"""Letters made of several; the most words of one they are made of, and of one made."""

WORTH_MADE, WORTH_SAID = 0.7, 0.5
"""What a made letter and a way of saying count beside a letter."""

RATE, EPOCHS = 2e-4, 3
"""The steps of the layers, and times every text is seen."""

EVEN, BEFORE = 0.7, 3.0
"""How much of what being told often adds to an event is taken away; letters that each event has beforehand."""

Labelled = tuple[str, Mapping[str, float]]


def made(labelled: Sequence[Labelled], chance: np.random.Generator) -> list[Labelled]:
    """Return letters made of several, each with the events of all."""
    by_event: dict[str, list[Labelled]] = {}
    for text, counts in labelled:
        main = max(counts, key=lambda event: counts[event])
        if main != NONE and len(text.split()) < SHORT:
            by_event.setdefault(main, []).append((text, counts))
    events = sorted(by_event)
    found: list[Labelled] = []
    for _ in range(MADE):
        some = chance.choice(len(events), size=2 + int(chance.random() < 0.25), replace=False)
        parts = [by_event[events[at]][int(chance.integers(len(by_event[events[at]])))] for at in some]
        while sum(len(text.split()) for text, _ in parts) > LONGEST:
            parts.pop()
        told: dict[str, float] = {}
        for _, own in parts:
            told.update({event: max(worth, told.get(event, 0.0)) for event, worth in own.items() if event != NONE})
        found.append((" ".join(text for text, _ in parts), told))
    return found


def lesson(labelled: Sequence[Labelled], catalogue: Catalogue, embedder: MiniLm) -> Lesson:
    """Return what is taught: the labelled letters, letters made of them, and the ways of saying.

    Events that are told often are raised while they are taught, so that they need not raise themselves (logit
    adjustment: Menon et al., 2021).
    """
    place = {event: at for at, event in enumerate((*(entry.id for entry in catalogue.entries), NONE))}
    several = made(labelled, np.random.default_rng(1))
    said = [(line, {entry.id: 1.0}) for entry in catalogue.entries for line in sayings(entry)]
    truth = np.zeros((len(labelled) + len(several) + len(said), len(place)), np.float32)
    for row, (_, counts) in zip(truth, (*labelled, *several, *said), strict=True):
        for event, share in counts.items():
            row[place[event]] = share
    truth /= truth.sum(axis=1, keepdims=True)
    sorts = [len(labelled), len(several), len(said)]
    worth = np.repeat(np.array([1, WORTH_MADE, WORTH_SAID], np.float32), sorts)
    often = np.asarray(worth @ truth + BEFORE, np.float32)
    states = [embedder.states(plain(letters.cleaned(text))) for text, _ in (*labelled, *several, *said)]
    return Lesson(states, truth, worth, EVEN * np.log(often / often.sum()))


def begun(catalogue: Catalogue, embedder: MiniLm) -> Tree:
    """Return MiniLM's own upper layers, under scores that are how near a letter is to an event's ways of saying."""
    mean = np.zeros((MiniLm.width, len(catalogue.entries) + 1), np.float32)
    for at, entry in enumerate(catalogue.entries):
        own = np.mean(embedder.embed(sayings(entry)), axis=0)
        mean[:, at] = own / np.linalg.norm(own)
    head = {"whole": mean, "seek": mean / 2, "found": mean.copy(), "bias": np.zeros(mean.shape[1], np.float32)}
    return {**start(embedder.weights), **head}


def scores(tree: Tree, x: Tree, mask: Tree, key: Tree) -> Tree:
    """Return the scores of a batch; ``coach.knowledge.seekers`` does the same for one letter."""
    import jax
    import jax.numpy as jnp

    whole, words = jax.random.split(key)
    mean = (x * mask[..., None]).sum(1)
    mean = LENGTH * mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)
    near = jax.nn.softmax(x @ tree["seek"] + (mask[..., None] - 1) * 1e9, axis=1)
    looked = (near * (opened(x, words) @ tree["found"])).sum(1)
    return opened(mean, whole) @ tree["whole"] + looked + tree["bias"]


def shipped(tree: Tree, catalogue: Catalogue) -> Told:
    """Return what was taught as it ships: without the class of letters that tell of no event."""
    head: dict[str, Floats] = {name: np.asarray(tree[name])[..., :-1] for name in ("whole", "seek", "found", "bias")}
    return Told(narrow(tree), **head, events=tuple(entry.id for entry in catalogue.entries))


def main(arguments: Sequence[str]) -> None:
    """Teach the layers from a knowledge folder's labels, and write them there."""
    folder = Path(arguments[0]) if arguments else Path(__file__).parents[1] / "knowledge"
    catalogue = load_catalogue(folder, {card.id for card in load_cards(folder)})
    embedder = MiniLm(folder / "minilm" / "tokenizer.json")
    embedder.check()
    labelled = labelled_letters(folder)
    tree = taught(lesson(labelled, catalogue, embedder), begun(catalogue, embedder), scores, RATE, EPOCHS)
    np.savez(folder / "minilm" / FILE, **shipped(tree, catalogue).arrays())  # type: ignore[arg-type]
    print(f"{FILE}: taught by {len(labelled)} letters, {MADE} made of them, and the ways of saying")


if __name__ == "__main__":
    main(sys.argv[1:])
