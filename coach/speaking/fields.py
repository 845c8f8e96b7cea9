"""Words the fields of a plan: one answer, one more try for what fails in it, and the kept words for the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from coach.coaching import wording
from coach.domain.plans import RepairPlan
from coach.domain.readings import Reading
from coach.errors import LanguageModelTrouble
from coach.planning import verification
from coach.ports import Texts
from coach.safety.orders import without_orders
from coach.speaking.asking import Asking
from coach.speaking.budget import MESSAGE_WORDS, clipped
from coach.speaking.spoken import Spoken

RETRY_SECONDS = 15.0


class Fields:
    """The wording of one plan's fields."""

    def __init__(
        self,
        plan: RepairPlan,
        read: Reading,
        prompts: Texts,
        asking: Callable[[str], Asking],
        standard: verification.Standard,
    ) -> None:
        self._plan, self._read, self._prompts, self._asking = plan, read, prompts, asking
        texts = wording.fields(plan)
        self._texts = {name: text for name, text in texts.items() if without_orders(text) == " ".join(text.split())}
        self._system = prompts.render("plan.system")
        self._ground = wording.ground(plan, read, standard, "")
        self._found = 0

    async def word(self, name: str, spoken: Spoken) -> None:
        """Ask for the fields and put what may be said into ``spoken.plan``. A failing server changes nothing."""
        message = clipped(wording.letter(self._read, self._plan), MESSAGE_WORDS)
        user = self._prompts.render("plan.user", message=message, texts=self._texts)
        prompt = [("system", self._system), ("user", user)]
        try:
            answer = await self._asking("plan").fill(prompt, wording.schema(self._texts))
            said, failed = self._sorted(answer, self._texts)
        except LanguageModelTrouble:
            return
        if failed:
            said, failed = await self._again(prompt, answer, said, failed)
        spoken.found += self._found
        for field, faults in failed.items():
            spoken.replace(field, str(answer.get(field, "")), faults, self._texts[field])
        if said:
            spoken.name = name
            spoken.plan = wording.worded(self._plan, said)

    async def _again(
        self,
        prompt: Sequence[tuple[str, str]],
        answer: Mapping[str, object],
        said: dict[str, str],
        failed: dict[str, tuple[str, ...]],
    ) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
        listed = [
            {"name": name, "said": str(answer.get(name, ""))[:300], "faults": faults, "kept": self._texts[name]}
            for name, faults in failed.items()
        ]
        words = self._prompts.render("again_plan.user", failed=listed)
        try:
            again = await self._asking("again").fill([*prompt, ("user", words)], wording.schema(failed), RETRY_SECONDS)
        except LanguageModelTrouble:
            return said, failed
        better, worse = self._sorted(again, {name: self._texts[name] for name in failed})
        return {**said, **better}, worse

    def _sorted(
        self, answer: Mapping[str, object], texts: Mapping[str, str]
    ) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
        """Return the texts that may be said, and of the others what is wrong with them."""
        said: dict[str, str] = {}
        failed: dict[str, tuple[str, ...]] = {}
        for name, kept in texts.items():
            text = wording.tidy(str(answer.get(name) or ""))
            faults = verification.faults(text, self._ground, wording.expected(name, kept))
            self._found += len(faults)
            if faults:
                failed[name] = faults
            else:
                said[name] = text
        return said, failed
