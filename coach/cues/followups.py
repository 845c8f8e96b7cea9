"""What people say after a plan: recognises it, so that it is answered from the plan and not planned anew.

Knows short ways of answering back; pure. A message that tells of something new is no follow-up (None).
"""

from __future__ import annotations

import re
from enum import StrEnum

from coach.domain.letters import plain
from coach.domain.moments import By, Channel, Landed


class Ask(StrEnum):
    """What a follow-up asks for; each has a text prompts/followup_<name>.fixed.j2."""

    WHAT_IF_NO = "what_if_no"
    WONT_WORK = "wont_work"
    SHORTER = "shorter"
    WARMER = "warmer"
    MY_WORDS = "my_words"
    WHY = "why"
    SOURCE = "source"
    ABOUT_PERSON = "about_person"
    TAKE_SIDES = "take_sides"
    SCORE = "score"
    FORGET = "forget"
    CORRECTION = "correction"
    OUTCOME_GOOD = "outcome_good"
    OUTCOME_SILENT = "outcome_silent"
    OUTCOME_BAD = "outcome_bad"
    NOT_DONE = "not_done"
    DRAFT = "draft"
    OK = "ok"
    UNCLEAR = "unclear"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    HELLO = "hello"
    WHEN = "when"


_SHORT = 22
"""More words than this tell of something; only a few follow-ups may be longer."""

_TABLE: tuple[tuple[Ask, str, int], ...] = (
    (
        Ask.UNCLEAR,
        r"^[\s?!.…]*$|^(?:huh|what|eh|hm+|hä|sorry)\s*\?+$|^(?:i )?(?:don't|do not|didn't) (?:get|understand)(?: (?:it|that|this|you))?[.?!]*$",
        8,
    ),
    (
        Ask.CORRECTION,
        r"^(?:no|nope|actually|sorry|correction|wait|well)?[,. ]*(?:actually |no,? )?(?:it|that|this|he|she|they|i|we) (?:was|were|wasn't|weren't|did|didn't|said|wrote|sent|called|told|emailed|happened)\b.{0,80}\b(?:e-?mail\w*|phone|call|chat|slack|teams|text|in person|face to face|video|zoom|meeting|me|him|her|them|not|harm\w*|fine|friendly|yesterday|last week|today|monday|tuesday|wednesday|thursday|friday)\b|^(?:no|actually)[, ]+(?:by|via|on|over|in) (?:e-?mail|phone|chat|slack|teams|text|person|video|zoom|the meeting)\b",
        16,
    ),
    (
        Ask.GOODBYE,
        r"^(?:ok(?:ay)?[, ]+)?(?:bye|goodbye|good ?night|see you|talk (?:to you )?(?:later|soon|tomorrow)|that'?s (?:all|it)(?: for (?:now|today))?|gotta go|i have to go|have to run|cheers,? bye)\b[^?]*$",
        10,
    ),
    (
        Ask.THANKS,
        r"^(?:ok(?:ay)?[, ]+|great[, ]+|perfect[, ]+)?(?:thank(?:s| you)|ta\b|cheers|much appreciated|appreciate it|that helps|this helps|that'?s (?:really )?(?:helpful|useful|good|great))[^?]*$",
        14,
    ),
    (
        Ask.HELLO,
        r"^(?:hi|hello|hey|good (?:morning|afternoon|evening)|hiya|moin|hallo)(?: there| coach| again)?[\s.!]*$",
        4,
    ),
    (
        Ask.OK,
        r"^(?:ok(?:ay)?|k|fine|sure|alright|all right|got it|will do|i'?ll (?:try|do)(?: (?:it|that|this))?|sounds (?:good|right|fair|ok|okay)|makes sense|fair enough|yes|yep|yeah|good|right|hm+|mhm|understood|cool|deal|i see|true)[\s.!]*$|^(?:ok(?:ay)?|yes|fine|alright)[, ]+(?:i'?ll|will|let me|i can|i will|going to|got it|makes sense|sounds)\b[^?]{0,60}$",
        14,
    ),
    (
        Ask.FORGET,
        r"\b(?:forget|delete|erase|remove|don'?t (?:save|store|keep|log|remember)|scrap|wipe) (?:that|this|it|what i|about|everything|the last|my last|him|her|them|all|the (?:plan|moment|conversation|chat|journal|note))\b|^never mind\b|^forget (?:it|about it)\b",
        16,
    ),
    (
        Ask.SCORE,
        r"\b(?:score|rate|rank|grade|rating|points?|percent\w*|on a scale|out of (?:10|ten|5|five)|trust (?:score|level)|how (?:toxic|bad|good|trustworthy) is (?:he|she|\w+))\b",
        20,
    ),
    (
        Ask.TAKE_SIDES,
        r"\b(?:just )?(?:tell|say|admit|agree|confirm)(?: me)?(?: that)? (?:i'?m|i am|i was|it'?s|he'?s|she'?s|they'?re|he is|she is) (?:right|not wrong|his fault|her fault|their fault|wrong|the problem|an? (?:idiot|jerk|\w+)|in the wrong)\b|\bam i (?:right|wrong|the (?:bad guy|asshole|problem|one in the wrong))\b|\b(?:is|was) (?:it|this|that) (?:all |really )?(?:my|his|her|their) fault\b|\b(?:whose (?:side|fault)|take my side|on my side|be on my side|you'?re supposed to|agree with me|he'?s (?:just )?(?:an? )?(?:\w+ )?(?:idiot|jerk|bully|wrong)[, ]+right)\b",
        22,
    ),
    (
        Ask.WHAT_IF_NO,
        r"^(?:(?:ok(?:ay)?|but|and|so|yes|hm+|well)[, ]+)*(?:what (?:if|happens if|do i do if|should i do if|then if|when)|and if|but if|suppose|if) (?:he|she|they|it|\w+) .{0,90}\?*$|\bwhat if (?:he|she|they|it|\w+)\b",
        30,
    ),
    (
        Ask.SHORTER,
        r"\b(?:shorter|too long|cut it|trim|in one (?:line|sentence)|make it (?:brief|short|quick|simpler)|tl;?dr|briefer|less words|fewer words|keep it short|summari[sz]e)\b",
        16,
    ),
    (
        Ask.WARMER,
        r"\b(?:warmer|friendlier|softer|kinder|nicer|less (?:cold|formal|stiff|harsh|robotic|blunt)|more (?:friendly|human|kind|warm|gentle|personal|casual))\b",
        16,
    ),
    (
        Ask.MY_WORDS,
        r"\b(?:in my (?:own )?words|sound(?:s)? (?:more )?like me|my (?:own )?(?:voice|style|tone)|doesn'?t sound like me|not (?:how|the way) i (?:talk|speak|write)|i (?:would|'d) never say|i don'?t talk like)\b",
        20,
    ),
    (
        Ask.SOURCE,
        r"\b(?:where (?:is|does|do|did|'s) (?:that|this|it|you)(?: \w+)? (?:from|come from|get)|where('?s| is) that from|sources?\b|evidence|cite|citation|study|studies|research|says who|who says|how do you know|prove it|is (?:that|this|it) (?:proven|true|science))\b",
        18,
    ),
    (
        Ask.ABOUT_PERSON,
        r"\b(?:what|anything)(?: else)? (?:do|did|have) you (?:know|have|remember|got|stored|noted|written|hold)\b(?: \w+){0,4}|\bwhat('?s| is) in (?:my|the) journal\b|\bremind me (?:what|about|of)\b|\bhow (?:are|is) (?:things|it) (?:with|between)\b.{0,30}\b(?:journal|log|so far)\b|\bsummary of\b",
        18,
    ),
    (
        Ask.WHY,
        r"^(?:but |and |ok(?:ay)?[, ]+)?(?:why\b(?! (?:did|does|do|is|was|are|were|has|would|won'?t|doesn'?t|didn'?t) (?:he|she|they|my|the|nobody|everyone|people|\w+ (?:never|always)))|how come|what'?s the (?:point|reason|reasoning|idea)|what for|what good)\b.{0,80}\??$",
        16,
    ),
    (
        Ask.WHEN,
        r"^(?:and |ok(?:ay)?[, ]+|so )?(?:when (?:should|do|would|is|can) (?:i|it|the best)|what day|how soon|by when|how long (?:should|do) i wait)\b.{0,60}\??$",
        14,
    ),
    (
        Ask.DRAFT,
        r"\b(?:write|draft|word|give me|suggest|send me|show me|help me (?:write|word|with)|what (?:would|do|should|could|can) i (?:write|say|text|put|send))\b.{0,40}\b(?:message|text|mail|email|note|words|wording|line|it|that|reply|first|him|her|them|exactly)\b|\bwhat (?:exactly |precisely |then )?(?:do|should|would|could|can) i (?:say|write|text)\b.{0,40}$",
        18,
    ),
    (
        Ask.NOT_DONE,
        r"\b(?:i )?(?:haven'?t|have not|didn'?t|did not|couldn'?t|could not|never got round|not yet|chickened out|bottled it|lost my nerve|no (?:time|chance)|didn'?t (?:dare|get to|have the chance|manage)|put it off)\b(?=.{0,60}\b(?:done|do|did|ask\w*|talk\w*|tri\w+|it|yet|call\w*|sp[eo]\w+|chance|nerve|dare|time|go|say|said|manage\w*|get)\b)|^not yet\b|^i (?:chickened|bottled)\b",
        24,
    ),
    (
        Ask.WONT_WORK,
        r"\b(?:(?:that|this|it) (?:won'?t|will not|wouldn'?t|can'?t|isn'?t going to|doesn'?t|never) (?:work|help|fly|happen|be possible|go well|do)|(?:he|she|they|i)(?:'?s| is| am|'?m|'?re| are)? (?:\w+ )?(?:hates?|can'?t stand|doesn'?t (?:do|like|answer|pick|take|come)|don'?t (?:do|like|want|have|think)|never (?:picks?|answers?|comes?|has|is)|won'?t|would(?:n'?t| never)|works? (?:from home|nights|remote\w*)|too (?:shy|scared|busy|proud|nervous)|not (?:comfortable|able|brave|going to)|afraid|scared|can'?t) .{0,60}|not (?:possible|realistic|my style|an option)|i'?d rather (?:not|do)|something else|another (?:idea|way|option|step)|other (?:ideas|options)|a different (?:idea|way|step)|i (?:already )?tried (?:that|this|it)|already (?:did|done|tried) (?:that|this|it)|easier said than done)\b",
        26,
    ),
)
_PATTERNS = tuple((ask, re.compile(words), most) for ask, words, most in _TABLE)

_DID = re.compile(
    r"\b(?:i|we) (?:\w+ )?(?:did it|asked (?:him|her|them|\w+)|talked (?:to|with)|spoke (?:to|with)|went (?:over|to (?:him|her|them|\w+'s))|apologi[sz]ed|called (?:him|her|them|\w+)|rang (?:him|her|them|\w+)|said (?:it|sorry|what|hello)|sent (?:it|the|him|her|them)|tried (?:it|your|the|what)|followed|did what|took (?:him|her|them|\w+) (?:for|to)|had (?:the|that|our|a) (?:talk|chat|coffee|call|conversation))\b|\b(?:update|outcome|result|follow-?up)\b\s*[:,-]|\b(?:he|she|they|\w+) (?:actually |finally |just )?(?:came (?:back|round|over)|thanked me|said (?:thanks|thank you|yes|no|sorry|it)|apologi[sz]ed|answered|replied|agreed|refused|laughed|smiled|walked off|snapped|ignored|shrugged)\b",
)
_GOOD = re.compile(
    r"\b(?:went (?:really |very |so |quite |pretty )?(?:well|fine|ok|okay|good|great|better)|worked|thanked|thank you|smiled|laughed|agreed|opened up|was (?:really |very |so )?(?:nice|kind|glad|happy|grateful|relieved|lovely|fine|sweet)|apologi[sz]ed|better|relieved|talking again|normal again|cleared|sorted|good (?:talk|chat)|hugged|said yes|came round|appreciat\w+|helped|warm\w*|all good|swamped|overloaded|forgot(?:ten)?)\b"
)
_BAD = re.compile(
    r"\b(?:badly|worse|horribl[ey]|terribl[ey]|snapped|walked (?:off|out|away)|angry|shouted|refused|got (?:cross|annoyed|defensive|cold)|brushed|dismiss\w*|laughed at|rolled|denied|blew up|mad|said no|didn'?t want|told me to|slammed|hostile|awful|disaster|backfired|shut (?:me )?down|mocked|sneer\w*|wouldn'?t (?:talk|listen|hear))\b"
)
_SILENT = re.compile(
    r"\b(?:no (?:reply|answer|response|reaction)|nothing (?:back|yet|so far|happened)|still (?:nothing|no|silent|waiting|quiet|ignoring)|(?:hasn'?t|didn'?t|never) (?:answer\w*|repl\w*|respond\w*|react\w*|said|say|write|written|come)|ignored (?:it|me)|silence|shrugged|one word)\b"
)


def detect(text: str, told_new: bool) -> Ask | None:
    """Return what a message after a plan asks for, or None when it stands by itself.

    ``told_new`` says that the reading found moments in it: then only an outcome can be meant.
    """
    words = plain(text)
    length = len(words.split())
    if length <= 60 and _DID.search(words) and not re.search(r"\?\s*$", words):
        outcome = _outcome(words)
        if outcome is not None:
            return outcome
    for ask, pattern, most in _PATTERNS:
        if length <= most and pattern.search(words):
            if told_new and ask in {Ask.WHY, Ask.OK, Ask.WONT_WORK, Ask.DRAFT} and length > 12:
                continue
            return ask
    if length <= 12 and _outcome(words) is not None and re.match(r"^(?:it|that|he|she|they|still|no|nothing)\b", words):
        return _outcome(words)
    return None


def _outcome(words: str) -> Ask | None:
    if _BAD.search(words):
        return Ask.OUTCOME_BAD
    if _SILENT.search(words):
        return Ask.OUTCOME_SILENT
    return Ask.OUTCOME_GOOD if _GOOD.search(words) else None


_CHANNEL_WORDS: tuple[tuple[Channel, str], ...] = (
    (Channel.EMAIL, r"\be-?mail\w*|\bmail\b"),
    (Channel.VIDEO, r"\bvideo\b|\bzoom\b"),
    (Channel.CHAT, r"\bchat\b|\bslack\b|\bteams\b|\btext\b|\bwhatsapp\b|\bmessage\b|\bdm\b"),
    (Channel.CALL, r"\bphone\b|\bcall(?:ed)?\b"),
    (Channel.MEETING, r"\bmeeting\b|\bstand-?up\b"),
    (
        Channel.IN_PERSON,
        r"\bin person\b|\bface to face\b|\bat (?:my|his|her|their|the) desk\b|\bin the (?:corridor|kitchen|office)\b",
    ),
)


def corrected(text: str) -> tuple[Channel | None, By | None, Landed | None]:
    """Return what a correction changes of a proposed moment: channel, who acted, how it landed; None where it says nothing."""
    words = plain(text)
    words = (
        re.sub(
            r"\b(?:not|wasn't|isn't|rather than|instead of)\s+(?:by |in |on |over |an? |the )*[\w-]+(?: person| to face)?",
            " ",
            words,
        )
        if re.search(r"\bnot\b.*\b(?:but|it was|by)\b|\b(?:by|in|on|over)\b.*\bnot\b|\bwasn't\b.*\bit was\b", words)
        else words
    )
    channel = next((channel for channel, pattern in _CHANNEL_WORDS if re.search(pattern, words)), None)
    by = (
        By.ME
        if re.search(r"\b(?:it was me|i (?:said|did|sent|wrote|called))\b", words)
        else By.THEM
        if re.search(r"\b(?:it was (?:him|her|them)|(?:he|she|they) (?:said|did|sent|wrote|called))\b", words)
        else None
    )
    landed = (
        Landed.HARMED
        if re.search(r"\b(?:hurt|nasty|rude|harsh|angry)\b", words)
        else Landed.HELPED
        if re.search(r"\b(?:friendly|kind|nice|fine|helpful|warm)\b", words)
        else None
    )
    return channel, by, landed
