"""The configured language model, asked directly: for the baselines and the judge, which have no vault and no checks.

Case files hold made-up or published messages, so nothing of a user leaves this machine by it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from coach.errors import BadInput, CoachError, LanguageModelTrouble
from coach.ports import LanguageModel
from coach.prompts import Prompts
from coach.settings import Settings

if TYPE_CHECKING:
    from coach.llm.chat import Chat

Prompt = Sequence[tuple[str, str]]
MOST_WORDS = 400
HERE = Path(__file__).parent / "prompts"


@cache
def prompts() -> Prompts:
    """Return the texts that evals themselves give a language model."""
    return Prompts(HERE)


def language_model(settings: Settings) -> LanguageModel:
    """Return the configured language model. Raises BadInput when none is."""
    from coach.llm.chat import Chat

    if not settings.language_model:
        raise BadInput("No language model is configured. Set COACH_LLM_BASE_URL, and pass --language-model configured.")
    return Straight(Chat(settings))


async def said(model: LanguageModel, prompt: Prompt, seconds: float) -> tuple[str, str | None]:
    """Return what the language model said within the time, whole or in part, and what went wrong if anything did.

    After MOST_WORDS it is not listened to any more: it is far over any length by then, and a weak one never ends.
    """
    text = ""
    try:
        async with aclosing(cast("AsyncGenerator[str]", model.stream(prompt, until(seconds)))) as pieces:
            async for piece in pieces:
                text += piece
                if len(text.split()) > MOST_WORDS:
                    return text, "It did not come to an end."
    except CoachError as error:
        return text, str(error)
    return text, None


def until(seconds: float) -> datetime:
    """Return the time so many seconds from now."""
    return datetime.now(UTC) + timedelta(seconds=seconds)


class Straight:
    """A language model behind the port, with a time limit and nothing else between."""

    def __init__(self, chat: Chat) -> None:
        self.name = chat.name
        self._chat = chat

    async def fill(self, prompt: Prompt, schema: Mapping[str, object], deadline: datetime) -> Mapping[str, object]:
        """Return the JSON object in the reply. Raises LanguageModelTrouble."""
        text = "".join([piece async for piece in self._pieces(prompt, deadline, schema)])
        try:
            found = json.loads(text[text.index("{") : text.rindex("}") + 1])
        except ValueError:
            raise LanguageModelTrouble("The language model's answer is no JSON.") from None
        if not isinstance(found, Mapping):
            raise LanguageModelTrouble("The language model's answer has no form.")
        return found

    def stream(self, prompt: Prompt, deadline: datetime) -> AsyncIterator[str]:
        """Yield the reply in pieces. Raises LanguageModelTrouble."""
        return self._pieces(prompt, deadline, None)

    async def _pieces(
        self, prompt: Prompt, deadline: datetime, schema: Mapping[str, object] | None
    ) -> AsyncIterator[str]:
        bits = self._chat.ask(prompt, schema)
        try:
            async with asyncio.timeout((deadline - datetime.now(UTC)).total_seconds()):
                async for bit in bits:
                    yield bit.text
        except TimeoutError:
            raise LanguageModelTrouble("The language model did not finish in time.") from None
        except CoachError:
            raise
        except Exception as error:
            raise LanguageModelTrouble(f"The language model's server failed ({type(error).__name__}).") from error
        finally:
            if hasattr(bits, "aclose"):
                await bits.aclose()
