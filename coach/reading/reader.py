"""Reads a message: who, what happened, what was seen or only guessed, what is asked.

Pure. Knows words and, through ``Likeness``, how alike clauses are to the authored exemplars. Knows nothing of cards,
plans or the journal's history beyond the people it holds. Labelling follows evals/cases: one moment a concrete
interaction, a gesture and its answer are one, wishes and hearsay are none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from coach.cues import signals
from coach.domain.letters import clauses, pieces, placed, straight
from coach.domain.moments import By, Channel, Landed, ProposedMoment
from coach.domain.people import Person
from coach.domain.readings import ROUTES, Guess, Kind, Mention, Reading, Route, Severity, Signal
from coach.ports import Likeness
from coach.reading import channels, mentions
from coach.safety import floor

MOST_MOMENTS = 6
"""More than this from one message is a list to log in parts, not a reading."""

_QUESTION = re.compile(
    r"^(?:so |and |but |ok |okay |also )?(?:how|what|why|who|when|where|which|is|are|was|were|do|does|did|should|shall|can|could|would|will|any|has|have|am)\b.*\?\s*[\"')]*$"
    r"|^(?:how (?:do|can|should|could|would) (?:i|we)|what (?:do|should|can|could) (?:i|we)|should i|is there|any (?:advice|ideas|thoughts|tips|clues)|do i|can i|is it)\b|^help\b|^(?:please )?help me\b",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"^(?:so |and |but )?(?:i(?:'d| would)? (?:just |only |really |also |still )*(?:want|wish|hope|need|like to|love to|plan|intend|prefer|rather|would like)|i(?:'m| am) (?:going to|planning|thinking|hoping|considering|tempted|dreading)|"
    r"i(?:'ll| will| could| might| may| can| should) (?!have)|if (?:i|he|she|they|we)\b|maybe\b|perhaps\b|let'?s|hopefully|next (?:week|month|time)\b|ideally)",
    re.IGNORECASE,
)
_FEELING = re.compile(
    r"^(?:and |but |so )?(?:it (?:hurts?|stings?|felt|feels|makes|costs|'s|is|was)|i (?:feel|felt|love|like|hate|know|think|thought|believe|guess|suppose|understand|realise|realize|miss|worry|dread|fear|don't know|can't tell|don't want|don't mind|still)|"
    r"i(?:'m| am) (?:so|not sure|sure|just|really|very|afraid|worried|sad|angry|upset|sick|stunned|an?)\b|we(?:'re| are| were| have| get| got| used))",
    re.IGNORECASE,
)
_KEPT_QUIET = re.compile(
    r"\b(?:i|we) (?:\w+ )?(?:(?:didn't|did not|don't|haven't|couldn't|never) (?:say|said|react|reply|respond|answer|know what to say)\b|(?:said|say) (?:nothing|yes|okay|ok|fine)\b|kept quiet|bit my tongue|laughed it off|laughed along|let it go|went home|played along)",
    re.IGNORECASE,
)
"""What the user did with it at the time is no moment of its own."""
_CONFIDED = re.compile(
    r"\bi(?:'d|'ve| had| have)? (?:told|confided (?:in|to)|said to|asked) [^.]{0,50}\b(?:i'm|i am|i was|i've|i have|i'd|my (?!boss|manager))",
    re.IGNORECASE,
)
"""What the user told somebody about themselves is no harm of theirs."""
_HEARSAY = re.compile(
    r"\b(?:i heard|apparently|word is|rumou?r|told me (?:that )?(?:he|she|they)|hr says|says to give|according to)\b",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"^(?:and |but |so |then )?(?:when|after|as|while|before|since|because|although|though|even though|even after|the (?:day|week|moment|minute|second)|every time|each time|whenever|if|once)\b.{0,90}?(?:,\s*|\s(?=(?:he|she|they|who)\s))",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?P<me>i|we|i'm|i've|i'd|we've|we're|my (?:wife|husband|team and i))\b|\b(?P<them>he|she|they|he's|she's|they're|who|nobody|everyone|everybody|someone|somebody|no one|people|"
    r"my (?!own\b)(?:\w+ ){0,2}(?:boss|manager|supervisor|colleague|co-?worker|friend|director|lead|report|apprentice|team|client|employee|mate|partner|buddy)|(?:the|a|an|one|another|some|this|that) (?:\w+ ){0,2}(?:boss|manager|"
    r"colleague|co-?worker|guy|woman|man|lady|girl|lad|supervisor|director|team|client|customer|group|others|two|person|nurse|driver|teacher|engineer))\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"^(?:\w+ ){0,4}?(?:i|we)(?:'ve|'m|'d| have| was| were| am| got| get| always get| keep getting| kept getting| have been| had been|'ve been)+ (?:been |being |just |always |often |never |also )*(?:told|called|asked|left|ignored|invited|blanked|shouted|yelled|blamed|"
    r"copied|given|talked|excluded|passed|thanked|praised|interrupted|laughed|mocked|treated|cut|dropped|accused|snubbed|taken|put|removed|replaced|demoted|shut|pushed|kept|overruled|made|met with|greeted|uninvited|not \w+ed|n't \w+ed|moved|pulled|picked|set up|named|singled|forgotten|overlooked|written up|sent|offered|promised)\b"
    r"|^i (?:never |only |hardly |barely |don't |didn't |haven't )?(?:get|got|gotten|hear|heard|received|receive)\b|^nobody\b|^no one\b|^not one\b",
    re.IGNORECASE,
)
_PATTERN = re.compile(
    r"\b(?:never|always|every (?:time|day|week|morning|single|meeting|month)|keeps?|kept|constantly|all the time|often|usually|whenever|each time|again and again|repeatedly|for (?:weeks|months|years|ages)|most (?:times|days)|doesn't|don't|won't|twice|three times)\b",
    re.IGNORECASE,
)
_WHEN: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(words, re.IGNORECASE), days)
    for words, days in (
        (r"\b(?:today|this morning|this afternoon|just now|an hour ago|tonight)\b", 0),
        (r"\b(?:yesterday|last night)\b", 1),
        (r"\bthe other day\b|\bthis week\b|\ba few days ago\b", 3),
        (r"\blast week\b|\ba week ago\b", 7),
        (r"\btwo weeks ago\b|\ba fortnight\b", 14),
        (r"\blast month\b|\ba month ago\b", 30),
        (r"\btwo months\b", 60),
        (r"\blast year\b|\ba year ago\b", 365),
    )
)
_MOTIVE = re.compile(
    r"\b(?:on purpose|deliberate\w*|to make (?:me|us)|trying to|out to get|because (?:he|she|they)(?:'s| is| are| wants?| was)|just wants|to punish|to get back|to undermine|wants? me (?:to|gone|out))\b",
    re.IGNORECASE,
)
_MIND = re.compile(
    r"\b(?:thinks?|thought|feels?|felt|hates?|blames?|resents?|jealous|threatened|doesn't (?:care|respect|like|trust|value)|don't (?:care|respect|like|trust|value)|couldn't care|"
    r"meant|assum\w+|offended|angry with me|mad at me|holds? (?:it|a grudge)|acts? (?:like|as if)|as if (?:it|i|he|she|they)|like it doesn't matter|no respect)\b",
    re.IGNORECASE,
)
_TRAIT = re.compile(
    r"\b(?:he|she|they|who|boss|\w+)(?:'s| is|'re| are)(?: just| so| such| always| really| basically)* (?:an? )?(?:\w+ )?(?:lazy|rude|arrogant|selfish|toxic|narcissis\w+|control freak|snake|bully|idiot|jerk|petty|two-faced|childish|unprofessional|incompetent|lying|liar|fake|difficult|a nightmare|insecure|cold)\b",
    re.IGNORECASE,
)
_INFERRING = re.compile(
    r"\b(?:i (?:think|thought|guess|suspect|assume|feel like|believe|bet|know|reckon|suppose|worry|fear)|i'm (?:sure|certain|convinced|positive|afraid|worried)|must (?:be|have|think|hate)|probably|obviously|clearly|maybe|seems?|seemed|looks like|as if|acts? (?:like|as if))\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:he|she|they|him|her|them|his|their|boss|manager|colleague|everyone|people)\b", re.IGNORECASE
)
_GOAL = re.compile(
    r"\b(?:i|we)(?:'d| would)? (?:just |only |really |still |also )*(?:want(?:ed)?|need|like|hope|wish|love) (?:to |her to |him to |them to |for |that |his |her |their |it |things |this |us )[^.!?]*|\bhow (?:do|can|could|should) (?:i|we) [^.!?]*|\bso (?:that )?(?:we|i) can [^.!?]*",
    re.IGNORECASE,
)
_TRIED = re.compile(
    r"\b(?:i|we)(?:'ve| have)? (?:already |also |even )*(?:tried|asked|e-?mailed|messaged|called|rang|sent|said sorry|apologi[sz]ed|offered|invited|spoke|talked|reminded|chased|explained|raised|brought it up|told)\b[^.!?]*|\bdespite [^.!?,]*",
    re.IGNORECASE,
)


def read(text: str, likeness: Likeness, known: Sequence[Person] = ()) -> Reading:
    """Return the reading of one message that stands by itself. Offsets are into ``text``.

    Odd letters and spaces are read as usual ones, so that they change nothing but where the words stand.
    """
    usual, places = placed(text)
    seen = _read(usual, likeness, known)
    return seen if usual == text else _moved(seen, text, places)


def _moved(seen: Reading, text: str, places: Sequence[int]) -> Reading:
    """The reading of a cleaned text with its offsets in the text as sent."""

    def at(start: int, end: int) -> tuple[int, int]:
        return places[start], places[end - 1] + 1

    def words(start: int, end: int) -> str:
        return text[slice(*at(start, end))].strip(" ,;")

    moments = [(moment, at(moment.start, moment.end)) for moment in seen.moments]
    found = [(signal, at(signal.start, signal.end)) for signal in seen.signals]
    guesses = [(guess, at(guess.start, guess.end)) for guess in seen.guesses]
    return replace(
        seen,
        text=text,
        moments=tuple(replace(m, what=words(m.start, m.end), start=a, end=b) for m, (a, b) in moments),
        signals=tuple(replace(s, start=a, end=b) for s, (a, b) in found),
        guesses=tuple(replace(g, text=words(g.start, g.end), start=a, end=b) for g, (a, b) in guesses),
    )


def _read(text: str, likeness: Likeness, known: Sequence[Person]) -> Reading:
    even = straight(text)
    found_signals = signals.find(even)
    spans = clauses(text)
    people = _people(even, known)
    verdict = floor.judge(text, likeness)
    moments = () if verdict.kind in {Kind.OFF_TOPIC, Kind.INJECTION} else _moments(text, even, spans, likeness, people)
    ordered = _order(people, moments, even)
    asked = [
        text[a:b] for a, b in pieces(even) if _QUESTION.match(even[a:b]) or even[a:b].rstrip("\"' )").endswith("?")
    ]
    goal = _GOAL.search(even)
    return Reading(
        text=text,
        kind=verdict.kind,
        severity=_severity(verdict.kind, moments),
        people=tuple(ordered),
        moments=moments,
        signals=found_signals,
        guesses=_guesses(text, even, spans),
        asked=asked[-1] if asked else None,
        goal=text[goal.start() : goal.end()].strip() if goal else None,
        tried=tuple(text[hit.start() : hit.end()].strip() for hit in _TRIED.finditer(even)),
        also=verdict.also,
    )


def taken_whole(text: str, likeness: Likeness, known: Sequence[Person] = ()) -> ProposedMoment:
    """Return a text as one moment, for somebody who says that it is one; how it landed is the likeliest."""
    even = straight(text)
    odds = likeness.landings([text])[0]
    signs = signals.landings(even)
    landed = max(Landed, key=lambda each: odds.get(each, 0.0) * math.exp(SIGN * min(signs[each.value], 2)))
    return _moment(text, even, (0, len(text)), landed, _people(even, known))


def _people(even: str, known: Sequence[Person]) -> list[tuple[int, Mention]]:
    return mentions.find(even, known)


def _severity(kind: Kind, moments: Sequence[ProposedMoment]) -> Severity:
    if kind in {Kind.SELF_HARM, Kind.VIOLENCE}:
        return Severity.CRISIS
    route = ROUTES[kind]
    if route is Route.GET_HELP:
        return Severity.SERIOUS
    return Severity.STRAINED if any(m.landed is Landed.HARMED for m in moments) else Severity.ORDINARY


def _moments(
    text: str, even: str, spans: Sequence[tuple[int, int]], likeness: Likeness, people: Sequence[tuple[int, Mention]]
) -> tuple[ProposedMoment, ...]:
    odds = likeness.landings([text[a:b] for a, b in spans])
    proposed: list[ProposedMoment] = []
    for span, chances in zip(spans, odds, strict=True):
        if _set_aside(even[slice(*span)]):
            continue
        landed = _landing(even[slice(*span)], chances)
        if landed is None:
            continue
        moment = _moment(text, even, span, landed, people)
        if moment.by is By.ME and landed is Landed.HARMED and _CONFIDED.search(even[slice(*span)]):
            continue
        if proposed and _one_event(even, proposed[-1], moment):
            proposed[-1] = _joined(text, proposed[-1], moment)
        else:
            proposed.append(moment)
    return tuple(proposed[:MOST_MOMENTS])


def _set_aside(clause: str) -> bool:
    """Questions, wishes and plans are no moments, however they sound."""
    return bool(_QUESTION.search(clause) or _WISH.search(clause)) or len(clause.split()) < 3


def _landing(clause: str, chances: Mapping[Landed | None, float]) -> Landed | None:
    """The landing of a clause: the table's chances, moved by the signals that stand in it."""
    signs = signals.landings(clause)
    weighed = {landed: chances.get(landed, 0.0) * math.exp(SIGN * min(signs[landed.value], 2)) for landed in Landed}
    nothing = chances.get(None, 0.0)
    if _FEELING.search(clause):
        nothing = min(0.98, nothing * 1.6 + 0.1)
    if _KEPT_QUIET.search(clause):
        nothing = min(0.98, nothing * 2 + 0.2)
    if _HEARSAY.search(clause):
        nothing = min(0.98, nothing * 1.3)
    something = sum(weighed.values())
    best = max(Landed, key=lambda landed: weighed[landed])
    return best if something / (something + nothing + 1e-9) > NOTHING_BELOW else None


SIGN = 1.6
"""What one signal adds to the log odds of its landing; at most two count."""

NOTHING_BELOW = 0.4
"""A clause is a moment when the chance that it is one is above this (DECISIONS.md says how it was chosen)."""


def _moment(
    text: str, even: str, span: tuple[int, int], landed: Landed, people: Sequence[tuple[int, Mention]]
) -> ProposedMoment:
    clause = even[slice(*span)]
    by = _actor(clause, people)
    return ProposedMoment(
        what=text[slice(*span)].strip(" ,;"),
        start=span[0],
        end=span[1],
        by=by,
        landed=landed,
        person=_who(even, span, people),
        channel=_channel(even, span),
        days_ago=next((days for words, days in _WHEN if words.search(clause)), None),
        pattern=bool(_PATTERN.search(clause)),
    )


def _actor(clause: str, people: Sequence[tuple[int, Mention]]) -> By:
    """Who acts in a clause: its first subject outside of "when I …", unless I am the one it is done to."""
    if _PASSIVE.search(clause):
        return By.THEM
    main = _BACKGROUND.sub("", clause, count=1)
    if not _SUBJECT.search(main):
        main = clause
    hit = _SUBJECT.search(main)
    named = [at for _, mention in people if mention.name and (at := main.find(mention.name)) >= 0]
    if hit is None or (named and min(named) < hit.start()):
        return By.THEM
    return By.ME if hit["me"] else By.THEM


def _one_event(even: str, first: ProposedMoment, second: ProposedMoment) -> bool:
    """A gesture of mine and its refusal or non-answer are one; so is a silence told twice, and a harm with its hush.

    A new act in reply (an angry mail, an apology) is a moment of its own, as it is in evals/cases.
    """
    gap = even[first.end : second.start]
    close = not re.search(r"[.!?\n]", gap)
    next_to = len(gap.split()) <= 3
    silent = first.landed is second.landed is Landed.INDIFFERENT
    mine_then_theirs = first.by is By.ME and second.by is By.THEM
    if mine_then_theirs and first.landed is Landed.HELPED and second.landed is Landed.INDIFFERENT:
        return close and next_to  # a greeting that was not answered helped nobody
    if mine_then_theirs and first.landed is Landed.HARMED and second.landed is Landed.INDIFFERENT:
        return next_to and first.person == second.person and bool(_HUSH.search(second.what))
    return silent and ((mine_then_theirs and len(gap.split()) <= _NEAR) or (close and first.by is second.by))


_NEAR = 12
"""A refusal so many words after a gesture still answers it."""

_HUSH = re.compile(
    r"\b(?:went|gone|goes|fell|been|is|was) (?:very |so |all |completely |really )?(?:quiet|silent|cold|cool|distant|stiff)\b"
    r"|\b(?:barely|hardly|scarcely|won't|doesn't|didn't|wouldn't|not|never) (?:even )?(?:look|meet|met|talk|speak|spoke|say|said)\w*"
    r"|\blooked (?:down|away)\b",
    re.IGNORECASE,
)
"""How people fall silent under something that was said to them."""


def _joined(text: str, first: ProposedMoment, second: ProposedMoment) -> ProposedMoment:
    """One moment of two. A gesture that was not answered is told by what they did; a harm stays mine."""
    unanswered = first.by is By.ME and second.by is By.THEM and first.landed is not Landed.HARMED
    return replace(
        first,
        what=text[first.start : second.end].strip(" ,;"),
        end=second.end,
        by=second.by if unanswered else first.by,
        landed=second.landed if unanswered else first.landed,
        channel=first.channel or second.channel,
        days_ago=first.days_ago if first.days_ago is not None else second.days_ago,
        person=second.person or first.person,
        pattern=first.pattern or second.pattern,
    )


def _channel(even: str, span: tuple[int, int]) -> Channel | None:
    """The channel named in the clause; else in the sentence it stands in."""
    clause = even[slice(*span)]
    sentence = next((even[a:b] for a, b in pieces(even) if a <= span[0] < b), clause)
    return channels.channel(clause) or channels.channel(sentence)


def _who(even: str, span: tuple[int, int], people: Sequence[tuple[int, Mention]]) -> str | None:
    """Name or label of the person in a clause: named there, else the last one before it that the pronoun fits."""
    clause = even[slice(*span)]
    inside = [
        mention
        for _, mention in people
        if mention.name and re.search(rf"(?<!\w){re.escape(mention.name)}(?!\w)", clause, re.IGNORECASE)
    ]
    inside += [mention for at, mention in people if span[0] <= at < span[1] and mention not in inside]
    if inside:
        return inside[0].label
    wanted = (
        "she"
        if re.search(r"\b(?:she|her)\b", clause, re.IGNORECASE)
        else "he"
        if re.search(r"\b(?:he|him|his)\b", clause, re.IGNORECASE)
        else None
    )
    before = [mention for at, mention in people if at < span[0]] or [mention for _, mention in people]
    fitting = [mention for mention in before if wanted is None or mention.pronoun in {wanted, "they"}]
    named_last = [
        mention for mention in _by_last_naming(even, span[0], fitting) if wanted is None or mention.pronoun == wanted
    ] or fitting
    names = [mention for mention in fitting if mention.name]
    if named_last and len(names) == 1 and not named_last[-1].name and named_last[-1].label.startswith("the "):
        return names[0].label  # "the boss" stands in the background of a story about somebody with a name
    return named_last[-1].label if named_last else None


def _by_last_naming(even: str, before: int, candidates: Sequence[Mention]) -> list[Mention]:
    """Candidates in the order of their last naming before an offset."""

    def last(mention: Mention) -> int:
        words = mention.name or (mention.role or mention.label).split()[-1]
        return even[:before].casefold().rfind(words.casefold())

    return sorted(candidates, key=last)


def _order(people: Sequence[tuple[int, Mention]], moments: Sequence[ProposedMoment], even: str) -> list[Mention]:
    """The one the message is mainly about first: weighed by unhappy moments, naming, and being asked about."""
    question = max(even.rfind("?"), 0)
    last_sentence = (
        max((a for a, _ in pieces(even)), default=0)
        if question == 0
        else max((a for a, b in pieces(even) if a < question), default=0)
    )

    def weight(pair: tuple[int, Mention]) -> float:
        at, mention = pair
        theirs = [moment for moment in moments if moment.person == mention.label]
        score = 1.5 * sum(1.0 if moment.landed is not Landed.HELPED else 0.5 for moment in theirs)
        score += 1.0 * bool(mention.name) + 0.8 * (at >= last_sentence) - at / max(len(even), 1)
        words = mention.name or (mention.role or "").split(" ")[-1]
        if words:
            score += 0.3 * min(len(re.findall(rf"\b{re.escape(words)}\b", even, re.IGNORECASE)), 3)
        return score - 0.7 * mention.group

    ranked = sorted(people, key=weight, reverse=True)
    return [mention for _, mention in ranked]


def _guesses(text: str, even: str, spans: Sequence[tuple[int, int]]) -> tuple[Guess, ...]:
    found: list[Guess] = []
    for start, end in spans:
        clause = even[start:end]
        if (
            _QUESTION.search(clause)
            or not _OTHERS.search(clause)
            or re.match(r"i (?:hate|love|like|miss|feel|want|need)\b", clause, re.IGNORECASE)
        ):
            continue
        about = None
        if _MOTIVE.search(clause):
            about = "motive"
        elif _TRAIT.search(clause):
            about = "trait"
        elif _MIND.search(clause) and (
            _INFERRING.search(clause)
            or re.search(
                r"\b(?:hates?|doesn't care|couldn't care|no respect|jealous|doesn't (?:respect|like|value|trust))\b",
                clause,
                re.IGNORECASE,
            )
        ):
            about = "feeling"
        if about:
            found.append(Guess(text[start:end].strip(" ,;"), start, end, about))
    return tuple(found[:3])


def signal(reading: Reading, name: str) -> Signal | None:
    """Return the named signal of a reading, if it was found."""
    return next((found for found in reading.signals if found.name == name), None)
