"""Drafting: every scene's draft in every channel, with no warning; its variants keep blanks and meaning."""

from __future__ import annotations

from typing import Any

from coach.domain.drafts import Purpose
from coach.domain.moments import Channel
from coach.messages import linter, variants
from coach.messages.abridgement import parts, shorten, words
from many import many
from texts import PROMPTS

SCENES = PROMPTS.scenes
TOM: dict[str, Any] = {
    **dict.fromkeys(("name", "Name", "call"), "Tom"), "he": "he", "He": "He", "him": "him", "his": "his",
    "is": "is", "was": "was", "has": "has", "does": "does", "s": "s", "es": "es",
    "nis": "is", "nhas": "has", "ns": "s", "nes": "es",
    **dict.fromkeys(("remote", "upward", "leader", "group", "friend", "busy", "text"), False),
}  # fmt: skip

each = many("name", sorted(SCENES))


def made(name: str, channel: Channel, **changes: Any) -> variants.Skeleton:
    scene = SCENES[name]
    found = variants.draft(scene, {**TOM, "topic": scene["topic"], **changes}, channel, PROMPTS)
    assert found is not None
    return found


@each
def test_every_scene_has_a_draft_for_every_channel_and_none_earns_a_warning(name: str) -> None:
    texts = {made(name, channel, call=call).text for channel in Channel for call in ("Tom", "[name]", "all")}
    for text in texts:
        assert "[" in text
        assert linter.lint(text, Purpose(SCENES[name]["draft"]["purpose"]), PROMPTS) == ()


@each
def test_what_a_scene_has_the_user_say_earns_no_warning(name: str) -> None:
    for step in SCENES[name]["steps"]:
        for remote in (True, False):
            text = PROMPTS.fill(step["say"], {**TOM, "topic": "the report", "remote": remote})
            assert linter.names(text, Purpose.OTHER) == ()


@each
def test_shorter_is_a_part_of_it_and_keeps_what_carries_it(name: str) -> None:
    skeleton = made(name, Channel.CHAT)
    short = variants.shorter(skeleton.text, skeleton.purpose)
    assert words(short) <= words(skeleton.text)
    assert set(parts(short)) <= set(parts(skeleton.text))
    assert variants.offered(short, skeleton.purpose)
    assert short.count("[") == short.count("]")


@each
def test_warmer_adds_one_line_that_only_the_user_can_make_true(name: str) -> None:
    skeleton = made(name, Channel.CHAT)
    warm = variants.warmer(skeleton.text, PROMPTS, skeleton.purpose)
    added = set(parts(warm)) - set(parts(skeleton.text))
    assert len(added) == 1
    assert all(variants.blanks(line) for line in added)
    assert variants.warmer(warm, PROMPTS, skeleton.purpose) == warm
    assert variants.offered(warm, skeleton.purpose)


def test_mail_is_greeted_and_signed_and_chat_is_not() -> None:
    assert made("no_reply", Channel.EMAIL).text.startswith("Hi Tom,\n\nA quick one about")
    assert made("no_reply", Channel.EMAIL).text.endswith("\n\n[how you sign off]")
    assert made("no_reply", Channel.CHAT).text.startswith("A quick one about")
    assert made("own_gossip", Channel.EMAIL).text.startswith("Hi Tom,\n\nYou will have seen")
    assert made("words_needed", Channel.EMAIL).text.count("sign off]") == 1


def test_an_apology_in_writing_is_better_said_and_thanks_are_not() -> None:
    assert made("own_harsh", Channel.EMAIL).better_said
    assert made("public_correction", Channel.CHAT).better_said
    assert not made("own_harsh", Channel.CALL).better_said
    assert not made("thank_good", Channel.EMAIL).better_said
    assert not made("no_reply", Channel.CHAT).better_said
    written = {"stance": "repair_own_harm", "steps": [{"channel": "email"}]}
    assert not variants.better_said(Purpose.APOLOGY, Channel.EMAIL, written)


def test_a_draft_with_a_warning_is_not_offered() -> None:
    scene = {"draft": {"purpose": "apology", "text": "Hi {{ call }}, I am sorry if it hurt."}, "stance": "ask_first"}
    assert variants.draft(scene, TOM, Channel.EMAIL, PROMPTS) is None
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
