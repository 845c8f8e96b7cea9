"""How a turn begins: the person's words are kept before anything is made of them.

Knows the journal and what came before in the conversation; reads no words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from coach.domain.asks import Taps
from coach.domain.matters import Matter, matter
from coach.domain.turns import Conversation as Thread
from coach.domain.turns import Turn, titled
from coach.errors import BadInput, NotFound
from coach.ports import Journal, Knowledge, Texts
from coach.reading.case import Case

LONGEST_TEXT = 20_000
"""Characters of one message; a long pasted thread fits, a book does not."""


class Opening:
    """Opens turns. Holds no state of its own."""

    def __init__(self, journal: Journal, knowledge: Knowledge, texts: Texts, new_id: Callable[[], str]) -> None:
        self._journal, self._knowledge, self._texts, self._new_id = journal, knowledge, texts, new_id

    async def begin(
        self,
        user: str,
        text: str,
        tapped: Taps | None,
        now: datetime,
        conversation_id: str | None,
        person_id: str | None,
    ) -> Case:
        """Return the case of a turn whose words, or taps, are kept. Raises BadInput and NotFound before that."""
        if not text.strip() and tapped is None:
            raise BadInput("Say what happened, in a sentence or two.")
        if len(text) > LONGEST_TEXT:
            raise BadInput(f"That is longer than {LONGEST_TEXT} characters. Paste the part that matters most.")
        if text.strip():
            self._knowledge.foresee(text)
        since = await self._journal.generation(user)
        if person_id is not None:
            await self._journal.person(user, person_id)
        people = await self._journal.people(user)
        if conversation_id is None:
            if not text.strip():
                raise BadInput("There is nothing to tap yet; say what happened first.")
            thread, earlier = Thread(self._new_id(), titled(text), now, person_id), matter((), person_id)
            turn = Turn(self._new_id(), thread.id, now, text, prompts=self._texts.fingerprint, taps=tapped)
            await self._journal.add_conversation(user, thread, turn, since)
        else:
            thread = await self._journal.conversation(user, conversation_id)
            turns = await self._journal.turns(user, conversation_id)
            earlier = await self._current(user, matter(turns, person_id or thread.person_id))
            turn = Turn(self._new_id(), thread.id, now, text, prompts=self._texts.fingerprint, taps=tapped)
            if tapped is not None:
                self._check(tapped, earlier)
            await self._journal.keep_turn(user, turn, since)
        return Case(user, turn, earlier, people, now, earlier.person_id)

    async def _current(self, user: str, earlier: Matter) -> Matter:
        """Return the matter with its plan as it stands now: days move, and the user may have changed a step's words."""
        if earlier.plan is None:
            return earlier
        try:
            return replace(earlier, plan=await self._journal.plan(user, earlier.plan.id))
        except NotFound:
            return earlier

    def _check(self, tapped: Taps, earlier: Matter) -> None:
        """Raise BadInput for taps that fit nothing that was shown, before anything is kept."""
        asked = {each.id for each in (earlier.ask, earlier.doubt) if each is not None}
        if tapped.ask_id is not None and tapped.ask_id not in asked:
            raise BadInput("That card is no longer the latest one. Tap on the card below it.")
        if tapped.step_id is not None and (
            earlier.plan is None or tapped.step_id not in {step.id for step in earlier.plan.steps}
        ):
            raise BadInput("That step is not part of the plan any more. Open the plan and tap it there.")
