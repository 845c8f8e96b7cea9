"""Finds orders in a text that are meant for a machine, and leaves them out of what a language model is shown.

Knows ways of ordering a machine about; errs on the side of leaving out, since the deterministic coach has read the whole text anyway.
"""

from __future__ import annotations

import re
import unicodedata

from coach.domain.letters import pieces, straight
from coach.domain.readings import Kind
from coach.safety import floor

LEFT_OUT = "…"

_HIDDEN = re.compile(
    r"<!--.*?(?:-->|$)|```.*?(?:```|$)|\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$)|<\|.*?(?:\|>|$)|\[/?INST\]|<<?/?SYS>?>|</?\w+[^<>]{0,80}>|[A-Za-z0-9+/=]{48,}",
    re.DOTALL | re.IGNORECASE,
)
_MACHINE = (
    r"(?:a\.?i\.?|llms?|gpt\w*|chat ?bots?|bots?|assistants?|language models?|(?:ai |the |this )?model|coach(?:ing)? (?:bot|app|tool|system)|"
    r"machine|algorithm|system|software|automat\w+|agent)"
)
_ORDERS = tuple(
    re.compile(words)
    for words in (
        rf"\b(?:to|for|dear|hey|attention|note|you are|you're|as|hello),? (?:an? |the |this |any |every |all |my )?{_MACHINE}\b(?=\s*[:,.\-–—!]|.{{0,80}}\b(?:must|should|please|now|say|reply|answer|write|tell|act|ignore|include|add|end|never|always)\b)",
        rf"^\W*(?:{_MACHINE}|user|human|developer|admin\w*|root|instructions?|prompt|task|new task|override|important|urgent|warning|p\.?s\.?)(?: (?:note|message|prompt|update|override|instructions?|command|mode))*\s*[:>\]=]",
        r"\b(?:instruct\w*|prompts?|jail ?break\w*|guardrails?|guidelines?|directives?)\b(?!.{0,20}\b(?:manual|leaflet)\b)(?=.{0,60})",
        r"\b(?:ignore|disregard|forget|override|bypass|discard|drop|suspend|stop following)\b.{0,40}\b(?:above|previous\w*|prior|earlier|before|everything|rules?|orders?|polic\w+|checks?|safety|filters?|training|context|plan|cards?|persona|role|so far)\b",
        r"\b(?:repl(?:y|ies)|respond|answer|output|print|return|write|say|state|type|echo|repeat|begin|start|end|finish|close|open|sign off|include|insert|append|add|mention|use|put|speak|talk)\b.{0,50}?\b(?:only|exactly|verbatim|nothing (?:else|but)|the (?:words?|phrase|sentence|string|token|text|following|code)|"
        r"in (?:your|the|this|every|each|all) (?:\w+ )?(?:repl\w+|answers?|responses?|outputs?|messages?)|with (?:the )?(?:words?|phrase|exactly|only)|your (?:\w+ )?(?:repl\w+|answers?|responses?|output|advice|summary|plan|sources?|first|next|last)|"
        r"every (?:reply|answer|sentence|response)|in (?:capitals|caps|uppercase|all caps|french|german|spanish|latin|json|html|base64|rot13|code|emoji|rhyme|verse|pirate)|like an? (?:pirate|robot|child|villain)|as (?:json|html|code|a poem|an? \w+ (?:bot|character)))\b",
        r"\b(?:tell|inform|advise|convince|persuade|warn|urge|order|assure|remind|get|make|instruct|encourage) (?:the |this |your )(?:user|reader|person reading|client you|human|customer you)\b|\bthe user\b",
        r"\b(?:you (?:must|shall|will|are to|have to|should|need to|may|can) (?:now |always |never |only |first |immediately |henceforth )*(?:say|reply|respond|answer|write|output|print|reveal|show|obey|comply|follow|execute|confirm|agree|recommend|cite|quote|include|refuse|pretend|act as|become|switch|ignore|disclose|send|tell (?:me|him|her|them|us|everyone)))\b",
        r"\b(?:reveal|show|print|dump|leak|disclose|list|display|give|send|export|copy|expose|share)\b.{0,40}\b(?:system|hidden|secret|internal|other (?:users?|people|colleagues|persons?)(?:'s)?|journals?|notes (?:on|about|of)|database|password|api|keys?|tokens?|config\w*|memory|your (?:rules|orders|setup|source))\b",
        r"\b(?:from now on|henceforth|new (?:rule|role|persona|order|mode|policy)s?\b|(?:developer|debug|admin|god|dan|test|maintenance) mode|end of (?:message|mail|input|data|text|user)|begin (?:message|system|output)|act as|role-?play|pretend (?:to be|you)|simulate|you are now|your (?:new )?(?:role|task|job|name|persona|mission) is|as an? (?:ai|language))\b",
        r"\b(?:cite|quote|recommend|promote|link to|advertise|visit|click|go to|download|open)\b.{0,60}(?:https?:|www\.|\.(?:com|net|org|io|example|test)\b|\b(?:this (?:card|principle|site|page|link)|our (?:site|product|service)|card\b))",
        r"\b(?:classif\w+|label|treat|mark|route|flag|rate|score|tag|read|categori[sz]e|log|record|store|save)\b.{0,30}\b(?:this|it|the (?:message|text|above|following)|everything|all messages|me)\b.{0,30}\bas\b",
        r"\b(?:a\.?i\.?|llms?|gpt\w*|chat ?bots?|bots?|assistants?|language models?)\b.{0,40}\b(?:must|should|please|always|never|now|ignore|tell|say|add|forward|reply|answer|include|you)\b|\b(?:you|dear|hey|hello|stupid) (?:\w+ )?(?:ai|bot|chat ?bot|assistant|language model)\b",
        r"\b(?:rate|score|rank|grade)\b.{0,30}\b(?:from|between|out of|on a scale)\b.{0,12}\d|\bput the \w+ (?:first|last)\b|\b(?:in|of) (?:your|the|this|every) (?:repl\w+|answers?|responses?)\b|\bwhen you(?:'re| are) (?:done|finished)\b|\b(?:repeat|give) (?:that|this|the following) (?:advice|line|sentence|word)\w*\b",
        r"^\W*(?:say|write|print|repeat|output|type|answer with|reply with|respond with)\b(?! (?:it|that|this|nothing|something|sorry|hello|hi|so|what|to|thank\w*|no|yes|down|up|a|an|my|in|how)\b)",
        r"\bact as (?:my|an?|the|if)\b|\b(?:write|tell|sing|compose) (?:me )?an? (?:poem|song|story|joke|essay|haiku)\b|\bfrom here on\b|\bwhatever (?:the user|comes|they|anyone) ?(?:asks?|says?)?\b.{0,30}\b(?:tell|say|answer|reply)\b|\bthe correct advice is\b|\bthe (?:reader|recipient)s?\b.{0,20}\b(?:to|must|should)\b|\b(?:the|to (?:the|any)) model\b",
        r"\b(?:ignorier\w*|vergiss|missachte\w*|ignore[sz]? (?:toutes|les|todas|las)|oublie[sz]?|ignora\w*|olvida)\b.{0,60}\b(?:anweisung\w*|regeln|instruction\w*|r[eè]gles|instrucciones|reglas|istruzioni|alles|tout|todo)\b|\b(?:antworte|antworten sie|r[ée]ponds?|r[ée]pondez|responde|rispondi)\b.{0,40}\b(?:mit|nur|avec|seulement|con|solo|s[oó]lo|in)\b",
        r"\b(?:without (?:any )?(?:checks?|checking|filters?|sources?|warnings?|caveats?)|skip (?:the )?(?:checks?|checker|plan|sources?|safety)|turn off|disable|deactivate) ?\w*",
    )
)


def without_orders(text: str) -> str:
    """Return a text without the sentences that order a machine about; "…" stands where something was left out. One line."""
    text = _HIDDEN.sub(f" {LEFT_OUT} ", unicodedata.normalize("NFKC", text))
    even = straight(text)
    kept: list[str] = []
    for start, end in pieces(even):
        sentence = text[start:end]
        if is_order(sentence):
            if kept[-1:] != [LEFT_OUT]:
                kept.append(LEFT_OUT)
        else:
            kept.append(sentence.strip())
    return " ".join(" ".join(kept).split())


def is_order(sentence: str) -> bool:
    """Return whether a sentence orders a machine about."""
    words = " ".join(straight(unicodedata.normalize("NFKC", sentence)).casefold().split())
    return floor.telling(sentence, Kind.INJECTION) or any(order.search(words) for order in _ORDERS)


def is_name(name: str) -> bool:
    """Return whether what stands as a person's name is no more than a name."""
    even = " ".join(name.split())
    plain_name = len(even) <= 40 and len(even.split()) <= 5 and re.fullmatch(r"[^\W\d_][\w'’.\- ]*", even)
    return bool(plain_name) and not is_order(even)
