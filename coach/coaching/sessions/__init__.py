"""Leader coaching sessions: what the coach says next, and where the session then stands. Pure; time enters with the view.

``talk`` holds the course of a turn; the rest are its parts. Knows templates, nouns and texts; nothing of the journal's
database, of streams or of how a language model words things.
"""

from __future__ import annotations

from coach.coaching.sessions.talk import answer, begin, closed_text
from coach.coaching.sessions.view import Earlier, Part, Said, View

__all__ = ["Earlier", "Part", "Said", "View", "answer", "begin", "closed_text"]
