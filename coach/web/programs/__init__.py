"""Doors for other programs: chat clients that speak OpenAI's API. Imported only where such a door is open.

::

    completions  /v1/models and /v1/chat/completions
    history      which conversation a client means, found by what it sends back
    chat_text    a turn as chat text: the answer, the plan, the card as numbered choices; and choices read as taps
"""
