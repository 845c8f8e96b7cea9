"""Serves ``knowledge/``: cards and events, and how the ones that apply are found.

Knows files, vectors and the vendor Chroma. Does not know the journal, the web or any language model.
"""
