"""A doubt about harm with a language model: it decides, and where the words are literal the user is asked."""

from __future__ import annotations

import pytest

from coach.answering import request
from coach.app import now, texts
from coach.domain.events import Catalogue
from coach.domain.letters import in_order
from coach.domain.readings import Kind, Reading, Route
from coach.planning.given import Given
from coach.planning.verdict import ruling

ODD, LITERAL = "He looked through me as if I were air.", "He said he would break my legs."


def _given(said: str) -> Given:
    return Given(in_order((said,)), Reading(said, Kind.ABUSE, doubt=said), Catalogue((), (), {}), (), now())


@pytest.mark.parametrize(
    ("said", "fits", "words", "route"),
    [
        (ODD, "coach", None, Route.IN_SCOPE),
        (ODD, "doubt", ODD, Route.DOUBT),
        (ODD, "needs_help", ODD, Route.GET_HELP),
        (ODD, "needs_help", None, Route.DOUBT),
        (ODD, "elsewhere", None, Route.DOUBT),
        (LITERAL, "coach", None, Route.DOUBT),
    ],
)
def test_in_doubt_the_language_model_decides_except_over_literal_words(
    said: str, fits: str, words: str | None, route: Route
) -> None:
    kind = "abuse" if fits == "needs_help" else "repair"
    found = ruling({"fits": fits, "kind": kind, "harm_words": words, "toward": None}, _given(said))
    assert found.reading.route is route


def test_the_request_says_who_decides() -> None:
    asked = {said: request.messages(_given(said), texts())[-1][1] for said in (ODD, LITERAL)}
    assert "You decide" in asked[ODD]
    assert "You decide" not in asked[LITERAL]
