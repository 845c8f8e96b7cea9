"""Prepares the user's own words for a rewrite and fits the rewrite into the text. Knows a little grammar; says nothing itself."""

from __future__ import annotations

import re
from typing import Any

_PARTICIPLES = {
    "gave": "given", "came": "come", "went": "gone", "took": "taken", "wrote": "written", "spoke": "spoken", "did": "done",
    "saw": "seen", "knew": "known", "forgot": "forgotten", "chose": "chosen", "showed": "shown", "was": "been", "were": "been",
    "began": "begun", "ate": "eaten", "drove": "driven", "broke": "broken", "shook": "shaken", "threw": "thrown", "rang": "rung",
    "told": "told", "sent": "sent", "said": "said", "made": "made", "had": "had", "got": "got", "found": "found", "left": "left",
    "paid": "paid", "kept": "kept", "met": "met", "thought": "thought", "brought": "brought", "bought": "bought", "felt": "felt",
    "held": "held", "heard": "heard", "taught": "taught", "understood": "understood", "stood": "stood", "won": "won", "meant": "meant",
    "spent": "spent", "lent": "lent",
}  # fmt: skip
_SURELY = re.compile(r"\b(?:clearly|obviously|evidently|plainly|apparently|just|simply|really|only|secretly|honestly|actually),? ", re.IGNORECASE)
_MAY_HAVE = re.compile(r"\b(i|you|we|they|people) (?:may|might|could) (?:well )?have\b", re.IGNORECASE)
_MAY_HAS = re.compile(r"\b(?:may|might|could) (?:well )?have\b", re.IGNORECASE)
_MAY_BE = re.compile(r"\b(?:may|might|could) be\b", re.IGNORECASE)
_OWN = re.compile(r"(?:i|we|what i|my|it|this|that|the|things?|anything i|something i)\b", re.IGNORECASE)
_PREACHED = re.compile(
    r"\b(?:going forward|in (?:the )?future|from now on|next time|moving forward|for future reference|for the future),? ?"
    r"|\b(?:actually|bother to|try to|try and|maybe|perhaps|kindly|to try|try) ",
    re.IGNORECASE,
)
_FIRST_PERSON = {"are": "am", "were": "was"}
_SOFTENERS = re.compile(
    r"^(?:(?:please|maybe|perhaps|just|possibly|kindly|finally|actually|to|ever|at last|for once|bother|could|would|also|quickly)\b ?)+",
    re.IGNORECASE,
)


def values(warning: str, form: str, span: str, own: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """Return the form and the values for a warning's text; every value the text may name is there."""
    given: dict[str, Any] = {
        "head": _sorry(own.get("head", "")), "rest": own.get("rest", span), "who": own.get("who", "you"),
        "noun": own.get("noun", ""), "det": own.get("det", ""), "deed": own.get("deed", ""), "aux": own.get("aux", "").lower(),
        "verb": own.get("verb", ""), "past": "", "own": False, "see": False, "mine": "", "words": 0, "most": 0,
    }  # fmt: skip
    prepare = _PREPARED.get(warning)
    if prepare is not None:
        form = prepare(form, span, own, given) or form
    return form, given


def fitted(text: str, start: int, end: int, rewrite: str) -> tuple[int, str]:
    """Return where the span ends and the rewrite as it stands there: capital, closing mark, a blank after a word."""
    before = text[:start].rstrip(" \t\"'“‘(")
    if rewrite and (not before or before[-1] in ".!?…\n"):
        rewrite = rewrite[0].upper() + rewrite[1:]
    elif re.match(r"[A-Z][a-z]+\b", rewrite) and not re.match(r"I\b", rewrite) and text[start : start + 1].islower():
        rewrite = rewrite[0].lower() + rewrite[1:]
    after = text[end : end + 1]
    if rewrite.endswith("?") and after in {".", "!", "?"}:
        end += 1
    elif after in {"?", "!"} and not rewrite.endswith(("?", ".")):
        end, rewrite = end + 1, rewrite + "."
    if start and text[start - 1].isalnum() and rewrite[:1].isalnum():
        rewrite = " " + rewrite
    return end, rewrite


def _sorry(head: str) -> str:
    return head if re.match(r"(?:i|we)\b.*\bsorry$", head, re.IGNORECASE) else "I am sorry"


def _conditional(form: str, span: str, own: dict[str, str], given: dict[str, Any]) -> str | None:
    rest = _MAY_BE.sub("was", _MAY_HAS.sub("has", _MAY_HAVE.sub(r"\1 have", own.get("rest", ""))))
    rest = re.sub(r"\bany(one|body)\b", "somebody", rest, flags=re.IGNORECASE)
    rest = re.sub(r"^(?:anything|something)\b", "what", rest, flags=re.IGNORECASE)
    given["own"] = bool(_OWN.match(own.get("rest", "")))
    given["rest"] = re.sub(r"^(?!I\b)(?!I')[A-Z]", lambda hit: hit.group().lower(), rest)
    return None


def _but(form: str, span: str, own: dict[str, str], given: dict[str, Any]) -> str | None:
    given["head"] = own.get("head", "").rstrip(" ,")
    return None


def _always(form: str, span: str, own: dict[str, str], given: dict[str, Any]) -> str | None:
    verb, low = own.get("verb", ""), span.lower()
    if verb:
        regular = verb.lower().endswith("ed") and verb.lower() not in {"need", "feed", "speed", "exceed", "proceed", "succeed", "heed"}
        given["past"] = verb if regular else _PARTICIPLES.get(verb.lower(), "")
    given["who"] = given["who"].lower()
    if form == "all_you":
        return "only_ever" if low.startswith("you") else "everything" if low.startswith("everything") else None
    if form == "once":
        given["aux"] = "did" if "did" in low else "have"
        return "not_once"
    return "every_day" if form == "every" and not low.rstrip().endswith("time") else None


def _mind(form: str, span: str, own: dict[str, str], given: dict[str, Any]) -> str | None:
    said = f"{own.get('lead', '')} {own.get('who', '')} {own.get('rest', '').lstrip(' ,')}".strip()
    if own.get("rest", "").startswith("'") or own.get("rest", "").startswith("’"):
        said = f"{own.get('who', '')}{own['rest']}"
    said = _SURELY.sub("", said)
    given["rest"] = said[:1].lower() + said[1:]
    return None


def _label(form: str, span: str, own: dict[str, str], given: dict[str, Any]) -> str | None:
    given["who"] = given["who"].lower()
    return "you" if form == "vocative" and span.lower().startswith("you") else None


def _sarcasm(form: str, span: str, own: dict[str, str], given: dict[str, Any]) -> str | None:
    deed = re.sub(r"^(?:once again|yet again|again|finally|at last|eventually) ", "", own.get("deed", ""), flags=re.IGNORECASE)
    deed = re.sub(r",? (?:as usual|as always|as per usual|again|once again|yet again)$", "", deed, flags=re.IGNORECASE)
    given["deed"] = deed if form == "gerund" or deed.startswith("to ") else ""
    return None


def _passive(form: str, span: str, own: dict[str, str], given: dict[str, Any]) -> str | None:
    low = span.lower()
    given["see"] = low.startswith("see")
    if form == "actually":
        given["rest"] = " ".join(_PREACHED.sub("", span + " ").split())
    if form == "fine":
        return "noted" if re.match(r"(?:duly )?noted|understood|message|right|good to|interesting", low) else None
    if form == "reminder" and low.startswith("for the"):
        return "again"
    return "times" if form == "already" and not low.startswith("as ") else None


def _demand(form: str, span: str, own: dict[str, str], given: dict[str, Any]) -> str | None:
    if form in {"soft", "someone"} and own.get("verb"):
        at = span.find(own["verb"])
        given["rest"] = _SOFTENERS.sub("", span[at:]) or own["verb"]
    else:
        given["rest"] = _SOFTENERS.sub("", own.get("rest", "").strip(" ,"))
    return None


def _guilt(form: str, span: str, own: dict[str, str], given: dict[str, Any]) -> str | None:
    who = own.get("who", own.get("who2", ""))
    if who.lower().startswith(("my ", "our ")):
        given["mine"] = f"{who} {'matter' if who.lower().endswith('s') else 'matters'}"
    if form == "some":
        rest = span[len("some of us") :].strip()
        verb, _, more = rest.partition(" ")
        given["rest"] = f"I {_FIRST_PERSON.get(verb.lower(), verb)} {more}".strip()
    return None


_PREPARED = {
    "conditional_apology": _conditional, "apology_but": _but, "always_never": _always, "mind_reading": _mind, "label": _label,
    "sarcasm": _sarcasm, "passive_aggression": _passive, "disguised_demand": _demand, "guilt_trip": _guilt,
}  # fmt: skip
