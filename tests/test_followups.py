"""What people say after a plan. Each line is typed as people type it, beside what it asks for."""

from __future__ import annotations

import pytest

from coach.cues.followups import Ask, corrected, detect
from coach.domain.moments import By, Channel, Landed

SAID: dict[Ask, tuple[str, ...]] = {
    Ask.WHAT_IF_NO: ("what if he says no?", "and what if she laughs at me?", "ok but if they refuse?"),
    Ask.WONT_WORK: ("that won't work, she hates meetings", "he never answers his phone", "not realistic, sorry"),
    Ask.SHORTER: ("make it shorter", "too long", "can you keep it short?"),
    Ask.WARMER: ("a bit warmer please", "can it be less formal", "softer?"),
    Ask.MY_WORDS: ("that doesn't sound like me", "put it in my own words", "I would never say that"),
    Ask.WHY: ("why?", "how come", "but why that one first?"),
    Ask.SOURCE: ("where is that from?", "says who", "is there any research on it?"),
    Ask.ABOUT_PERSON: ("what do you know about Nils?", "what have you got on her", "what's in my journal"),
    Ask.TAKE_SIDES: ("just tell me I'm right", "am I wrong?", "whose fault is it"),
    Ask.SCORE: ("score him", "how toxic is she?", "rate our relationship out of 10"),
    Ask.FORGET: ("forget that", "delete everything", "never mind"),
    Ask.CORRECTION: ("no, it was by email", "actually it was on the phone", "no, via Slack"),
    Ask.OUTCOME_GOOD: ("I talked to her and it went well", "I asked him, he apologised", "did it. he thanked me"),
    Ask.OUTCOME_SILENT: ("I sent it, no reply", "still nothing", "I asked her and she hasn't answered"),
    Ask.OUTCOME_BAD: ("I talked to him and he walked off", "I asked her and she snapped", "it backfired"),
    Ask.NOT_DONE: ("I chickened out", "not yet", "I haven't asked him yet"),
    Ask.DRAFT: ("what exactly should I say?", "write me a message to him", "draft the email"),
    Ask.OK: ("ok", "Okay.", "makes sense", "will do", "yeah", "ok, I'll try that"),
    Ask.UNCLEAR: ("?", "???", "huh?", "I don't get it"),
    Ask.THANKS: ("thanks", "Thank you so much", "ok thanks, that helps"),
    Ask.GOODBYE: ("bye", "good night", "that's all for today"),
    Ask.HELLO: ("hi", "Hello again", "good morning"),
    Ask.WHEN: ("when should I do it?", "how soon?", "by when"),
}


def test_every_ask_has_its_lines() -> None:
    assert set(SAID) == set(Ask)


@pytest.mark.parametrize(("ask", "text"), [(ask, text) for ask, lines in SAID.items() for text in lines])
def test_a_follow_up_is_recognised(ask: Ask, text: str) -> None:
    assert detect(text, told_new=False) is ask


@pytest.mark.parametrize(
    "text",
    [
        "My colleague Nils took my desk while I was on leave and nobody told me. My things were in a box.",
        "Today Rosa praised my minutes in front of the whole board.",
        "I lead a team of six and two of them will not share a shift any more since the summer.",
        "Why does my boss never look at me when I speak?",
        "Every Friday they go to the pub and I only hear of it on Monday from the porter.",
    ],
)
def test_what_tells_of_something_is_no_follow_up(text: str) -> None:
    assert detect(text, told_new=True) is None


@pytest.mark.parametrize("ask", [Ask.MY_WORDS, Ask.TAKE_SIDES, Ask.SOURCE, Ask.WONT_WORK])
def test_spelling_changes_nothing(ask: Ask) -> None:
    for text in SAID[ask]:
        assert detect(text.replace("'", "’").upper() + "  ", told_new=False) is ask


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no, it was by email", (Channel.EMAIL, None, None)),
        ("no, it was on the phone, not by email", (Channel.CALL, None, None)),
        ("actually it wasn't in the meeting, it was on Slack", (Channel.CHAT, None, None)),
        ("no, I said it", (None, By.ME, None)),
        ("no, it was her", (None, By.THEM, None)),
        ("actually it was friendly", (None, None, Landed.HELPED)),
        ("no, it was a zoom", (Channel.VIDEO, None, None)),
    ],
)
def test_a_correction_says_what_changes(text: str, expected: tuple[Channel | None, By | None, Landed | None]) -> None:
    assert corrected(text) == expected
