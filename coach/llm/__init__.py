"""Language models behind the LanguageModel port. Imported only when one is configured.

Knows LangChain and how servers fail; must not know coaching, the web, or what a prompt is about.

::

    pieces      what goes out and what comes back: a prompt, a schema, a reply bit by bit
    chat        one configured language model through LangChain: messages in, pieces out
    wire        its HTTP client; odd answers are put into the usual form
    habits      what a server takes, learnt from what it refuses
    faults      what goes wrong with a server, its retries, time limits, and leaving it alone for a while
    repetition  endless repetition, noticed
    replies     the one JSON object of a reply that comes in pieces
    answers     JSON out of a text, and whether it fits its schema
    aliases     made-up names to stand for real ones
    detector    what in a text names someone: people, companies, addresses, numbers, handles, links
    withheld    what is left out of a text: health, union, religion and the like
    chooser     which made-up name stands for which real one
    pseudonyms  disguising a text, and restoring a reply
    restoration the same when the reply comes in pieces, also inside JSON
    calls       one request, and the record of it
    masks       the same disguise for a member's own program
    nearby      servers on this machine
    vault       ports.LanguageModels: disguise, send, restore, and tell what was sent
"""

from coach.llm.calls import Outside
from coach.llm.vault import Vault, language_models

__all__ = ["Outside", "Vault", "language_models"]
