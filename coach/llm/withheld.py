"""What is left out of a text: health, union, religion, sexuality and the like, clause by clause. Pure.

The special categories of personal data (GDPR, article 9) and criminal records (article 10), found by word patterns.
They say more about a person than wording a plan needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.domain.letters import Letter

_HEALTH = (
    r"cancer|tumou?rs?|chemo(?:therapy)?|radiotherapy|leuk(?:a?e)?mia|diabet\w+|epilep\w+|asthma\w*|crohn'?s|colitis|hepatitis|"
    r"hiv|aids diagnosis|multiple sclerosis|parkinson'?s|alzheimer'?s|dementia|strokes?(?= last| in| at| and| that)|heart attack|"
    r"(?:heart|kidney|liver|lung|autoimmune|chronic|mental|terminal|long-term) (?:condition|disease|failure|illness|disorder|health)\w*|"
    r"depression|depressed|clinical(?:ly)? depress\w+|bipolar|schizo\w+|psychosis|psychotic|ptsd|ocd|adhd|autis\w+|asperger\w*|dyslexi\w+|neurodiver\w+|"
    r"anxiety (?:disorder|attacks?|medication)|panic (?:attacks?|disorder)|eating disorder|anorexi\w+|bulimi\w+|self-harm\w*|suicid\w+|"
    r"(?:been |was |is |got |were |recently )?diagnos\w+|medicati\w+|antidepressants?|prescri(?:bed|ption)\w*|therap(?:y|ist)s?|psychiatr\w+|psycholog(?:ist|ical help)\w*|"
    r"surger(?:y|ies)|operation on|hospitali[sz]ed|in (?:the )?hospital|rehab\w*|addict\w*|alcoholi\w+|drinking problem|drug (?:problem|use|test)|sober|"
    r"disab(?:led|ility|ilities)|wheelchair|hearing aid|deaf|blind in|sick leave|signed off (?:sick|work)|sick note|"
    r"pregnan\w+|maternity|paternity|miscarr\w+|stillb\w+|abortion|ivf|fertility|menopaus\w+|expecting (?:a baby|a child|another (?:baby|child)|twins|(?:her|their|his) (?:first|second|third))|"
    r"long covid|covid|infection|migraines?|arthritis|endometriosis|fibromyalgia|burn-?out diagnosis|insulin|dialysis|transplant"
)
_UNION = (
    r"(?:trade |labou?r |the |a |our |their |his |her |my |works )unions?|unions?(?= (?:rep|member|meeting|official|card|drive|activity|steward))|unioni[sz]\w+|"
    r"shop stewards?|works council|on strike|strike (?:action|ballot|vote)|picket (?:line|ing)\w*"
)
_BELIEF = (
    r"muslims?|islam\w*|christian(?:s|ity)?|catholics?|protestants?|evangelical\w*|jew(?:s|ish)?|judaism|hindus?|hinduism|sikhs?|buddhis\w+|mormons?|"
    r"jehovah'?s|atheis\w+|agnostic|religi\w+|mosque|church(?:es)?|synagogue|temple (?:service|on)|pray(?:s|er|ers|ing)?|ramadan|hijab|headscarf|kippah|"
    r"bible|quran|koran|faith group|her faith|his faith|their faith|converted to"
)
_SEX = (
    r"gay|lesbian|bisexual\w*|queer|homosexual\w*|pansexual|asexual|(?:is|as|being|was) trans|trans (?:man|woman|person|people|colleague|employee)|transsexual\w*|"
    r"transgender\w*|non-?binary|lgbt\w*|sexual orientation|sexuality|came out (?:as|to)|coming out (?:as|to)|closeted|(?:his|her) (?:boyfriend and he|wife and she)|sex life|having an affair"
)
_POLITICS = (
    r"(?:voted|votes|votes for|canvass\w*) (?:for |against )?(?:labour|tory|tories|the conservatives|conservative|republicans?|democrats?|trump|brexit|the greens|afd|le pen)|"
    r"party member(?:ship)?|member of (?:the )?\w+ party|political (?:views|opinions?|beliefs)|far-?(?:right|left)|communist|fascist"
)
_ORIGIN = r"ethnic\w*|skin colou?r|asylum|refugee|undocumented|work permit|visa status|immigration status"
_CRIME = r"criminal record|convicted|criminal convictions?|(?:in|to|from) (?:prison|jail)|on (?:parole|probation for)|arrested|court case"

_PRIVATE = re.compile(
    rf"(?<![\w-])(?:{'|'.join((_HEALTH, _UNION, _BELIEF, _SEX, _POLITICS, _ORIGIN, _CRIME))})(?![\w-])", re.IGNORECASE
)
_SHORTENED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|e\.g|i\.e|etc)\.$")
_QUOTING = re.compile(r"[<>“”\"]+")
_LABEL = re.compile(r"\s*(?:(?:\d+[.)]|[-*•]|[a-z_]+[\w.\[\]]*:)\s+)?")
_CLAUSE = re.compile(
    r"\s*[,;:()—–]\s*|\s+(?=(?:and|but|because|so|when|while|who|which|after|since|although|though|yet|or)\s)",
    re.IGNORECASE,
)
_SHORT = 110
"""Characters; a sentence up to this goes as a whole, since what stands beside a fact often tells it too."""


def private(text: str) -> Iterator[str]:
    """Yield the spans of a text to leave out, in order: whole short sentences, and clauses of long ones."""
    for segment in _segments(text):
        if not _PRIVATE.search(segment):
            continue
        label = _LABEL.match(segment)
        body = segment[label.end() if label else 0 :]
        if len(body) <= _SHORT:
            yield body
            continue
        yield from (clause for clause in _clauses(body) if _PRIVATE.search(clause))


def _segments(text: str) -> Iterator[str]:
    """Yield each sentence without its closing marks, what is quoted in it apart; a shortened word ends none."""
    start = None
    for each in Letter(text).sentences:
        start = each.start if start is None else start
        if _SHORTENED.search(each.text) and text[each.end : each.end + 1] == " ":
            continue
        yield from filter(None, (part.rstrip(" .!?") for part in _QUOTING.split(text[start : each.end])))
        start = None
    if start is not None:
        yield text[start:].rstrip()


def _clauses(text: str) -> Iterator[str]:
    start = 0
    for cut in _CLAUSE.finditer(text):
        if text[start : cut.start()].strip():
            yield text[start : cut.start()]
        start = cut.end()
    yield text[start:]
