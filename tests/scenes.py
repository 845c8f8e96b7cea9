"""The scenes, the catalogue and the cards that ship, read once for the tests that need them."""

from functools import cache

from coach.domain.events import Catalogue
from coach.domain.principles import Principle
from coach.knowledge.cards import load_cards
from coach.knowledge.catalogue import load_catalogue
from coach.planning.moves import Book, book
from coach.prompts import Prompts
from coach.shipped import shipped
from texts import PROMPTS


@cache
def cards() -> dict[str, Principle]:
    return {card.id: card for card in load_cards(shipped("knowledge"))}


@cache
def catalogue() -> Catalogue:
    return load_catalogue(shipped("knowledge"), cards())


@cache
def texts() -> Prompts:
    return PROMPTS


@cache
def moves() -> Book:
    return book(texts().moves, catalogue())
