"""Events are ordered for a letter, and a new one takes part without a fit."""

from dataclasses import replace

import pytest

from coach.domain.events import Catalogue
from coach.knowledge.embedder import MiniLm
from coach.knowledge.ranking import TABLE, Ranking, Said
from coach.shipped import shipped
from scenes import catalogue

KNOWLEDGE = shipped("knowledge")


@pytest.fixture(scope="module")
def embedder() -> MiniLm:
    return MiniLm(KNOWLEDGE / "minilm" / "tokenizer.json")


@pytest.fixture(scope="module")
def ranking(embedder: MiniLm) -> Ranking:
    return Ranking(catalogue(), Said.load(KNOWLEDGE / "labels" / TABLE), embedder)


@pytest.mark.parametrize(
    ("letter", "event"),
    [
        ("I yelled at our new hire this morning because the van was late, and I feel rotten about it.", "i_snapped"),
        ("Written to her three times now about the keys. Nothing comes back.", "no_answer"),
        ("My colleague's father passed away on Sunday. What do I write?", "their_loss"),
    ],
)
def test_the_event_told_stands_among_the_first_four(letter: str, event: str, ranking: Ranking):
    assert event in [each for each, _ in ranking.ranked(letter)[:4]]


def test_every_event_has_a_place_and_the_order_is_the_same_each_time(ranking: Ranking):
    first, second = ranking.ranked("He never greets me."), ranking.ranked("He never greets me.")
    assert first == second
    assert {event for event, _ in first} == {entry.id for entry in catalogue().entries}


def test_a_new_event_is_found_by_its_own_words_without_a_fit(embedder: MiniLm):
    new = replace(
        catalogue().entry("they_took_over"), id="shift_swapped", chip="{name} swapped my shift without asking",
        they="They swapped my shift without asking", means="They changed my shift, and I was not asked.",
        like=("she swapped my early for her late and never asked", "my Sunday was given away on the rota"),
    )  # fmt: skip
    known = catalogue()
    larger = Catalogue(known.groups, (*known.entries, new), known.facts, known.tried)
    ranking = Ranking(larger, Said.load(KNOWLEDGE / "labels" / TABLE), embedder)
    letter = "He swapped my shift on the rota without asking me and now I work on Sunday."
    assert "shift_swapped" in [event for event, _ in ranking.ranked(letter)[:8]]


def test_without_an_embedder_the_catalogues_own_order_stands():
    ranking = Ranking(catalogue(), None, None)
    assert [event for event, _ in ranking.ranked("anything")] == [entry.id for entry in catalogue().entries]
