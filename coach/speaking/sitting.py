"""Words a session's reflection and question, in one call; the kept words stand for whatever fails the look over.

What the journal shows, cards, remarks and what may not be worded freely are not asked for. Knows parts of a message;
nothing of how the session goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from coach.coaching import wording
from coach.domain.sessions import Part
from coach.domain.violations import Context
from coach.errors import LanguageModelTrouble
from coach.planning import verification
from coach.planning.verification import Expected, Ground, Standard
from coach.ports import Texts
from coach.safety.orders import without_orders
from coach.speaking.asking import Asking, Occasion
from coach.speaking.budget import ASKED_WORDS, clipped
from coach.speaking.spoken import Spoken

PATIENCE = 12.0
"""Seconds a session's message waits for its words."""

MOST_QUESTION, MOST_REFLECTION = 34, 28


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be worded: the parts of a message, what the user said, and who is named. ``goal``: theirs so far."""

    occasion: Occasion
    parts: tuple[Part, ...]
    said: str
    goal: str
    people: tuple[str, ...] = ()


class Sitting:
    """The wording of one message of a session."""

    def __init__(
        self, wanted: Wanted, prompts: Texts, name: str, asking: Callable[[str], Asking], standard: Standard
    ) -> None:
        self._wanted, self._prompts, self._name, self._asking = wanted, prompts, name, asking
        self._standard = standard
        self.spoken = Spoken()

    async def parts(self) -> tuple[Part, ...]:
        """Return the parts, worded where that is sound. Never raises LanguageModelTrouble."""
        free = [at for at, part in enumerate(self._wanted.parts) if _is_free(part)]
        if not free or not self._wanted.said or not verification.is_english(self._wanted.said):
            return self._wanted.parts
        kept = [self._wanted.parts[at].text for at in free]
        try:
            given = await self._asking("session").fill(
                self._prompt(kept), wording.list_schema("lines", len(kept)), PATIENCE
            )
        except LanguageModelTrouble as trouble:
            self.spoken.notice = self._prompts.render("notice.fixed", why="silent", told=str(trouble))
            return self._wanted.parts
        lines = given.get("lines")
        if not isinstance(lines, list) or len(lines) != len(free):
            return self._wanted.parts
        said = dict(zip(free, (wording.tidy(str(line)) for line in lines), strict=True))
        return tuple(self._sound(part, said.get(at)) for at, part in enumerate(self._wanted.parts))

    def _sound(self, part: Part, line: str | None) -> Part:
        """Return a part in the language model's words, or as it was when these fail."""
        if line is None or line == part.text:
            return part
        asks = part.role == "ask"
        expected = Expected(
            near=(part.text, self._wanted.said),
            must=verification.must_keep(part.text),
            asks=asks,
            most_words=MOST_QUESTION if asks else MOST_REFLECTION,
            near_least=1,
            must_ask=asks,
        )
        faults = verification.faults(line, self._ground(), expected)
        if asks and line.count("?") > 1:
            faults = (*faults, "question")
        self.spoken.found += len(faults)
        if faults:
            self.spoken.replace("reply", line, faults, part.text)
            return part
        self.spoken.name = self._name
        return replace(part, text=line)

    def _prompt(self, kept: Sequence[str]) -> Sequence[tuple[str, str]]:
        user = self._prompts.render(
            "session.user",
            said=clipped(without_orders(self._wanted.said), ASKED_WORDS),
            goal=without_orders(self._wanted.goal),
            lines=[{"text": text} for text in kept],
        )
        return (("system", self._prompts.render("session.system")), ("user", user))

    def _ground(self) -> Ground:
        said = without_orders(self._wanted.said)
        texts = (*(part.text for part in self._wanted.parts), said, self._wanted.goal)
        context = Context(people=self._wanted.people, quotes=(said,), known=(said,))
        return Ground(texts=texts, standard=self._standard, context=context)


def _is_free(part: Part) -> bool:
    """Whether a part may be worded: no quotation, so that the user's words and the cards stay as they are."""
    return part.role in {"reflect", "ask"} and "“" not in part.text and "\n" not in part.text
