"""What leaves this machine: of planted names, addresses, employers and private facts, nothing; all is restored at home.

The planted ones are made from lists and sentences of this file, spelt as people spell; every request that reaches the
scripted server is kept and searched whole, headers and schema too.
"""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from blank import blank_journal
from coach.domain.people import Person
from coach.domain.sent import Errand
from coach.journal import SqlJournal
from coach.llm import Outside, Vault, language_models
from coach.ports import LanguageModel
from coach.prompts import Prompts
from coach.settings import read
from evals.behaviours import Asked, Good
from evals.scripted import ScriptedServer
from many import some
from scripted_server import echoed
from talks import NOW, USER

PEOPLE = [
    "Tom Ashdown",
    "Maya Quill",
    "Zsolt Varga",
    "Ngozi Okafor",
    "Xiu Ying Tan",
    "Rhiannon Llewellyn",
    "Þórdís Jónsdóttir",
    "Mehmet Yıldız",
    "Oluwaseun Adeyemi",
    "Siobhán O'Connell",
    "Anne-Sophie Lefèvre",
    "Will Baker",
    "Rose Marsh",
    "Mark Stone",
    "Grace Hill",
    "Bartholomew Twigg",
    "Kseniya Petrova",
    "Haruka Sato",
    "Ignatius Fenn",
    "Lakshmi Venkataraman",
    "Jürgen Großkopf",
    "Bronwen Prosser",
    "Tadhg Moriarty",
    "Wanjiru Kamau",
    "Cosmo Delacroix",
    "TJ Mbeki",
]
STRANGERS = [
    "Zoltana",
    "Rajesh",
    "Kowalczyk",
    "Fitzherbert",
    "Aoife",
    "Nguyen",
    "Schmidtke",
    "Papadopoulos",
    "Keisha",
    "Lindqvist",
    "Bjarki",
    "Ximena",
    "Tunde",
    "Vasquez",
    "Yevgeny",
    "Priyanka",
    "Caoimhe",
    "Hrothgar",
    "Esperanza",
    "Dubois",
]
EMPLOYERS = [
    "Globex Ltd",
    "Initech",
    "Hooli",
    "Stark Industries",
    "Umbrella Corp",
    "KPMG",
    "Barclays Bank",
    "Wonka & Sons",
    "Vandelay Group",
    "Tesco",
]
CONTACTS = [
    "{low}@globex.com",
    "+44 7700 900{n}",
    "(020) 7946-0{n}",
    "@{low}_{n}",
    "https://intranet.globex.com/people/{low}",
    "www.initech.co.uk/{low}",
    "wiki.hooli.io",
    "07700 900{n}",
]
FACTS = [
    "She has stage two lymphoma cancer",
    "He was diagnosed with Crohn's disease",
    "she is on antidepressants now",
    "He is an alcoholic in rehab",
    "she is five months pregnant",
    "They had a miscarriage in June",
    "He joined the union",
    "our shop steward backs the strike action",
    "She is a practising muslim",
    "He goes to church every day",
    "he is gay and closeted",
    "She came out as bisexual",
    "He voted for Brexit",
    "She has a criminal record",
    "he waits for asylum",
]
STORIES = (
    "{first} ignored my message in the meeting and i feel awful. {fact}. What should I say to {first}?",
    "yesterday {lower} snapped at me before all at {employer}. {lower}'s boss {stranger} saw it. Mail {contact}.",
    "I work at {employer} with {full}. {UPPER} NEVER replies. {fact}. I wrote to {contact} twice.",
    "{stranger} told me that {first} took the credit for my work at {employer}. Mr {last} never said sorry.",
    "I said that {first}'s was the only approval missing. {first} went quiet. {stranger} laughed. {fact}.",
    "My colleague {full} and I used to have lunch. Since {stranger} joined from {employer} we never talk. {contact}",
    "i forgot {lower}s birthday and {lower} was hurt. her friend {stranger} said so. {fact}",
    "How do I thank {full} ({contact})? {first} stayed late for the {employer} client.",
    "I interrupted {first} twice in the call with {employer}. {initial}. {last} left early. {fact}, {first} told me.",
    "{first}: can you send it?\nMe: no.\n{stranger}: stop it, both of you.\n-- \n{full}\n{employer}\n{contact}",
)


@dataclass(frozen=True)
class Planted:
    """A story, the person it is about, and what must not leave."""

    text: str
    person: str
    secrets: tuple[str, ...]


def planted(n: int) -> Iterator[Planted]:
    """Yield so many stories, always the same."""
    chance = random.Random(4711)
    for number in range(n):
        full = PEOPLE[number % len(PEOPLE)]
        first, last = full.split(" ", 1)
        stranger, employer = chance.choice(STRANGERS), chance.choice(EMPLOYERS)
        contact = chance.choice(CONTACTS).format(low=last.lower().replace(" ", "."), n=chance.randrange(100, 999))
        fact, story = chance.choice(FACTS), STORIES[number % len(STORIES)]
        words = {"first": first, "last": last, "full": full, "lower": first.lower(), "UPPER": first.upper()}
        text = story.format(**words, initial=first[0], stranger=stranger, employer=employer, contact=contact, fact=fact)
        named = [first, last, stranger, *re.findall(r"[A-Z]\w{3,}", employer), contact, fact]
        yield Planted(text, full, tuple(each for each in named if each.casefold() in text.casefold()))


_EVERYDAY = frozenset(["will", "mark", "rose", "grace", "stone", "hill", "marsh", "baker"])
_GENERIC = frozenset(["group", "bank", "corp", "sons", "industries"])
"""Words that tell nothing of which company it is."""


def leaks(asked: Asked, secrets: tuple[str, ...]) -> list[str]:
    """Which secrets stand in a request; everyday words count with a capital alone."""
    sent = "\n".join([asked.raw.encode().decode("unicode_escape", "ignore"), asked.text])
    found = []
    for secret in secrets:
        if secret.casefold() in _GENERIC:
            continue
        exact = secret.casefold() in _EVERYDAY
        pattern = rf"(?<!\w){re.escape(secret)}(?!\w)|(?<!\w){re.escape(secret.upper())}(?!\w)"
        if re.search(pattern, sent, 0 if exact else re.IGNORECASE):
            found.append(secret)
    return found


def outside(journal: SqlJournal, prompts: Prompts) -> Outside:
    ids = itertools.count(1)
    return Outside(journal, prompts, lambda: datetime.now(UTC), lambda: f"call-{next(ids)}")


def vault(server: ScriptedServer, journal: SqlJournal, prompts: Prompts, **changes: str) -> Vault:
    given = {"COACH_LLM_BASE_URL": server.url, "COACH_LLM_MODEL": "scripted", **changes}
    return language_models(read(given), outside(journal, prompts))


SCHEMA = {"type": "object", "properties": {"said": {"type": "string"}}, "required": ["said"]}


async def told(model: LanguageModel, prompt: Sequence[tuple[str, str]]) -> object:
    """What is said in the object that is told."""
    pieces = model.told(prompt, SCHEMA, datetime.now(UTC) + timedelta(seconds=20))
    return json.loads("".join([piece async for piece in pieces]))["said"]


@pytest.fixture
async def journal(tmp_path: Path) -> SqlJournal:
    journal = await blank_journal(tmp_path)
    for n, name in enumerate(PEOPLE[::2]):  # half of them are in the journal
        await journal.add_person(USER, Person(f"p{n}", name, NOW + timedelta(minutes=n)))
    return journal


async def test_of_many_requests_none_holds_a_secret_and_every_reply_holds_all_of_them(
    scripted: ScriptedServer, journal: SqlJournal, prompts: Prompts
) -> None:
    """The server says the last message back; what the user gets is what went in."""
    scripted.always = lambda asked: Good(json.dumps({"said": echoed(asked).said}), piece=17)
    it = vault(scripted, journal, prompts)
    people = await journal.people(USER)
    wrong: list[tuple[str, str]] = []
    stories = some(planted(200), 3)
    for story in stories:
        mentions = [story.person]
        model = it.bound(Errand(USER, "", "wording"), people, mentions)
        prompt = [
            ("system", "Say it kindly."),
            ("user", f"<wrote>{story.text}</wrote>\n\nLines:\n1. Ask {story.person}."),
        ]
        assert await told(model, prompt) == prompt[1][1]
        wrong += [(secret, scripted.asked[-1].messages[-1][1]) for secret in leaks(scripted.asked[-1], story.secrets)]
    assert len(scripted.asked) == len(stories)
    assert wrong == []
    kept = await journal.sent(USER)
    assert len(kept) == len(stories)
    assert [call.messages[:-1] for call in kept] == [tuple(asked.messages) for asked in scripted.asked]
    await it.close()
    await journal.close()


async def test_a_server_on_this_machine_may_be_trusted_with_names(
    scripted: ScriptedServer, journal: SqlJournal, prompts: Prompts
) -> None:
    scripted.always = lambda asked: Good(json.dumps({"said": echoed(asked).said}))
    it = vault(scripted, journal, prompts, COACH_LLM_TRUST="local")
    model = it.bound(Errand(USER, "", "wording"), await journal.people(USER), ())
    prompt = [("user", "Tom Ashdown has cancer.")]
    assert await told(model, prompt) == prompt[0][1]
    assert scripted.asked[0].messages == prompt
    far = language_models(
        read({"COACH_LLM_BASE_URL": "http://192.0.2.1/v1", "COACH_LLM_TRUST": "local"}), outside(journal, prompts)
    )
    assert not far.open
    await it.close()
    await journal.close()


async def test_a_user_without_a_journal_has_no_secret_and_nothing_is_sent(
    scripted: ScriptedServer, journal: SqlJournal, prompts: Prompts
) -> None:
    model = vault(scripted, journal, prompts).bound(Errand("stranger", "", "wording"), (), ())
    with pytest.raises(Exception, match="no such journal"):
        await told(model, [("user", "Tom")])
    assert scripted.asked == []
    await journal.close()
