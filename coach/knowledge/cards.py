"""Card files and what they say: one Markdown file with YAML front matter → one Principle.

Knows the form written down in ``knowledge/README.md`` and names the file, the line and the mend of
what breaks it. Does not know how cards are searched.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import yaml

from coach.domain.moments import Channel
from coach.domain.principles import Grade, Move, Passage, Principle, Stance
from coach.errors import BadCard

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CHANNELS = (*(str(channel) for channel in Channel), "any")
_STANCES = tuple(str(stance) for stance in Stance)
_SLOT = re.compile(r"\{(name|them|their|topic)\}")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEYS = ("id", "title", "sources", "grade", "grade_note", "caution", "statement", "applies_when", "asks", "moves")
_NAMES_OF_FOLDERS_WITHOUT_CARDS = {"exemplars", "minilm"}


class Sheet:
    """The front matter of one file: values with the lines they stand on, for messages that help."""

    def __init__(self, file: str, source: str, first_line: int) -> None:
        """Parse ``source``, whose first line is ``first_line`` (from 1) of ``file``. Raises BadCard."""
        self.file, self.first_line = file, first_line
        loader = _LOADER(source)
        try:
            self.node = loader.get_single_node()
            self.data: Any = loader.construct_document(self.node) if self.node else None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = first_line + (mark.line if mark else 0)
            mend = "Put a text that begins with { or holds ': ' in double quotes, and keep the indents even."
            raise BadCard(file, line, "this part is not readable as YAML", mend) from None
        finally:
            loader.dispose()

    def line(self, *path: str | int) -> int:
        """Return the line of a value, or of the nearest thing around it that exists."""
        node = self.node
        for step in path:
            below = _child(node, step)
            if below is None:
                break
            node = below
        return self.first_line + (node.start_mark.line if node else 0)

    def fail(self, path: Sequence[str | int], problem: str, mend: str) -> NoReturn:
        """Raise BadCard for the value at ``path``."""
        raise BadCard(self.file, self.line(*path), problem, mend)

    def value(self, path: Sequence[str | int]) -> Any:
        """Return the value at ``path``, or None when there is none."""
        value = self.data
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def text(self, *path: str | int, most: int | None = None) -> str:
        """Return a text that must be there, at most ``most`` characters long."""
        value = self.value(path)
        name = _named(path)
        if not isinstance(value, str) or not value.strip():
            self.fail(
                path, f"{name} should be a text", f"Write {name} as a text, in quotes if it looks like anything else."
            )
        value = value.strip()
        if most is not None and len(value) > most:
            self.fail(path, f"{name} has {len(value)} characters", f"Keep it to {most}.")
        return value

    def maybe(self, *path: str | int) -> str | None:
        """Return a text, or None where the file says null or nothing."""
        return None if self.value(path) is None else self.text(*path)

    def texts(self, *path: str | int, least: int, most: int) -> tuple[str, ...]:
        """Return a list of different texts, ``least`` to ``most`` of them."""
        value = self.value(path)
        name = _named(path)
        if value is None and least == 0:
            return ()
        if not isinstance(value, list):
            self.fail(path, f"{name} should be a list", f"Write {least} to {most} lines that begin with a dash.")
        if not least <= len(value) <= most:
            self.fail(path, f"{name} has {len(value)} lines", f"Write {least} to {most}.")
        found = tuple(self.text(*path, at) for at in range(len(value)))
        for at, text in enumerate(found):
            if text in found[:at]:
                self.fail((*path, at), f"{name} says the same twice", "Word one of them differently or leave it out.")
        return found

    def one_of(self, allowed: Sequence[str], *path: str | int) -> str:
        """Return a text that is one of the allowed ones."""
        value = self.value(path)
        if value not in allowed:
            self.fail(path, f"{_named(path)} is not one of the words it can be", f"Choose from {', '.join(allowed)}.")
        return str(value)

    def number(self, least: int, most: int, mend: str, *path: str | int) -> int:
        """Return a whole number within limits."""
        value = self.value(path)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fail(path, f"{path[-1]} should be a number from {least} to {most}", mend)
        return value

    def yes_no(self, *path: str | int) -> bool | None:
        """Return True, False or None."""
        value = self.value(path)
        if value is not None and not isinstance(value, bool):
            self.fail(path, f"{_named(path)} should be true, false or null", "Write one of these three.")
        return value


def _child(node: Any, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if getattr(key, "value", None) == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def _named(path: Sequence[str | int]) -> str:
    return " ".join(str(step + 1) if isinstance(step, int) else step for step in path) or "the front matter"


def parse_card(text: str, file: str, *, pack: str = "coach", evidence: bool = False) -> Principle:
    """Return the Principle that a card file's text holds. Raises BadCard.

    ``file`` is how the file is named in messages; its stem must be the card's id.
    """
    if not text.startswith("---\n"):
        raise BadCard(file, 1, "the file does not begin with front matter", "Begin it with a line of three dashes.")
    end = text.find("\n---\n", 3)
    if end < 0:
        raise BadCard(file, 1, "the front matter does not end", "Close it with a line of three dashes.")
    sheet = Sheet(file, text[4 : end + 1], 2)
    body = text[end + 5 :].strip()
    if not isinstance(sheet.data, dict):
        sheet.fail((), "the front matter is not a list of names and values", "Write lines like 'id: my-card'.")
    for key in sheet.data:
        if key not in _KEYS:
            sheet.fail((str(key),), f"'{key}' is not part of a card", f"A card has {', '.join(_KEYS)}.")
    card_id = sheet.text("id", most=80)
    if not _ID.fullmatch(card_id) or card_id != Path(file).stem:
        sheet.fail(("id",), "the id is not the file's name", "Use small letters, digits and single dashes for both.")
    statement = _statement(sheet, text)
    if not body:
        line = text.count("\n", 0, end) + 2
        raise BadCard(file, line, "there is no text under the front matter", "Write two to four short paragraphs.")
    return Principle(
        id=card_id,
        title=sheet.text("title", most=60),
        sources=_sources(sheet, evidence=evidence, pack=pack),
        grade=Grade(sheet.one_of(tuple(Grade), "grade")),
        statement=statement,
        applies_when=sheet.texts("applies_when", least=3 if evidence else 5, most=10),
        asks=sheet.texts("asks", least=0 if evidence else 5, most=10),
        moves=_moves(sheet, evidence=evidence),
        body=body,
        text=text,
        grade_note=sheet.maybe("grade_note"),
        caution=sheet.maybe("caution"),
        evidence=evidence,
        pack=pack,
    )


def _statement(sheet: Sheet, text: str) -> str:
    statement = sheet.text("statement")
    if statement not in text:
        sheet.fail(
            ("statement",), "the statement runs over a line break or escapes quotes", "Write it on one plain line."
        )
    if not 12 <= len(statement.split()) <= 60:
        sheet.fail(("statement",), f"the statement has {len(statement.split())} words", "Use 20 to 60.")
    return statement


def _sources(sheet: Sheet, *, evidence: bool, pack: str) -> tuple[str, ...]:
    sources = sheet.texts("sources", least=1, most=12)
    if pack == "coach" and not evidence:
        for at, source in enumerate(sources):
            if source not in "ABCDE" or len(source) != 1:
                sheet.fail(
                    ("sources", at), "a source is not a letter from A to E", "Use the letters of the five articles."
                )
    return sources


def _moves(sheet: Sheet, *, evidence: bool) -> tuple[Move, ...]:
    raw = sheet.value(("moves",))
    if evidence and not raw:
        return ()
    if not isinstance(raw, list) or not 2 <= len(raw) <= 5:
        sheet.fail(("moves",), "moves should be a list of 2 to 5", "Write each as a block that begins with '- cue:'.")
    moves = tuple(_move(sheet, at) for at in range(len(raw)))
    if all(move.minutes > 10 for move in moves):
        sheet.fail(("moves",), "every move takes more than ten minutes", "Add one that takes ten minutes or less.")
    return moves


def _move(sheet: Sheet, at: int) -> Move:
    words = {}
    for key in ("cue", "action", "say", "avoid"):
        words[key] = sheet.text("moves", at, key)
        bare = _SLOT.sub("", words[key])
        if "{" in bare or "}" in bare:
            sheet.fail(
                ("moves", at, key), "there is a slot that does not exist", "Use {name}, {them}, {their} or {topic}."
            )
    if not re.match(r"(If|When)\b", words["cue"]):
        sheet.fail(("moves", at, "cue"), "a cue begins with If or When", "Word it as the moment to act at.")
    if len(words["say"].split()) > 30:
        sheet.fail(("moves", at, "say"), "the sentence to say is longer than 30 words", "Make it one short sentence.")
    place = ("moves", at, "needs", "stance")
    stances = sheet.texts(*place, least=1, most=len(_STANCES))
    for which, _ in enumerate(stances):
        sheet.one_of(_STANCES, *place, which)
    return Move(
        **words,
        channel=sheet.one_of(_CHANNELS, "moves", at, "channel"),
        minutes=sheet.number(1, 60, "Write the longest it should take.", "moves", at, "minutes"),
        stances=tuple(Stance(stance) for stance in stances),
        remote=sheet.yes_no("moves", at, "needs", "remote"),
        leader=sheet.yes_no("moves", at, "needs", "leader"),
    )


def card_files(folder: Path) -> list[Path]:
    """Return the card files of a folder, evidence last, each part by name; READMEs and exemplars are no cards."""
    found = [
        path
        for path in folder.rglob("*.md")
        if path.name != "README.md" and not _NAMES_OF_FOLDERS_WITHOUT_CARDS & set(path.relative_to(folder).parts)
    ]
    return sorted(found, key=lambda path: ("evidence" in path.relative_to(folder).parts, path.name))


def load_cards(folder: Path, *, pack: str = "coach") -> tuple[Principle, ...]:
    """Return every card under a folder; those in a folder ``evidence`` are evidence cards. Raises BadCard."""
    cards: dict[str, Principle] = {}
    for path in card_files(folder):
        name = str(path.relative_to(folder))
        try:
            text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError):
            raise BadCard(name, 1, "the file cannot be read as UTF-8 text", "Save it as UTF-8.") from None
        card = parse_card(text, name, pack=pack, evidence="evidence" in path.relative_to(folder).parts)
        if card.id in cards:
            raise BadCard(
                name, 2, "another card of this folder has the same id", "Give one of them another name and id."
            )
        cards[card.id] = card
    return tuple(cards.values())


def passages(cards: Iterable[Principle]) -> tuple[Passage, ...]:
    """Return the indexed views of cards: a statement with its title, each situation, each ask."""
    found = []
    for card in cards:
        found.append(Passage(card.id, "statement", f"{card.title}. {card.statement}", card.pack))
        found.extend(Passage(card.id, "situation", text, card.pack) for text in card.applies_when)
        found.extend(Passage(card.id, "ask", text, card.pack) for text in card.asks)
    return tuple(found)


def fingerprint(parts: Iterable[str]) -> str:
    """Return 16 hex digits that change when any part does."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\x00")
    return digest.hexdigest()[:16]
