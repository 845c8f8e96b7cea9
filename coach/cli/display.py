"""Nouns on a terminal: a reading in a few lines, a moment in one, a plan in the order the page gives it.

Knows Rich and the nouns. Asks nothing and keeps nothing. Labels are here; sentences come with the plan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from coach.domain.moments import By, Landed, ProposedMoment
from coach.domain.plans import Guessed, MadeBy, OwnPartLevel, RepairPlan, Seen, Step
from coach.domain.principles import Citation
from coach.domain.readings import Level, Reading, Route
from coach.domain.turns import Part, Struck

WIDTH = 76
"""Columns of running text at most; about what reads well."""

MARKS = {Landed.HELPED: "●", Landed.HARMED: "▲", Landed.INDIFFERENT: "○"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """Return text without control characters, so that nothing kept can steer the terminal."""
    return _CONTROL.sub("", text)


def reading(it: Reading) -> Iterable[Text]:
    """Yield the reading's lines: what sort of message, and what was tapped of whom."""
    guessed = it.doubt is not None or it.unclear
    if (it.route is not Route.IN_SCOPE or it.account is not None) and not guessed:
        yield _line("Taken as", it.kind.value.replace("_", " "))
    if it.account is not None and it.account.main is not None:
        yield _line("About", it.account.main.call or "somebody")
    if it.account is not None and it.level is Level.PLANS:
        for each in it.account.events:
            if each.words:
                yield _line("  Read", f"“{each.words}”")


_STATUS = "I check that nothing in it goes beyond what you told me …"


def told(it: Part | Struck) -> Iterable[Text]:
    """Yield the lines of what a language model's turn tells beside its words: taken back, noticed, under way."""
    if isinstance(it, Struck):
        yield Text.assemble(("  Taken back: ", "dim"), (clean(it.text.strip()), "strike"))
        if it.instead:
            yield Text.assemble(("  Instead: ", "dim"), clean(it.instead))
    elif it.name == "status":
        yield Text(_STATUS, style="dim")
    elif it.name == "notice":
        yield Text(clean(str(it.value)), style="dim")


def moment(it: ProposedMoment) -> Text:
    """Return a proposed moment as one line, what nobody said left open."""
    who = {By.ME: f"you, with {it.person}" if it.person else "you", By.THEM: it.person or "them"}
    facts = [
        who[it.by] if it.by else f"with {it.person}" if it.person else "who?",
        it.channel.value.replace("_", " ") if it.channel else "where?",
        _day(it.day) if it.day else "when?",
    ]
    mark = f"{MARKS[it.landed]} {it.landed.value}" if it.landed else "how did it land?"
    return Text.assemble(f"{mark}  ", (clean(" · ".join(facts)), "dim"), f"\n  {clean(it.what)}")


def plan(it: RepairPlan) -> RenderableType:
    """Return the plan: headline, the question, steps, readings, seen and guessed, when it goes badly, stop, sources."""
    letters = {citation.principle: chr(ord("a") + at % 26) for at, citation in enumerate(it.citations)}
    parts: list[RenderableType] = [Text(clean(it.headline), style="bold"), Text()]
    if it.missing.question and it.missing.ask != "me":
        parts += [Text(clean(it.missing.question), style="bold"), Text(clean(it.missing.fact), style="dim"), Text()]
    for step in it.steps:
        parts += [*_step(step, letters), Text()]
    parts += _listed("It may be", [each.text for each in it.readings])
    if it.own_part.level is not OwnPartLevel.NONE and it.own_part.sentence:
        parts += _listed("Your part", [it.own_part.sentence])
    parts += _seen_and_guessed(it.seen, it.guessed, own=it.made_by is not MadeBy.SCENE)
    parts += _listed("From your journal", [finding.sentence for finding in it.findings])
    parts += _listed("If it goes badly", [it.if_it_goes_badly] if it.if_it_goes_badly else [])
    parts += _listed("When to stop", [it.stop_rule])
    parts += _listed("Check on", [f"{_day(it.check_on)}: {it.sign_of_success}"])
    parts += _listed("Not known", it.unknowns)
    parts += sources(it.citations)
    return Padding(Group(*parts), (1, 0, 0, 2))


def sources(citations: Sequence[Citation]) -> list[RenderableType]:
    """Return the sources, one letter each: principle, grade, quote, and the caution if there is one."""
    if not citations:
        return []
    lines: list[RenderableType] = [Text("Sources", style="dim")]
    for at, citation in enumerate(citations):
        letter = chr(ord("a") + at % 26)
        lines.append(
            Text(
                f"  {letter}  {citation.principle} (evidence {citation.grade.value}): “{clean(citation.quote)}”",
                style="dim",
            )
        )
        if citation.caution:
            lines.append(Text(f"     {clean(citation.caution)}", style="dim italic"))
    return lines


def _step(it: Step, letters: dict[str, str]) -> list[RenderableType]:
    marks = "".join(letters[citation.principle] for citation in it.citations if citation.principle in letters)
    minutes = "1 minute" if it.minutes == 1 else f"{it.minutes} minutes"
    facts = " · ".join([f"{_day(it.due)}", minutes, it.channel.replace("_", " ")])
    lines: list[RenderableType] = [
        Text(clean(_sentence(it))).append(f"  {marks}" if marks else "", style="dim"),
        Text(f"  {facts}", style="dim"),
    ]
    if it.say:
        lines.append(Text(f"  Say: {clean(it.say)}", style="italic"))
    if it.avoid:
        lines.append(Text(f"  Avoid: {clean(it.avoid)}"))
    return lines


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def _seen_and_guessed(seen: Sequence[Seen], guessed: Sequence[Guessed], *, own: bool) -> list[RenderableType]:
    """``own``: whether the guesses are the user's; what a scene lists is only open."""
    if not seen and not guessed:
        return []
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim", width=WIDTH - 2)
    table.add_column("Seen", ratio=1)
    table.add_column("Guessed" if own else "Open", ratio=1)
    left = [Text("– " + clean(each.text)) for each in seen]
    right = [Text(f"– {clean(each.text)}\n  {clean(each.question)}") for each in guessed]
    table.add_row(Group(*left), Group(*right))
    return [table, Text()]


def _listed(title: str, texts: Sequence[str]) -> list[RenderableType]:
    if not texts:
        return []
    return [Text(title, style="dim"), *(Text(f"  {clean(text)}") for text in texts), Text()]


def _line(label: str, text: str) -> Text:
    return Text.assemble((f"{label}: ", "dim"), clean(text))


def _sentence(it: Step) -> str:
    """Put cue and action together as one sentence: If …, then I …."""
    cue = it.cue.strip().rstrip(".,")
    action = it.action.strip()
    if not cue.casefold().startswith(("if ", "when ", "on ", "before ", "after ")):
        cue = f"If {cue}"
    if not action.casefold().startswith("then "):
        action = f"then I {action}"
    return f"{cue}, {action}" if action.endswith(".") else f"{cue}, {action}."


class Stream:
    """Writes text that arrives in pieces, wrapped between words; a word is held until it is whole."""

    def __init__(self, write: Callable[[str], None], width: int = WIDTH) -> None:
        """``write`` takes text to be shown at once."""
        self._write, self._width = write, width
        self._column, self._word, self._gap = 0, "", ""

    def feed(self, piece: str) -> None:
        """Take the next piece of the text."""
        for character in clean(piece):
            if character == "\n":
                self._flush()
                self._write("\n")
                self._column, self._gap = 0, ""
            elif character in " \t":
                self._flush()
                self._gap = " " if self._column else ""
            else:
                self._word += character

    def end(self) -> None:
        """Show what is held and close the line."""
        self._flush()
        if self._column:
            self._write("\n")
        self._column = 0

    def _flush(self) -> None:
        if not self._word:
            return
        if self._column and self._column + len(self._gap) + len(self._word) > self._width:
            self._write("\n")
            self._column, self._gap = 0, ""
        self._write(self._gap + self._word)
        self._column += len(self._gap) + len(self._word)
        self._word, self._gap = "", ""
