"""Doors for other programs: chat clients that speak OpenAI's API, and MCP. Imported only where such a door is open.

::

    completions  /v1/models and /v1/chat/completions
    history      which conversation a client means, found by what it sends back
    tools        what programs that speak MCP can do;  mcp_endpoint: /mcp
    made_up      made-up names, for a token that asks for them
    chat_text    a turn as chat text: the answer, the plan, the card as numbered choices; and choices read as taps
"""
