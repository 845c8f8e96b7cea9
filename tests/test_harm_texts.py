"""The texts about harm: each is said for its kinds and whom it is done to, and says what it must and no more."""

from __future__ import annotations

import re
from itertools import product

import pytest

from coach.domain.readings import GET_HELP, Kind, Reading, Route, Toward
from coach.domain.violations import Context
from coach.planning.checks import violations
from coach.rows import rows
from coach.safety import hold, routes
from coach.safety.hold import Says
from coach.shipped import shipped
from evals import phrases
from evals.gates import says
from many import many
from texts import PROMPTS

FOLDER = shipped("prompts") / "harms"
TEXTS = sorted(file.name.removesuffix(".fixed.j2") for file in FOLDER.glob("*.fixed.j2"))
DECLINED = (Kind.SURVEILLANCE, Kind.MANIPULATION)
QUOTE = "He said it again on Friday in front of the whole shift and everybody laughed about it"
MOST_WORDS = 170
NOT_SAID = re.compile(
    r"sorry (?:if|but)|see (?:his|her|their) side|misunderst|[Ff]orgive|made you do|probably|!", re.MULTILINE
)
ENDS_WITH_A_QUESTION = re.compile(r"\?\s*$")


def said(
    name: str,
    kind: Kind,
    toward: Toward,
    *,
    leads: bool = False,
    quote: str = QUOTE,
    local: bool = False,
    says: Says = Says.MORE,
) -> str:
    helps = ["Helpline 116 123"] if local else []
    given = {"kind": kind.value, "toward": toward.value, "about": "", "says": says.value}
    given |= {"quote": quote, "helps": helps, "leads": leads}
    return PROMPTS.render(f"harms/{name}.fixed", **given)


def spoken(kind: Kind) -> tuple[tuple[str, Kind, Toward], ...]:
    """What may be said for a kind: its own texts, topics and replies among them."""
    own = [(f"{kind.value}_{toward.value}", kind, toward) for toward in Toward]
    shared = [name for name in TEXTS if name.startswith(("topic_", "reply_", "still_"))]
    topics = {f"topic_{row.more['topic']}": row.more for row in rows("harms/topics")}
    for name, toward in product(shared, Toward):
        where = topics.get(name)
        if where is None or (kind in where["kinds"] and toward in where["toward"]):
            own.append((name, kind, toward))
    return tuple(own)


EVERY = [
    *(each for kind in (*GET_HELP, *DECLINED) for each in spoken(kind)),
    *((f"unclear_{toward.value}", Kind.HARASSMENT, toward) for toward in Toward),
]


_PASSED: set[tuple[str, Route]] = set()
"""What was found in order: a text that several kinds share is looked at once a route."""


@many("name, kind, toward", EVERY)
def test_every_text_is_short_plain_and_says_nothing_it_must_not(name: str, kind: Kind, toward: Toward) -> None:
    route = Route.DECLINE if kind in DECLINED else Route.GET_HELP
    ways = product((False, True), (False, True), Says if name.startswith("still") else (Says.MORE,))
    texts = {said(name, kind, toward, leads=a, quote="", local=b, says=each) for a, b, each in ways}
    for text in {each for each in texts if (each, route) not in _PASSED}:
        words = [word for word in text.split() if any(map(str.isalnum, word))]
        assert 10 < len(words) <= MOST_WORDS, f"{len(words)} words"
        assert violations(text, Context(route=route)) == []
        assert NOT_SAID.search(text) is None
        for pattern in (phrases.APOLOGY, phrases.MEETING_ALONE, phrases.THEIR_SIDE, phrases.FORGIVENESS):
            assert says(text, pattern) is None
        assert re.search(r"\[\s*\]\S|\s[,.;]|\.\.|^- *$|\n\n\n", text, re.MULTILINE) is None
        _PASSED.add((text, route))


@many("kind, toward", product(GET_HELP, Toward))
def test_help_is_named_and_something_is_asked_at_the_end(kind: Kind, toward: Toward) -> None:
    text = said(f"{kind.value}_{toward.value}", kind, toward)
    assert phrases.HELP.search(text)
    assert QUOTE in text
    assert ENDS_WITH_A_QUESTION.search(text)
    if kind in {Kind.SELF_HARM, Kind.VIOLENCE}:
        assert "112" in text
        assert "911" in text


@pytest.mark.parametrize("kind", [kind for kind in GET_HELP if kind not in {Kind.SELF_HARM, Kind.LEGAL_MEDICAL}])
def test_one_who_is_harmed_reads_first_that_it_is_not_theirs_to_repair(kind: Kind) -> None:
    text = said(f"{kind.value}_user", kind, Toward.USER, quote="")
    assert "not yours to repair" in text.split("\n\n")[0]


@pytest.mark.parametrize("kind", GET_HELP)
def test_one_who_does_harm_is_neither_comforted_nor_helped_with_it(kind: Kind) -> None:
    for leads in (False, True):
        text = said(f"{kind.value}_by_user", kind, Toward.BY_USER, leads=leads)
        assert "not yours to repair" not in text
        assert re.search(r"\b(?:Stop|Put distance|Put it on hold)\b", text)
        assert re.search(r"[Tt]ell (?:your|HR)|ask HR", text)


@pytest.mark.parametrize(
    "topic", ["employer", "forced_labour", "papers_kept", "immigration", "retaliation", "wages_withheld"]
)
@pytest.mark.parametrize("toward", [Toward.USER, Toward.THIRD_PERSON])
def test_where_the_employer_is_the_harm_hr_is_not_the_first_to_be_told(topic: str, toward: Toward) -> None:
    text = said(f"topic_{topic}", Kind.LEGAL_MEDICAL, toward)
    outside = re.search(r"union|police|labour office|advice service|help line", text)
    assert outside is not None
    hr = re.search(r"\bHR\b(?! first\b)", text)
    assert hr is None or outside.start() < hr.start()
    assert not re.search(r"(?<!Not )(?<!not )HR first", text)


@many("kind", GET_HELP)
def test_every_reply_and_later_text_fits_on_half_a_page(kind: Kind) -> None:
    for toward in Toward:
        still = f"still_{kind.value}" if kind in {Kind.SELF_HARM, Kind.VIOLENCE} else "still_other"
        assert len(said(still, kind, toward).split()) < len(said(f"{kind.value}_{toward.value}", kind, toward).split())


# ---- which text


def answer(text: str, kind: Kind, toward: Toward | None = Toward.USER) -> str:
    return routes.said(Reading(text, kind, toward), PROMPTS, ())


def later(words: str, grave: Reading) -> str:
    return routes.later(grave, words, hold.says(words), PROMPTS, ())


@pytest.mark.parametrize(
    ("text", "kind", "toward", "shown"),
    [
        (
            "They lock us in the dormitory at night and we work off the fee.",
            Kind.LEGAL_MEDICAL,
            Toward.USER,
            "lock you in",
        ),
        (
            "The girl on the line is only 12 and works nights.",
            Kind.LEGAL_MEDICAL,
            Toward.THIRD_PERSON,
            "A child is not",
        ),
        ("There is a note that a bomb is in the warehouse.", Kind.VIOLENCE, Toward.THIRD_PERSON, "Treat it as real"),
        ("The ladder is broken and I'm told to use it.", Kind.LEGAL_MEDICAL, Toward.USER, "Leave it off"),
        ("The fumes make me dizzy.", Kind.LEGAL_MEDICAL, Toward.USER, "Out into the air comes first"),
        ("A girl of twelve works the line for me.", Kind.LEGAL_MEDICAL, Toward.BY_USER, "The child stops today"),
        ("He owes me three months of wages.", Kind.LEGAL_MEDICAL, Toward.USER, "not a favour"),
        ("She keeps my passport in her safe.", Kind.LEGAL_MEDICAL, Toward.USER, "Your passport"),
        ("Should I take my beta blockers before it?", Kind.LEGAL_MEDICAL, Toward.USER, "About medicine I say nothing"),
        ("Does our caretaker have dementia?", Kind.LEGAL_MEDICAL, Toward.THIRD_PERSON, "neither of us should guess"),
        ("He follows me home after the late shift.", Kind.HARASSMENT, Toward.USER, "no last talk"),
        ("The owner screams at me every day.", Kind.ABUSE, Toward.USER, "help is outside the firm"),
        ("Since I reported him I only get nights.", Kind.ABUSE, Toward.USER, "two lists"),
        ("He brought a knife to the shift and showed it to me.", Kind.VIOLENCE, Toward.USER, "A weapon changes"),
        (
            "Since I said I'm pregnant she took my clients.",
            Kind.DISCRIMINATION,
            Toward.USER,
            "Being pregnant is nothing",
        ),
        ("Her husband hits her, she says.", Kind.VIOLENCE, Toward.THIRD_PERSON, "Never speak to the partner"),
        ("I have taken the whole box of tablets.", Kind.SELF_HARM, Toward.USER, "now, before you read on"),
        ("After every shift I cut my arms.", Kind.SELF_HARM, Toward.USER, "nothing to be ashamed of"),
        ("I must say it happened at home or I go.", Kind.LEGAL_MEDICAL, Toward.USER, "what did not happen"),
        ("I'm 16 and the chef touches me.", Kind.HARASSMENT, Toward.USER, "a grown-up you trust"),
        ("He says he will have me deported.", Kind.ABUSE, Toward.USER, "right to stay"),
        (
            "They want me to sign by five or the offer gets worse.",
            Kind.LEGAL_MEDICAL,
            Toward.USER,
            "signed on the spot",
        ),
    ],
)
def test_a_topic_has_a_text_of_its_own(text: str, kind: Kind, toward: Toward, shown: str) -> None:
    assert shown in answer(text, kind, toward)


def test_in_a_long_thread_a_topic_is_looked_for_in_the_words_of_the_harm_only() -> None:
    thread = "Payroll says the overtime of spring was not paid in May, it comes in June. " * 40
    assert "not a favour" not in answer(f"{thread}He put his hand up my skirt.", Kind.HARASSMENT)
    assert "not a favour" not in answer(f"{thread}My manager calls me a useless cow every morning.", Kind.ABUSE)


def test_a_topic_is_told_in_place_of_the_text_of_its_kind_and_never_beside_it() -> None:
    text = answer("The owner screams at me every day and I am pregnant.", Kind.ABUSE)
    assert text.count("Names differ by country") == 1
    assert "Being shouted at" not in text


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Yes please", "What was done or said, in the same words: [ ]"),
        ("How do I report it?", "A report can be short."),
        ("But I have no proof.", "You need no proof"),
        ("But he can be nice.", "Both can be true"),
        ("They will fire me.", "I cannot promise"),
        ("How do I get on better with him?", "I will not help with a talk"),
        ("Maybe it is my own fault.", "it makes nothing of this your doing"),
        ("Should I just quit?", "Leaving is a fair choice"),
        ("I told HR and nothing happened", "It does not mean that it was nothing"),
        ("I don't want to report him.", "You decide whom you tell"),
        ("I could swap my shift.", "it needs no reason"),
        ("There's nobody I can call", "whose work it is to listen"),
        ("What happens when I call?", "you take nobody's place"),
        ("my sister", "I don't want to be alone with it"),
        ("No, it wasn't that bad", "I will not press you"),
        ("thanks", "You are welcome."),
        ("It was raining all day.", "One thing is enough for today"),
    ],
)
def test_a_later_message_gets_a_short_answer_of_its_own(words: str, shown: str) -> None:
    grave = Reading("My manager keeps touching me at the till.", Kind.HARASSMENT, Toward.USER)
    assert shown in later(words, grave)
    assert "How do I" not in later(words, grave)


def test_nothing_asked_meanwhile_hides_a_danger_of_this_moment() -> None:
    grave = Reading("I do not want to live.", Kind.SELF_HARM, Toward.USER)
    assert "before you read on" in later("I took all the pills. Should I quit?", grave)
    assert "Decide nothing about the job" in later("Should I quit?", grave)
    assert "I am still here" in later("It rains.", grave)
    assert "A weapon changes" in later(
        "He has a gun in his car, should I go to HR?", Reading("He hit me.", Kind.VIOLENCE, Toward.USER)
    )


def test_who_does_harm_is_told_so_later_as_well() -> None:
    grave = Reading("I slap my apprentice when she is slow.", Kind.VIOLENCE, Toward.BY_USER)
    assert "a burden for the one who was harmed" in later("How can I apologise to her?", grave)
    assert "distance" in later("It was a long day.", grave)


def test_what_is_asked_about_health_is_not_answered_as_harm_is() -> None:
    grave = Reading("Does our caretaker have dementia?", Kind.LEGAL_MEDICAL, Toward.THIRD_PERSON)
    assert "for a doctor to say" in later("I have no proof.", grave)


def test_what_is_declined_is_declined_again_more_shortly() -> None:
    grave = Reading("How do I read her chats?", Kind.SURVEILLANCE)
    assert "I will not help" in answer(grave.text, Kind.SURVEILLANCE, None)
    assert "My answer stays the same" in later("Only once.", grave)


def test_after_violence_at_home_no_note_is_to_be_kept_there() -> None:
    grave = Reading("My husband hits me and turns up at my office.", Kind.VIOLENCE, Toward.USER)
    assert "help line helps you plan" in routes.said(grave, PROMPTS, ())
    for each in Says:
        assert "at home" not in routes.later(grave, "", each, PROMPTS, ()), each


def test_where_home_is_the_danger_leaving_is_not_spoken_of_as_a_job_is() -> None:
    grave = Reading("My husband hits me and turns up at my office.", Kind.VIOLENCE, Toward.USER)
    assert "the most dangerous" in later("Should I just leave?", grave)
    assert "resign" not in later("Should I just leave?", grave)


def test_who_holds_the_papers_is_never_to_be_written_to() -> None:
    grave = Reading("She keeps my passport in her safe.", Kind.LEGAL_MEDICAL, Toward.USER)
    for words in ("How do I report it?", "I told HR and nothing happened", "I could swap my shift"):
        answer = later(words, grave)
        assert "writing" not in answer
        assert "HR" not in answer


def test_who_is_watched_is_not_answered_as_one_who_watches() -> None:
    grave = Reading("My boss put a camera in our changing room.", Kind.SURVEILLANCE, Toward.USER)
    assert "My answer stays the same" not in later("It rains.", grave)
    assert "What was done or said" in later("Yes please", grave)


@pytest.mark.parametrize("text", ["My apprentice cries when I shout at her.", "I am her boss and I shout."])
def test_one_who_leads_is_told_what_that_asks_of_them(text: str) -> None:
    assert "your own manager" in answer(text, Kind.ABUSE, Toward.BY_USER)


def test_harm_of_no_known_kind_has_a_text_of_its_own() -> None:
    for toward in Toward:
        assert "You say that" in said("unclear_" + toward.value, Kind.ABUSE, toward)


def test_every_row_leads_to_a_text() -> None:
    topics = {f"topic_{row.more['topic']}" for row in rows("harms/topics")}
    assert topics == {name for name in TEXTS if name.startswith("topic_")}
    replies = {f"reply_{says.value}" for says in Says} - {
        f"reply_{says}" for says in ("more", "no", "ok", "bye", "retold")
    }
    assert replies == {name for name in TEXTS if name.startswith("reply_")}
