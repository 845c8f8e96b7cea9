"""Messages in other languages: the texts that answer them, and the words of harm that are found in them."""

from __future__ import annotations

import re
from itertools import product

import pytest

from coach.domain.letters import plain
from coach.domain.readings import Kind, Reading
from coach.knowledge.languages import language as guess
from coach.rows import rows
from coach.safety import language, routes
from coach.shipped import shipped
from many import many
from texts import PROMPTS

FOLDER = shipped("prompts") / "languages"
BLOCKS = ("crisis", "danger", "harm", "safe", "coach", "near")
HARMS = ("", "self_harm", "violence", "abuse")
NUMBER = re.compile(r"(?<!\d)\d{3,}(?!\d)|findahelpline\.com")
KINDS = (Kind.SELF_HARM, Kind.VIOLENCE, Kind.HARASSMENT, Kind.ABUSE, Kind.DISCRIMINATION)


def letter(code: str, harm: str, helps: tuple[str, ...] = ()) -> str:
    return PROMPTS.render(f"languages/{code}.fixed", harm=harm, helps=list(helps))


def part(code: str, block: str) -> str:
    text = (FOLDER / f"{code}.fixed.j2").read_text(encoding="utf-8")
    found = re.search(rf"{{% block {block} %}}(.*?){{% endblock %}}", text, re.DOTALL)
    assert found is not None, block
    return found[1]


def test_every_language_that_is_answered_has_its_file() -> None:
    assert {*language.SPOKEN, "en"} == {file.name.split(".")[0] for file in FOLDER.glob("*.fixed.j2")}
    assert len(language.SPOKEN) >= 30


@many("code", (*language.SPOKEN, "en"))
def test_every_language_has_all_parts_and_a_number_in_each_that_needs_one(code: str) -> None:
    for block in BLOCKS:
        assert part(code, block).strip(), block
    for block in ("crisis", "danger", "safe"):
        assert NUMBER.search(part(code, block)), block
    assert "findahelpline.com" in part(code, "crisis")


@many("code, harm", product((*language.SPOKEN, "en"), HARMS))
def test_every_text_is_in_its_own_language_as_far_as_the_detector_can_tell(code: str, harm: str) -> None:
    said = letter(code, harm).replace("findahelpline.com", "")
    assert guess(said)[0] == code
    assert "{" not in said


@many("code", language.SPOKEN)
def test_where_harm_is_told_help_comes_first_and_what_the_coach_can_do_last(code: str) -> None:
    crisis = letter(code, "self_harm", ("Linie 116 123",))
    assert crisis.startswith(part(code, "crisis"))
    assert crisis.endswith(part(code, "coach"))
    assert "Linie 116 123" in crisis
    assert letter(code, "violence").startswith(part(code, "danger"))
    assert letter(code, "abuse").startswith(part(code, "harm"))
    assert part(code, "crisis") not in letter(code, "abuse")
    plainly = letter(code, "")
    assert plainly.startswith(part(code, "coach"))
    assert part(code, "safe") in plainly


@many("code, kind", product(language.SPOKEN, KINDS))
def test_every_language_has_words_for_every_kind_of_harm(code: str, kind: Kind) -> None:
    own = [row for row in rows("harms/foreign") if row.more["language"] == code]
    assert kind.value in {row.more["kind"] for row in own}


def test_no_words_of_another_language_are_found_in_english() -> None:
    files = [f"harms/{kind.value}" for kind in (*KINDS, Kind.LEGAL_MEDICAL, Kind.SURVEILLANCE, Kind.MANIPULATION)]
    english = "\n".join(plain(said) for file in files for row in rows(file) for said in (*row.must, *row.must_not))
    found = {row.id: hit[0] for row in rows("harms/foreign") if (hit := row.pattern.search(english))}
    assert found == {}


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("Ich will nicht mehr leben.", "de", Kind.SELF_HARM),
        ("Chcę umrzeć.", "pl", Kind.SELF_HARM),
        ("Il me menace.", "fr", Kind.VIOLENCE),
        ("Boss roz sabke saamne gaali deta hai. Main kya karun?", "hi", Kind.ABUSE),
        ("不想活了", "zh", Kind.SELF_HARM),
        ("Hej, chefen slår mig.", "sv", Kind.VIOLENCE),
        ("Hi, sorry my english bad. Mi jefe me grita todos los dias, no se que hacer", "es", Kind.ABUSE),
    ],
)
def test_harm_shows_the_language_of_a_message_that_is_short_or_mixed(text: str, code: str, kind: Kind) -> None:
    found = language.foreign(text, guess(text))
    assert found is not None
    assert language.harm(text, found) is kind
    assert part(code, "crisis" if kind is Kind.SELF_HARM else "harm") in routes.said(
        Reading(text, Kind.NOT_ENGLISH, language=found), PROMPTS, ()
    )


@pytest.mark.parametrize(
    "text",
    [
        "thanks",
        "How do I say Herzlichen Dank to Anja?",
        "The racist joke was about suicide and I told my boss so.",
        "My colleague is pregnant and over the moon.",
    ],
)
def test_english_stays_english(text: str) -> None:
    assert language.foreign(text, guess(text)) is None


def test_a_near_language_is_answered_in_the_one_its_readers_read_and_any_other_in_english() -> None:
    assert (language.spoken("nn"), language.spoken("ms"), language.spoken("eo"), language.spoken(None)) == (
        "no", "id", "en", "en",
    )  # fmt: skip
    said = routes.said(Reading("Ĉu vi povas helpi min?", Kind.NOT_ENGLISH, language="eo"), PROMPTS, ())
    assert said.startswith("Without a language model I only understand English")
