"""The linter on labelled messages, its spans in the user's own text, and its rewrites put in place."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from time import process_time

import pytest

from coach.domain import letters
from coach.domain.drafts import Purpose
from coach.messages import abridgement, linter
from coach.messages.linter import lint, names
from coach.messages.wordings import Wording, wordings
from coach.rows import rows
from evals import sets
from evals.cases import load_messages
from many import many, some
from texts import PROMPTS

ROOT = Path(__file__).resolve().parents[1]
MESSAGES = load_messages(ROOT / "evals/cases/lint.jsonl")
LABELS = [message.warnings for message in MESSAGES]
BAR = 0.90

each = many("message", MESSAGES)


@cache
def answers() -> list[frozenset[str]]:
    """The linter's, message by message."""
    return [frozenset(names(message.text, message.purpose)) for message in MESSAGES]


def apply(text: str, warning: linter.Warning) -> str:
    return text[: warning.start] + warning.rewrite + text[warning.end :]


def test_there_are_enough_messages_and_about_half_are_clean() -> None:
    assert len(MESSAGES) >= 150
    assert 0.4 <= sum(not label for label in LABELS) / len(LABELS) <= 0.6
    assert set().union(*LABELS) == set(linter.WARNINGS)


def test_recall_and_precision_over_all() -> None:
    both = sets.tally(answers(), LABELS)
    assert both.recall >= BAR
    assert both.precision >= BAR


@pytest.mark.parametrize("name", linter.WARNINGS)
def test_recall_and_precision_of_each_warning(name: str) -> None:
    own = sets.tally(answers(), LABELS, name)
    assert own.recall >= BAR
    assert own.precision >= BAR


@each
def test_warnings_stand_in_the_order_of_the_text_and_inside_it(message: object) -> None:
    text, purpose = message.text, message.purpose  # type: ignore[attr-defined]
    given = lint(text, purpose, PROMPTS)
    assert [each.start for each in given] == sorted(each.start for each in given)
    assert {each.warning for each in given} == set(names(text, purpose))
    for warning in given:
        assert 0 <= warning.start < warning.end <= len(text)
        assert warning.why
        assert warning.rewrite
        assert "!" not in warning.why + warning.rewrite or warning.warning in {"too_long", "missing_offer"}
        assert "{" not in warning.why + warning.rewrite


@each
def test_a_rewrite_takes_its_warning_away(message: object) -> None:
    text, purpose = message.text, message.purpose  # type: ignore[attr-defined]
    for warning in lint(text, purpose, PROMPTS):
        mended = apply(text, warning)
        again = [one for one in lint(mended, purpose, PROMPTS) if one.warning == warning.warning]
        before = [one for one in lint(text, purpose, PROMPTS) if one.warning == warning.warning]
        assert len(again) < len(before)
        assert "  " not in warning.rewrite
        assert ".." not in mended.replace("...", "")


IN_PLACE = """
    apology | conditional_apology | <Sorry if I upset you>. | I am sorry that I upset you
    apology | conditional_apology | <I'm sorry if anyone was hurt>. | I'm sorry that I [what you did], and that somebody was hurt
    feedback | always_never | <You never reply> to my mails. | On [days] you did not reply
    feedback | always_never | <You never told> me. | Since [date] you have not told
    feedback | always_never | And <you're always> late. | on [days] you were
    feedback | mind_reading | Today <you clearly want my job>. | after [what you saw or heard], I wonder whether you want my job
    feedback | label | Leaving it there <was lazy>. | made it hard for me to [what you could not do]
    other | sarcasm | <Great job leaving me alone with forty guests!> | Leaving me alone with forty guests made things harder for me.
    ask | passive_aggression | <As per my last email>, it is due. | As I wrote on [date]
    other | passive_aggression | <With all due respect,> we differ. | I see it differently:
    ask | disguised_demand | <Could you maybe just get it done by today?> | Please get it done by today.
    other | guilt_trip | <Some of us are tired>. | I am tired
    apology | asks_forgiveness | I lost it and will buy a new one. <Please forgive me>. | You do not have to answer this
"""  # noqa: E501
"""Purpose, warning, message with the span in angles, rewrite."""


@pytest.mark.parametrize("line", IN_PLACE.strip().splitlines())
def test_a_rewrite_is_built_from_the_words(line: str) -> None:
    purpose, warning, marked, rewrite = (part.strip() for part in line.split(" | "))
    text, span = re.sub("[<>]", "", marked), re.findall("<(.+)>", marked)[0]
    [found] = [one for one in lint(text, Purpose(purpose), PROMPTS) if one.warning == warning]
    assert (text[found.start : found.end], found.rewrite) == (span, rewrite)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Café ☕ — I’m sorry if I upset you.", "I’m sorry if I upset you"),
        ("“Hi”,\u00a0I’m\u2009sorry\u00a0if I upset you…", "I’m\u2009sorry\u00a0if I upset you"),
        ("so\u200brry, I'm so\u00adrry if I up\u200bset you", "I'm so\u00adrry if I up\u200bset you"),
        ("İstanbul İş: I'M SORRY IF I UPSET YOU.", "I'M SORRY IF I UPSET YOU"),
        ("👩‍💻 I'm sorry if I upset you; 🙃", "I'm sorry if I upset you"),
    ],
)
def test_spans_are_of_the_text_as_given(text: str, span: str) -> None:
    found = next(one for one in lint(text, Purpose.OTHER, PROMPTS) if one.warning == "conditional_apology")
    assert text[found.start : found.end] == span


def test_responsibility_and_offer_are_missed_in_an_apology_only() -> None:
    text = "Sorry about yesterday."
    assert names(text, Purpose.APOLOGY) == ("missing_responsibility", "missing_offer")
    assert not any(names(text, purpose) for purpose in Purpose if purpose is not Purpose.APOLOGY)


def test_a_long_message_is_cut_to_sentences_of_its_own() -> None:
    text = (
        " ".join(f"Sentence number {n} tells a little more about the old printer." for n in range(20))
        + " Could you help?"
    )
    [found] = lint(text, Purpose.ASK, PROMPTS)
    assert found.warning == "too_long"
    assert abridgement.words(found.rewrite) <= linter.SHORTENED
    assert set(abridgement.parts(found.rewrite)) <= set(abridgement.parts(text))
    assert found.rewrite.endswith("Could you help?")


@pytest.mark.parametrize("text", ["", " ", "\n\n", ".", "?!", "[name]", "\u200b", "x" * 5000])
def test_nothing_much_is_looked_over_without_trouble(text: str) -> None:
    for purpose in Purpose:
        lint(text, purpose, PROMPTS)


def test_looking_only_where_a_word_stands_misses_nothing() -> None:
    """``needs`` saves time and nothing else: every wording is found without it at the same places."""
    looked = [linter._Message(linter._even(message.text)[0]) for message in MESSAGES]
    for wording in wordings():
        own = [linter._Message(linter._even(line)[0]) for line in wording.row.must]
        without = replace(wording, needs=())
        for message in (*some(looked, 4), *own) if wording.needs else ():
            quick = [hit.span() for hit in message.hits(wording)]
            assert quick == [hit.span() for hit in message.hits(without)], (wording.row.id, message.even)


@many("wording", wordings)
def test_what_a_wording_must_find_earns_its_warning_and_a_near_miss_does_not(wording: Wording) -> None:
    for line in wording.row.must:
        found = linter._found(linter._even(line)[0], Purpose.OTHER)
        assert (wording.warning, wording.form) in {(each.warning, each.form) for each in found}, line
    for line in wording.row.must_not:
        assert wording.warning not in names(line, Purpose.OTHER), line


def test_every_excuse_is_one_that_a_wording_names() -> None:
    named = {name for wording in wordings() for name in (wording.unless, wording.told) if name}
    assert named == {row.more["excuse"] for row in rows("wordings/excuses")}


def test_the_sentences_of_the_linter_earn_no_warning_and_name_no_one() -> None:
    for name in linter.WARNINGS:
        values = dict.fromkeys(("head", "rest", "noun", "deed", "aux", "verb", "past", "mine", "who", "det"), "it")
        flags = {"own": True, "see": False, "words": 130, "most": linter.MOST_WORDS}
        why = PROMPTS.render(f"lint/{name}.fixed", part="why", form="", **values, **flags)
        assert 10 <= len(why.split()) <= 40
        assert len(letters.pieces(why)) <= 3


def test_a_message_is_looked_over_in_milliseconds() -> None:
    text = " ".join(" ".join(message.text for message in MESSAGES if not message.warnings).split()[:200])
    lint(text, Purpose.OTHER, PROMPTS)
    started = process_time()
    for _ in range(10):
        lint(text, Purpose.OTHER, PROMPTS)
    assert (process_time() - started) / 10 < 0.05
