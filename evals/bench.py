"""``python -m evals.bench``: speed and size. Each figure is defined in README.md; ratios are measured in turn.

Turns run on the project's own dev cases, whole: read, asked or planned, and kept in the journal.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from coach.errors import CoachError
from evals import first_piece, growth, plots, report, served, summary
from evals.__main__ import as_json
from evals.accounts import Label, labelled, taps
from evals.baselines import own_embedder
from evals.cases import HERE, load_cases
from evals.coached import Coached, Played, opened
from evals.plans import percentile
from evals.summary import PAGE, RESULTS

ROUNDS = 3
TURNS_BEFORE_WEIGHING = 20


async def measure() -> dict[str, float]:
    """Return every figure, by its name in the contract."""
    messages = [case.message for case in load_cases(HERE / "dev_cases.jsonl")]
    tapped = {case.message: label for case, label in labelled(HERE / "dev_cases.jsonl", HERE / "dev_accounts.jsonl")}
    with TemporaryDirectory(prefix="coach-bench-") as folder:
        place = Path(folder)
        async with opened(folder=place) as coached:
            figures = await speed(coached, messages, tapped)
            figures |= await first_piece.measure(coached, messages)
            figures["journal_growth_10k"] = await growth.journal_growth(coached, tapped)
            grown = growth.retrieve_growth(coached, messages, lambda: forget(coached, 200))
            figures["retrieve_growth_100k"], figures["retrieve_growth_100k_known"] = grown
        figures["cold_start_s"] = served.cold_start_s(place)
        figures["rss_mb"] = served.rss_mb(place, messages[:TURNS_BEFORE_WEIGHING])
    figures["turn_p95_over_embed"] = figures["turn_p95_ms"] / figures["embed_ms"]
    return {name: round(figures[name], 3) for name in (*CONTRACT, *BESIDE) if name in figures}


CONTRACT = (
    "embed_ms",
    "retrieve_ms",
    "retrieve_over_embed",
    "turn_p50_ms",
    "turn_p95_ms",
    "cold_start_s",
    "rss_mb",
    "retrieve_growth_100k",
    "journal_growth_10k",
    "ask_over_embed",
    "tapped_over_embed",
    "safety_over_embed",
    "long_text_over_embed",
    "first_piece_over_direct",
)
BESIDE = ("first_piece_added_ms", "turn_p95_over_embed", "retrieve_growth_100k_known")
"""Shown and kept, but not part of the object that --json prints."""


async def speed(coached: Coached, messages: Sequence[str], tapped: Mapping[str, Label]) -> dict[str, float]:
    """Return the figures of one process: embedding, retrieval and turns, a message at a time and in turn.

    Nothing is embedded twice: the coach keeps the vectors of the last few texts, so other texts go between rounds.
    ``tapped``: what is tapped on the card of some messages.
    """
    for text in messages[:5]:
        await coached.play("warm-up", text)
    embeds: list[float] = []
    retrieves: list[float] = []
    turns: list[Played] = []
    tapping: list[float] = []
    for round_ in range(ROUNDS):
        forget(coached, round_)
        embedder = own_embedder()
        embedder.embed(["a first text, because the first is slow"])
        for text in messages:
            began = perf_counter()
            embedder.embed([text])
            between = perf_counter()
            coached.rank(text, 5)
            retrieves.append((perf_counter() - between) * 1000)
            embeds.append((between - began) * 1000)
        forget(coached, round_ + 100)
        for text in messages:  # one user, as in use: the first turn of a journal also makes its key
            turn, then = await _told(coached, text, tapped.get(text))
            turns.append(turn)
            tapping += [then.ms] if then else []
    embed = median(embeds)
    asking = [turn.ms for turn in turns if turn.shown.ask]
    return {
        "embed_ms": embed,
        "retrieve_ms": median(retrieves),
        "retrieve_over_embed": median(retrieves) / embed,
        "turn_p50_ms": median(turn.ms for turn in turns),
        "turn_p95_ms": percentile([turn.ms for turn in turns], 95),
        "ask_over_embed": median(asking) / embed,
        "tapped_over_embed": median(tapping) / embed,
        **reading(coached, messages, embed),
    }


WORDS, CHARACTERS = 250, 20_000
"""How long the texts are whose reading for harm is timed."""


def reading(coached: Coached, messages: Sequence[str], embed_ms: float) -> dict[str, float]:
    """Return what it costs to read a message of 250 words for harm, and a text of 20,000 characters.

    The first over the embedding of the same message, in turn; the second over that of a usual one, ``embed_ms``.
    """
    told = " ".join(messages).split()
    embeds: list[float] = []
    reads: list[float] = []
    embedder = own_embedder()
    for start in range(0, len(told) - WORDS, WORDS):
        text = " ".join(told[start : start + WORDS])
        began = perf_counter()
        embedder.embed([text])
        between = perf_counter()
        coached.read(text)
        reads.append(perf_counter() - between)
        embeds.append(between - began)
    longs: list[float] = []
    for round_ in range(ROUNDS):
        text = " ".join([*told[round_ * 100 :], *told])[:CHARACTERS]
        began = perf_counter()
        coached.read(text)
        longs.append((perf_counter() - began) * 1000)
    return {
        "safety_over_embed": median(reads) / median(embeds),
        "long_text_over_embed": median(longs) / embed_ms,
    }


async def _told(coached: Coached, text: str, label: Label | None) -> tuple[Played, Played | None]:
    if label is None:
        return await coached.play("warm-up", text), None
    return await coached.play_tapped("warm-up", text, lambda ask: taps(label, ask, coached.catalogue))


def forget(coached: Coached, salt: int) -> None:
    """Fill the coach's memory of recent texts with other texts."""
    for place in range(70):
        coached.rank(f"Note {salt}.{place}")


def main(given: Sequence[str] | None = None) -> int:
    """Run all benchmarks; print a table and write results, or print one JSON object as the last line."""
    parser = argparse.ArgumentParser("python -m evals.bench", description="Measure the coach's speed and size.")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parsed = parser.parse_args(given)
    try:
        figures = asyncio.run(measure())
    except CoachError as error:
        print(error, file=sys.stderr)
        return 2
    if parsed.json:
        print(as_json({name: figures[name] for name in CONTRACT if name in figures}))
        return 0
    report.console().print(report.table("bench", [("here", figures)]))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench.json").write_text(f"{as_json(figures, indent=1)}\n", encoding="utf-8")
    plots.draw("bench", [("here", figures)], {}, RESULTS / "bench.svg")
    summary.write(RESULTS, PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
