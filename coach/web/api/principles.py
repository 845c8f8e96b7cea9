"""Principles: the cards, and the ones that apply to some words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import anyio.to_thread
from fastapi import Query
from pydantic import BaseModel

from coach.domain.principles import Grade, Match, Passage, Principle
from coach.web import routers
from coach.web.api.documents import PASSAGE, PRINCIPLE, READ, documented
from coach.web.parts import In, Parts

router = routers.of_api("Principles")


class Summary(BaseModel):
    """A principle in short."""

    id: str
    title: str
    statement: str
    grade: Grade
    grade_note: str | None
    caution: str | None
    pack: str

    @classmethod
    def of(cls, principle: Principle) -> Summary:
        """Return the summary of a card."""
        return cls(**{name: getattr(principle, name) for name in cls.model_fields})


class Principles(BaseModel):
    """A list of principles."""

    principles: list[Summary]


class Found(Summary):
    """A principle that applies, with the passages of its card that brought it."""

    passages: list[Passage]
    because: list[str]


class Search(BaseModel):
    """What applies, best first."""

    principles: list[Found]


@router.get("/principles", summary="List principles", responses=documented(200, {"principles": [PRINCIPLE]}, *READ))
async def listed(parts: In) -> Principles:
    """Every card, the coach's own first."""
    return Principles(principles=[Summary.of(each) for each in parts.knowledge.principles()])


@router.get("/principles/{principle_id}", summary="Read a principle", responses=documented(200, PRINCIPLE, 404, *READ))
async def one(principle_id: str, parts: In) -> Principle:
    """One card in full: statement, situations, moves, sources, grade and caution; `text` is the card's file."""
    return parts.knowledge.principle(principle_id)


@router.get(
    "/search",
    summary="Search principles",
    responses=documented(200, {"principles": [{**PRINCIPLE, "passages": [PASSAGE], "because": []}]}, *READ),
)
async def search(
    parts: In,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=2000,
            description="A situation, in your own words.",
            examples=["he ignores my mails"],
        ),
    ],
    k: Annotated[int, Query(ge=1, le=20, description="How many at most.")] = 8,
) -> Search:
    """The principles that apply best to a situation, with the passages that brought them."""
    matches = await apply(parts, q, k)
    return Search(
        principles=[
            Found(**Summary.of(m.principle).model_dump(), passages=list(m.passages), because=list(m.because))
            for m in matches
        ]
    )


async def apply(parts: Parts, words: str, k: int) -> Sequence[Match]:
    """Return what applies to some words, worked out away from the event loop."""
    return await anyio.to_thread.run_sync(parts.knowledge.retrieve, words, k)
