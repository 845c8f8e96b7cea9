"""Made-up names for what a member's own program is told, and the real ones for what it sends back.

The same words as a language model gets, from the same secret, so that a name has one word however often it is told. For
people of the journal that holds over requests; whoever else a text names has their word in that text alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from anyio import to_thread
from pydantic_core import to_jsonable_python

from coach.domain.people import Person
from coach.llm.pseudonyms import Disguise, disguise
from coach.llm.vault import known_words, ordinary_words


class Mask:
    """A ``ports.Mask``: the made-up names of one user. What it is given is not kept."""

    def __init__(self, people: Sequence[Person], secret: bytes) -> None:
        self._people, self._secret = people, secret
        self._steady = disguise((), people, (), secret, (), whole=True)

    async def text(self, text: str) -> str:
        return (await self._over(text)).text(text)

    async def data(self, value: Any) -> Any:
        plain = to_jsonable_python(value)
        return (await self._over(json.dumps(plain, ensure_ascii=False))).data(plain)

    def restored(self, value: Any) -> Any:
        return self._steady.restored_data(value)

    async def _over(self, text: str) -> Disguise:
        def made() -> Disguise:
            told = [("user", text)]
            return disguise(told, self._people, (), self._secret, ordinary_words(), whole=True, known=known_words())

        return await to_thread.run_sync(made)
