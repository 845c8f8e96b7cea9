"""Twelve whole conversations, as people hold them. ``Talk.say`` checks every reply on its own: length, at most one open
question, exact citations, no violation (``talks.sound``); here stands what each reply has to be about.
"""

from __future__ import annotations

import pytest

from coach.domain.letters import plain
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Relation
from coach.domain.readings import Kind, Route
from coach.messages.apologies import says_sorry
from talks import NOW, USER, Answer, Talk


def about(answer: Answer) -> str:
    assert answer.reading.about is not None
    return answer.reading.about.label


def helped(answer: Answer) -> None:
    """A get-help reply: no plan, no apology, people and places that can help."""
    assert answer.route is Route.GET_HELP
    assert answer.plan is None
    assert not answer.sources
    assert not says_sorry(plain(answer.text))
    assert "differ from country to country" in answer.text


async def test_1_no_and_no_meetings(talk: Talk) -> None:
    """What if he says no; that won't work; and what was turned down stays away."""
    first = await talk.say(
        "Tobias never handed me the keys for the lab as we had agreed, so I stood outside with two visitors on Monday. "
        "I need him for the next visit in June."
    )
    assert first.route is Route.IN_SCOPE
    assert first.plan is not None
    no = await talk.say("what if he says no?")
    assert no.plan is None
    assert "Tobias may give it" in no.text
    assert first.plan.if_it_goes_badly in no.text
    other = await talk.say("that won't work, he hates meetings and never has time")
    assert other.plan is not None
    assert first.plan.steps[0].action not in {step.action for step in other.plan.steps}
    assert other.plan.steps[0].due > NOW.date()
    third = await talk.say("no, another idea please, that won't work either")
    assert third.plan is not None
    assert not {first.plan.steps[0].action, other.plan.steps[0].action} & {step.action for step in third.plan.steps}


async def test_2_wording(talk: Talk) -> None:
    """Shorter, warmer, in my words: the same message, not another subject."""
    first = await talk.say(
        "I forgot to credit Greta for the layout when the director praised me. How do I write to her?"
    )
    assert first.route is Route.IN_SCOPE
    assert about(first) == "Greta"
    shorter = await talk.say("make it shorter")
    warmer = await talk.say("now warmer please")
    mine = await talk.say("hm that doesn't sound like me")
    for answer in (shorter, warmer, mine):
        assert answer.plan is None
        assert about(answer) == "Greta"
    assert len(shorter.text.split()) < len(warmer.text.split())
    assert "in any words" in mine.text


async def test_3_why_and_where_from(talk: Talk) -> None:
    """Why, and the source: from the plan's own cards, quoted letter for letter."""
    first = await talk.say("Nadia in sales interrupts me in every review and today she finished my sentence for me.")
    assert first.plan is not None
    why = await talk.say("why?")
    assert first.plan.steps[0].why in why.text
    assert first.plan.citations[0].quote in why.text
    source = await talk.say("where is that from?")
    assert source.sources == first.plan.citations
    assert first.plan.citations[0].quote in source.text
    for citation in source.sources:
        assert citation.principle.replace("-", " ") in source.text
        assert citation.quote in talk.library.principle(citation.principle).text


async def test_4_what_do_you_know_about_tom(talk: Talk) -> None:
    """Only what the journal holds, what was said here, and what is not known."""
    await talk.knows("Tom", Relation.PEER)
    for n, what in enumerate(("Tom lent me his notes", "I missed his call", "Tom ate lunch with me")):
        landed = Landed.INDIFFERENT if n == 1 else Landed.HELPED
        when = NOW.replace(day=1 + n)
        await talk.journal.add_moment(USER, Moment(f"m{n}", "tom", when, Channel.IN_PERSON, By.THEM, what, landed, NOW))
    first = await talk.say("what do you know about Tom?")
    assert "Tom lent me his notes" in first.text
    await talk.say("Today Tom did not say a word to me in the van, all the way to the site.")
    again = await talk.say("what do you know about Tom?")
    assert "3 moments with Tom" in again.text
    assert "did not say a word to me" in again.text
    assert "What I do not know" in again.text


async def test_5_it_was_by_email(talk: Talk) -> None:
    """A correction changes the proposed moment and nothing else."""
    first = await talk.say("Yesterday Petra told me in the meeting that my draft was a mess.")
    assert {moment.channel for moment in first.reading.moments} == {Channel.MEETING}
    right = await talk.say("no, it was by email")
    assert [moment.channel for moment in right.reading.moments][-1] is Channel.EMAIL
    assert right.reading.moments[-1].what == first.reading.moments[-1].what
    assert "(email)" in right.text
    assert right.plan is not None
    assert about(right) == "Petra"


async def test_6_two_colleagues_in_turn(talk: Talk) -> None:
    """Each keeps their own plan; a pronoun means the last, a name brings the other back."""
    ravi = await talk.say("Ravi cancelled our Thursday check-in for the third time, ten minutes before it began.")
    ines = await talk.say("And then Ines snapped at me by the printer when I asked about the toner.")
    assert (about(ravi), about(ines)) == ("Ravi", "Ines")
    assert ravi.plan is not None
    assert ines.plan is not None
    assert ines.plan.id != ravi.plan.id
    her = await talk.say("so what do I do about her first?")
    assert about(her) == "Ines"
    assert her.plan == ines.plan
    back = await talk.say("and what if Ravi says no?")
    assert ravi.plan.if_it_goes_badly in back.text
    assert "Ravi may give it" in back.text


async def test_7_take_my_side_and_score_him(talk: Talk) -> None:
    """No verdict, no number; what was seen, and one question."""
    await talk.say(
        "My boss Henrik copied the director into a mail that says I missed the deadline. I had told him twice."
    )
    right = await talk.say("just tell me I'm right")
    assert right.plan is None
    assert "one side" in right.text
    score = await talk.say("then score him out of 10")
    assert score.plan is None
    assert "do not score" in score.text
    assert not any(mark.isdigit() for mark in score.text.replace("10", ""))


async def test_8_the_same_thing_again(talk: Talk) -> None:
    """Continued the second time; the third time says so and offers something smaller or a person."""
    text = "Ola in procurement has still not answered my two mails about the rota, what now?"
    first = await talk.say(text)
    second = await talk.say("Ola has still not answered my mails about the rota, what now?", days=3)
    third = await talk.say(text, days=4)
    assert first.planned is not None
    assert second.planned is not None
    assert third.planned is not None
    assert [each.planned.continued for each in (first, second, third) if each.planned] == [False, True, True]
    assert first.plan == second.plan == third.plan
    assert "the plan we already had" in second.text
    assert "three times" in third.text
    assert "one person you trust" in third.text


@pytest.mark.parametrize(
    ("text", "words", "replanned"),
    [
        ("I asked her yesterday and it went well, she had been ill and thanked me.", "You did it", False),
        ("I asked her, still no reply.", "not yet a no", True),
        ("I asked her and she snapped at me and walked off.", "hard thing", True),
    ],
)
async def test_9_an_outcome_a_week_later(talk: Talk, text: str, words: str, replanned: bool) -> None:
    """Good, silent, bad: what was tried is not told again, and dates start from the day it is told."""
    first = await talk.say("Ola in procurement has not answered my two mails about the rota. She sits next door.")
    assert first.plan is not None
    later = await talk.say(text, days=7)
    assert words in later.text
    assert (later.plan is not None) is replanned
    if later.plan is not None:
        assert later.plan.steps[0].due > talk.now.date()
        assert first.plan.steps[0].action not in {step.action for step in later.plan.steps}
    else:
        assert Landed.HELPED in {moment.landed for moment in later.reading.moments}


async def test_10_a_disclosure_half_way(talk: Talk) -> None:
    """The route turns to help and stays there through small talk; another matter has its plan; nothing is repaired."""
    first = await talk.say("My supervisor Derek sighed and looked at the ceiling when I asked about the shift plan.")
    assert first.route is Route.IN_SCOPE
    told = await talk.say(
        "I never told anyone, but in the van he puts his hand between my legs and says I should relax."
    )
    helped(told)
    assert told.kind is Kind.HARASSMENT
    assert "not yours to repair" in told.text
    for text in ("ok", "thanks", "but he is nice otherwise", "?"):
        still = await talk.say(text)
        helped(still)
        assert len(still.text.split()) < len(told.text.split())
    other = await talk.say("Something else: my colleague Hanna took the good projector on Friday without asking me.")
    assert other.route is Route.IN_SCOPE
    assert about(other) == "Hanna"
    assert other.plan is not None


async def test_11_something_unrelated_and_back_then_goodbye(talk: Talk) -> None:
    """Off topic is said once and kindly; the thread is where it was; forget, thanks and goodbye end it."""
    first = await talk.say(
        "At the briefing I laughed at Sam's idea in front of the crew and he went red. I feel bad about it."
    )
    assert first.plan is not None
    assert about(first) == "Sam"
    aside = await talk.say("what is the capital of Peru?")
    assert aside.route is Route.OFF_TOPIC
    assert aside.plan is None
    back = await talk.say("ok back to Sam, what exactly should I say to him?")
    assert back.route is Route.IN_SCOPE
    assert about(back) == "Sam"
    assert first.plan.steps[0].say in back.text or "Sam" in back.text
    ok, what, forget, thanks, bye = [await talk.say(text) for text in ("ok", "?", "forget that", "thanks", "goodbye")]
    for answer in (ok, what, forget, thanks, bye):
        assert answer.plan is None
        assert answer.route is Route.IN_SCOPE
        assert about(answer) == "Sam"
    assert "People" in forget.text
    assert "Privacy" in forget.text
    assert thanks.text.startswith("You are welcome")
    assert bye.text.startswith("Goodbye")
    assert len({answer.text for answer in (ok, what, forget, thanks, bye)}) == 5


THREAD = """Here is the whole thread, what do I answer?

From: Marta Lund
To: me
Subject: Re: Re: handover

Hi,
as discussed in the last three mails, the handover sheet from Thursday is missing again. I now had to ring the client
myself in front of my own team, which was embarrassing. I do not understand how this can happen twice in a month.
Marta

From: me
To: Marta Lund
Subject: Re: handover

I sent it to Jonas as always. Please check with him next time before you write to everyone.

From: Marta Lund
To: me; all-shift
Subject: handover

Where is the sheet?

> {filler}

I was annoyed when I wrote that and I copied in the whole shift, which I regret. Marta has not greeted me since.
"""


async def test_12_hello_a_long_thread_and_thanks(talk: Talk) -> None:
    """A greeting needs no plan; a pasted thread of thousands of characters gets one, about the right person."""
    hello = await talk.say("hi")
    assert hello.plan is None
    assert "what happened" in hello.text
    text = THREAD.replace(
        "{filler}", "\n> ".join(f"Line {n} of the shift report, nothing to note." for n in range(150))
    )
    assert len(text) > 7_000
    answer = await talk.say(text)
    assert answer.route is Route.IN_SCOPE
    assert answer.plan is not None
    assert "Marta" in {who.name.split()[0] for who in answer.reading.people if who.name}
    assert len(answer.reading.moments) <= 6
    thanks = await talk.say("thanks, that helps")
    assert thanks.plan is None
    assert thanks.text.startswith("You are welcome")
