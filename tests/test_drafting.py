"""Drafting: every move's draft in every channel, with no warning; its variants keep blanks and meaning."""

from __future__ import annotations

from dataclasses import replace

import pytest

import fakes
from coach.domain.accounts import Number, Party
from coach.domain.drafts import Purpose
from coach.domain.moments import Channel
from coach.domain.plans import Suggested
from coach.domain.principles import Stance
from coach.messages import linter, variants
from coach.messages.abridgement import parts, shorten, words
from coach.planning.moves import Move
from coach.planning.slots import slots
from many import many, some
from scenes import moves, texts
from texts import PROMPTS

TOM = Party("p1", "Tom", main=True)
OTHERS = (
    Party("p1", None, "my boss", main=True),
    Party("p1", None, "the others", main=True, number=Number.SEVERAL),
    Party("p1", None, "the shop", main=True, number=Number.PLACE),
    None,
)


def drafted() -> list[Move]:
    return [move for move in moves().moves if "draft" in move.words]


each = many("move", drafted)


_PLAN = replace(fakes.plan("plan"), stance=Stance.ASK_FIRST)


def messages(move: Move, *parties: Party | None) -> set[str]:
    """The move's draft as it is worded for some."""
    return {texts().fill(move.words["draft"]["text"], slots(party)) for party in parties}


def made(move: Move, channel: Channel) -> variants.Skeleton:
    """The move's draft for Tom, fitted to a channel."""
    [text] = messages(move, TOM)
    draft = Suggested(Purpose(move.words["draft"]["purpose"]), text)
    found = variants.of_plan(replace(_PLAN, draft=draft), channel, PROMPTS)
    assert found is not None, (move.name, draft)
    return found


@each
def test_every_draft_goes_into_every_channel_and_none_earns_a_warning(move: Move) -> None:
    """``of_plan`` gives none that earns one; here each is named, and looked at once whatever the channels it is for."""
    worded = messages(move, TOM, *OTHERS)
    for text in {variants.fitted(message, channel, PROMPTS) for channel in Channel for message in worded}:
        assert linter.names(text, Purpose(move.words["draft"]["purpose"])) == (), text


@many("move", lambda: moves().moves)
def test_what_a_move_has_the_user_say_earns_no_warning(move: Move) -> None:
    for step in (move.words[key] for key in ("first", "then") if key in move.words):
        said = step.get("say") or ""
        parties = (TOM, *some(OTHERS, len(OTHERS), len(said))) if "{" in said else (TOM,)
        for text in {texts().fill(said, slots(party)) for party in parties}:
            assert linter.names(text, Purpose.OTHER) == (), text


@each
def test_shorter_is_a_part_of_it_and_keeps_what_carries_it(move: Move) -> None:
    skeleton = made(move, Channel.CHAT)
    short = variants.shorter(skeleton.text, skeleton.purpose)
    assert words(short) <= words(skeleton.text)
    assert set(parts(short)) <= set(parts(skeleton.text))
    assert variants.offered(short, skeleton.purpose)
    assert short.count("[") == short.count("]")


@each
def test_warmer_adds_one_line_that_only_the_user_can_make_true(move: Move) -> None:
    skeleton = made(move, Channel.CHAT)
    warm = variants.warmer(skeleton.text, PROMPTS, skeleton.purpose)
    added = set(parts(warm)) - set(parts(skeleton.text))
    assert len(added) == 1
    assert all(variants.blanks(line) for line in added)
    assert variants.warmer(warm, PROMPTS, skeleton.purpose) == warm
    assert variants.offered(warm, skeleton.purpose)


def worded(text: str, channel: Channel) -> str:
    found = variants.of_plan(replace(fakes.plan("plan"), draft=Suggested(Purpose.ASK, text)), channel, PROMPTS)
    assert found is not None
    return found.text


def test_mail_is_greeted_and_signed_and_chat_is_not() -> None:
    text = "Tom, a quick one about [the report]: which day suits you?"
    assert worded(text, Channel.EMAIL).startswith("Hi Tom,\n\nA quick one about [the report]")
    assert worded(text, Channel.EMAIL).endswith("\n\n[how you sign off]")
    assert worded(text, Channel.CHAT).startswith("A quick one about [the report]")
    assert worded(f"Hi {text}", Channel.EMAIL).startswith("Hi Tom,\n\nA quick one")


def test_half_a_blank_is_no_greeting() -> None:
    text = "[the fact, in one line]. [What happens by when.] I'll come to you about the rest."
    assert "[the fact, in one line]." in worded(text, Channel.CHAT)
    assert parts(variants.shorter(text))[0] == "[the fact, in one line]."


def test_an_apology_in_writing_is_better_said_and_thanks_are_not() -> None:
    apology = next(move for move in drafted() if move.words["draft"]["purpose"] == "apology")
    thanks = next(move for move in drafted() if move.words["draft"]["purpose"] == "thanks")
    assert made(apology, Channel.EMAIL).better_said
    assert not made(apology, Channel.CALL).better_said
    assert not made(thanks, Channel.EMAIL).better_said
    assert not variants.better_said(Purpose.ASK, Channel.CHAT, Stance.ASK_FIRST)
    assert variants.better_said(Purpose.ASK, Channel.CHAT, Stance.REPAIR_OWN_HARM)


@pytest.mark.parametrize("draft", [None, Suggested(Purpose.APOLOGY, "Tom, I am sorry if it hurt.")])
def test_without_a_draft_and_for_one_with_a_warning_no_message_is_offered(draft: Suggested | None) -> None:
    assert variants.of_plan(replace(fakes.plan("plan"), draft=draft), Channel.EMAIL, PROMPTS) is None


def test_plainer_shortens_what_is_long() -> None:
    assert variants.plainer("I am sorry about the mail.", Purpose.OTHER) == "I'm sorry about the mail."


def test_shorter_keeps_the_apology_whole() -> None:
    text = (
        "Hi Ana, I changed your figures without asking you. It was late and the printer was broken. I am sorry. "
        "The office was full of people. I will put the old ones back today."
    )
    short = variants.shorter(text, Purpose.APOLOGY)
    assert "without asking" in short
    assert "I am sorry." in short
    assert "put the old ones back" in short
    assert "printer" not in short


def test_plainer_leaves_blanks_alone() -> None:
    text = "I am writing with regard to [what you require, prior to the day]. Prior to Friday I cannot come."
    assert (
        variants.plainer(text) == "I'm writing about [what you require, prior to the day]. Before Friday I can't come."
    )


def test_a_sentence_that_is_alone_stays() -> None:
    assert variants.shorter("Thank you for the plum cake.") == "Thank you for the plum cake."
    assert shorten("One. Two words.", 1) == "One."
    assert parts("I did [this. And that; too]. Then I left; it was late.") == [
        "I did [this. And that; too].",
        "Then I left; it was late.",
    ]
