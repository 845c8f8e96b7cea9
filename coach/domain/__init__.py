"""The nouns. Frozen dataclasses and enumerations; no I/O, no clock, no vendor."""
