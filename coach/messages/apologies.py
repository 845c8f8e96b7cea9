"""The parts of an apology in a text: the saying sorry, the owning, the offer to put it right.

After Lewicki, Polin & Lount 2016, who found six parts and these to count most. Knows words; knows nothing of warnings or plans.
Patterns match lower-case text with straight quotes.
"""

from __future__ import annotations

import re

_MUCH = r"(?:(?:so|very|really|truly|deeply|sincerely|terribly|genuinely|honestly|also|just|awfully|most|quite) )*"
SORRY = (
    rf"(?:(?:i|we)(?:'m|'re|'d| am| are| do| would| can only| like to| want to| wanted to| must| feel)* {_MUCH}"
    rf"(?:sorry|apologi[sz]e)\b|\b(?:please )?(?:accept )?(?:(?:my|our|sincere|sincerest|many|deepest) )*apolog(?:ies|y)\b|"
    rf"\b{_MUCH}sorry\b|\bapologi[sz]e\b)"
)
"""Saying sorry, as a pattern without groups."""

_ACT = (
    r"(?:snapp|shout|yell|interrupt|forgot|forgett|miss|ignor|blam|embarrass|rais|los|lost|ma[dk]|t[oa][ol]k|talk|le[fta]|"
    r"put|br[eo]a?k|call|correct|cancel|turn|overlook|let|said|sa[iy]|sp[eo][aok]|chang|shar|laugh|send|sent|hit|push|cut|cutt|us|act|"
    r"tr[ei]a?t|wr[io]t|gave|giv|hurt|upset|offend|di[dn]|fail|pass|went|go|acc|claim|dismiss|jok|mock|rush|speak|answer|"
    r"delay|drop|mix|mess|doubt|judg|walk|hung|hang|kept|keep|order|book|delet|bl[eou]w|lash|took|show|came|com|not|being|be|"
    r"late|having|spr[ea]|read|post|copy|copi|copied|bark|bit|bit|dump|pull|slamm|roll|gossip|complain|criti|leav|wast|caus|assum)\w*"
)
_OWNING = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bmy (?:own )?(?:fault|doing|mistake|error|responsibility|bad|slip|oversight|failing|failure|carelessness)\b",
        r"\b(?:fault|mistake|error|responsibility|failure|slip|oversight|doing) (?:was|is) (?:entirely |all |only |fully )?mine\b",
        r"\b(?:on|down to|because of) me\b(?! to\b)|\bi (?:was|am) to blame\b|\bi(?:'m| am) the one who\b|\bblame (?:is|lies) (?:on|with) me\b",
        r"\b(?:i|we) (?:should|ought to|could)(?:n't| not)?(?: have|'ve)\b|\b(?:i|we) shouldn't\b|\bi had no (?:right|business|reason)\b",
        r"\bi (?:was|were|got|had) (?:\w+ )?(?:\w+ )?(?:wrong|rude|unfair|unkind|harsh|careless|late|out of (?:line|order)|short|sharp|"
        r"impatient|thoughtless|unreasonable|tactless|clumsy|too (?:quick|hard|loud|harsh|slow)|dismissive|distracted|abrupt)\b",
        r"\b(?:was|were|is) (?:\w+ )?(?:wrong|rude|unfair|unkind|careless|thoughtless|out of (?:line|order)|tactless|clumsy|poor|bad|mean) (?:\w+ )?of me\b",
        r"\b(?:what|how|the way|the tone|the words?) (?:that )?i (?:\w+ )?(?:did|said|wrote|spoke|put|handled|treated|behaved|acted|reacted|used|sent|made)\b"
        r"[^.?]*\b(?:wrong|unfair|unkind|rude|hurt|hurtful|not (?:ok|okay|right|fair|acceptable)|unacceptable|too \w+|at your expense|inappropriate|uncalled)\b",
        r"\bi (?:take|own|accept|bear) (?:full |all |the )?(?:responsibility|blame|that|it|this|the)\b|\bi own (?:that|this|it|up)\b",
        r"\bi (?:let (?:you|the|everyone|us)\b|broke|failed|forgot|missed|ignored|blamed|embarrassed|misjudged|misread|overreacted|"
        r"snapped|shouted|yelled|interrupted|lost my (?:temper|patience|cool)|raised my voice|cut you off|talked over|spoke over|took credit|"
        r"left you|hurt|upset|offended|messed|screwed|mishandled|overstepped|went behind|promised|made (?:a|an|that|the) \w*\s?(?:mistake|error|joke|remark|comment)|"
        r"did(?:n't| not)|gave you the wrong|put you|treated you|passed on|said (?:something|things|that)|corrected you|called you|overlooked|dropped|deleted|lied)\b",
        rf"(?:{SORRY})(?: to you)?,? (?:that |because )?(?:i|we)(?:'ve|'d| have| had)? (?!\w*(?:can't|cannot|hear))(?:\w+ )?{_ACT}\b",
        rf"(?:{SORRY})(?: to you)?,? (?:that )?(?:i|we)(?:'ve|'d| have| had)? (?!can't|cannot|couldn't|hear|have to|am\b|'m|may\b|might\b|if\b|only|just|felt|feel|was (?:not|only|just|under|told|away|ill|off)\b|had to)\w+",
        r"\bi (?!only|just|was|had|have|am|did|do)\w+ (?:\w+ ){0,7}?(?:badly|wrong(?:ly)?|without (?:asking|telling|checking|you)|in front of|behind your|too (?:late|hard|loud|fast|long)|at your expense|and (?:that|it) was)\b",
        r"\b(?:not|never) mine to\b|\b(?:it|that|this|the \w+) was yours\b|\bas mine\b|\bi let (?:it|that|this|them|\[|the)|\bi had no right\b|\bi (?:was|am) the one\b|\bwas my \w+ and not yours\b",
        rf"(?:{SORRY})(?: to you)? for (?:(?:\w+ly|ever|not) )?(?:{_ACT[:-3]}\w*ing|not \w+ing|being|having)\b",
        rf"(?:{SORRY})(?: to you)? (?:for|about) (?:my|what i|how i|the (?:way|words|thing|things|tone|remark|comment|joke|mail|email|message) i)\b",
        r"\b(?:it|that|this) was (?:\w+ )?me\b(?! who (?:had|did all))|\bthe (?:joke|remark|comment|words?|mail|message|mistake) (?:that )?i (?:made|wrote|sent|used)\b",
        r"\bforgive me for (?:my|the way i|how i|what i|\w+ing|not \w+ing)\b",
        r"\bi regret (?:what i|how i|the way i|that i|my|\w+ing)\b|\bguilty of\b|\bthat was (?:\w+ )?(?:wrong|unfair|rude|unkind) of me\b",
    )
)
_OFFER = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:i|we)(?:'ll| will| shall|'m going to| am going to|'m| am) (?:now |also |not |never |of course |gladly |personally |be )*"
        r"(?!sorry|so sorry|afraid|aware|embarrassed|ashamed|truly|really|very|deeply|sure|hoping|writing (?!to (?!you|say|apolog|ask))|apolog|honest|the one|glad|to blame|"
        r"at fault|only human|be honest|admit|say|just)\w+",
        r"\b(?:i|we)(?:'ve| have) (?:already |now |since |just |also )*(?:told|sent|asked|written|corrected|fixed|changed|put|spoken|booked|"
        r"replaced|ordered|moved|added|explained|cleared|taken|given|let|made sure|set|arranged|cancelled|restored|paid|called|rung|"
        r"removed|deleted|updated|started|begun|blocked|marked|redone|returned|repaired)\b",
        r"\bi (?:won't|will not|shall not|shan't|will never) (?!lie|deny|pretend|apolog|make excuses|bore)\w+",
        r"\b(?:won't|will not|shall not|shan't|never) (?:\w+ )?(?:happen|do|say|make|occur|repeat|let|raise)\b",
        r"\b(?:let me|allow me to) (?!know|explain|say|just|tell you)\w+|\b(?:can|could|may|shall|might) (?:i|we) (?!ask you to|just|please (?:just|forget|move|go|put|be)|not|forget|move on|put (?:this|it) behind|go back to|be (?:ok|okay|friends|fine|good)|start over)\w+",
        r"\bi(?:'d| would) (?:\w+ )?(?:like|love|want|be (?:glad|happy)|prefer)(?: (?:you|us|you both|everyone))? to (?!apologi|say (?:that )?(?:i|how|sorry)|explain|be forgiven|move on|put this|think)\w+",
        r"\bi want to (?!apologi|say (?:that )?(?:i|how|sorry)|explain|be forgiven|move on|put this)\w+|\bhappy to \w+|\bglad to \w+|\bi can (?!only|see|understand|imagine|'t|not)\w+",
        r"\bwhat (?:would|could|can|do|else)\b[^.?]*\b(?:help|i do|put|make|need|right|useful|like)\b|\bhow (?:can|could|may|do) i\b|\bis there (?:something|anything)\b[^.?]*\b(?:i|help)\b",
        r"\bnext time (?:i|we)\b|\bfrom (?:now|next|today|tomorrow|monday)\b[^.]*\bi\b|\b(?:to|i'll) make (?:it|this|that) (?:up|right)\b|\bput (?:it|this|that|things) right\b",
        r"\bhow about\b|\bat (?:our|my) (?:own )?(?:cost|expense)\b|\bfree of charge\b|\bon me\b(?= (?:today|next|this|friday)|\.)|\bshall i\b",
        r"\btell me (?:how|what|if|which|when)\b|\bif (?:there is|there's) anything\b|\bwould (?:you|it) (?:\w+ )?(?:help|prefer|be of use|be useful|suit|like)\b",
        r"\b(?:new|corrected|right|fixed|revised) (?:\w+ )?(?:is|are|version|one|copy|file)\b[^.]*\b(?:attached|here|below|on its way|with you|in)\b|\[[^\]]*(?:right|instead|next|do)[^\]]*\]",
    )
)
_SYMPATHY = re.compile(
    r"\bsorry (?:to (?:hear|learn|read|see|bother|trouble|disturb|interrupt|ask|say|chase)|for your (?:loss|trouble)|about your|"
    r"you(?:'re| are| have|'ve| had) (?:been )?(?:ill|unwell|poorly|sick|lost|going through|having))"
    r"|\bi (?:just |have )?(?:heard|learned|learnt|read|was told)\b[^.!?]{0,40}\bsorry\b|\bsorry (?:about|for) what (?:you|happened|has happened)\b"
    r"|\b(?:feel|felt|feeling) sorry for\b|\bsafe than sorry\b"
)


def says_sorry(text: str) -> re.Match[str] | None:
    """Return where the text first says sorry for something (not sympathy), or None."""
    sympathies = [found.span() for found in _SYMPATHY.finditer(text)]
    for found in _SORRY.finditer(text):
        if not any(start <= found.end() - 1 < end for start, end in sympathies):
            return found
    return None


def owns(text: str) -> bool:
    """True when the writer takes the deed on themselves somewhere in the text."""
    return any(pattern.search(text) for pattern in _OWNING)


def offers(text: str) -> bool:
    """True when the writer offers to put it right, says what will change, or asks what would help."""
    return any(pattern.search(text) for pattern in _OFFER)


_SORRY = re.compile(rf"(?<!\w){SORRY}")
