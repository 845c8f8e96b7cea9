"""Ports of the cards, the learned tables, the templates of sessions, and the embedder that turns texts into vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from coach.domain.events import Catalogue
from coach.domain.principles import Match, Principle
from coach.domain.readings import Kind, Toward
from coach.domain.sessions import Template


class Embedder(Protocol):
    """Texts to unit vectors."""

    fingerprint: str
    """Names the weights and settings; vectors of different fingerprints must not meet."""

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Return one L2-normalised vector a text. Raises KnowledgeTrouble."""


class Likeness(Protocol):
    """How alike a text is to the authored exemplars: learned tables, fitted when the index is built."""

    def foresee(self, text: str) -> None:
        """Prepare for a message that will be asked about soon; return immediately."""

    def kinds(self, text: str) -> Mapping[Kind, float]:
        """Return a probability for every kind (they sum to 1)."""

    def lines(self, lines: Sequence[str], most: int) -> Sequence[Mapping[Kind, float]]:
        """Return, for each line of a text, the probability of each kind of harm in it.

        Only the ``most`` lines whose words stand out are looked at; for the others there is nothing.
        """

    def toward(self, text: str) -> Mapping[Toward, float]:
        """Return, for a message that tells of harm, the probability of each answer to who is harmed by whom."""

    def language(self, text: str) -> tuple[str, float]:
        """Return the likeliest language of a text (ISO 639), and how sure that is from 0 to 1."""

    def tells(self, sentence: str) -> str | None:
        """Return the linter's warning that a sentence in small letters deserves though no wording shows it, or None."""
        ...


class KnowledgeBase(Protocol):
    """The cards, found by what applies."""

    def principle(self, principle_id: str) -> Principle:
        """Return one card. Raises NotFound."""

    def principles(self) -> Sequence[Principle]:
        """Return every card, shipped ones first, by id."""

    def retrieve(self, text: str, k: int = 5) -> Sequence[Match]:
        """Return the k principles that apply best to a message, best first."""


class Events(Protocol):
    """The catalogue of events, and which of them a letter may tell of."""

    catalogue: Catalogue
    scenes: dict[str, Mapping[str, Any]]
    """The scenes of packs, by the event they are for; those that ship are texts."""

    def ranked(self, text: str) -> Sequence[tuple[str, float]]:
        """Return every event with its score, likeliest first; it orders what is asked and decides nothing."""


class Knowledge(KnowledgeBase, Likeness, Events, Protocol):
    """Cards, events and tables together, as one library holds them."""

    ready: bool
    """False until the index can be asked."""

    @property
    def note(self) -> str | None:
        """A sentence for the user when something is missing."""

    def check(self) -> str | None:
        """Search the index; return what is wrong, None when nothing is. Quick; what is lost is made again meanwhile."""


class Templates(Protocol):
    """The kinds of session there are."""

    def templates(self) -> Sequence[Template]:
        """Return every template, shipped ones first."""

    def template(self, kind: str) -> Template:
        """Return one template. Raises NotFound."""
