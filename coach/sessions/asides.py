"""What a message in a session is besides an answer: skip, back, stop, no time, tears; and what it holds for later questions.

Knows short ways of saying so, as patterns; pure. What counts as harm is decided in ``floor``, not here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from coach.domain import letters
from coach.domain.letters import plain
from coach.domain.readings import Reading
from coach.domain.sessions import Listens


class Move(StrEnum):
    """What a message does to the talk itself."""

    SKIP = "skip"
    BACK = "back"
    CHANGE = "change"
    PAUSE = "pause"
    END = "end"
    HURRY = "hurry"
    REFUSE = "refuse"
    UNSURE = "unsure"
    TELL_ME = "tell_me"
    REPEAT = "repeat"
    WHY = "why"
    RANK = "rank"
    BOT = "bot"
    TEARS = "tears"
    ANGER = "anger"
    RESUME = "resume"


_TABLE: tuple[tuple[Move, str, int], ...] = (
    (Move.BOT, r"\b(?:are|aren't) you (?:just |really |even )?(?:an? )?(?:bot|ai|a\.i\.|robot|machine|human|real|person|program|computer|chat ?gpt|language model)\b|\byou(?:'re| are) (?:just |only )?an? (?:bot|ai|machine|program|computer|robot)\b|\bam i talking to (?:a|an) ", 16),
    (Move.BACK, r"^(?:(?:can|could) (?:we|i|you) |please |let(?:'s| us) |let me |i(?:'d| would) like to |i want to |ok(?:ay)?,? |wait,? )*(?:go|step|jump|move) back\b(?! to (?:work|the office|sleep|bed))|^(?:the )?(?:previous|last) question\b|^back(?: please| a step| one)?[.!]*$|^(?:one )?step back\b", 14),
    (Move.CHANGE, r"^(?:(?:no|wait|sorry|oh|hm+|ok(?:ay)?|actually|on second thought)[,. ]+)*(?:scratch that|scrap that|change (?:that|it|my (?:mind|answer|last answer))|forget what i (?:just )?said|let me (?:change|correct|rephrase) (?:that|it|my answer)|(?:can|could) (?:i|we|you) change (?:that|it|my answer)|i(?:'ve| have)? changed? my mind|i want to (?:change|correct) (?:that|it|my answer)|i meant|make (?:that|it) (?:mon|tues|wednes|thurs|fri|satur|sun|to|next|the|two|three|\d)\w*)\b", 60),
    (Move.SKIP, r"^(?:(?:can|could) (?:we|i|you) |please |let(?:'s| us) |i(?:'d| would) (?:rather|like to) |i(?:'ll| will) )*(?:skip|pass)\b(?: (?:this|that|it|on (?:this|that)|the question|this (?:one|question)|that (?:one|question)))?(?: please)?[.! ]*$|^next(?: question)?(?: please)?[.! ]*$|^(?:no|next),? (?:ask me )?(?:something else|another question)[.!]*$|^(?:move|go) on[.!]*$|^(?:i(?:'d| would) )?rather not (?:say|answer)\b", 12),
    (Move.PAUSE, r"^(?:(?:sorry|ok(?:ay)?|hang on|wait)[,. ]+)*(?:(?:can|could) we |let(?:'s| us) |i(?:'d| would) like to |i (?:need|want) to |please )*(?:pause|stop here|stop for (?:now|today)|take a break|continue (?:later|tomorrow|another time)|carry on (?:later|tomorrow)|come back to (?:this|it) (?:later|tomorrow)|finish (?:this )?(?:later|tomorrow))\b|^(?:sorry,? )?(?:i )?(?:have to|need to|must|gotta|got to) (?:go|run|leave|stop|take (?:this|a call)|dash)\b|\b(?:my (?:next )?meeting (?:is )?start(?:s|ing)|i(?:'m| am) being called)\b|^(?:brb|later|not now)[.!]*$", 18),
    (Move.END, r"^(?:(?:ok(?:ay)?|no|thanks|thank you|right)[,. ]+)*(?:(?:can|could) we |let(?:'s| us) |please )*(?:(?:end|close|quit|cancel|abort|wrap up) (?:the session|this|it|here|now)|end(?: it)?|wrap (?:it )?up|we(?:'re| are) done|i(?:'m| am) done(?: here)?|that(?:'s| is) (?:all|it)(?: for (?:now|today))?|enough for today|i want to (?:stop|end)(?: (?:this|now|the session))?)[.! ]*$", 14),
    (Move.REFUSE, r"\b(?:this is|that(?:'s| is)|it(?:'s| is)|what an?|sounds|feels) (?:(?:really|so|just|all|a bit|a load of|complete|total|such|an?|completely|utter) )*(?:stupid|pointless|silly|nonsense|rubbish|ridiculous|crap|bullshit|bs|useless|waste of (?:my )?time|joke|childish|patroni[sz]ing|fluffy|touchy-feely)\b|^(?:no|nope|nah)[,. ]+(?:i(?:'m| am) not|i won't|i don't)\b|\bi(?:'m| am) not (?:doing|going to (?:do|answer|talk about)|answering|playing|interested in) (?:this|that|it|any|your|more)|\bi (?:don't|do not) (?:want|need|care) (?:to (?:do|answer|talk|be here)|this|any of this|a coach|coaching)|\bi won't (?:answer|do) (?:this|that|it)|\bnone of your business\b|\bhr (?:made|makes|told|asked) me (?:to )?(?:do|come|fill)|\bi was (?:told|made|sent) to do this\b|\bleave me alone\b|^(?:no|nope|nah|never|nothing|no way|absolutely not|forget it|i refuse|no thanks)[.! ]*$", 30),
    (Move.HURRY, r"\b(?:no time|don't have (?:the )?(?:time|long|ages)|haven't got (?:the )?(?:time|long)|in a (?:hurry|rush)|(?:make it|be) (?:quick|short|fast|brief)|keep it (?:short|quick)|(?:only|just) (?:have|got) (?:about )?(?:a (?:minute|few minutes|couple of minutes)|\w+ min(?:ute)?s?)|(?:i have|i've got|got) (?:about )?(?:two|three|four|five|2|3|4|5) min(?:ute)?s?|(?:can|could) we (?:be quick|speed (?:this|it) up|cut to the chase)|get to the point|cut to the chase|hurry up|how long (?:will|does) this take|too many questions|short version|quick version|between (?:two )?meetings)\b", 40),
    (Move.TELL_ME, r"\b(?:just )?(?:tell|give) me (?:what to do|the answer|a tip|an idea|some ideas|your advice|an example|something)\b|\bwhat (?:would|should|do) you (?:do|suggest|recommend|advise|think i should)\b|\byou tell me\b|\bwhat should i do\b|\b(?:any|got any|have you got) (?:ideas|suggestions|tips|advice)\b|\byou(?:'re| are) the coach\b", 24),
    (Move.WHY, r"^why (?:do|are|would) you (?:ask|need|want)|^why(?: (?:is|does) (?:that|this) (?:important|matter|relevant))?\s*\?*$|^what(?:'s| is) that (?:for|got to do)|^what for\b|^how is that relevant", 12),
    (Move.REPEAT, r"^(?:sorry,? )?(?:what (?:was|is) the question|what do you mean|i (?:don't|do not) (?:understand|get)(?: (?:it|that|the question|this|you))?|(?:can|could) you (?:repeat|say|ask) (?:that|it)|come again|say (?:that|it) again|pardon|huh|eh|what)\b[^a-z]*$|^\W*$", 12),
    (Move.RANK, r"\b(?:rank|rate|score|grade|compare) (?:my|the|them|him|her|each|all|everyone|people)\b|\bwho(?:'s| is) (?:the )?(?:worst|best|weakest|laziest|most (?:useless|difficult|toxic)|least \w+|my (?:worst|best|weakest))\b|\bwho (?:should|do) i (?:fire|sack|get rid of|let go|drop)\b|\b(?:out of|on a scale).{0,12}(?:10|ten|five|5)\b|\bgive (?:me|them|him|her) an? (?:score|rating|grade|ranking)\b|\bis (?:he|she|\w+) a (?:narcissist|psychopath|sociopath)\b", 40),
    (Move.TEARS, r"\b(?:crying|in tears|tearing up|close to tears|burst into tears|can't stop crying|(?:am|i'm|are|start(?:ed|ing)?|began|begin) (?:to )?cry(?:ing)?|sobbing|tears (?:are|in my)|welling up|falling apart|i(?:'m| am) a (?:mess|wreck)|can't (?:hold it together|do this right now))\b", 80),
    (Move.ANGER, r"\b(?:furious|livid|seething|fuming|raging|so (?:angry|mad|pissed)|i(?:'m| am) (?:angry|pissed off|mad)|pissed off|sick (?:and tired )?of|fed up|drives me (?:mad|crazy|up the wall)|makes my blood boil|fuck\w*|wtf|ffs|goddamn|bloody (?:hell|useless|idiot\w*)|bullshit)\b", 120),
    (Move.UNSURE, r"^(?:(?:hm+|um+|uh+|well|honestly|ehm?|oh|sorry)[,. ]+)*(?:i )?(?:really |honestly |just )?(?:don't|do not|dont|dunno|idk|couldn't|can't|cannot|have no|no) ?(?:really |even )*(?:know|say|tell|remember|recall|think of (?:any(?:thing|one)?|one)|idea|clue)?(?: (?:yet|to be honest|right now|really|what to (?:say|do)|anything|that|either|tbh))*[.!? ]*$|^(?:no idea|not sure|hard to say|good question|idk|dunno|nothing comes to mind|no clue|maybe|perhaps|\?+)(?: (?:really|yet|to be honest))?[.!? ]*$", 14),
)  # fmt: skip
_PATTERNS = tuple((move, re.compile(words), most) for move, words, most in _TABLE)


def move(text: str) -> Move | None:
    """Return what a message does to the talk, or None when it only answers."""
    words = plain(text)
    length = len(words.split())
    for found, pattern, most in _PATTERNS:
        if length <= most and pattern.search(words):
            return found
    return None


_YES = re.compile(
    r"^(?:(?:ok(?:ay)?|well|hm+|oh)[,. ]+)*(?:yes|yep|yeah|yup|sure|ok(?:ay)?|fine|alright|all right|right|deal|done|i did|it did|i have|of course|definitely|happened|go on|carry on|let's (?:do|go)|sounds (?:good|fine|ok)|why not|good idea|i (?:will|can|would|could)(?: do (?:it|that))?)\b"
)
_NO = re.compile(
    r"^(?:(?:well|hm+|sorry|oh|ehm?|honestly|actually|um+)[,. ]+)*(?:no\b|nope|nah|not (?:yet|really|at all|this time|now|today)|never|didn't|i (?:didn't|did not|haven't|have not|couldn't|could not|forgot|never)|it (?:didn't|did not|hasn't)|no time|that(?:'s| is) (?:enough|all|it)|enough|one is enough|nothing)\b"
)
_LET_GO = re.compile(
    r"\b(?:let (?:it|that) go|drop (?:it|that)|leave (?:it|that)|forget (?:it|that|about)|no longer|not any ?more|scrap|doesn't matter|isn't needed|give (?:it|that) up)\b"
)


def says_yes(text: str) -> bool:
    """Return whether a message begins with a yes."""
    return bool(_YES.search(plain(text)))


def says_no(text: str) -> bool:
    """Return whether a message begins with a no."""
    return bool(_NO.search(plain(text)))


def lets_go(text: str) -> bool:
    """Return whether a message lets something go."""
    return bool(_LET_GO.search(plain(text)))


_SLOTS: tuple[tuple[Listens, str], ...] = (
    (Listens.COMMITMENT, r"\b(?:i(?:'ll| will)|i(?:'m| am) going to|let me)\b(?=.*\b(?:today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|next week|this (?:afternoon|evening|morning)|before|after|when|at \d|first thing)\b)"),
    (Listens.OBSTACLE, r"\b(?:get(?:s)? in the way|in my way|if (?:he|she|they|i|it|that|something|nothing|\w+) (?:is|are|am|'s|doesn't|don't|isn't|aren't|cancels?|forgets?|says? no|gets?|can't|cannot|won't|runs?|comes?)\b[^,.]*,? (?:then )?(?:i(?:'ll| will)|i(?:'d| would))|the (?:risk|danger|obstacle|problem) (?:is|will be|would be)|what could go wrong)\b"),
    (Listens.GOAL, r"\bi(?: would|'d)? (?:really |just |only )*(?:want|hope|wish|(?<=would )like|(?<='d )like|(?<=would )love|(?<='d )love)(?: it| them| him| her| us| the team| people| everyone|(?! to (?:skip|stop|pause|end|go back|know|ask|talk|speak|discuss|tell|say|vent)\b)(?: [A-Za-z]+)?)? (?:to|that|if|for)\b|\bmy (?:goal|aim|wish|hope) (?:is|would be)\b|\bso that (?:we|they|he|she)\b"),
    (Listens.IDEA, r"\b(?:i (?:could|might|can)|maybe i|perhaps i|one (?:option|idea|way)|i(?:'m| am) thinking (?:of|about)|i was thinking|why not|we could|how about|i should)\b"),
    (Listens.OWN_PART, r"\b(?:my (?:own )?(?:part|fault|mistake|bad|doing)|i (?:snapped|shouted|yelled|cut|ignored|forgot|cancell?ed|left|interrupted|talked over|blamed|embarrassed|put (?:him|her|them)|didn't|never|should have|shouldn't have|was (?:short|rude|harsh|unfair|late|busy|wrong|too)|kept|pushed|moved|avoided|let)\b)"),
    (Listens.IMPACT, r"\b(?:because of (?:that|it|this)|as a result|which meant|so (?:we|i|they|the \w+|nobody|everyone|\w+) (?:had to|lost|missed|waited|couldn't|stayed|got)|had to (?:redo|wait|stay|explain|fix|call|ring|work|apologi[sz]e)|we (?:lost|missed|nearly)|it cost|cost (?:him|her|them|us|the)|delayed|the (?:client|customer|team|others) (?:was|were|had|lost|complained|left|waited))\b"),
    (Listens.SITUATION, r"\b(?:(?:on|last|this|in|at|during|before|after) (?:the |our |a |yesterday's |last |monday's |tuesday's |wednesday's |thursday's |friday's )?(?:\w+ ){0,2}(?:monday|tuesday|wednesday|thursday|friday|meeting|stand-?up|review|call|week|demo|handover|shift|workshop|retro(?:spective)?|planning|sprint|morning|afternoon)|yesterday|today)\b"),
)  # fmt: skip
_HELD = tuple((listens, re.compile(words)) for listens, words in _SLOTS)

EARLY = frozenset(
    {
        Listens.GOAL,
        Listens.IDEA,
        Listens.COMMITMENT,
        Listens.OBSTACLE,
        Listens.OWN_PART,
        Listens.IMPACT,
        Listens.SITUATION,
    }
)
"""What a message may hold before it is asked for."""


def held(text: str, read: Reading | None = None) -> Mapping[Listens, str]:
    """Return what a message holds that questions listen for, each with the sentence it stands in."""
    found: dict[Listens, str] = {}
    even = letters.straight(text)
    for start, end in letters.pieces(even):
        words = plain(even[start:end])
        for listens, pattern in _HELD:
            if listens not in found and pattern.search(words) and len(words.split()) >= 4 and not words.endswith("?"):
                found[listens] = text[start:end].strip()
    if read is not None and read.goal and Listens.GOAL not in found and len(read.goal.split()) >= 3:
        found[Listens.GOAL] = read.goal
    return found


_CONTRADICTS = re.compile(
    r"\b(?:that(?:'s| is) (?:wrong|not (?:true|right|correct|fair))|not true|wrong|i (?:did|do|have) (?:see|saw|talk|spoke|speak|met|meet|thank)\w*|but i (?:did|do|saw|met|spoke|talked)|i talk to (?:\w+ )?(?:all|every)\w*|i treat (?:\w+ )?(?:all|every)\w*|i disagree|don't agree|nonsense)\b"
)


def contradicts(text: str) -> bool:
    """Return whether a message says that what the journal shows is not how it was."""
    return bool(_CONTRADICTS.search(plain(text)))
