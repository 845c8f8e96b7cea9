"""Serves ``web/`` and the JSON API. Knows FastAPI; asks the core through ``Parts`` and holds no coaching."""

from coach.web.factory import create_app
from coach.web.parts import Parts

__all__ = ["Parts", "create_app"]
