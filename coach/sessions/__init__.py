"""Leader coaching sessions: what the coach says next, and the session after it. Pure but for ``exchange``.

``message`` decides what a message does; ``exchange`` keeps it. Knows templates, nouns and texts; nothing of the
journal's database, of streams or of language models.
"""
