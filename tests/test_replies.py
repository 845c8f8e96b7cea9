"""The JSON object of a reply, whatever stands around it and however it was split; names in its strings come back."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.people import Person
from coach.llm.pseudonyms import Disguise, disguise
from coach.llm.replies import Reply
from coach.llm.restoration import JsonRestoring

OBJECT = '{"fits": "coach", "said": "He \\"left\\" {early}.", "parts": [{"n": 1}, []]}'
AROUND = {
    "nothing": ("", ""),
    "a fence": ("Sure, here it is:\n```json\n", "\n```\nAnything else?"),
    "thoughts": ('<think>He may be {"busy"} or {"fits": 1}.</think>\n', ""),
    "thoughts nobody opened": ("He may be {busy}.\n</think>\n\n", ""),
    "other marks of thoughts": ('[THINK]{"fits": 2}[/THINK]<reasoning>so</reasoning>', ""),
    "channels": (
        '<|channel|>analysis<|message|>{"fits": 1}?<|end|><|start|>assistant<|channel|>final<|message|>',
        "<|return|>",
    ),
    "channels without marks": ("analysisWe need JSON.assistantfinal", ""),
    "a wrapper": ('{"Answer": ', "}"),
    "another object before": ('{} {"x": 1} ', ""),
}


def told(pieces: list[str], thinks: bool = False) -> tuple[str, Reply]:
    it = Reply(["fits", "said", "parts"], thinks)
    return "".join([it.said(piece) for piece in pieces]) + it.end(), it


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("around", AROUND)
def test_the_object_alone_is_told(around: str, size: int) -> None:
    before, after = AROUND[around]
    text = before + OBJECT + after
    found, it = told([text[at : at + size] for at in range(0, len(text), size)])
    assert found == OBJECT
    assert it.closed
    assert not it.torn


def test_a_plain_object_is_told_as_it_comes() -> None:
    it = Reply(["fits"])
    assert [it.said(mark) for mark in '{"fits'][2:] == ['{"f', "i", "t", "s"]


def test_an_object_with_other_names_is_told_at_the_end() -> None:
    assert told(['{"else": 1}'])[0] == '{"else": 1}'


def test_what_was_thought_and_not_said_shows_itself_and_is_known_the_next_time() -> None:
    thought = '{"fits": "no"} or so. </think>' + OBJECT
    assert told([thought])[1].thought_after
    assert told([thought], thinks=True)[0] == OBJECT
    assert told([OBJECT], thinks=True)[0] == OBJECT


@pytest.mark.parametrize("text", ["", "  \n", "Sorry, no.", "<think>Hm. {", '{"fits": <b>', '{"fits": "co'])
def test_what_is_no_object_is_not_taken_for_one(text: str) -> None:
    _, it = told([text])
    assert not it.closed
    assert it.empty is (not text.strip())


def worn(text: str, *people: str) -> Disguise:
    now = datetime(2024, 5, 6, tzinfo=UTC)
    return disguise([("user", text)], [Person(name, name, now) for name in people], [], b"a secret", frozenset())


def restored(it: Disguise, pieces: list[str]) -> str:
    names = JsonRestoring(it)
    return "".join([names.restored(piece) for piece in pieces]) + names.end()


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("ascii_", [True, False])
def test_names_in_strings_come_back_and_json_stays_json(size: int, ascii_: bool) -> None:
    letter = 'Tom said "no".\nShe has cancer, "stage two".\\Tom\tTOM’s Zoë 🌧 tom@globex.com'
    it = worn(letter, "Tom", "Zoë")
    sent = json.dumps({"said": it.text(letter), "n": [1, None, True]}, ensure_ascii=ascii_)
    came = restored(it, [sent[at : at + size] for at in range(0, len(sent), size)])
    assert json.loads(came) == {"said": letter, "n": [1, None, True]}
    assert "Tom" not in sent


def test_bare_line_ends_and_strange_escapes_are_mended() -> None:
    it = worn("Tom", "Tom")
    came = restored(it, ['{"a": "one\ntwo\t', r"it\'s \x \ud83d", ' end"}'])
    assert json.loads(came) == {"a": "one\ntwo\tit's \\x \ufffd end"}


VALUES: Any = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(max_size=12), st.sampled_from(["Tom", "\nTom", "Tom's"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)),
    max_leaves=12,
)


@given(value=VALUES, ascii_=st.booleans(), indent=st.sampled_from([None, 1]), cuts=st.lists(st.integers(0, 200)))
def test_any_object_survives_any_splitting(value: Any, ascii_: bool, indent: int | None, cuts: list[int]) -> None:
    it = worn("Tom told Zoltana of it.", "Tom")
    whole = {"fits": value}
    sent = json.dumps({"fits": it.data(value)}, ensure_ascii=ascii_, indent=indent)
    places = sorted({0, len(sent), *(cut for cut in cuts if cut < len(sent))})
    pieces = [sent[a:b] for a, b in itertools.pairwise(places)]
    reply, names = Reply(["fits"]), JsonRestoring(it)
    came = "".join([names.restored(reply.said(piece)) for piece in pieces]) + names.restored(reply.end()) + names.end()
    assert json.loads(came) == whole
    assert reply.closed
