"""Every error the coach raises on purpose.

::

    CoachError                  something the user can be told, in plain words
    ├── BadInput                the request cannot be taken as it is        → 400 / exit 2
    │   └── BadCard             a card or exemplar file: names file, line and mend
    ├── Conflict                a newer change came first                → 409
    ├── NotFound                no such person, moment, plan … of this user → 404
    │   └── Erased              erased while it was worked at            → 409
    ├── Refused                 not allowed here (closed, foreign origin)   → 403
    ├── TooMany                 tried too often: wait a little              → 429
    ├── Busy                    too much at once; says when to come back    → 503
    ├── Locked                  a member's journal that nobody has opened   → 423
    ├── StorageTrouble          the journal cannot be read or written       → 503
    ├── KnowledgeTrouble        the index cannot be read or built           → 503
    ├── MissingPrompt           a text in prompts/ is missing or incomplete → 500
    └── LanguageModelTrouble    the language model's server failed          → never reaches the user raw

Libraries' own errors are translated into these at the seam that uses the library. ``str(error)``
is a sentence for the user: what happened and what to do next. It never holds what people wrote.

``places`` says where any error came from, for the log.
"""

from __future__ import annotations

import traceback


def places(error: BaseException) -> str:
    """Return an error as its type and where it came from, innermost last, without its message.

    Messages quote their input, and the input is what people wrote: a log holds none of it.
    """
    if isinstance(error, BaseExceptionGroup):
        return f"{type(error).__name__}[{'; '.join(places(each) for each in error.exceptions)}]"
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return f"{type(error).__name__} at {' > '.join(f'{frame.filename}:{frame.lineno}' for frame in frames)}"


class CoachError(Exception):
    """Base of all errors that carry a sentence for the user."""


class BadInput(CoachError):
    """The input cannot be taken as it is; the sentence says why and what would do."""


class BadCard(BadInput):
    """A card or exemplar file breaks the form. Holds where, and how to mend it."""

    def __init__(self, file: str, line: int, problem: str, mend: str) -> None:
        super().__init__(f"{file}, line {line}: {problem}. {mend}")
        self.file = file
        self.line = line
        self.problem = problem
        self.mend = mend


class Conflict(CoachError):
    """A change was made for something as it no longer is. ``now`` is what it is, ``yours`` what was to be."""

    def __init__(self, sentence: str, now: object = None, yours: object = None) -> None:
        super().__init__(sentence)
        self.now = now
        self.yours = yours


class NotFound(CoachError):
    """There is no such thing in this user's journal."""


class Erased(NotFound):
    """What a write belongs to was erased, or someone was, since the work on it began: nothing of it was written."""


class Refused(CoachError):
    """Not allowed here; the sentence names the setting that would allow it, if one does."""


class TooMany(CoachError):
    """Tried too often; the sentence says how long to wait."""


class Busy(CoachError):
    """Too much is asked for at once. ``seconds``: after about so many it is worth another try."""

    def __init__(self, seconds: int) -> None:
        plural = "second" if seconds == 1 else "seconds"
        super().__init__(f"The coach is busy. Try again in about {seconds} {plural}; nothing was kept of this.")
        self.seconds = seconds


class Locked(CoachError):
    """The journal is a member's, and this request does not open it."""


class StorageTrouble(CoachError):
    """The journal could not be read or written; nothing acknowledged was lost."""


class KnowledgeTrouble(CoachError):
    """The index of cards could not be read or built."""


class MissingPrompt(CoachError):
    """A text under prompts/ is missing, or needs a value it was not given."""


class LanguageModelTrouble(CoachError):
    """The language model's server failed, was too slow, or answered with something unusable.

    ``fault`` is a word for what went wrong, for counting (``coach.llm.faults.FAULTS`` has those of the server).
    """

    def __init__(self, sentence: str, fault: str = "other") -> None:
        super().__init__(sentence)
        self.fault = fault
