"""What a message says: who, what happened, seen or guessed, what is asked. The messages are the data."""

from __future__ import annotations

import pytest

from coach.domain.moments import By, Channel, Landed
from coach.domain.people import Relation
from coach.domain.readings import Kind, Severity
from coach.knowledge.library import Library
from coach.reading.reader import MOST_MOMENTS, read


def test_offsets_are_into_the_text_as_sent(library: Library) -> None:
    text = "“Typical”, said Ines when I was late.  Yesterday she didn’t save me a seat at lunch…\u00a0I felt stupid."
    found = read(text, library)
    assert found.text == text
    for moment in found.moments:
        assert moment.what.strip(" ,;") == text[moment.start : moment.end].strip(" ,;")
    for signal in found.signals:
        assert 0 <= signal.start < signal.end <= len(text)
    for guess in found.guesses:
        assert guess.text == text[guess.start : guess.end].strip(" ,;")


def test_the_moment_of_a_story(library: Library) -> None:
    found = read("In Monday's meeting Ines laughed at my proposal in front of the whole team.", library)
    assert found.kind is Kind.REPAIR or found.kind is Kind.JOURNAL
    assert found.people[0].label == "Ines"
    moment = found.moments[0]
    assert (moment.by, moment.landed, moment.channel, moment.person) == (
        By.THEM,
        Landed.HARMED,
        Channel.MEETING,
        "Ines",
    )


def test_who_acts_is_read(library: Library) -> None:
    mine = read("Yesterday I shouted at Ravi in the corridor because the van was late.", library)
    assert [moment.by for moment in mine.moments] == [By.ME]
    theirs = read("Yesterday Ravi shouted at me in the corridor because the van was late.", library)
    assert [moment.by for moment in theirs.moments] == [By.THEM]


def test_a_good_moment_of_staying_longer_helps(library: Library) -> None:
    found = read("Today Kofi stayed an hour longer to help me finish the stocktake.", library)
    assert [moment.landed for moment in found.moments] == [Landed.HELPED]


def test_a_good_moment_helps(library: Library) -> None:
    found = read("Today Kofi thanked me warmly for the notes at lunch.", library)
    assert [moment.landed for moment in found.moments] == [Landed.HELPED]
    assert found.moments[0].days_ago == 0
    assert found.severity is Severity.ORDINARY


@pytest.mark.parametrize(
    "text",
    [
        "I would like to invite Greta to lunch next week.",
        "Should I tell Omar that the plan has changed?",
        "How do I get to know the people in the other building?",
    ],
)
def test_wishes_plans_and_questions_are_no_moments(text: str, library: Library) -> None:
    assert read(text, library).moments == ()


def test_a_silence_told_twice_in_one_breath_is_one(library: Library) -> None:
    found = read("Henrik did not answer my mail, he did not react to my message.", library)
    assert len(found.moments) == 1


def test_a_gesture_and_its_refusal_are_one(library: Library) -> None:
    found = read("I said good morning to Henrik today, he did not look up.", library)
    assert len(found.moments) == 1


def test_a_guess_is_not_seen(library: Library) -> None:
    found = read("Petra didn't greet me this morning. I think she hates me since the audit.", library)
    assert [guess.about for guess in found.guesses] == ["feeling"]
    assert "hates" in found.guesses[0].text


def test_a_motive_is_a_guess(library: Library) -> None:
    found = read("Bo left me out of the mail. He did it on purpose to make me look bad.", library)
    assert "motive" in {guess.about for guess in found.guesses}


def test_the_question_is_what_is_asked(library: Library) -> None:
    found = read("Ola has stopped answering my calls. What should I do before Friday?", library)
    assert found.asked == "What should I do before Friday?"


def test_power_and_distance_are_read(library: Library) -> None:
    found = read("My boss works from home and only ever answers me in one word on chat.", library)
    assert found.about is not None
    assert found.about.relation is Relation.MANAGER
    assert found.has("remote")


def test_the_one_the_message_is_about_comes_first(library: Library) -> None:
    found = read("Maya was kind about it. But Tobias cut me off twice. What do I say to Tobias?", library)
    assert found.about is not None
    assert found.about.name == "Tobias"


def test_a_long_list_is_cut(library: Library) -> None:
    text = " ".join(f"On day {n} Tobias interrupted me in the meeting and took my chair." for n in range(20))
    assert len(read(text, library).moments) <= MOST_MOMENTS


def test_nothing_happened_off_topic(library: Library) -> None:
    assert read("What is the fastest train from Lyon to Turin?", library).moments == ()


def test_the_same_text_reads_the_same(library: Library) -> None:
    text = "Yesterday Ravi shouted at me in the corridor. I think he is stressed."
    assert read(text, library) == read(text, library)
