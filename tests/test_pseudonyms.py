"""Names leave as other names and come back as themselves, whatever the text and however a reply is split."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.people import Person
from coach.llm import aliases, detector, withheld
from coach.llm.detector import ordinary
from coach.llm.pseudonyms import Disguise, disguise
from coach.llm.restoration import Restoring
from coach.rows import words

NOW = datetime(2024, 5, 6, tzinfo=UTC)
SECRET = b"a secret of the user, 32 bytes.."
ORDINARY = ordinary(
    [
        "after our meeting, they never said what mark they will leave, and i ask in private what happened before. "
        "the team was busy and we had finance look at the plan; nobody may be sure. it looked like a big rose. "
        "unless he works at night, there is a brown desk. can you write to the whole project, in an office?"
    ]
)


def person(name: str) -> Person:
    return Person(name, name, NOW)


def worn(text: str, *people: str, mentions: tuple[str, ...] = (), whole: bool = False) -> Disguise:
    return disguise(
        [("system", "Ask the Coach."), ("user", text)],
        [person(name) for name in people],
        list(mentions),
        SECRET,
        ORDINARY,
        whole,
    )


def streamed(it: Disguise, pieces: list[str]) -> str:
    names_ = Restoring(it)
    return "".join([names_.restored(piece) for piece in pieces]) + names_.end()


def test_words_of_the_coach_are_no_names_but_names_in_them_stay_covered() -> None:
    said = (
        "A word, exemplary. Nobody waits to be X-rayed, so leave the persuading to Gloria. Kemi may know. Ngozika may."
    )
    made = disguise([("system", "Ask."), ("user", "I told Gloria so.")], [], [], SECRET, ORDINARY)
    both = disguise([("user", "I told Gloria so."), ("coach", said)], [], [], SECRET, ORDINARY)
    ((role, sent),) = both.prompt([("user", "I told Gloria so."), ("coach", said)])
    names_ = ("Gloria", "Kemi", "Ngozika")
    kept = re.sub("|".join(names_), "NAME", said)
    assert role == "user"
    assert made.mask("Gloria") == both.mask("Gloria")
    assert re.sub("|".join(str(both.mask(name)) for name in names_), "NAME", sent) == f"I told NAME so.\n\n{kept}"
    assert both.restored(sent) == f"I told Gloria so.\n\n{said}"


FORMS = [
    "Tom never said a word.",
    "tom never said a word",
    "TOM's was the only approval missing",
    "toms desk, Tom’s desk, TOMS DESK, tOm",
    "Tom Ashdown and Mr Ashdown; T. Ashdown, Tom A., T.A. as they sign",
    "the Ashdowns, Tom-led, TomAshdown, tom_ashdown, tom.ashdown",
    "Siobhán O'Brien, O’Brien's, siobhan, SIOBHAN O'BRIEN",
    "Anne-Marie asked; anne-marie's desk",
    "Write to tom.ashdown@globex.com, call +44 7700 900123 or (020) 7946-0018.",
    "See https://globex.com/team?who=tom and wiki.globex.io/x, www.globex.com.",
    "@tomash said so, and @globex_hr.",
    "I work at Globex Ltd with KPMG, and before at Barclays Bank.",
]


@pytest.mark.parametrize("text", FORMS)
def test_every_form_of_a_name_goes_out_as_another_and_comes_back(text: str) -> None:
    it = worn(text, "Tom Ashdown", "Siobhán O’Brien", "Anne-Marie")
    out = it.text(text)
    assert not re.search(r"tom|ashdown|siobh|brien|marie|globex|kpmg|barclays|7700|0018", out, re.IGNORECASE), out
    assert it.restored(out) == text
    assert streamed(it, list(out)) == text


def test_a_title_stays_and_the_word_after_its_sentence_is_no_name() -> None:
    told, said = (
        "I told Madame Nadia, Mr. Pell and Don Chucho.",
        "It was yesterday, Madame. Lately, before Advent, it dries.",
    )
    text = f"{told} {said}"
    out = worn(text).text(text)
    assert not re.search(r"Nadia|Pell|Chucho", out)
    assert re.search(r"Madame \w+, Mr\. \w+ and Don \w+\..* Madame\. Lately, before Advent, it dries\.$", out), out


def test_capitals_and_possessives_survive() -> None:
    it = worn("Tom, tom, TOM's, toms", "Tom")
    first = it.text("Tom")
    assert first in aliases.made_up("he")
    assert it.text("Tom, tom, TOM's, toms") == f"{first}, {first.lower()}, {first.upper()}'s, {first.lower()}s"
    assert it.restored(f"{first}'s {first.upper()} {first}s") == "Tom's TOM Toms"


def test_a_name_written_small_comes_back_with_a_capital_where_the_reply_gives_it_one() -> None:
    it = worn("andre asked me straight and i went off on andre", "andre")
    small = it.text("andre")
    assert it.restored(f"{small.title()} asked. Say it to {small}, and {small.title()}'s answer counts.") == (
        "Andre asked. Say it to andre, and Andre's answer counts."
    )


def test_the_sort_of_a_name_survives() -> None:
    text = "Priya and Chris Baker met Globex GmbH and IBM."
    out = worn(text, "Priya", "Chris Baker").text(text)
    she, they, family, place, letters = re.match(r"(\w+) and (\w+) (\w+) met (\w+) GmbH and (\w+)\.", out).groups()
    assert she in aliases.made_up("she")
    assert they in aliases.made_up("they")
    assert family in aliases.made_up("family")
    assert place in aliases.made_up("place")
    assert letters in aliases.made_up("letters")


def test_the_same_person_has_the_same_name_tomorrow_and_another_user_another() -> None:
    first = worn("Tom went quiet.", "Ann", "Tom").text("Tom")
    assert worn("What now with Tom?", "Ann", "Tom", "Maya").text("Tom") == first
    others = {disguise([("user", "Tom")], [person("Tom")], [], bytes([n]), ORDINARY).text("Tom") for n in range(20)}
    assert len(others) > 10


def test_no_made_up_name_is_in_the_text_or_taken() -> None:
    text = " ".join([*aliases.made_up("he"), "Tom", "Ben", "Dan", "Paul"])
    it = worn(text, "Tom", "Ben", "Dan", "Paul")
    made = [it.text(name) for name in ("Tom", "Ben", "Dan", "Paul")]
    assert len(set(made)) == 4
    assert not {name.casefold() for name in made} & {word.casefold() for word in text.split()}
    assert it.restored(it.text(text)) == text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Yesterday Zsolt ignored me.", ["Zsolt"]),
        ("Zsolt never replied. I asked Zsolt twice.", ["Zsolt"]),
        ("i told rajesh and maria, they laughed", ["rajesh", "maria"]),
        ("My boss Ngozi Okafor shouted.", ["Ngozi", "Okafor"]),
        ("I met Dr. Featherstonehaugh there.", ["Featherstonehaugh"]),
        ("i work at initech", ["initech"]),
        ("We were bought by Hooli last year.", ["Hooli"]),
        ("I joined Pied Piper as an engineer.", ["Pied", "Piper"]),
        ("The client, Stark Industries, complained.", ["Stark"]),
        ("Will Mark be there? I asked Mark.", ["Mark"]),
        ("I asked Rose, a big rose for her", ["Rose"]),
        ("WHY DOES PRIYA IGNORE ME", ["PRIYA"]),
        ("Everyone at ACME knows the Phoenix plan.", ["ACME", "Phoenix"]),
        ("Müller hat Łukasz nicht gefragt, lukasz auch nicht.", ["Müller", "Łukasz", "lukasz"]),
        ("Our office in Wolverhampton closed.", ["Wolverhampton"]),
    ],
)
def test_names_nobody_told_of_are_found(text: str, hidden: list[str]) -> None:
    it = worn(text)
    out = it.text(text)
    assert [name for name in hidden if name in out] == []
    assert it.restored(out) == text


@pytest.mark.parametrize(
    "text",
    [
        "After our meeting they never said what happened. Ask in private on Monday.",
        "In March we use Slack, Jira and Teams. HR and the CEO said OK.",
        "He will mark it. It may be a big rose. The plan is for 2024-05-06 at 10:30, 12 000 times.",
        "Unless he works at night, nobody may be sure.",
        "1. Ask what happened.\n2. Write to the whole team.\n- Can you?",
        "Our company was bought and I now report to them. I think I am lost.",
        "He gets the licence back in March.",
        "The Swiss team asked a Filipino nurse.",
        "The Radiology team said, well, Hmm.",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert worn(text, "My boss", "the team", "HR").text(text) == text


def test_letters_that_name_a_job_stay_and_those_that_may_name_somebody_go() -> None:
    said = "My ASM Ffion wants the DSM job. JB told KPMG before DSM was said."
    sent = worn(said).text(said)
    assert "My ASM " in sent
    assert sent.count("DSM") == 2
    assert not {"Ffion", "JB", "KPMG"} & set(sent.replace(".", "").split())


def test_words_that_are_names_too_are_names_with_a_capital_alone() -> None:
    text = "Mark said he will mark it; Will Baker saw the brown desk of Mrs Brown."
    out = worn(text, "Mark", "Will Baker").text(text)
    assert "will mark it" in out
    assert "brown desk" in out
    assert not re.search(r"Mark|Will|Baker|Brown", out)


def test_a_name_in_another_script_is_found_as_it_stands() -> None:
    it = worn("李雷不回我。 محمد لم يجب", "李雷", "محمد")
    out = it.text("李雷不回我。 محمد لم يجب")
    assert "李雷" not in out
    assert "محمد" not in out
    assert it.restored(out) == "李雷不回我。 محمد لم يجب"


PRIVATE = [
    "She told me she has breast cancer",
    "He was diagnosed with bipolar disorder last year",
    "She is pregnant and has told nobody",
    "he joined the union",
    "our shop steward spoke up",
    "He is gay and not out at work",
    "She prays at noon and wears a hijab",
    "He voted for Brexit",
    "He has a criminal record",
    "she is on antidepressants",
]


@pytest.mark.parametrize("fact", PRIVATE)
def test_private_facts_are_left_out_and_come_back(fact: str) -> None:
    text = f"Tom went quiet. {fact}. What do I say to him?"
    it = worn(text, "Tom")
    assert it.text(text).endswith("went quiet. [left out]. What do I say to him?")
    assert it.restored(it.text(text)) == text
    assert streamed(it, list(it.text(text))) == text
    assert "[left out]" not in worn(text, "Tom", whole=True).text(text)


def test_of_a_long_sentence_the_clause_goes() -> None:
    text = (
        "We had been working on the plan for most of the spring without a word of thanks, and then she told me "
        "about her chemo, and since that day I have not known how to talk to her about the plan at all."
    )
    out = worn(text).text(text)
    assert "chemo" not in out
    assert out.startswith("We had been working")
    assert out.endswith("to talk to her about the plan at all.")


def test_what_only_looks_private_stays() -> None:
    for text in ("I am sick of it.", "In union with the plan?", "I trust my conviction.", "Expecting a reply."):
        assert list(withheld.private(text)) == [] or "union" in text


def test_labels_and_numbers_before_a_left_out_clause_stay() -> None:
    text = "headline: Ask about her chemo\n2. She has cancer."
    assert worn(text).text(text) == "headline: [left out]\n2. [left out 2]."


def test_a_mark_that_is_in_the_text_is_not_used() -> None:
    text = "I wrote [left out] myself. She has cancer."
    it = worn(text)
    assert it.restored(it.text(text)) == text


def test_data_is_disguised_and_restored_in_every_string() -> None:
    it = worn("Tom", "Tom")
    data = {"people": [{"name": "Tom", "n": 3}], "enum": ("Tom", None), "said": "Tom's"}
    assert "Tom" not in str(it.data(data))
    assert it.restored_data(it.data(data)) == {**data, "enum": ["Tom", None]}


def test_an_empty_disguise_changes_nothing() -> None:
    assert Disguise().text("Tom") == Disguise().restored("Tom") == streamed(Disguise(), ["To", "m"]) == "Tom"


def test_the_lists_are_fit_for_their_use() -> None:
    pools = {sort: aliases.made_up(sort) for sort in ("he", "she", "they", "family", "place")}
    for pool in pools.values():
        assert len(pool) >= 60
        assert all(re.fullmatch(r"[A-Z][a-z]{3,}", name) and not name.endswith("s") for name in pool)
    every = [name.casefold() for pool in (*pools.values(), aliases.made_up("letters")) for name in pool]
    assert len(set(every)) == len(every)


def test_a_known_first_name_has_one_gender() -> None:
    assert len(aliases.genders()) == sum(len(words(f"names/{gender}")) for gender in ("he", "she", "they"))


NAMES = st.sampled_from(
    [
        "Tom",
        "Maya Quill",
        "Zoë",
        "O'Brien",
        "Anne-Marie",
        "Mark Baker",
        "Li",
        "TJ",
        "Jean-Luc Picard",
        "de Souza",
        "Ann",
    ]
)
WORDS = st.sampled_from(
    [
        *(
            [
                "tom",
                "TOM",
                "Tom's",
                "toms",
                "tOm",
                "Maya",
                "maya",
                "M.",
                "Quill",
                "Q.",
                "MAYA'S",
                "Zoë",
                "zoe",
                "O'Brien",
                "o’brien's",
                "Anne-Marie",
                "anne",
                "Mark",
                "mark",
            ]
        ),
        *(
            [
                "Baker",
                "TJ",
                "tj",
                "Jean-Luc",
                "Luc",
                "Souza",
                "Wolverhampton",
                "acme@acme.com",
                "@tomash",
                "+44",
                "7700",
                "900123",
                "https://a.io/b",
                "IBM",
            ]
        ),
        *(
            [
                "the",
                "a",
                "said.",
                "Ask,",
                "\n",
                "(",
                ")",
                "-",
                "—",
                "[left",
                "out]",
                "person111",
                "@person111",
                "1.",
                "020",
                "7946",
                "cancer",
                "union",
                "Globex",
                "Ltd",
            ]
        ),
    ]
)
TEXTS = st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=25).map(" ".join)


@given(text=TEXTS, people=st.lists(NAMES, max_size=5, unique=True))
def test_restoring_undoes_disguising(text: str, people: list[str]) -> None:
    it = worn(text, *people)
    assert it.restored(it.text(text)) == text


@given(text=TEXTS, people=st.lists(NAMES, max_size=5, unique=True), cuts=st.lists(st.integers(0, 200), max_size=30))
def test_pieces_may_be_split_anywhere(text: str, people: list[str], cuts: list[int]) -> None:
    it = worn(text, *people)
    out = it.text(text)
    places = sorted({0, len(out), *(cut for cut in cuts if cut < len(out))})
    pieces = [out[start:end] for start, end in itertools.pairwise(places)]
    assert streamed(it, pieces) == it.restored(out)


@given(reply=st.text(max_size=60), cuts=st.lists(st.integers(0, 60), max_size=8))
def test_a_reply_that_holds_none_is_not_changed(reply: str, cuts: list[int]) -> None:
    it = worn("Tom Ashdown told tom@globex.com of her cancer.", "Tom Ashdown")
    places = sorted({0, len(reply), *(cut for cut in cuts if cut < len(reply))})
    assert streamed(it, [reply[a:b] for a, b in itertools.pairwise(places)]) == it.restored(reply)


GLUED = worn(
    "Tom Ashdown told Anne-Marie of tom@globex.com, 07700 900123 and IBM. T. Ashdown", "Tom Ashdown", "Anne-Marie"
)
GLUE = st.sampled_from([*GLUED.made_up, *GLUED.wholes, *(word[:3] for word in GLUED.made_up), *"abXY-' ’.\\_7é李"])


@given(bits=st.lists(GLUE, max_size=7), cuts=st.lists(st.integers(0, 60), max_size=8))
def test_pieces_of_words_that_run_together_may_be_split_anywhere(bits: list[str], cuts: list[int]) -> None:
    out = "".join(bits)
    places = sorted({0, len(out), *(cut for cut in cuts if cut < len(out))})
    assert streamed(GLUED, [out[a:b] for a, b in itertools.pairwise(places)]) == GLUED.restored(out)


def test_only_what_may_become_a_made_up_name_is_held_back() -> None:
    it = worn("Tom went quiet.", "Tom")
    made_up = it.text("Tom")
    names_ = Restoring(it)
    assert [names_.restored(piece) for piece in ("He", " wa", "lke", "d to ")] == ["He", " wa", "lke", "d to "]
    assert [names_.restored(piece) for piece in (made_up[:2], made_up[2:], "'s")] == ["", "", ""]
    assert names_.restored(" desk") == "Tom's desk"


@pytest.mark.parametrize("label", ["12 ", "12. ", "12) ", "12: "])
def test_the_numbers_of_sentences_stay(label: str) -> None:
    text = f"{label}020 7946 0018 is Tom's number.\n{label}She has cancer.\n{label}He told me in 2019\n{label}Honestly."
    it = worn(text, "Tom")
    lines = it.text(text).split("\n")
    assert all(line.startswith(label) for line in lines), lines
    assert lines[3] == f"{label}Honestly."
    assert "0018" not in lines[0]
    assert it.restored("\n".join(lines)) == text


def test_a_name_after_a_line_end_as_json_writes_it_is_one() -> None:
    text = r'{"said": "no\ntom left\tTom", "at": "GLOBEX\tom"}'
    it = worn(text, "Tom")
    assert "tom" not in it.text(text).casefold()
    assert it.restored(it.text(text)) == text


def test_a_contraction_is_no_name_even_where_someone_is_called_so() -> None:
    prompt = [("user", "Ask Don. Then: “Don’t add it.” Don't, please; Don's desk. Can't, won't, Will's.")]
    worn = disguise(prompt, [], ["Don", "Will"], b"x" * 32, frozenset())
    [(_, sent)] = worn.prompt(prompt)
    assert "Don’t add it" in sent
    assert "Don't, please" in sent
    assert "Ask Don." not in sent
    assert "Don's desk" not in sent
    assert "won't" in sent


@pytest.mark.parametrize(
    ("line", "masked", "kept"),
    [
        ("Meine Kollegin hat heute meine Tasse genommen und in ihr Büro gestellt.", (), ("Kollegin", "Tasse", "Büro")),
        ("Sie hat dabei kein Wort gesagt. Soll ich sie darauf ansprechen?", (), ("Sie", "Wort", "Soll")),
        ("Müller hat mich vor allen angeschrien, und Frau Lang hat gelacht.", ("Müller", "Lang"), ()),
        ("Herr Kurz und Torsten geben mir keine neuen Aufgaben mehr.", ("Kurz", "Torsten"), ("Aufgaben",)),
        ("Ma collègue Sandrine ne me parle plus depuis que Dupont est parti.", ("Sandrine", "Dupont"), ("Ma",)),
        ("Mi jefe no me contesta y Lucía se ríe de mí.", ("Lucía",), ("Mi",)),
    ],
)
def test_another_language_stays_readable_and_its_names_are_masked(
    line: str, masked: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    found = {each.word for each in detector.names([line], frozenset())}
    assert set(masked) <= found
    assert not found & set(kept)
