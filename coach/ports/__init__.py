"""What the core asks of the outside, as small Protocols, one for each noun. Names no vendor.

A part asks for the narrowest that does; where it needs several nouns it names their sum next to its own code.
"""

from coach.ports.journal import (
    Commitments,
    Conversations,
    Drafts,
    Intakes,
    Journal,
    Moments,
    Outcomes,
    People,
    Plans,
    SentCalls,
    Sessions,
    Turns,
    Whole,
)
from coach.ports.knowledge import Embedder, Events, Knowledge, KnowledgeBase, Likeness, Templates
from coach.ports.language_models import LanguageModel, LanguageModels, Mask
from coach.ports.lifetimes import Ages, Changes, Generations
from coach.ports.texts import Texts

__all__ = [
    "Ages", "Changes", "Commitments", "Conversations", "Drafts", "Embedder", "Events", "Generations", "Intakes",
    "Journal", "Knowledge", "KnowledgeBase", "LanguageModel", "LanguageModels", "Likeness", "Mask", "Moments",
    "Outcomes", "People", "Plans", "SentCalls", "Sessions", "Templates", "Texts", "Turns", "Whole",
]  # fmt: skip
