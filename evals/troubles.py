"""Ways in which a language model's server goes wrong or is odd, by name: what turns are played against.

Each is made of the right reply to a request, so that what is odd only in form can be told from what is of no use.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evals.behaviours import (
    Asked,
    Behaviour,
    Cut,
    Endless,
    ErrorInside,
    Events,
    Garbage,
    Good,
    Raw,
    Script,
    Silent,
    Slow,
    Stalled,
    Status,
    delta,
)

Told = Callable[[Asked], str]
"""The right reply to a request."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One way. ``script`` makes it of the right replies (None: nobody listens); ``serves``: they come all the same."""

    name: str
    script: Callable[[Told], Script] | None
    serves: bool = False


def _always(name: str, behaviour: Behaviour) -> Trouble:
    return Trouble(name, lambda _: lambda _: behaviour)


def _said(name: str, change: Callable[[str], str], serves: bool = False, **how: Any) -> Trouble:
    """Return a trouble that says the right reply changed."""
    return Trouble(name, lambda told: lambda asked: Good(change(told(asked)), piece=24, **how), serves)


def _part(name: str, behaviour: Callable[[str], Behaviour], share: float = 0.5) -> Trouble:
    """Return a trouble that comes after a share of the right reply."""

    def script(told: Told) -> Script:
        return lambda asked: behaviour(told(asked)[: int(len(told(asked)) * share)])

    return Trouble(name, script)


def _first(name: str, *behaviours: Behaviour) -> Trouble:
    """Return a trouble that comes before the first reply, and then no more."""

    def script(told: Told) -> Script:
        number = itertools.count()
        return lambda asked: behaviours[n] if (n := next(number)) < len(behaviours) else Good(told(asked), piece=24)

    return Trouble(name, script, serves=True)


def _without(name: str, *unwanted: str, status: int = 400, role: bool = False) -> Trouble:
    """Return a server that does not take options of a request, or (``role``) messages of the system."""

    def script(told: Told) -> Script:
        def answered(asked: Asked) -> Behaviour:
            if role and any(each == "system" for each, _ in asked.messages):
                return Status(status, message="System role not supported")
            found = next((each for each in unwanted if each in asked.body), None)
            return Status(status, message=f"{found} is not supported") if found else Good(told(asked), piece=24)

        return answered

    return Trouble(name, script, serves=True)


_ERROR: Mapping[str, Any] = {"message": "The engine is overloaded.", "type": "server_error", "code": None}
_LENGTH = {"message": "This model's maximum context length is 512 tokens.", "type": "invalid_request_error"}
_FINAL = "<|channel|>analysis<|message|>Busy?<|end|><|start|>assistant<|channel|>final<|message|>"
_HEADERS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
_ROLE = delta({"role": "assistant", "content": ""})


def _torn(text: str) -> str:
    """Return JSON with a mark missing in its middle."""
    return text.replace('": ', '" ', 9).replace('", "', '" "')


_CONNECTION = (
    Trouble("nobody listens", None),
    _always("no byte comes", Silent(90)),
    _always("the headers come, and no more", Silent(90, begun=True)),
    Trouble("the first piece takes long", lambda told: lambda asked: Slow(told(asked), first_token=90)),
    _part("it stops half-way", lambda said: Stalled(said, seconds=90)),
    _part("it stops at the beginning", lambda said: Stalled(said, seconds=90), share=0.02),
    _part("it stops shortly before the end", lambda said: Stalled(said, seconds=90), share=0.97),
    _said("a piece a second", lambda text: text, pause=1.0),
    _always("cut before anything", Cut("")),
    _part("cut half-way", Cut),
    _part("cut shortly before the end", Cut, share=0.97),
    _always("another protocol", Raw(b"SSH-2.0-OpenSSH_9.6\r\n")),
    _always("closed without a word", Raw(b"")),
    _always("less than was announced", Raw(_HEADERS + b"Content-Length: 999\r\n\r\ndata: {}\n\n")),
    _always("packed, it says", Raw(_HEADERS + b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\ndata: {}\n")),
)
_STATUSES = (
    *(_always(f"status {n}", Status(n)) for n in (400, 401, 402, 403, 404, 405, 408, 409, 413, 422, 429)),
    *(_always(f"status {n}", Status(n)) for n in (500, 501, 502, 503, 504, 529)),
    _always("429, come again in a second", Status(429, "1")),
    _always("429, come again in a minute", Status(429, "60")),
    _always("429, come again on a day", Status(429, "Wed, 21 Oct 2099 07:28:00 GMT")),
    _always("502 in HTML", Status(502, body="<html>Bad gateway</html>")),
    _always("307 to another host", Status(307, location="http://llm.example/v1/chat/completions")),
    _always("301 to TLS", Status(301, location="https://127.0.0.1:1/v1/chat/completions")),
    _always("204, no words", Status(204, body="")),
    _always("200, no body", Garbage("")),
    _always("200 in HTML", Garbage("<html>Please log in</html>")),
    _always("200 with an error", ErrorInside(_ERROR)),
    _always("200 with an error in words", ErrorInside("model not loaded")),
    _always("200 with an error as an event", ErrorInside(_ERROR, event=True)),
    _part("an error as an event half-way", lambda said: ErrorInside(_ERROR, event=True, said=said)),
    _always("the context is too small", ErrorInside(_LENGTH)),
    _first("500 once", Status(500)),
    _first("503 while it loads", Status(503, "0"), Status(503, "0")),
    _first("cut once", Cut("")),
)
_FORMS = (
    _said("it knows no events", lambda text: text, True, whole=True),
    _said("whole, as a list of parts", lambda text: text, True, whole=True, listed=True),
    _said("lists of parts", lambda text: text, True, listed=True),
    _said("no mark at the end", lambda text: text, True, done=False),
    _said("reasoning beside", lambda text: text, True, thought="He may be busy."),
    _said("thoughts before", lambda text: f"<think>Is he {{busy}}?</think>\n{text}", True),
    _said("thoughts that nobody opened", lambda text: f"He may be busy.</think>\n{text}", True),
    _said("thoughts without an end", lambda text: f"<think>{text}"),
    _said("channel marks", lambda text: f"{_FINAL}{text}<|return|>", True),
    _said("a fence", lambda text: f"Here it is:\n```json\n{text}\n```\nAnything else?", True),
    _said("a wrapper", lambda text: f'{{"Answer": {text}}}', True),
    _said("it goes on after the end", lambda text: text + " and so on" * 200, True),
    _said("twice", lambda text: text + text, True),
    _said("escapes for all letters", lambda text: json.dumps(json.loads(text)), True),
    _without("no schema", "response_format"),
    _without("no role of the system", role=True),
    _without("no options", "response_format", "stream_options", "temperature", "max_tokens", status=422),
    _always("no choices", Events((delta(None), "[DONE]"))),
    _always("choices that are none", Events(({"choices": None}, {"choices": [None]}, {"choices": [{}]}, "[DONE]"))),
    _always("words that are none", Events((delta({"content": None}), delta({"content": 7}), "[DONE]"))),
    _always("a role and an end", Events((_ROLE, delta({}, "stop"), "[DONE]"))),
    _always("events that are no JSON", Events(("{not json", "[DONE]"))),
    _always("events in another code", Raw(_HEADERS + b"\r\ndata: \xff\xfe\xfd\n\n")),
    _always("one line of a million marks", Garbage("data: " + "x" * 1_000_000)),
)
_WORDS = (
    _said("empty", lambda _: ""),
    _said("blank", lambda _: " \n \n"),
    _said("only thoughts", lambda _: "<think>He may be busy.</think>"),
    _said("a plain sentence", lambda _: "You could ask him in private, and keep it short."),
    _said("a refusal", lambda _: "I'm sorry, but as an AI language model I cannot help with that request."),
    _said("another language", lambda _: '{"fits": "coach", "answer": "Frag ihn doch einfach unter vier Augen."}'),
    _said("another form", lambda _: '{"reply": "Ask him.", "steps": ["Ask."]}'),
    _said("an empty object", lambda _: "{}"),
    _said("a list", lambda _: '["Ask him."]'),
    _said("torn JSON", _torn),
    _said("no end, for its length", lambda text: text[: len(text) // 2], finish="length"),
    Trouble("its instructions", lambda _: lambda asked: Good(asked.messages[0][1], piece=200)),
    Trouble(
        "the letter itself", lambda _: lambda asked: Good(json.dumps({"answer": asked.messages[-1][1]}), piece=200)
    ),
    _always("the same words for ever", Endless()),
    _always("the same part for ever", Endless('{"fits": "coach", "kind": "repair"}, ')),
    _always("blank lines for ever", Endless("  \n")),
    _always("new words for ever", Endless("and {n} more ")),
    _always("a string without an end", Endless('{"fits": "coach {n}')),
)
TROUBLES: tuple[Trouble, ...] = (*_CONNECTION, *_STATUSES, *_FORMS, *_WORDS)
