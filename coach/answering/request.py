"""What is given for one turn, as messages. Pure; the words stand in ``prompts/answering``.

Letters go in whole and unaltered, in numbered sentences; a very long one loses sentences in its middle, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coach.domain.accounts import OTHER, Account
from coach.domain.events import Doer
from coach.domain.letters import Letter
from coach.domain.principles import Principle
from coach.planning.given import Given, card_sentences, quotable
from coach.planning.verdict import literal
from coach.ports import Texts

Messages = list[tuple[str, str]]
"""(role, text) pairs."""

MOST_LETTER = 5_000
"""Characters of all letters together, about 1,250 tokens; what is over goes from the middle."""
MOST_CARDS = 4
CHIPS, IDS = 16, 64
"""Events that are given with their chips: the likeliest. Of the next likely ones the ids are given."""
_HEAD = 0.35
"""The share of the room that the beginning gets: the question and the last event stand at the end."""


def messages(given: Given, texts: Texts) -> Messages:
    """Return the messages of one turn."""
    chips, others = _events(given)
    values = {
        "today": given.now.strftime("%A, %-d %B %Y, %H:%M"),
        "zone": given.zone,
        "short": given.short,
        "settled": texts.render(
            "answering/settled.fixed", floor=given.floor, literal=literal(given), own_harm=given.own_harm
        ),
        "people": [_person(each_id, party) for each_id, party in (given.parties or {}).items()],
        "facts": list(_facts(given.account, given)),
        "plan": given.plan,
        "steps": given.steps,
        "findings": given.findings,
        "moments": given.known,
        "cards_whole": [_card(card) for card in given.cards[:MOST_CARDS]],
        "letters": list(_letters(given)),
        "tapped": given.tapped,
        "later": given.later,
    }
    cards = {"cards_whole": values.pop("cards_whole"), "events": chips, "other_events": others}
    told = texts.render("answering/turn.system", later=values["later"])
    system = f"{told}\n\n{texts.render('answering/given.system', **cards)}"
    return [("system", system), ("user", texts.render("answering/turn.user", **values))]


def _person(each_id: str, party: Any) -> dict[str, Any]:
    relation = party.relation.value if party.relation else ""
    return {"id": each_id, "call": party.call or "someone", "relation": relation, "main": party.main}


def _facts(account: Account | None, given: Given) -> Iterator[str]:
    """Yield what is established, a line each: the user's words, or the line that was tapped."""
    if account is None:
        return
    for told in account.events:
        chip = given.catalogue.entry(told.event).chip if told.event in given.catalogue else OTHER
        yield f"{told.event}: {told.words or chip.replace('{name}', 'they')} ({told.established.value})"
    for fact in account.facts:
        yield f"{fact.words or given.catalogue.facts.get(fact.fact, fact.fact)} ({fact.established.value})"


def _card(card: Principle) -> dict[str, Any]:
    sentences = [{"text": each, "quotable": quotable(each, card)} for each in card_sentences(card)]
    return {"id": card.id, "title": card.title, "grade": card.grade.value, "sentences": sentences}


def _events(given: Given) -> tuple[list[dict[str, str]], list[tuple[str, list[str]]]]:
    """Return the likeliest events with their chips, and the ids of the next likely ones by whose act they are."""
    likely = list(given.ranked[:CHIPS])
    entries = given.catalogue.entries
    shown = [entry for entry in entries if entry.id in likely] if likely else list(entries[:CHIPS])
    listed = {*given.ranked[CHIPS:IDS]} if likely else {entry.id for entry in entries[CHIPS:]}
    chips = [{"id": e.id, "by": e.by.value, "chip": e.they or e.chip.replace("{name}", "they")} for e in shown]
    others = [(by.value, [e.id for e in entries if e.by is by and e.id in listed]) for by in Doer]
    return chips, [(by, named) for by, named in others if named]


def _letters(given: Given) -> Iterator[dict[str, Any]]:
    room = MOST_LETTER
    sizes = [len(letter.text) for letter in given.letters]
    for index, letter in enumerate(given.letters):
        later = sum(sizes[index + 1 :])
        share = room if index == len(given.letters) - 1 else max(600, room - later)
        lines = list(_lines(letter, share, given))
        room -= min(len(letter.text), share)
        before = given.replies[index - 1] if 0 < index <= len(given.replies) else ""
        new = index == len(given.letters) - 1 and not given.tapped
        yield {"sentences": lines, "reply": before, "new": new}


def _lines(letter: Letter, room: int, given: Given) -> Iterator[dict[str, Any]]:
    """Yield the numbered sentences of a letter; of a long one those of its beginning and of its end."""
    kept = _kept(letter, room)
    gap: list[int] = []
    for each in letter.sentences:
        if each.number not in kept:
            gap.append(each.number)
            continue
        if gap:
            yield {"left_out": f"{gap[0]} to {gap[-1]}"}
            gap = []
        yield {
            "number": each.number,
            "text": " ".join(each.text.split()),
            "order": each.number in given.ordered,
            "left_out": "",
        }
    if gap:
        yield {"left_out": f"{gap[0]} to {gap[-1]}"}


def _kept(letter: Letter, room: int) -> frozenset[int]:
    sentences = letter.sentences
    if len(letter.text) <= room:
        return frozenset(each.number for each in sentences)
    kept: set[int] = set()
    for group, share in ((sentences, _HEAD), (tuple(reversed(sentences)), 1 - _HEAD)):
        left = room * share
        for each in group:
            if len(each.text) > left:
                break
            left -= len(each.text)
            kept.add(each.number)
    return frozenset(kept)
