"""A small knowledge folder for tests: four cards, an evidence card and thirty exemplars."""

from __future__ import annotations

from pathlib import Path

import yaml

SUBJECTS = {
    "answer-the-mail": (
        "Answer mails within a day",
        "A mail left without an answer tells the sender that they do not count. A line that says when is enough.",
        ["He has not answered my three emails about the budget", "She never replies to my messages on chat"],
    ),
    "greet-in-the-morning": (
        "Say good morning to everyone",
        "A greeting is the smallest sign that you see someone. Say it to all you meet, and look at them while you do.",
        ["My boss walks past my desk without saying hello", "Nobody greets me when I come in to the workshop"],
    ),
    "thank-for-help": (
        "Thank people for their help",
        "Help that is never mentioned stops coming. Thank people the same day, and name what they did for you.",
        ["I covered four shifts for her and got no thanks", "He helped me move the shelves and I forgot to thank him"],
    ),
    "eat-together": (
        "Eat lunch together now and then",
        "A shared lunch is the plainest way to know someone. Ask one person a week and mostly listen to them.",
        ["I eat my lunch alone at my desk every day", "The new colleague sits alone in the canteen at noon"],
    ),
}
"""id → title, statement and two ways people put it."""


EVENTS = {
    "groups": [{"id": "us", "text": "Between us"}],
    "events": [
        {
            "id": "shift_swapped",
            "group": "us",
            "by": "them",
            "chip": "{name} swapped my shift unasked",
            "they": "They swapped my shift unasked",
            "means": "They changed my shift without asking.",
            "premises": ["shift_was_swapped"],
            "wants": ["clear_up"],
            "principles": [],
        }
    ],
    "facts": {"shift_was_swapped": "my shift was swapped"},
}
"""A catalogue of one event."""


def card(card_id: str, title: str, statement: str, asks: list[str], changed: dict[str, object] | None = None) -> str:
    """Return a card's file; ``changed`` replaces some of its front matter."""
    front: dict[str, object] = {
        "id": card_id,
        "title": title,
        "sources": ["A"],
        "grade": "B",
        "grade_note": None,
        "caution": None,
        "statement": statement,
        "applies_when": [f"{ask}, number {number}." for number, ask in enumerate((asks * 3)[:5])],
        "asks": [*asks, *(f"{title.lower()} {word}" for word in ("or not", "how", "why"))],
        "moves": [move(), move(action="ask again next week")],
    }
    front |= changed or {}
    shown = yaml.safe_dump(front, sort_keys=False, width=10_000, allow_unicode=True)
    return f"---\n{shown}---\nIt takes a minute and it is often left out. People remember who did it for them.\n"


def move(**changed: object) -> dict[str, object]:
    """Return a move of a card, with changes."""
    return {
        "cue": "If you see {name} today",
        "action": "say it in one sentence",
        "say": "I saw what you did, and it helped me.",
        "avoid": "a long speech",
        "channel": "in_person",
        "minutes": 5,
        "needs": {"remote": None, "leader": None, "stance": ["tend"]},
        **changed,
    }


def write_cards(folder: Path, prefix: str = "") -> None:
    """Write the four cards into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for card_id, (title, statement, asks) in SUBJECTS.items():
        (folder / f"{prefix}{card_id}.md").write_text(card(prefix + card_id, title, statement, asks), encoding="utf-8")


def write_knowledge(folder: Path) -> None:
    """Write cards, evidence and exemplars."""
    write_cards(folder)
    evidence = card(
        "study-of-thanks", "A study of thanks", SUBJECTS["thank-for-help"][1], ["A study of thanks at work"]
    )
    (folder / "evidence").mkdir()
    (folder / "evidence" / "study-of-thanks.md").write_text(evidence, encoding="utf-8")
    (folder / "exemplars").mkdir()
    exemplars: list[dict[str, object]] = []
    for number, (card_id, (_, _, asks)) in enumerate(SUBJECTS.items()):
        other = list(SUBJECTS)[number - 1]
        for turn in range(6):
            text = (
                f"It is week {turn} in the office. {{indifferent them: {asks[turn % 2]}}}. What should I do about it?"
            )
            labels = [card_id, other] if turn % 2 else [card_id]
            exemplars.append(_exemplar(len(exemplars), "repair", text, labels))
    for turn in range(6):
        text = f"{{harmed them: My manager hit me in the store room}} {turn} days ago, and I am afraid of him."
        exemplars.append(_exemplar(len(exemplars), "violence", text, []))
    shown = yaml.safe_dump(exemplars, sort_keys=False, width=10_000)
    (folder / "exemplars" / "sample.yaml").write_text(shown, encoding="utf-8")
    (folder / "events.yaml").write_text(yaml.safe_dump(EVENTS, sort_keys=False), encoding="utf-8")


def _exemplar(number: int, kind: str, text: str, principles: list[str]) -> dict[str, object]:
    return {"id": f"sample-{number:03}", "kind": kind, "text": text, "principles": principles, "part": "none"}
