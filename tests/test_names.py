"""Who a text names. The sentences are the data."""

from __future__ import annotations

import re

import pytest

from coach.domain.accounts import Standing
from coach.reading.choices import card
from coach.reading.names import first_names, found
from coach.rows import words
from many import many
from scenes import catalogue

NAMED = [
    ("Our Muslim colleague Amir left early.", ["Amir"]),
    ("Lukas Maas told me off.", ["Lukas Maas"]),
    ("Maria da Silva and Vincent van Gogh left.", ["Maria da Silva", "Vincent van Gogh"]),
    ("Dr. Weber from the client was pleased.", ["Dr. Weber"]),
    ("Mrs Okafor and Ms. Li spoke.", ["Mrs Okafor", "Ms. Li"]),
    ("Marta's mail was rude, and so was Omar's.", ["Marta", "Omar"]),
    ("Jean-Luc asked Anne-Marie.", ["Jean-Luc", "Anne-Marie"]),
    ("Zoë and Łukasz laughed.", ["Zoë", "Łukasz"]),
    ("Oluwaseun ignored Xiaoming and Thandiwe.", ["Oluwaseun", "Xiaoming", "Thandiwe"]),
    ("May was rude to me.", ["May"]),
    ("On May 12 June told me off.", ["June"]),
    ("Jan told me no. In Jan he left.", ["Jan"]),
    ("Mark told me to mark his words.", ["Mark"]),
    ("I hope Hope is well.", ["Hope"]),
    ("I asked Grace for grace.", ["Grace"]),
    ("Rose from accounts thanked me.", ["Rose"]),
    ("Bill, the new one, left.", ["Bill"]),
    ("Victor, Irina and Oleksandr went out.", ["Victor", "Irina", "Oleksandr"]),
    ("I met Sydney in London.", ["Sydney"]),
    ("Tracy in dispatch tells me nothing.", ["Tracy"]),
    ("Georgia is my boss.", ["Georgia"]),
    ("Rich annoys me, and rich people do.", ["Rich"]),
    ("Mark, can you come?", ["Mark"]),
    ("Angel Gomez left.", ["Angel Gomez"]),
    ("Li Wei told me no.", ["Li Wei"]),
    ("Yuki-san was kind.", ["Yuki"]),
    ("Fatima al-Sayed and Omar bin Said were kind.", ["Fatima al-Sayed", "Omar bin Said"]),
    ("Petra/Tom did it.", ["Petra", "Tom"]),
    ("Park Ji-won asked Zhao Min.", ["Park Ji-won", "Zhao Min"]),
    ("Drew drew on my board.", ["Drew"]),
    ("quick word with femi and oksana, all good", ["femi", "oksana"]),
    ("how does renate do it", ["renate"]),
    ("Çağrı and Ülkü were late.", ["Çağrı", "Ülkü"]),
    ("tom ignored me", ["tom"]),
    ("i snapped at priya yesterday", ["priya"]),
    ("our trainee lena was late", ["lena"]),
    ("TOM IGNORED ME AGAIN", ["TOM"]),
    ("Lukas said no. Later Lukas Maas apologised.", ["Lukas Maas"]),
    ("Anna Weber and Anna Klein met. Anna Weber left.", ["Anna Weber", "Anna Klein"]),
    ("I told Tom B. about it.", ["Tom B."]),
    ("Hi Marta, can you call Yusuf?", ["Marta", "Yusuf"]),
    ("I work at Morgan Stanley with Anna.", ["Anna"]),
]

NOBODY = [
    "Our Pune office is a mess.",
    "On Nov 12 I snapped.",
    "As an Associate I have no say.",
    "The Dean told me off.",
    "HR told me to wait.",
    "In May she left, and April was a long month.",
    "I will mark it in may.",
    "Mark my words.",
    "Will you come?",
    "Chase the invoice, please.",
    "Hope you are well.",
    "Hi Good morning.",
    "We flew to Sydney and Vienna.",
    "St. Martin is a church.",
    "We opened an office in Georgia.",
    "The supplier in Florence rang off.",
    "Oh Jesus, he left.",
    "Grace period ends.",
    "The Florence team is in Charlotte.",
    "Slack and Teams were down. Excel too.",
    "My boss praised the slides.",
    "Ms Teams is down again.",
    "anna@example.org wrote, see https://tom.example.org/anna.",
    "So bored. My calls were long.",
    "I'm non-binary and a Long-time reader.",
    "",
]


@many("text, names", NAMED)
def test_names_come_in_the_order_of_first_mention(text: str, names: list[str]) -> None:
    assert list(found(text)) == names


@many("text", NOBODY)
def test_what_only_has_a_capital_names_nobody(text: str) -> None:
    assert found(text) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Lukas said no, and mark agreed.", ("Lukas Maas", "Mark")),
        ("LUKAS MAAS SAID NO", ("Lukas Maas",)),
        ("Qwxyz was kind, Lukas was not.", ("Qwxyz", "Lukas Maas")),
        ("I like it.", ()),
    ],
)
def test_the_journals_names_are_found_in_any_capitals_and_kept_as_they_are(text: str, names: tuple[str, ...]) -> None:
    assert found(text, ["Lukas Maas", "Mark", "Qwxyz"]) == names


def test_a_first_name_that_two_of_the_journal_have_is_neither_of_them() -> None:
    assert found("Anna was kind.", ["Anna Weber", "Anna Klein"]) == ("Anna",)


def test_the_lists_are_in_small_letters_without_accents_and_say_one_thing_of_a_name() -> None:
    every = ["he", "she", "they"]
    assert all(re.fullmatch(r"[a-z]+(?:-[a-z]+)*", name) for name in first_names())
    assert sum(len(words(f"names/{each}")) for each in every) == len(set().union(*(words(f"names/{e}") for e in every)))


@many(
    "text, calls",
    [
        ("And Maya, my manager, cancelled our talk twice.", ["Maya"]),
        ("My manager Maya cancelled our talk.", ["Maya"]),
        ("My boss (Maya) ignored me.", ["Maya"]),
        ("Maya is my manager and she is cool.", ["Maya"]),
        ("I told Ben, my manager and Tom.", ["Ben", "your manager", "Tom"]),
        ("I shouted at Tom. My manager saw it.", ["Tom", "your manager"]),
        ("My boss, Tom and the whole team laughed.", ["your boss", "Tom", "the whole team"]),
    ],
)
def test_somebody_and_what_they_are_beside_it_are_one_to_tap(text: str, calls: list[str]) -> None:
    people = card("a1", text, (), catalogue(), (), found(text)).people
    assert [each.call for each in people] == calls
    assert calls != ["Maya"] or people[0].standing is Standing.ABOVE
