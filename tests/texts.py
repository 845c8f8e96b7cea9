"""The shipped texts, read and compiled once a process."""

from __future__ import annotations

from coach.prompts import Prompts
from coach.shipped import shipped

PROMPTS = Prompts(shipped("prompts"))
