"""The shipped texts, read and compiled once a process."""

from __future__ import annotations

from coach.app import texts

PROMPTS = texts()
