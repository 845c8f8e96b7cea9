"""A call that was sent to a language model, exactly as it left. Holds pseudonyms, never the names they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Errand:
    """Why a language model is asked.

    ``why`` is a word: plan, answer, lint, exercise, other_side, session, exam, trial, lines.

    ``whole``: health, union, religion and the like are needed for it, so nothing is left out of what is sent.
    ``ours``: the words are the coach's own and nobody's, so that no journal need be there.
    """

    user: str
    turn_id: str
    why: str
    whole: bool = False
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """One request to a language model's server, a retry being one of its own.

    ``turn_id`` None: no turn asked for it. ``destination`` is the server's host and port, ``here`` whether that is
    this machine, ``why`` the errand's word, ``messages`` the (role, text) pairs as they left; a schema that went with
    them is the last, with the role "schema". ``outcome`` is "sent" until it is known, then "answered", "left" (the user
    went) or the fault by its name. ``tokens_in`` and ``tokens_out`` are the server's own counts, None when it gave
    none. ``ms`` is the time to the end of the reply.
    """

    id: str
    at: datetime
    turn_id: str | None
    destination: str
    here: bool
    language_model: str
    why: str
    messages: tuple[tuple[str, str], ...]
    outcome: str = "sent"
    tokens_in: int | None = None
    tokens_out: int | None = None
    ms: int = 0
