"""Claims about what is open between two people: each right in who, count and window."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Contact, Person, Promise, Relation, resting
from coach.noticing import teams
from coach.noticing.between import between, unmended
from coach.noticing.one_to_ones import Ask, question, recognition

TODAY = date(2026, 11, 30)
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
HELPED, HARMED, COOL = Landed.HELPED, Landed.HARMED, Landed.INDIFFERENT


def at(ago: int, by: By, what: str, landed: Landed, *, noted: int = 0, channel: Channel = Channel.IN_PERSON) -> Moment:
    """A moment filed at noon so many days ago; ``noted``: minutes later than others of that day."""
    day = NOON - timedelta(days=ago)
    return Moment(f"m{ago}-{noted}-{by}", "d", day, channel, by, what, landed, day + timedelta(minutes=noted))


def test_a_repair_on_the_same_day_mends() -> None:
    harm = at(5, By.ME, "I snapped at her in the review", HARMED)
    assert unmended([at(5, By.ME, "I apologised to her at the door", HELPED, noted=5), harm]) == []
    assert unmended([at(5, By.ME, "I apologised to her at the door", HELPED), harm]) == []
    assert unmended([at(5, By.ME, "We planned the week", HELPED, noted=-5), harm]) == [harm]
    assert unmended([at(6, By.ME, "I apologised for Monday", HELPED), harm]) == [harm]


def test_only_the_harm_that_no_repair_followed_is_named() -> None:
    first, second = at(20, By.ME, "I cut him off", HARMED), at(3, By.ME, "I cut him off again", HARMED)
    assert unmended([first, at(19, By.ME, "said sorry the next day", HELPED), second]) == [second]


def test_what_is_called_off_is_a_talk_and_told_until_one_took_place() -> None:
    off = at(8, By.ME, "I cancelled our one-to-one", COOL, channel=Channel.CHAT)
    order = at(7, By.THEM, "The client cancelled the order", HARMED)
    assert between([off, order], TODAY).called_off == (off,)
    held = at(2, By.ME, "We sat down for half an hour", HELPED, channel=Channel.MEETING)
    assert between([off, held], TODAY).called_off == ()
    assert between([at(120, By.ME, "I cancelled our one-to-one", COOL)], TODAY).called_off == ()


def test_an_ask_is_open_until_the_other_side_does_something() -> None:
    mine = at(6, By.ME, "I asked her for the figures", COOL, channel=Channel.EMAIL)
    theirs = at(4, By.THEM, "She asked me for the training budget", COOL)
    assert between([mine], TODAY).asks == (mine,)
    assert between([at(4, By.THEM, "Gil sat through the meeting and was not asked", COOL)], TODAY).asks == ()
    assert between([at(4, By.ME, "I asked her how the week was", COOL)], TODAY).asks == ()
    assert between([mine, theirs], TODAY).asks == (theirs,)
    assert between([theirs, at(1, By.ME, "I got her the budget", HELPED)], TODAY).asks == ()


DANA = Person("d", "Dana Whitfield", NOON, None, Relation.REPORT, False, matters="clear rotas")


@pytest.mark.parametrize(
    ("moments", "ask"),
    [
        ([at(3, By.ME, "I snapped at her", HARMED), at(2, By.THEM, "She asked me for help", COOL)], Ask.MY_HARM),
        ([at(3, By.THEM, "She snapped at me", HARMED)], Ask.THEIR_HARM),
        ([at(3, By.THEM, "She asked me for the budget", COOL)], Ask.THEY_ASKED),
        ([at(3, By.ME, "I asked her for the list", COOL)], Ask.I_ASKED),
        ([at(3, By.ME, "I moved our one-to-one", COOL)], Ask.CALLED_OFF),
        ([at(3, By.ME, "I listened to her", HELPED)], Ask.OPEN),
    ],
)
def test_the_question_is_made_from_what_is_open(moments: list[Moment], ask: Ask) -> None:
    asked = question(DANA, [], True, TODAY, between(moments, TODAY))
    assert asked.ask is ask
    assert asked.moment is None or asked.moment in moments


def test_a_promise_that_is_due_is_asked_about() -> None:
    late = Promise("p", By.ME, "ask for the budget", NOON - timedelta(days=9), TODAY - timedelta(days=1))
    person = Person("d", "Dana", NOON, None, Relation.REPORT, False, promises=(late,))
    assert question(person, [], True, TODAY, between([], TODAY)).promise is late
    assert not resting(person, TODAY)


def test_six_people_are_not_all_asked_the_same() -> None:
    people = [Person(f"id-{n}", f"N{n}", NOON, None, Relation.REPORT, False) for n in range(6)]
    asked = [question(person, [], True, TODAY, between([], TODAY)) for person in people]
    assert len({(each.ask, each.n) for each in asked}) >= 3


def test_congratulating_one_is_no_thanks_to_another() -> None:
    did = at(9, By.THEM, "took the new one under her wing", HELPED)
    other = at(2, By.ME, "I congratulated Ben in front of her", HELPED)
    assert recognition([did, other], TODAY, "Dana Whitfield") is did
    own = at(1, By.ME, "I thanked Dana for the handover", HELPED)
    assert recognition([did, other, own], TODAY, "Dana Whitfield") is None


@pytest.mark.parametrize(("ago", "named"), [(25, False), (28, False), (29, True)])
def test_four_weeks_are_counted_back_from_today(ago: int, named: bool) -> None:
    others = [at(n, By.ME, "we spoke", COOL) for n in (1, 2, 3)]
    good = at(ago, By.ME, "I helped her with the rota", HELPED)
    contact = Contact(4, max(it.happened_at for it in others))
    picture = teams.team([DANA], [good, *others], {"d": contact}, TODAY)
    assert (teams.Sign.NO_GOOD_MOMENT in {it.sign for it in picture.shown}) is named
