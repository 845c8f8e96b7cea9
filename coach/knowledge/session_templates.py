"""Session templates: one YAML file → one Template; an organisation's own come as folders of such files.

Knows the form written down in ``knowledge/sessions/README.md`` and names the file, the line and the mend of what breaks
it. Does not know how a session goes.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from uuid import uuid4

from coach.domain.drafts import Purpose
from coach.domain.sessions import Asked, Bound, Listens, Phase, Template
from coach.domain.violations import Context
from coach.errors import BadCard, BadInput, NotFound
from coach.knowledge.cards import Sheet
from coach.planning.checks import violations

SHIPPED = "coach"
MOST_WORDS = 32
"""Words of a question: it has to be read on a phone between two meetings."""

_KEYS = ("id", "title", "about", "minutes", "person", "search", "principles", "phases", "instead", "tap", "events")
_QUESTION_KEYS = ("id", "ask", "bare", "smaller", "listens", "words", "unless", "known", "purpose", "cue", "why")
_ID = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
_KNOWN = ("plate", "matters")
_ENGINE = (Listens.OUTCOME,)
"""Things that only the engine asks for; a template cannot."""


def parse_template(text: str, file: str, cards: Collection[str] | None = None, pack: str = SHIPPED) -> Template:
    """Return the Template that a file's text holds. Raises BadCard.

    ``file`` is how it is named in messages; its stem must be the id. ``cards``: ids that may be named (None: any).
    """
    sheet = Sheet(file, text, 1)
    if not isinstance(sheet.data, dict):
        sheet.fail((), "the file is not a list of names and values", "Write lines like 'id: weekly_review'.")
    _no_others(sheet, (), _KEYS)
    id_ = sheet.text("id", most=60)
    if not _ID.fullmatch(id_) or id_ != Path(file).stem:
        sheet.fail(("id",), "the id is not the file's name", "Use small letters, digits and single dashes for both.")
    bound = Bound(sheet.one_of(tuple(Bound), "person"))
    principles = sheet.texts("principles", least=0, most=8)
    for at, name in enumerate(principles):
        if cards is not None and name not in cards:
            sheet.fail(("principles", at), "there is no card of that name", "Name a card of knowledge/ by its id.")
    made = Template(
        id=id_,
        title=sheet.text("title", most=60),
        about=sheet.text("about", most=200),
        minutes=sheet.number(5, 30, "Write how long the session takes.", "minutes"),
        bound=bound,
        search=sheet.text("search", most=200),
        principles=principles,
        questions=_questions(sheet, bound),
        pack=pack,
        instead=sheet.text("instead", most=60) if sheet.value(("instead",)) is not None else "",
        tap=sheet.text("tap", most=60) if sheet.value(("instead",)) is not None else "",
        events=sheet.texts("events", least=0, most=8) if sheet.value(("events",)) is not None else (),
    )
    _whole(sheet, made)
    return made


def _no_others(sheet: Sheet, path: Sequence[str | int], allowed: Sequence[str]) -> None:
    for key in sheet.value(path) or {}:
        if key not in allowed:
            sheet.fail((*path, str(key)), f"'{key}' is not part of this", f"There can be {', '.join(allowed)}.")


def _questions(sheet: Sheet, bound: Bound) -> tuple[Asked, ...]:
    raw = sheet.value(("phases",))
    if not isinstance(raw, dict):
        sheet.fail(("phases",), "phases should be a list of names", f"Use {', '.join(Phase)}, in this order.")
    names = list(raw)
    for name in names:
        if name not in tuple(Phase):
            sheet.fail(("phases", str(name)), f"there is no phase '{name}'", f"Use {', '.join(Phase)}.")
    if names != [str(phase) for phase in Phase if str(phase) in names]:
        sheet.fail(("phases",), "the phases are not in their order", f"The order is {', '.join(Phase)}.")
    found: list[Asked] = []
    for name in names:
        every = raw[name]
        if not isinstance(every, list) or not 1 <= len(every) <= 6:
            mend = "Write 1 to 6 blocks that begin with '- id:'."
            sheet.fail(("phases", name), f"{name} should be a list of questions", mend)
        found += [_question(sheet, name, at, bound) for at in range(len(every))]
    return tuple(found)


def _question(sheet: Sheet, phase: str, at: int, bound: Bound) -> Asked:
    path = ("phases", phase, at)
    if not isinstance(sheet.value(path), dict):
        sheet.fail(path, "a question is a block of names and values", "Begin it with '- id:' and 'ask:'.")
    _no_others(sheet, path, _QUESTION_KEYS)
    allowed = tuple(str(each) for each in Listens if each not in _ENGINE)
    purpose = sheet.maybe(*path, "purpose") and sheet.one_of(tuple(Purpose), *path, "purpose")
    known = sheet.maybe(*path, "known") and sheet.one_of(_KNOWN, *path, "known")
    fewest = sheet.value((*path, "words")) is not None
    return Asked(
        id=sheet.text(*path, "id", most=40),
        phase=Phase(phase),
        text=_asking(sheet, path, "ask", bound),
        bare=_asking(sheet, path, "bare", bound) if sheet.value((*path, "bare")) is not None else "",
        smaller=_asking(sheet, path, "smaller", bound) if sheet.value((*path, "smaller")) is not None else "",
        listens=Listens(sheet.one_of(allowed, *path, "listens")),
        words=sheet.number(1, 12, "Write the fewest words that will do.", *path, "words") if fewest else 1,
        unless=sheet.texts(*path, "unless", least=0, most=6),
        known=known or "",
        purpose=purpose or "",
        why=sheet.text(*path, "why", most=160) if sheet.value((*path, "why")) is not None else "",
    )


def _asking(sheet: Sheet, path: Sequence[str | int], key: str, bound: Bound) -> str:
    text = sheet.text(*path, key)
    where = (*path, key)
    if text.count("?") != 1 or not text.endswith("?"):
        sheet.fail(where, "a question ends with its one question mark", "Ask one thing, and end with '?'.")
    if len(text.split()) > MOST_WORDS:
        sheet.fail(where, f"the question has {len(text.split())} words", f"Keep it to {MOST_WORDS}.")
    if found := violations(text, Context()):
        sheet.fail(
            where, f"the coach does not speak like that ({found[0].name})", "Ask it plainly, without judging anybody."
        )
    bare = text.replace("{name}", "")
    if "{" in bare or "}" in bare:
        sheet.fail(where, "there is a slot that does not exist", "Use {name}, or no slot.")
    if bare != text and bound is Bound.NONE:
        sheet.fail(where, "{name} needs somebody", "Write 'person: needed' or 'maybe', or word it without a name.")
    return text


def _whole(sheet: Sheet, made: Template) -> None:
    """Refuse a template that cannot end in a commitment, or asks the same twice."""
    seen: set[str] = set()
    texts: set[str] = set()
    places = [("phases", str(name), at) for name, every in sheet.data["phases"].items() for at in range(len(every))]
    for path, asked in zip(places, made.questions, strict=True):
        if asked.id in seen:
            sheet.fail((*path, "id"), "another question has the same id", "Give one of them another id.")
        for text in filter(None, (asked.text, asked.bare, asked.smaller)):
            if text in texts:
                sheet.fail(path, "another question asks the same", "Word one differently or leave it out.")
            texts.add(text)
        for other in asked.unless:
            if other not in seen:
                mend = "Name the id of a question that comes before this one."
                sheet.fail((*path, "unless"), "'unless' names no earlier question", mend)
        seen.add(asked.id)
    ends = [it for it in made.questions if it.phase is Phase.WILL and it.listens is Listens.COMMITMENT]
    if len(ends) != 1:
        mend = "Give 'will' exactly one question with 'listens: commitment'."
        sheet.fail(("phases", "will"), "the session would not end in a commitment", mend)
    if not any(it.phase is Phase.GOAL for it in made.questions):
        sheet.fail(("phases",), "the session has no goal", "Write a phase 'goal' with one question.")


def load_templates(folder: Path, cards: Collection[str] | None = None, pack: str = SHIPPED) -> tuple[Template, ...]:
    """Return every template of a folder, by file name. Raises BadCard."""
    found = []
    for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))):
        try:
            text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError):
            raise BadCard(path.name, 1, "the file cannot be read as UTF-8 text", "Save it as UTF-8.") from None
        found.append(parse_template(text, path.name, cards, pack))
    return tuple(found)


@cache
def _of_the_coach(folder: Path, cards: frozenset[str] | None) -> tuple[Template, ...]:
    """The shipped ones do not change while a program runs."""
    return load_templates(folder, cards)


class Sessions:
    """The templates there are: the shipped ones, and the folders that were added under ``own``."""

    def __init__(self, shipped: Path, own: Path, cards: Collection[str] | None = None) -> None:
        self._shipped, self._own, self._cards = shipped, own, cards

    @property
    def _order(self) -> tuple[Template, ...]:
        return _of_the_coach(self._shipped, None if self._cards is None else frozenset(self._cards))

    def templates(self) -> Sequence[Template]:
        """Return every template, shipped ones first; one of their own that no longer holds is left out."""
        return tuple(self._all().values())

    def template(self, kind: str) -> Template:
        try:
            return self._all()[kind]
        except KeyError:
            raise NotFound("There is no session of that kind.") from None

    def packs(self) -> Mapping[str, int]:
        """Return each added folder by name, and how many templates it has."""
        return {path.name: len(self._read(path)) for path in self._folders()}

    def add(self, source: Path) -> tuple[str, int]:
        """Check every template of a folder, then copy them; return the folder's name and how many.

        Raises BadCard or BadInput, and then nothing of it stays.
        """
        if not source.is_dir():
            raise BadInput(f"There is no folder {source.name}; give the folder that holds the templates.")
        name = re.sub(r"[^a-z0-9]+", "-", source.resolve().name.lower()).strip("-")[:40]
        if not name or name == SHIPPED or (self._own / name).exists():
            raise BadInput("The folder's name names its templates, and is taken; give it another one.")
        made = load_templates(source, self._cards, name)
        if not made:
            raise BadInput("There is no template in that folder: no file ends in .yaml.")
        taken = self._all()
        for template in made:
            if template.id in taken:
                raise BadInput(f"There is a session '{template.id}' already; give the file and its id another name.")
        part = self._own / f".part-{uuid4().hex}"
        try:
            part.mkdir(parents=True)
            for path in sorted((*source.glob("*.yaml"), *source.glob("*.yml"))):
                shutil.copyfile(path, part / path.name)
            part.rename(self._own / name)
        except OSError:
            shutil.rmtree(part, ignore_errors=True)
            raise BadInput("The templates could not be copied into the data folder; nothing was added.") from None
        return name, len(made)

    def remove(self, name: str) -> None:
        """Forget an added folder. Raises NotFound."""
        if name not in {path.name for path in self._folders()}:
            raise NotFound("No templates of that name were added.")
        shutil.rmtree(self._own / name)

    def _all(self) -> dict[str, Template]:
        found = {template.id: template for template in self._order}
        for path in self._folders():
            for template in self._read(path):
                found.setdefault(template.id, template)
        return found

    def _folders(self) -> list[Path]:
        if not self._own.is_dir():
            return []
        return sorted(path for path in self._own.iterdir() if path.is_dir() and not path.name.startswith("."))

    def _read(self, path: Path) -> tuple[Template, ...]:
        try:
            return load_templates(path, None, path.name)
        except BadCard:
            return ()
