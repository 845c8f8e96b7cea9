"""How the upper layers of MiniLM are taught: here what kind of message a text is, from the exemplars.

``python -m evals.tuned [FOLDER]`` writes ``minilm/layers.npz`` anew. It takes half an hour on two cores and needs what
the group ``tune`` of pyproject.toml names, which nothing else does. Cases of the evals are never read.

Beside every exemplar stand letters made of several: an ordinary matter with harm told somewhere in it, and ordinary
matters alone, so that one line of a long letter is heard and length alone sounds like nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coach.domain.readings import IN_SCOPE, Kind
from coach.knowledge.cards import load_cards
from coach.knowledge.embedder import MiniLm
from coach.knowledge.exemplars import load_exemplars
from coach.knowledge.features import Floats
from coach.knowledge.layers import BELOW, FILE, WORK, Layers, Weights, heads, narrowed
from coach.knowledge.lines import HARMS
from coach.knowledge.plain import plain

EPOCHS, RATE, RATE_OUT, DROPPED, SMOOTHED = 4, 3e-4, 1e-3, 0.1, 0.05
"""Times every text is seen; steps of the layers and of what makes scores; shares of states and of labels left open."""

MADE, LONGEST = 2_200, 170
"""Letters made of each sort, and the most words of one with harm in it."""

TOKENS = 1_536
"""Of a batch, padding counted; texts of like length go together."""

_LENGTHS = (32, 48, 64, 80, 96, 128, 160, 192, 256)
_LAYERS = 6

Tree = Any
"""A tree of arrays, as JAX has them."""

Head = Callable[[Tree, Tree, Tree, Tree], Tree]


@dataclass(frozen=True)
class Lesson:
    """What is taught: the states of each text under the layers, and the share of each class in it (texts, classes).

    ``worth``: what each text counts. ``often``: what is added to the score of each class while it is taught.
    """

    states: Sequence[Floats]
    truth: Floats
    worth: Floats
    often: Floats

    def batches(self, chance: np.random.Generator) -> Iterator[tuple[Floats, Floats, Floats, Floats]]:
        """Yield, in an order drawn anew: states, which of them are a text's, shares, and what each row is worth."""
        by_length: dict[int, list[int]] = {}
        for at, states in enumerate(self.states):
            by_length.setdefault(next(most for most in _LENGTHS if len(states) <= most), []).append(at)
        found = []
        for length, places in by_length.items():
            chance.shuffle(places)
            rows = TOKENS // length
            found += [(length, rows, places[first : first + rows]) for first in range(0, len(places), rows)]
        for batch in chance.permutation(len(found)):
            yield self._padded(*found[batch])

    def _padded(self, length: int, rows: int, places: list[int]) -> tuple[Floats, Floats, Floats, Floats]:
        states, mask = np.zeros((rows, length, MiniLm.width), np.float32), np.zeros((rows, length), np.float32)
        truth, texts = np.zeros((rows, self.truth.shape[1]), np.float32), np.zeros(rows, np.float32)
        mask[:, 0] = 1
        for row, at in enumerate(places):
            some = self.states[at]
            states[row, : len(some)], mask[row, : len(some)] = some, 1
            truth[row], texts[row] = self.truth[at], self.worth[at]
        return states, mask, truth, texts


def letters(told: Sequence[tuple[str, Kind]], chance: np.random.Generator) -> list[tuple[str, Kind]]:
    """Return letters made of several texts, each with its kind."""
    work = [text for text, kind in told if kind in IN_SCOPE]
    harm = [(text, kind) for text, kind in told if kind in HARMS]
    made = []
    for at in chance.integers(len(harm), size=MADE):
        text, kind = harm[at]
        around = [work[it] for it in chance.integers(len(work), size=chance.integers(1, 3))]
        if sum(len(some.split()) for some in (text, *around)) > LONGEST:
            around = around[:1]
        around.insert(int(chance.integers(len(around) + 1)), text)
        made.append((" ".join(around), kind))
    for count in chance.integers(2, 5, size=MADE):
        some = (work[it] for it in chance.integers(len(work), size=count))
        made.append((" ".join(" ".join(some).split()[:LONGEST]), Kind.REPAIR))
    return made


def taught(lesson: Lesson, start: Tree, head: Head, rate: float = RATE, epochs: int = EPOCHS) -> Tree:
    """Return the layers as they are after the lesson. Cross-entropy with smoothed labels, AdamW, cosine steps.

    ``head``: makes scores of the tree, the states that its layers come to, what of them is a text's, and chance.
    """
    import jax
    import optax

    chance = np.random.default_rng(1)
    steps = epochs * sum(1 for _ in lesson.batches(chance))
    rates = {of: optax.warmup_cosine_decay_schedule(0, own, steps // 15, steps) for of, own in
             (("layers", rate), ("rest", RATE_OUT))}  # fmt: skip
    parts = {name: jax.tree.map(lambda _, of=name: "layers" if of == "layers" else "rest", some)
             for name, some in start.items()}  # fmt: skip
    mover = optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.multi_transform({of: optax.adamw(own, weight_decay=0.01) for of, own in rates.items()}, parts),
    )

    def moved(tree: Tree, kept: Tree, batch: Tree, key: Tree) -> tuple[Tree, Tree, Tree]:
        loss, slope = jax.value_and_grad(_loss)(tree, batch, key, head, lesson.often)
        change, kept = mover.update(slope, kept, tree)
        return optax.apply_updates(tree, change), kept, loss

    move = jax.jit(moved)
    tree, kept, key, done = start, mover.init(start), jax.random.key(1), 0
    for _ in range(epochs):
        for batch in lesson.batches(chance):
            key, own = jax.random.split(key)
            tree, kept, loss = move(tree, kept, batch, own)
            done += 1
            if not done % 100:
                print(f"{done} of {steps} steps, loss {float(loss):.2f}", flush=True)
    return tree


def _loss(tree: Tree, batch: Tree, key: Tree, head: Head, often: Floats) -> Tree:
    import jax

    states, mask, truth, texts = batch
    for weights in tree["layers"]:
        key, own = jax.random.split(key)
        states = _layer(weights, states, mask, own)
    scores = head(tree, states, mask, key) + often
    wanted = truth * (1 - SMOOTHED) + SMOOTHED / truth.shape[-1]
    return -((wanted * jax.nn.log_softmax(scores)).sum(-1) * texts).sum() / texts.sum()


def _scores(tree: Tree, x: Tree, mask: Tree, key: Tree) -> Tree:
    """Return the scores of a batch; ``coach.knowledge.layers`` does the same for one text."""
    import jax.numpy as jnp

    mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    pooled = jnp.concatenate([mean, jnp.where(mask[..., None] > 0, x, -jnp.inf).max(1)], -1)
    return opened(pooled, key) @ tree["out"] + tree["bias"]


def _layer(w: Mapping[str, Tree], x: Tree, mask: Tree, key: Tree) -> Tree:
    import jax
    import jax.numpy as jnp

    keys = jax.random.split(key, 3)
    q, k, v = (heads(x @ w[name] + w[f"{name}b"]) for name in "qkv")
    near = q @ k.swapaxes(-1, -2) / jnp.sqrt(q.shape[-1]) + (mask[:, None, None, :] - 1) * 1e9
    found = (opened(jax.nn.softmax(near), keys[0]) @ v).swapaxes(-2, -3).reshape(x.shape)
    x = _normed(x + opened(found @ w["o"] + w["ob"], keys[1]), w["g1"], w["h1"])
    wide = jax.nn.gelu(x @ w["i"] + w["ib"])
    return _normed(x + opened(wide @ w["d"] + w["db"], keys[2]), w["g2"], w["h2"])


def opened(x: Tree, key: Tree) -> Tree:
    """Leave some of the numbers out, and raise the others by as much (Srivastava et al., 2014)."""
    import jax
    import jax.numpy as jnp

    return jnp.where(jax.random.bernoulli(key, 1 - DROPPED, x.shape), x / (1 - DROPPED), 0.0)


def _normed(x: Tree, scale: Tree, shift: Tree) -> Tree:
    x = x - x.mean(-1, keepdims=True)
    return x / ((x * x).mean(-1, keepdims=True) + 1e-12) ** 0.5 * scale + shift


def narrow(tree: Tree) -> tuple[Mapping[str, Weights], ...]:
    """Return the layers as they ship."""
    return tuple(narrowed({name: np.asarray(some) for name, some in each.items()}) for each in tree["layers"])


def start(weights: Path) -> Tree:
    """Return MiniLM's own upper layers, their numbers widened."""
    import onnx

    graph = onnx.load(weights).graph
    known = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    cast = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Cast"}
    wide = {
        node.output[0]: known[cast[node.input[0]]].astype(np.float32) * known[node.input[1]]
        for node in graph.node
        if node.op_type == "Mul" and node.input[0] in cast and cast[node.input[0]] in known
    }
    products = [wide[node.input[1]] for node in graph.node if node.op_type == "MatMul" and node.input[1] in wide]
    layers = []
    for at in range(BELOW, _LAYERS):
        name = f"inner.encoder.layer.{at}."
        some = dict(zip("qkvoid", products[6 * at : 6 * at + 6], strict=True))
        some |= {short: known[name + long].astype(np.float32) for short, long in _NAMES.items()}
        layers.append(some)
    return {"layers": layers}


_NAMES = {
    "qb": "attention.self.query.bias", "kb": "attention.self.key.bias", "vb": "attention.self.value.bias",
    "ob": "attention.output.dense.bias", "ib": "intermediate.dense.bias", "db": "output.dense.bias",
    "g1": "attention.output.LayerNorm.weight", "h1": "attention.output.LayerNorm.bias",
    "g2": "output.LayerNorm.weight", "h2": "output.LayerNorm.bias",
}  # fmt: skip


def main(arguments: Sequence[str]) -> None:
    """Teach the layers from a knowledge folder's exemplars, and write them there."""
    folder = Path(arguments[0]) if arguments else Path(__file__).parents[1] / "knowledge"
    exemplars = load_exemplars(folder / "exemplars", [card.id for card in load_cards(folder)])
    told = [(each.text, each.kind) for each in exemplars]
    told += letters([(each.text, each.kind) for each in exemplars if not each.fragment], np.random.default_rng(1))
    classes = (*(kind.value for kind in HARMS), Kind.INJECTION.value, Kind.OFF_TOPIC.value, WORK)
    embedder = MiniLm(folder / "minilm" / "tokenizer.json")
    embedder.check()
    states = [embedder.states(plain(text)) for text, _ in told]
    places = [classes.index(kind.value if kind.value in classes else WORK) for _, kind in told]
    out = np.random.default_rng(0).normal(0, 0.02, (2 * MiniLm.width, len(classes))).astype(np.float32)
    none = np.zeros(len(classes), np.float32)
    truth = np.eye(len(classes), dtype=np.float32)[places]
    lesson = Lesson(states, truth, np.ones(len(states), np.float32), none)
    tree = taught(lesson, {**start(embedder.weights), "out": out, "bias": none}, _scores)
    made = Layers(narrow(tree), np.asarray(tree["out"]), np.asarray(tree["bias"]), classes)
    np.savez(folder / "minilm" / FILE, **made.arrays())  # type: ignore[arg-type]
    print(f"{FILE}: taught by {len(exemplars)} exemplars and {len(told) - len(exemplars)} letters made of them")


if __name__ == "__main__":
    main(sys.argv[1:])
