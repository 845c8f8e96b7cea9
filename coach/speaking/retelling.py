"""Has an event told from the other side. Judges nothing: the coach itself reads and plans what was told."""

from __future__ import annotations

from coach.coaching import swapping, wording
from coach.domain.plans import RepairPlan
from coach.domain.readings import Reading
from coach.errors import LanguageModelTrouble
from coach.ports import Texts
from coach.speaking.asking import Asking
from coach.speaking.budget import MESSAGE_WORDS, clipped

SECONDS = 20.0


async def retold(read: Reading, plan: RepairPlan, prompts: Texts, asking: Asking) -> str | None:
    """Return the event as the other person would tell it, or None when what comes is no such telling."""
    name = read.about.label if read.about else ""
    message = clipped(wording.letter(read, plan), MESSAGE_WORDS)
    system = prompts.render("swap.system")
    prompt = (("system", system), ("user", prompts.render("swap.user", message=message, name=name)))
    try:
        answer = await asking.fill(prompt, wording.schema(["told"]), SECONDS)
    except LanguageModelTrouble:
        return None
    told = " ".join(str(answer.get("told", "")).split())
    return told if swapping.usable(told, read.text, (system,)) else None
