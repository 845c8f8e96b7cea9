"""Tells a leader who does harm, or is about to, from one to whom harm was done or who tells of a bad moment. Pure.

Knows first-person wordings of harassment, discrimination, retaliation, abuse and threats. A single bad moment that
somebody wants to own is no harm of this sort: it has a session of its own.
"""

from __future__ import annotations

import re

from coach.domain.letters import pieces, plain, straight
from coach.domain.readings import Kind

_I = r"\b(?:i|we)(?:'m| am|'ll| will|'ve| have|'d| would|'re| are)?(?: (?:just|also|really|always|never|only|even|not|going to|gonna|want to|need to|plan to|have to|had to|could|can|might|should|keep|kept|started|start|decided to|prefer to|rather|deliberately|simply|quietly|secretly|probably))*"
_WHO = r"(?:him|her|them|\w+)"
_REPORT = (
    r"(?:report(?:ed|ing|s)? (?:me|it to|him|her|the)|complain(?:ed|ing|s)? (?:about me|to (?:hr|my boss|the union|the director|management)|officially|formally)|"
    r"(?:filed|raised|made|put in|filing|raising) (?:an? )?(?:formal |official )?(?:complaint|grievance|report)|went to (?:hr|the union|the works council|my boss|the director)|going (?:to hr|to the union|over my head)|"
    r"told (?:hr|my boss|the union)|bl[eo]w(?:ing|n)? the whistle|joined the union|join(?:ed|ing)? the union|took me to (?:a )?tribunal|the works council|her sick leave|his sick leave|maternity)"
)
_AGAINST = r"(?:cut(?:ting|s)?|took|take|taking|moved?|moving|giv\w+|gave|drop\w*|block\w*|freez\w+|froze|remov\w+|fir(?:e|ed|ing)|sack\w*|demot\w+|put(?:ting)?|ma[dk]e|making|get(?:ting)? rid|leav\w+|left|exclud\w+|stop\w*|sidelin\w+|punish\w*)"
_BODY = r"(?:legs?|thighs?|waist|hips?|bottom|bum|arse|hair|neck|knees?|breasts?|chest|lower back)"

_TABLE: tuple[tuple[Kind, str], ...] = (
    (
        Kind.HARASSMENT,
        rf"{_I} (?:touch\w*|strok\w+|rub\w*|squeez\w+|pat(?:ted|s)?|put my hand on|slap\w*) (?:(?:his|her|their|\w+'s)|{_WHO} on the) {_BODY}|{_I} (?:kiss\w*|grop\w+|flirt\w* with|hit on) {_WHO}\b"
        rf"|{_I} (?:told|asked|texted|messaged|said to) {_WHO}\b[^.;]{{0,60}}\b(?:on a date|dinner with me alone|to (?:my|the|a) hotel|sexy|sleep with|(?:her|his|nice|great) (?:legs|figure|body))\b|{_I} (?:give|gave|send|sent) {_WHO} (?:nudes|love letters)"
        r"|\b(?:promotion|shifts?|bonus|contract|job)\b[^.;]{0,40}\bif (?:she|he|they)(?:'s| is| are)? (?:nice to me|goes? out with me|sleeps?|comes? to (?:my|the) (?:room|hotel))",
    ),
    (
        Kind.DISCRIMINATION,
        rf"{_I} (?:(?:don't|do not|won't|not|never|wouldn't|no longer) (?:\w+ )?)?(?:hire|hiring|promot\w+|giv\w+|put\w*|send\w*|let|invit\w+|want|pay\w*|pass\w* over|consider\w*)\b[^.;]{{0,80}}\b(?:because (?:she|he|they)(?:'s| is|'re| are|'ll| will|'d| would| might)? (?:\w+ )?(?:pregnan\w+|a (?:woman|man|mother|foreigner|muslim|jew)|wom[ae]n|black|asian|foreign\w*|muslim|jewish|gay|lesbian|trans|too old|over (?:50|fifty|60|sixty)|disabled|in a wheelchair|get pregnant|go on maternity)|(?:no|any) (?:women|mothers|foreigners|muslims|gays|older people|old people|disabled people)\b)"
        r"|\b(?:she|he|they)(?:'ll| will| would| might| is going to|'s going to) (?:only |just )?(?:get pregnant|be off on maternity|have (?:a baby|kids))\b[^.;]{0,60}\bso i\b|\bso i(?:'ll| will|'d| would|'m)? (?:\w+ )?(?:pass(?:ed)? (?:her|him) over)\b|\b(?:i(?:'d| would) (?:rather|prefer)|i prefer|i want|i(?:'ll| will) (?:only )?(?:hire|promote|take))[^.;]{0,30}\b(?:a man|men only|someone younger|no women|a native|a younger)\b",
    ),
    (
        Kind.ABUSE,
        rf"{_I} (?:make|made|want) (?:sure )?(?:{_WHO} )?(?:(?:to )?suffer|cry every|squirm|an example of)|{_I} (?:make|made|making|turn) (?:his|her|their|\w+'s) (?:life|days?|work) (?:hell|miserable|a misery|a living hell|impossible)"
        rf"|{_I} (?:humiliat(?:e|es|ing)|belittl(?:e|es|ing)|bull(?:y|ies|ying)|torment\w*|terrori[sz]\w+|threaten\w*|intimidat\w+|freez(?:e|ing) out|isolat(?:e|ing)|ostraci[sz]\w+) {_WHO}\b|{_I} (?:shout|yell|scream|swear)(?:ed|s)? at {_WHO} (?:every|all the time|daily|most|regularly|until|so that)"
        r"|\b(?:a (?:bit|little) (?:of )?)fear (?:keeps|is (?:good|useful|healthy)|works|motivates|does)\b|\bthey (?:should|need to|have to) be (?:afraid|scared) of me\b",
    ),
    (
        Kind.LEGAL_MEDICAL,  # retaliation goes with the report it followed
        rf"\b(?:she|he|they|[a-z]+) {_REPORT}\b[^.;]{{0,60}}\b(?:so|and now|and|that's why)\b[^.;]{{0,20}}\bi(?:'ll|'m| am| will|'ve| have|'d| would)? (?:\w+ ){{0,3}}{_AGAINST}\b|{_I} {_AGAINST}\b[^.;]{{0,60}}\b(?:because|after|for|since) (?:(?:she|he|they|\w+) )?{_REPORT}"
        rf"|{_I} (?:get(?:ting)? (?:back at|even with|revenge on)|tak(?:e|ing) revenge|pay(?:ing)? (?:him|her|them) back|mak(?:e|ing) (?:him|her|them) pay|teach(?:ing)? {_WHO} a lesson)\b",
    ),
    (
        Kind.VIOLENCE,
        rf"{_I} (?:hit|hitting|punch\w*|slap\w*|shov\w+|kick\w*|chok\w+) (?:him|her|them)\b(?! (?:up|off|out|in))|{_I} (?:push(?:ed|ing)? (?:him|her|them) (?:against|over|down)|grab\w* (?:him|her|them) by|thr(?:ew|ow\w*) (?:a|the|my) \w+ at (?:him|her|them))\b",
    ),
    (
        Kind.SURVEILLANCE,
        rf"{_I} (?:secretly )?(?:monitor\w*|track\w*|log(?:ged|ging)?|record\w*|spy\w*|screenshot\w*) (?:on )?(?:his|her|their|\w+'s|the team's|everyone's|all their)\b[^.;]{{0,20}}\b(?:e-?mails?|chats?|messages|dms|screens?|keystrokes?|location|phones?|calls?|browser|green dot|status|computers?|laptops?|slack|mouse|movements?)\b"
        rf"|{_I} (?:read\w*|check\w*|go through|going through|went through|look\w* (?:at|into)) (?:his|her|their|\w+'s|everyone's) (?:private \w+|dms|browser history|location|keystrokes|phone|green dot)|{_I} (?:read\w*|check\w*|record\w*|film\w*)\b[^.;]{{0,50}}\b(?:secretly|without (?:him|her|them) knowing|behind (?:his|her|their) back)\b|{_I} install\w*\b[^.;]{{0,40}}\b(?:trackers?|tracking|spyware|keyloggers?|cameras?|monitoring)\b",
    ),
    (
        Kind.MANIPULATION,
        rf"{_I} (?:manipulat\w+|gaslight\w*|play(?:ing)? (?:them|him|her) (?:off|against)|set(?:ting)? {_WHO} up to fail|spread\w* (?:a )?rumou?rs?|turn\w* (?:the others|the team|everyone) against|trick\w* {_WHO}|push\w* {_WHO} (?:out of the team|to quit|to resign)|mak(?:e|ing) {_WHO} (?:quit|resign)|get(?:ting)? {_WHO} to (?:quit|resign))\b",
    ),
)
_PATTERNS = tuple((kind, re.compile(words)) for kind, words in _TABLE)
_OWNS = re.compile(
    r"\b(?:regret\w*|ashamed|sorry|apologi[sz]\w*|shouldn't have|should not have|was wrong|wrong of me|not proud|never again|i don't want to|i would never|i'd never|i do not|i have never|i've never|i stopped|afraid (?:that )?i|worried (?:that )?i)\b"
)


def told(text: str) -> Kind | None:
    """Return what harm of their own a message tells or announces, None when it tells of none.

    What is regretted, denied or long stopped is none, apart from touching and striking somebody.
    """
    even = straight(text)
    for start, end in pieces(even):
        words = plain(even[start:end])
        for kind, pattern in _PATTERNS:
            if pattern.search(words) and (kind in {Kind.HARASSMENT, Kind.VIOLENCE} or not _OWNS.search(words)):
                return kind
    return None
