"""Serves ``knowledge/``: cards and events, and how the ones that apply are found.

cards       one card file → Principle; names file, line and mend of a bad one
exemplars   authored situations: text, labels, and the moments marked in it
catalogue   the events that can be tapped, those of packs too
ranking     which events a letter may tell of, likeliest first
languages   which language a text is in
packs       users' own folders of cards, events and scenes
session_templates  the guides of coaching sessions
plain       one spelling for quotes, spaces, capitals and odd Unicode
embedder    texts → unit vectors (MiniLM, or an OpenAI-compatible server)
bm25        word search over passages, in NumPy
index       the Chroma collections, one a pack; a cache of the cards
shelves     one pack's passages, and what a search found among them by card
features    what the tables see of a text
bags        how like a message is to each exemplar, clause by clause
tables      the learned tables as they are used: NumPy only
ridge       ridge regressions, their unseen predictions and calibration
lesson      the exemplars as arrays
fit         how all tables are learned from the exemplars; ``make fit``
stamps      what tables were learned from, as short hashes
library     all of it together, behind KnowledgeBase and Likeness

Knows files, vectors and the vendor Chroma. Does not know the journal, the web or any language model.
"""
