"""One configured language model through LangChain: messages in, pieces out. Vendors' packages are imported here alone.

Knows no retry and no time limit (``faults`` has those) and nothing of names (``pseudonyms``). LangChain is imported at
the first call, or in the background by ``warm``, since that takes seconds.
"""

from __future__ import annotations

import json
import os
import re
import ssl
import warnings
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import anyio
from anyio import to_thread

from coach.errors import BadInput
from coach.settings import Settings, is_loopback

Prompt = Sequence[tuple[str, str]]
"""(role, text) messages; the roles are system, user and assistant."""

LONGEST_REPLY = 2048
"""Tokens; a language model that does not find an end is stopped here by its server."""

_TEMPERATURE = 0.3
_OPTIONS = ("response_format", "stream_options", "temperature", "max_tokens")
"""Options that a server may refuse. It is then asked again without them, and the refusal is remembered."""

_ALIASES = {"response_format": r"response_format|json_schema|schema|grammar|structured", "max_tokens": r"max_\w*tokens"}


@dataclass(frozen=True, slots=True)
class Bit:
    """A piece of the reply. Its text may be empty (a sign of life); the last one has the server's counts of tokens."""

    text: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None


class Chat:
    """One language model. ``destination`` is the server's host and port; ``here`` whether it is on this machine."""

    def __init__(self, settings: Settings) -> None:
        """Prepare; nothing is imported or opened. Raises BadInput when the settings cannot serve."""
        self.name = settings.llm_model or "default"
        self._settings = settings
        provider, _, rest = settings.llm_model.partition(":")
        if settings.llm_base_url:
            parts = _parts(settings.llm_base_url)
            self.destination: str = parts.netloc.rpartition("@")[2]
            self.here = is_loopback(parts.hostname or "")
        elif provider and rest:
            self.destination, self.here = provider, False
        else:
            raise BadInput(
                "COACH_LLM_MODEL names no provider. Set COACH_LLM_BASE_URL to the server's address, or write "
                "COACH_LLM_MODEL as provider:name."
            )
        self._opening = anyio.Lock()
        self._chat: Any = None
        self._client: Any = None
        self._refused: set[str] = set()  # options this server does without

    async def warm(self) -> None:
        """Import and open what a call needs. Raises BadInput when a provider's package is not installed."""
        async with self._opening:
            if self._chat is None:
                self._chat = await to_thread.run_sync(self._open)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()

    async def ask(self, prompt: Prompt, schema: Mapping[str, object] | None = None) -> AsyncGenerator[Bit]:
        """Yield what comes. With a schema the text is JSON by it, where the server has that. Raises vendors' errors."""
        await self.warm()
        if not self._settings.llm_base_url and schema is not None:
            structured = self._chat.with_structured_output({"title": "answer", **schema}, include_raw=True)
            answer = await structured.ainvoke(list(prompt))
            yield _bit(answer["raw"], json.dumps(answer["parsed"]) if answer["parsed"] is not None else None)
            return
        while True:
            options = self._options(schema)
            try:
                async for message in self._chat.astream(list(prompt), **options):
                    yield _bit(message)
                return
            except Exception as error:
                if (refused := _refused_option(error, options)) is None:
                    raise
                self._refused.add(refused)

    def takes_schemas(self) -> bool:
        """Whether the server keeps to a schema by itself, as far as is known."""
        return "response_format" not in self._refused

    def _options(self, schema: Mapping[str, object] | None) -> dict[str, Any]:
        """Return the options of a call. In ``extra_body`` they reach any server as they are, unchecked by a vendor."""
        if not self._settings.llm_base_url:
            return {}
        body: dict[str, object] = {"max_tokens": LONGEST_REPLY, "temperature": _TEMPERATURE}
        body["stream_options"] = {"include_usage": True}
        if schema is not None:
            wanted = {"name": "answer", "schema": schema, "strict": _strict(schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": wanted}
        return {"extra_body": {name: value for name, value in body.items() if name not in self._refused}}

    def _open(self) -> Any:
        _keep_to_itself()
        settings = self._settings
        if settings.llm_base_url:
            from langchain_openai import ChatOpenAI
            from openai import DefaultAsyncHttpxClient, DefaultHttpxClient
            from pydantic import SecretStr

            # Reading the machine's certificates takes longer than a short reply; without TLS nobody need be trusted.
            secure = urlsplit(settings.llm_base_url).scheme == "https"
            trusting: dict[str, Any] = {} if secure else {"verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}
            self._client = DefaultAsyncHttpxClient(**trusting)  # LangChain's own is shared by all event loops
            return ChatOpenAI(
                model=self.name,
                base_url=settings.llm_base_url,
                # Never the key another program left in the environment: it is not for this server.
                api_key=SecretStr(settings.llm_api_key or "none"),
                max_retries=0,
                timeout=settings.llm_timeout_s,
                http_async_client=self._client,
                http_client=DefaultHttpxClient(**trusting),  # never asked, but made in any case
                stream_usage=False,
                use_responses_api=False,
            )
        from langchain.chat_models import init_chat_model

        key: Any = {"api_key": settings.llm_api_key} if settings.llm_api_key else {}
        try:
            return init_chat_model(settings.llm_model, timeout=settings.llm_timeout_s, max_retries=0, **key)
        except ImportError as error:
            package = re.search(r"pip install ([\w-]+)", str(error))
            raise BadInput(
                f"The provider {self.destination} needs a package that is not installed. Run: pip install "
                f"{package[1] if package else 'langchain-' + self.destination}"
            ) from error
        except Exception as error:
            raise BadInput(
                f"COACH_LLM_MODEL cannot be opened ({type(error).__name__}). Check its provider, and COACH_LLM_API_KEY."
            ) from error


def _keep_to_itself() -> None:
    """Keep libraries from passing on what is said to the language model and by it."""
    # A server that sends lists where strings should be makes Pydantic warn, with the words that came.
    warnings.filterwarnings("ignore", "Pydantic serializer warnings", UserWarning, "pydantic")
    # LangChain would send every prompt to a tracing service when these are set for something else.
    os.environ.update({"LANGSMITH_TRACING": "false", "LANGCHAIN_TRACING_V2": "false"})


def _parts(url: str) -> Any:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  a wrong port shows itself only when it is looked at
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInput("COACH_LLM_BASE_URL must look like http://127.0.0.1:11434/v1.")
    return parts


def _bit(message: Any, text: str | None = None) -> Bit:
    said = getattr(message, "text", "") if text is None else text
    usage = getattr(message, "usage_metadata", None) or {}
    return Bit(str(said), usage.get("input_tokens"), usage.get("output_tokens"))


def _refused_option(error: Exception, options: Mapping[str, Any]) -> str | None:
    """Return the option of a call that the server says it cannot take, None when it is something else."""
    if getattr(error, "status_code", None) not in {400, 422, 500, 501}:
        return None
    said = str(error).casefold()
    sent = options.get("extra_body", {})
    return next((name for name in _OPTIONS if name in sent and re.search(_ALIASES.get(name, name), said)), None)


def _strict(schema: object) -> bool:
    """Whether a schema has the form that strict servers ask for: every object closed, every property required."""
    if isinstance(schema, Mapping):
        properties = schema.get("properties")
        if properties is not None and (
            schema.get("additionalProperties") is not False or set(schema.get("required", ())) != set(properties)
        ):
            return False
        return all(_strict(value) for value in schema.values())
    return all(map(_strict, schema)) if isinstance(schema, list | tuple) else True
