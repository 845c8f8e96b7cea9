"""Prepares the user's own words for a rewrite and fits the rewrite into the text.

Knows a little grammar, and from ``knowledge/words/left_out.yaml`` what is left out; says nothing itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from coach.rows import where

_PARTICIPLES = {
    "gave": "given", "came": "come", "went": "gone", "took": "taken", "wrote": "written", "spoke": "spoken",
    "did": "done", "saw": "seen", "knew": "known", "forgot": "forgotten", "chose": "chosen", "showed": "shown",
    "was": "been", "were": "been", "began": "begun", "ate": "eaten", "drove": "driven", "broke": "broken",
    "shook": "shaken", "threw": "thrown", "rang": "rung", "told": "told", "sent": "sent", "said": "said",
    "made": "made", "had": "had", "got": "got", "found": "found", "left": "left", "paid": "paid", "kept": "kept",
    "met": "met", "thought": "thought", "brought": "brought", "bought": "bought", "felt": "felt", "held": "held",
    "heard": "heard", "taught": "taught", "understood": "understood", "stood": "stood", "won": "won",
    "meant": "meant", "spent": "spent", "lent": "lent",
}  # fmt: skip
_BASES = {"need", "feed", "speed", "exceed", "proceed", "succeed", "heed"}
"""Verbs that end in ed and are no past."""
_MAY_HAVE = re.compile(r"\b(i|you|we|they|people) (?:may|might|could) (?:well )?have\b", re.IGNORECASE)
_MAY_HAS = re.compile(r"\b(?:may|might|could) (?:well )?have\b", re.IGNORECASE)
_MAY_BE = re.compile(r"\b(?:may|might|could) be\b", re.IGNORECASE)
_OWN = re.compile(r"(?:i|we|what i|my|it|this|that|the|things?|anything i|something i)\b", re.IGNORECASE)
_GERUND = re.compile(r"^.*?\b(read|listen|think|check|learn|look)ing\b", re.IGNORECASE)
_WISH = re.compile(r"\bif \w+(?: \w+){0,2}? (?:could|would|can|might) (.+)$", re.IGNORECASE)
_FIRST_PERSON = {"are": "am", "were": "was"}


def _left_out(name: str) -> re.Pattern[str]:
    return where("words/left_out", "of", name, re.IGNORECASE)


@dataclass(slots=True)
class _Given:
    """What a rewrite starts from: form and span of a wording, its named groups as typed, and the values to fill."""

    form: str
    span: str
    own: dict[str, str]
    values: dict[str, Any]


def values(warning: str, form: str, span: str, own: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """Return the form and the values for a warning's text; every value the text may name is there."""
    given: dict[str, Any] = {
        "head": _sorry(own.get("head", "")), "rest": own.get("rest", span), "who": own.get("who", "you"),
        "noun": own.get("noun", ""), "det": own.get("det", ""), "deed": own.get("deed", ""),
        "aux": own.get("aux", "").lower(), "verb": own.get("verb", ""), "past": "", "mine": "",
        "own": False, "see": False, "words": 0, "most": 0,
    }  # fmt: skip
    prepare = _PREPARED.get(warning)
    if prepare is not None:
        form = prepare(_Given(form, span, own, given)) or form
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
    elif rewrite.endswith(":") and after == ",":
        end += 1
    if start and text[start - 1].isalnum() and rewrite[:1].isalnum():
        rewrite = " " + rewrite
    return end, rewrite


def _sorry(head: str) -> str:
    return head if re.match(r"(?:i|we)\b.*\bsorry$", head, re.IGNORECASE) else "I am sorry"


def _conditional(of: _Given) -> str | None:
    rest = _MAY_BE.sub("was", _MAY_HAS.sub("has", _MAY_HAVE.sub(r"\1 have", of.own.get("rest", ""))))
    rest = re.sub(r"\bany(one|body)\b", "somebody", rest, flags=re.IGNORECASE)
    rest = re.sub(r"^(?:anything|something)\b", "what", rest, flags=re.IGNORECASE)
    of.values["own"] = bool(_OWN.match(of.own.get("rest", "")))
    of.values["rest"] = re.sub(r"^(?!I\b)(?!I')[A-Z]", lambda hit: hit.group().lower(), rest)
    return None


def _but(of: _Given) -> str | None:
    of.values["head"] = of.own.get("head", "").rstrip(" ,")
    return None


def _always(of: _Given) -> str | None:
    verb, low = of.own.get("verb", ""), of.span.lower()
    if verb:
        regular = verb.lower().endswith("ed") and verb.lower() not in _BASES
        of.values["past"] = verb if regular else _PARTICIPLES.get(verb.lower(), "")
    of.values["who"] = of.values["who"].lower()
    if of.form == "constant":
        of.values["rest"] = of.span[: low.rfind(of.own["how"].lower())].strip()
    if of.form == "all_you":
        return "only_ever" if low.startswith("you") else "everything" if low.startswith("everything") else None
    if of.form == "once":
        of.values["aux"] = "did" if "did" in low else "have"
        return "not_once"
    return "every_day" if of.form == "every" and not low.rstrip().endswith("time") else None


def _mind(of: _Given) -> str | None:
    said = f"{of.own.get('lead', '')} {of.own.get('who', '')} {of.own.get('rest', '').lstrip(' ,')}".strip()
    if of.own.get("rest", "").startswith("'") or of.own.get("rest", "").startswith("’"):
        said = f"{of.own.get('who', '')}{of.own['rest']}"
    said = _left_out("tag").sub("", _left_out("surely").sub("", said))
    of.values["rest"] = said[:1].lower() + said[1:]
    return None


def _label(of: _Given) -> str | None:
    of.values["who"] = of.values["who"].lower()
    return "you" if of.form == "vocative" and of.span.lower().startswith("you") else None


def _sarcasm(of: _Given) -> str | None:
    deed = _left_out("again").sub("", of.own.get("deed", ""))
    if of.form == "gerund" and re.match(r"finally|at last|eventually", of.own["deed"], re.IGNORECASE):
        return "late"
    of.values["deed"] = deed if of.form == "gerund" or deed.startswith("to ") else ""
    return None


def _passive(of: _Given) -> str | None:
    low = of.span.lower()
    of.values["see"] = low.startswith("see")
    if of.form == "actually":
        rest = " ".join(_left_out("preaching").sub("", of.span + " ").split())
        of.values["rest"] = _GERUND.sub(r"please \1", rest)
    if of.form == "fine":
        return "noted" if re.match(r"(?:duly )?noted|understood|message|right|good to|interesting", low) else None
    if of.form == "reminder" and low.startswith("for the"):
        return "again"
    if of.form == "myself" and re.match(r"(?:so )?i (?:see|notice)", low):
        return "noticed"
    return "times" if of.form == "already" and not low.startswith("as ") else None


def _demand(of: _Given) -> str | None:
    if of.form in {"soft", "someone"} and of.own.get("verb"):
        at = of.span.find(of.own["verb"])
        of.values["rest"] = _left_out("softeners").sub("", of.span[at:]) or of.own["verb"]
    elif of.form == "great_if":
        wish = _WISH.search(of.span)
        of.values["rest"] = _left_out("softeners").sub("", wish.group(1)) if wish else ""
    elif of.form == "soft":
        of.values["rest"] = ""
    else:
        of.values["rest"] = _left_out("softeners").sub("", of.own.get("rest", "").strip(" ,"))
    return None


def _guilt(of: _Given) -> str | None:
    who = of.own.get("who", of.own.get("who2", ""))
    if who.lower().startswith(("my ", "our ")):
        of.values["mine"] = f"{who} {'matter' if who.lower().endswith('s') else 'matters'}"
    if of.form == "some":
        rest = of.span[len("some of us") :].strip()
        verb, _, more = rest.partition(" ")
        of.values["rest"] = f"I {_FIRST_PERSON.get(verb.lower(), verb)} {more}".strip()
    return None


_PREPARED = {
    "conditional_apology": _conditional, "apology_but": _but, "always_never": _always, "mind_reading": _mind,
    "label": _label, "sarcasm": _sarcasm, "passive_aggression": _passive, "disguised_demand": _demand,
    "guilt_trip": _guilt,
}  # fmt: skip
