"""Leader coaching sessions: what the coach says next, and where the session then stands. Pure but for ``turns``.

``talk`` holds the course of a message; ``turns`` keeps it. Knows templates, nouns and texts; nothing of the
journal's database, of streams or of how a language model words things.
"""
