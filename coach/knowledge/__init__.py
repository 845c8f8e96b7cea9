"""Serves ``knowledge/``: the cards, and how the ones that apply are found.

cards       one card file → Principle; names file, line and mend of a bad one
exemplars   authored situations: text, labels, and the moments marked in it
plain       one spelling for quotes, spaces, capitals and odd Unicode
embedder    texts → unit vectors (MiniLM, or an OpenAI-compatible server)
bm25        word search over passages, in NumPy
index       the Chroma collections, one a pack; a cache of the cards
features    what the tables see of a text
tables      the learned tables as they are used: NumPy only
fit         how they are learned from the exemplars; ``python -m coach.knowledge.fit``
packs       users' own folders of cards
library     all of it together, behind KnowledgeBase and Likeness

Knows files, vectors and the vendor Chroma. Does not know the journal, the web or any language model.
"""
