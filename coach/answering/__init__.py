"""The one call of a language model: what it is given, what it returns, and what becomes of each part.

Knows ports and the pure core; names no vendor and knows nothing of servers or names that are made up.

::

    form            the schema of a TurnAnswer, as a language model returns it
    dossier         gathers what is given for one turn
    request         the same as messages, within a budget
    reader          a TurnAnswer read while it comes: each part as it closes
    presuppositions the second call: which phrases rest on something the letter does not hold
    again           the parts that failed, asked for once more
    course          one turn under way
    reply, stages   one turn with a language model, and what happens in it
    teller          what happens as a turn's events
    author          all of it for one turn, and when the ask card is offered instead

Checking parts, and making an account and a plan of them, is pure and stands in ``planning``.
"""
