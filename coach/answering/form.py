"""The form of a TurnAnswer: the JSON schema that a language model fills. Pure; every object is closed and in order.

The order matters: parts are shown as they close, what happened before what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coach.domain.accounts import ME, OTHER
from coach.domain.events import Want
from coach.domain.moments import Channel, Landed
from coach.domain.people import Relation
from coach.domain.readings import GET_HELP, IN_SCOPE, Kind
from coach.planning.given import Given

Schema = dict[str, Any]

FITS = ("coach", "needs_help", "decline", "doubt", "elsewhere")
FACTS = ("tried", "refused", "deadline", "remote", "i_lead_them", "they_lead_me", OTHER)
HAPPENED = ("went_well", "went_badly", "mixed", "no_answer", "not_done")
_KINDS = (*IN_SCOPE, *GET_HELP, Kind.SURVEILLANCE, Kind.MANIPULATION, Kind.OFF_TOPIC, Kind.NOT_ENGLISH)
_TEXT: Schema = {"type": "string"}
_TEXT_OR_NONE: Schema = {"type": ["string", "null"]}
_NUMBER: Schema = {"type": "integer"}
_NUMBERS: Schema = {"type": "array", "items": _NUMBER}
PATCHED = ("headline", "missing", "if_badly", "stop", "sign")
"""The texts of an open plan that a later turn may change."""
READ_ANEW = ("guessed", "readings")
"""The lists of an open plan that a later turn may replace, since what came of a step can settle a guess."""


def schema(given: Given) -> Schema:
    """Return the schema of a whole TurnAnswer for one turn; a first turn leaves out what only later ones tell."""
    return _object(
        fits=_one_of(FITS),
        kind=_one_of(kind.value for kind in _KINDS),
        harm_words=_TEXT_OR_NONE,
        toward=_one_of(("user", "third_person", "by_user"), none=True),
        account=_account(given),
        answer=_TEXT,
        **(_later(given) if given.later else {}),
        plan=_or_none(plan(given)),
        draft=_TEXT_OR_NONE,
    )  # fmt: skip


def accepted(given: Given) -> Schema:
    """Return the schema that an answer has to fit: what only later turns tell may stand in a first one too."""
    asked = schema(given)
    return asked | {"properties": _later(given) | asked["properties"]}


def _later(given: Given) -> dict[str, Schema]:
    return {
        "outcome": _or_none(_object(step=_NUMBER, happened=_one_of(HAPPENED), words=_TEXT)),
        "agreed": _or_none(_object(**dict.fromkeys(("day", "time", "place", "channel", "wording"), _TEXT_OR_NONE))),
        "ruled_out": _list(_TEXT),
        "patch": _or_none(_patch(given)),
    }


def plan(given: Given) -> Schema:
    """Return the schema of a plan."""
    return _object(**parts(given))


def parts(given: Given) -> dict[str, Schema]:
    """Return the schema of each part of a plan, in order."""
    return {
        "headline": _TEXT,
        "first_step": _step(given),
        "own_part": _or_none(_object(level=_one_of(("possible", "clear")), sentence=_TEXT, rests_on=_NUMBERS)),
        "guessed": _list(_object(sentence=_NUMBER, words=_TEXT, question=_TEXT)),
        "readings": _list(_object(text=_TEXT, mine={"type": "boolean"})),
        "missing": _missing(),
        "more_steps": _list(_step(given)),
        "if_badly": _TEXT,
        "stop": _TEXT,
        "sign": _TEXT,
        "check_in_days": _NUMBER,
        "unknowns": _list(_TEXT),
    }


def some(given: Given, names: Iterable[str]) -> Schema:
    """Return the schema of a few parts of a plan or of a patch (``next`` and its texts), and ``draft``."""
    known = {**parts(given), "draft": _TEXT_OR_NONE, "next": _list(_next(given))}
    return _object(**{name: known[name] for name in names})


def with_answer(schema: Schema) -> Schema:
    """Return a schema that also asks what to say in place of some sentences of the answer."""
    return _object(**schema["properties"], answer=_list(_object(was=_TEXT, instead=_TEXT)))


def _account(given: Given) -> Schema:
    events = [*(entry.id for entry in given.catalogue.entries), OTHER]
    side: Schema = _TEXT_OR_NONE
    person = _object(
        id=_TEXT, words=_TEXT_OR_NONE, name=_TEXT_OR_NONE, call=_TEXT, they=_one_of(("he", "she", "they"), none=True),
        relation=_one_of((each.value for each in Relation), none=True), main={"type": "boolean"},
    )  # fmt: skip
    event = _object(
        event=_one_of(events), **{"from": side}, to=side, told_by=_TEXT, sentence=_NUMBER, words=_TEXT,
        channel=_one_of((*(each.value for each in Channel), "any"), none=True),
        landed=_one_of((each.value for each in Landed), none=True),
    )  # fmt: skip
    return _object(
        people=_list(person),
        events=_list(event),
        facts=_list(_object(fact=_one_of(FACTS), sentence=_NUMBER, words=_TEXT)),
        corrects=_NUMBERS,
        asked=_NUMBERS,
        want=_one_of((each.value for each in Want), none=True),
    )


def _step(given: Given) -> Schema:
    return _object(**_step_fields(given))


def _step_fields(given: Given) -> dict[str, Schema]:
    return {
        "cue": _TEXT, "do": _TEXT, "say": _TEXT, "avoid": _TEXT,
        "channel": _one_of((*(each.value for each in Channel), "any")), "minutes": _NUMBER,
        "in_days": {"type": ["integer", "null"]}, "why": _TEXT,
        "card": _one_of([card.id for card in (*given.cards, *given.citable)] or [""]), "sentence": _NUMBER,
        "rests_on": _NUMBERS,
    }  # fmt: skip


def _next(given: Given) -> Schema:
    return _object(replaces=_NUMBER, **_step_fields(given))


def _patch(given: Given) -> Schema:
    texts = dict.fromkeys(PATCHED, _TEXT_OR_NONE) | {"missing": _or_none(_missing())}
    known = parts(given)
    read_anew = {name: _or_none(known[name]) for name in READ_ANEW}
    return _object(next=_list(_next(given)), drop=_NUMBERS, texts=_object(**texts), **read_anew)


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _one_of(values: Iterable[str], *, none: bool = False) -> Schema:
    if none:
        return {"type": ["string", "null"], "enum": [*values, None]}
    return {"type": "string", "enum": list(values)}


def _or_none(value: Schema) -> Schema:
    return {"anyOf": [value, {"type": "null"}]}


def _missing() -> Schema:
    return _object(fact=_TEXT, question=_TEXT, ask=_one_of((ME, "them")))
