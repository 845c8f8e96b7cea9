"""Finds who a message speaks of: names, roles, pronouns. Knows words for people; nothing of moments or plans.

A name is a capitalised word that is not at the head of a sentence (or is, and is followed by a verb), or a name
the journal already holds, in any case. A role is a phrase such as "my boss" or "a woman in accounts".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from coach.domain.letters import pieces
from coach.domain.people import Person, Relation
from coach.domain.readings import Mention
from coach.reading.names import nobody
from coach.rows import words

_VERBISH = (
    r"(?:'s|is|was|has|had|will|would|does|did|never|always|just|only|then|also|and\s+i|and|said|says|told|tells|asked|asks|keeps?|kept|went|goes|got|gets|"
    r"came|comes|took|takes|made|makes|gave|gives|sent|sends|left|leaves|looks?|looked|walked|walks|works?|worked|thinks?|thought|"
    r"wants?|wanted|hasn't|isn't|wasn't|doesn't|didn't|won't|wouldn't|can't|from|in|on|at|who|rolled|rolls|snapped|shouted|apologi[sz]ed|"
    r"cancel+ed|replied|answered|ignored|ignores|talks|talked|started|stopped|seems?|seemed|acts?|helped|brought|handed|wrote|called|"
    r"invited|offered|refused|barely|hardly|really|still|knows?|knew|needs?|needed|used|feels?|felt|\w+ed)\b"
)
_NAME = re.compile(
    r"(?<![\w'@#./-])[A-Z][a-zà-öø-ÿß-ž]+(?:[-'][A-Z]?[a-zà-öø-ÿ]+)?(?![\w@])|(?<![\w'@#./-])[ÁÉÍÓÚÀÈÇÖÜÄÅØŁŚŻÇŞÑĐ][a-zà-öø-ÿß-ž]+"
)
_RELATIONS: tuple[tuple[Relation, str], ...] = (
    (
        Relation.MANAGER,
        r"boss|line manager|manager|supervisor|director|team lead(?:er)?|head(?:teacher| teacher| of \w+| chef| nurse)?|ceo|chief|principal|foreman|owner|sergeant|matron|"
        r"ward sister|chef|superior|managing partner|line lead|shift lead|skipper|captain|dean|boss's boss|professor|consultant|gaffer",
    ),
    (
        Relation.REPORT,
        r"direct reports?|reports?|employees?|staff(?: members?)?|team members?|subordinates?|apprentices?|trainees?|juniors?|assistants?|interns?|volunteers?|new hires?|mentees?|"
        r"analysts?|star performers?|top performers?",
    ),
    (
        Relation.EXTERNAL,
        r"clients?|customers?|suppliers?|vendors?|contractors?|agency|guests?|landlord|auditors?|ex-?colleague|former colleague|old colleague|old boss|ex-?boss|former boss",
    ),
    (
        Relation.PEER,
        r"co-?workers?|colleagues?|work ?mates?|team ?mates?|work (?:friend|wife|husband|bestie|buddy)|best work friend|best friend|friends?|mates?|buddy|peers?|deskmate|desk neighbour|"
        r"office mate|partner|co-?lead|predecessor|successor|counterpart|opposite number|job share|mentor|pal|colleague's",
    ),
    (
        Relation.PEER,
        r"guy|woman|man|lady|girl|lad|bloke|chap|person|people|women|men|girls|lads|guys|ladies|nurse|engineer|developer|designer|teacher|driver|cook|waiter|waitress|"
        r"accountant|receptionist|secretary|clerk|analyst|technician|mechanic|porter|carer|doctor|lawyer|librarian|salesman|salesperson|sales rep|rep|admin|"
        r"registrar|steward|vet|courier|trainer|gate man|bookkeeper|groundsman|project manager|product manager|office manager|account manager|store manager|assistant manager|site manager|coordinator|caretaker|cleaner|security guard|postdoc|researcher|paralegal|"
        r"editor|producer|architect|planner|buyer|operator|welder|electrician|plumber|builder|farmhand|barista|bartender|pharmacist|dentist|therapist|paramedic|midwife|"
        r"social worker|ta|teaching assistant|tutor|lecturer|physio|hygienist|dispatcher|controller|programmer|tester|scientist|intern|temp|newbie|new starter|new girl|new guy|newcomers?|others|group|team|department|couple",
    ),
)
_DETERMINER = r"(?P<det>my|our|a|an|one of my|one of our|one of the|one|this|that|the|another|some|these|two|three|other|her|his|their)"
_PLURAL = re.compile(
    r"^(?:people|women|men|girls|lads|guys|ladies|others|group|team|department|staff|couple|newcomers)$|(?<!s)s$(?<!boss)",
    re.IGNORECASE,
)
_ROLES = tuple(
    (
        relation,
        re.compile(
            rf"\b{_DETERMINER}\s+(?P<mid>(?:(?!(?:of|in|at|with|who|and|or|to|i|for|my|when|the|a|an|her|his|that|are|is|was|over|about|into|from|where|than|as|by|but|not|on|me|him)\b)[\w'-]+\s+){{0,3}}?)(?P<role>{words})\b(?!'s|\s+(?:job|role|position|meetings?|life|chat|drinks|birthday|channel)\b)"
            r"(?P<tail>\s+(?:in|at|on|from)\s+(?:the\s+|my\s+|our\s+|another\s+)?(?!who\b|work\b|a\b|her\b|his\b)(?:(?:next|other|same|far|front|back|corner|upper|lower)\s+)?[\w-]+(?:\s+(?:team|department|shift|office|desk|floor|site|lab|side|area|bay|room|ward|shop|branch|cubicle|building))?)?",
            re.IGNORECASE,
        ),
    )
    for relation, words in _RELATIONS
)
_HE, _SHE = (
    re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE),
    re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE),
)
_THEY = re.compile(r"\b(?:they|them|their|themselves)\b", re.IGNORECASE)
_MALE = re.compile(
    r"\b(?:guy|man|men|lad|bloke|chap|waiter|foreman|salesman|husband|gaffer|guys|lads)\b", re.IGNORECASE
)
_FEMALE = re.compile(r"\b(?:woman|women|lady|girl|waitress|wife|matron|girls|ladies|sister|midwife)\b", re.IGNORECASE)
_REMOTE = re.compile(
    r"\b(?:remote(?:ly)?|from home|another (?:city|country|office|site)|different (?:city|country|office|site)|overseas|offshore|abroad)\b",
    re.IGNORECASE,
)
_DULL = frozenset(
    [
        "very",
        "really",
        "new",
        "young",
        "older",
        "old",
        "same",
        "certain",
        "particular",
        "nice",
        "lovely",
        "good",
        "great",
        "little",
        "big",
        "other",
        "first",
        "main",
        "actual",
        "own",
    ]
)


def find(text: str, known: Sequence[Person] = ()) -> list[tuple[int, Mention]]:
    """Return (offset of first occurrence, mention) for everyone spoken of, in order. ``text`` has straight quotes."""
    named = _named(text, known)
    roles = _roles(text)
    found: list[tuple[int, Mention]] = []
    for offset, mention in named:
        role = next((r for at, r in roles if 0 <= offset - at - _width(r) <= 25 and _apposed(text[at:offset])), None)
        role = role or next(
            (
                r
                for at, r in roles
                if 0 < at - offset <= 30
                and re.match(r"[^.!?]*?,\s*(?:my|our|the|a|an|one)\s", text[offset : at + 4])
                and "," in text[offset:at]
            ),
            None,
        )
        if role is not None:
            roles = [(at, r) for at, r in roles if r is not role]
            mention = replace(
                mention, role=mention.role or role.role, relation=mention.relation or role.relation, group=False
            )
            if mention.pronoun == "they":
                mention = replace(mention, pronoun=role.pronoun)
        found.append((offset, mention))
    found.extend(roles)
    return sorted(found, key=lambda pair: pair[0])


def pronoun_of(text: str, start: int, fallback: str = "they") -> str:
    """Return he, she or they: the first gendered pronoun within the 240 characters from ``start``."""
    window = text[start : start + 240]
    he, she = _HE.search(window), _SHE.search(window)
    if he and (not she or he.start() < she.start()):
        return "he"
    return "she" if she else fallback


def _width(mention: Mention) -> int:
    return len(mention.role or "")


def _apposed(between: str) -> bool:
    return not re.search(
        r"[.!?;]|\b(?:and|but|told|asked|said|says|with|to|from|that|when|because|is|was|has|who|for|about)\b",
        between,
        re.IGNORECASE,
    )


def _named(text: str, known: Sequence[Person]) -> list[tuple[int, Mention]]:
    heads = {start for start, _ in pieces(text)}
    seen: dict[str, tuple[int, Mention]] = {}
    for person in known:
        hit = re.search(rf"(?<!\w){re.escape(person.name)}(?!\w)", text, re.IGNORECASE)
        if hit:
            pronoun = pronoun_of(text, hit.end())
            seen[person.name.casefold()] = (
                hit.start(),
                Mention(person.name, person.name, person.role, pronoun, person.relation, person.remote),
            )
    for hit in _NAME.finditer(text):
        word = hit.group()
        key = word.casefold().removesuffix("'s")
        if (
            re.search(r"'(?:re|ve|d|ll|m|t)$", word)
            or key in seen
            or key in nobody()
            or any(key in name.split() for name in seen)
        ):
            continue
        head = hit.start() in heads or text[: hit.start()].rstrip().endswith(('"', "(", "- ", ":"))
        after = text[hit.end() : hit.end() + 24].lstrip()
        told = re.match(_VERBISH, after, re.IGNORECASE) or re.match(r",\s*(?:my|our)\s", after)
        if head and (not told or _common(key)):
            continue
        if text.isupper() or re.match(
            r"\s+(?:street|road|university|hospital|school|ltd|inc|county|city|avenue)\b",
            text[hit.end() :],
            re.IGNORECASE,
        ):
            continue
        name = word.removesuffix("'s")
        remote = True if _REMOTE.search(text[hit.end() : hit.end() + 40]) else None
        other = re.match(
            r"\s*,?\s*(?:in|from) (?:another|a different|the other) (?:department|team)",
            text[hit.end() :],
            re.IGNORECASE,
        )
        relation = Relation.OTHER_DEPARTMENT if other else None
        seen[key] = (hit.start(), Mention(name, name, None, pronoun_of(text, hit.end()), relation, remote))
    return sorted(seen.values(), key=lambda pair: pair[0])


def _common(word: str) -> bool:
    return word in words("names/heads") or word.endswith(("ing", "ly", "ed")) or len(word) < 3


def _roles(text: str) -> list[tuple[int, Mention]]:
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, Mention]] = []
    seen: set[tuple[str, str]] = set()
    for relation, pattern in _ROLES:
        for hit in pattern.finditer(text):
            if any(a < hit.end("role") and hit.start() < b for a, b in taken):
                continue
            taken.append((hit.start(), hit.end("role")))
            mention = _role_mention(text, hit, relation)
            key = (mention.role or "", mention.relation or "")
            if mention.label and key not in seen:
                seen.add(key)
                found.append((hit.start(), mention))
    return sorted(found, key=lambda pair: pair[0])


def _role_mention(text: str, hit: re.Match[str], relation: Relation) -> Mention:
    det, role = hit["det"].casefold(), hit["role"].casefold()
    middle = " ".join(word for word in (hit["mid"] or "").casefold().split() if word not in _DULL)
    phrase = f"{middle} {role}".strip()
    group = bool(_PLURAL.search(role)) and not det.startswith("one")
    owner = det in {"my", "our"} or det.startswith("one of my") or det.startswith("one of our")
    if relation is Relation.REPORT and not owner:
        relation = Relation.PEER
    if relation is Relation.MANAGER and det in {"a", "an", "another", "one", "her", "his", "their", "some"}:
        relation = Relation.PEER if det not in {"her", "his", "their"} else Relation.OTHER_DEPARTMENT
    if relation is Relation.PEER and re.search(
        r"another (?:department|team|office)|different (?:department|team)",
        text[hit.start() : hit.end() + 40],
        re.IGNORECASE,
    ):
        relation = Relation.OTHER_DEPARTMENT
    singular = re.sub(r"s$", "", role) if det.startswith("one of") and role not in {"boss", "staff"} else role
    singular = (
        {
            "people": "colleague",
            "women": "colleague",
            "men": "colleague",
            "guys": "colleague",
            "staff": "team member",
        }.get(singular, singular)
        if det.startswith("one")
        else singular
    )
    pronoun = "they" if group else _gender(hit.group()) or pronoun_of(text, hit.end())
    return Mention(
        _label(det, phrase, singular, hit["tail"], group, owner),
        None,
        phrase,
        pronoun,
        relation,
        True if _REMOTE.search(hit["tail"] or "") else None,
        group,
    )


def _gender(phrase: str) -> str | None:
    if _FEMALE.search(phrase):
        return "she"
    return "he" if _MALE.search(phrase) else None


def _label(det: str, phrase: str, role: str, tail: str | None, group: bool, owner: bool) -> str:
    tail = (tail or "").casefold().replace(" my ", " your ").replace(" our ", " your ")
    if group:
        return (
            "your team"
            if owner and phrase == "team"
            else (
                "the others"
                if phrase in {"people", "others", "guys", "girls", "men", "women"}
                else f"your {phrase}"
                if owner
                else f"the {phrase}"
            )
        )
    if owner:
        return f"your {phrase if not det.startswith('one') else role}"
    if role in {
        "guy",
        "woman",
        "man",
        "lady",
        "girl",
        "lad",
        "bloke",
        "chap",
        "person",
        "one",
        "colleague",
        "coworker",
        "co-worker",
    }:
        return f"the {phrase}{tail}" if tail and len(tail.split()) <= 4 else "your colleague"
    return f"the {phrase}"
