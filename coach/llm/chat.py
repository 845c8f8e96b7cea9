"""One configured language model through LangChain: messages in, pieces out. Vendors' packages are imported here alone.

Knows no retry and no time limit (``faults`` has those) and nothing of names (``pseudonyms``). LangChain is imported at
the first call, or in the background by ``warm``, since that takes seconds.
"""

from __future__ import annotations

import json
import os
import re
import warnings
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import anyio
from anyio import to_thread

from coach import addresses
from coach.errors import BadInput
from coach.llm.habits import Habits
from coach.llm.pieces import Bit, Prompt, Schema
from coach.settings import Settings

LONGEST_REPLY = 4096
"""Tokens, with what is thought before; a language model that does not find an end is stopped here by its server."""

_TEMPERATURE = 0.3


class Chat:
    """One language model. ``destination`` is the server's host and port; ``here`` whether it is on this machine.

    A provider's are known when it is open.
    """

    def __init__(self, settings: Settings) -> None:
        """Prepare; nothing is imported or opened. Raises BadInput when the settings cannot serve."""
        self.name = settings.llm_model or "default"
        self.habits = Habits() if settings.llm_base_url else Habits(("tools",))
        self._settings = settings
        provider, _, rest = settings.llm_model.partition(":")
        self.destination, self.here = provider, False
        if settings.llm_base_url:
            self.destination, self.here = addresses.destination(settings.llm_base_url)
        elif not (provider and rest):
            raise BadInput(
                "COACH_LLM_MODEL names no provider. Set COACH_LLM_BASE_URL to the server's address, or write "
                "COACH_LLM_MODEL as provider:name."
            )
        self._opening = anyio.Lock()
        self._chat: Any = None
        self._client: Any = None

    async def warm(self) -> None:
        """Import and open what a call needs. Raises BadInput when a provider's package is not installed."""
        async with self._opening:
            if self._chat is None:
                self._chat = await to_thread.run_sync(self._open)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()

    async def ask(self, prompt: Prompt, schema: Schema | None = None) -> AsyncGenerator[Bit]:
        """Yield what comes, JSON by the schema as far as the server has that. Raises vendors' errors and Refused."""
        await self.warm()
        sent = self.sent(schema)
        try:
            chat, options = self._bound(sent, schema)
            if "stream" not in sent:
                yield _bit(await chat.ainvoke(list(prompt), **options))
                return
            async for message in chat.astream(list(prompt), **options):
                yield _bit(message)
        except Exception as error:
            if self.habits.learn(error, sent if prompt[0][0] != "system" else (*sent, "system")):
                raise Refused from error
            raise

    def sent(self, schema: Schema | None) -> tuple[str, ...]:
        """Return what a request has that the server might refuse."""
        form = self.habits.form(schema)
        strict = form == "json_schema" and schema is not None and self.habits.strict(schema)
        plain = (
            ("stream_options", "stream", "temperature", "max_tokens") if self._settings.llm_base_url else ("stream",)
        )
        found = (*(["strict"] if strict else []), *([form] if form else []), *filter(self.habits.takes, plain))
        return tuple(found)

    def _bound(self, sent: tuple[str, ...], schema: Schema | None) -> tuple[Any, dict[str, Any]]:
        """Return whom to ask, and the options. In ``extra_body`` they reach any server as they are, unchecked."""
        if "tools" in sent:
            tool = {"type": "function", "function": {"name": "answer", "description": "", "parameters": schema}}
            return self._chat.bind_tools([tool], tool_choice="answer"), {}
        if not self._settings.llm_base_url:
            return self._chat, {}
        body: dict[str, object] = {"max_tokens": LONGEST_REPLY, "temperature": _TEMPERATURE}
        body["stream_options"] = {"include_usage": True}
        body = {name: value for name, value in body.items() if name in sent}
        if "stream" not in sent:
            body.pop("stream_options", None)
        if "json_schema" in sent:
            wanted = {"name": "answer", "schema": schema, "strict": "strict" in sent}
            body["response_format"] = {"type": "json_schema", "json_schema": wanted}
        elif "json_object" in sent:
            body["response_format"] = {"type": "json_object"}
        return self._chat, {"extra_body": body}

    def _open(self) -> Any:
        _keep_to_itself()
        if self._settings.llm_base_url:
            return self._open_server(self._settings.llm_base_url)
        found = self._open_provider()
        address = next((str(client.base_url) for client in _clients(found) if client.base_url.netloc), "")
        if address and "http_async_client" in type(found).model_fields:
            found = self._open_provider(**self._connections(address))
        for client in _clients(found):
            client.follow_redirects = False
        if address:
            self.destination, self.here = addresses.destination(address)
        return found

    def _connections(self, address: str) -> dict[str, Any]:
        """Return the clients for an address: LangChain's own are shared by all event loops, and follow redirects."""
        from openai import DefaultHttpxClient

        from coach.llm import wire

        self._client = wire.client(address)
        never_asked = DefaultHttpxClient(trust_env=False, follow_redirects=False, verify=addresses.trusting(address))
        return {"http_async_client": self._client, "http_client": never_asked}

    def _open_server(self, address: str) -> Any:
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        settings = self._settings
        return ChatOpenAI(
            model=self.name,
            base_url=address,
            # Never the key another program left in the environment: it is not for this server.
            api_key=SecretStr(settings.llm_api_key or "none"),
            max_retries=0,
            timeout=settings.llm_timeout_s,
            stream_chunk_timeout=None,  # faults knows how long to wait
            stream_usage=False,
            use_responses_api=False,
            **self._connections(address),
        )

    def _open_provider(self, **given: Any) -> Any:
        from langchain.chat_models import init_chat_model

        settings = self._settings
        if settings.llm_api_key:
            given["api_key"] = settings.llm_api_key
        try:
            return init_chat_model(settings.llm_model, timeout=settings.llm_timeout_s, max_retries=0, **given)
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


class Refused(Exception):
    """The server does not take something that was sent; that is known now, and it can be asked again without it."""

    status_code = 400


def _keep_to_itself() -> None:
    """Keep libraries from passing on what is said to the language model and by it."""
    # A server that sends lists where strings should be makes Pydantic warn, with the words that came.
    warnings.filterwarnings("ignore", "Pydantic serializer warnings", UserWarning, "pydantic")
    # LangChain would send every prompt to a tracing service when these are set for something else.
    os.environ.update({"LANGSMITH_TRACING": "false", "LANGCHAIN_TRACING_V2": "false"})
    os.environ.setdefault("LANGCHAIN_OPENAI_TCP_KEEPALIVE", "0")  # else it talks of proxies, and passes by them
    addresses.keep_direct("localhost")  # a provider's client reads the proxies of the environment by itself


def _clients(chat: Any) -> Iterator[Any]:
    """Yield the HTTP clients inside a provider's chat, which may be a vendor's client in a vendor's client."""
    seen: set[int] = set()
    layer = [chat]
    for _ in range(4):
        inner = [value for each in layer for value in vars(each).values() if hasattr(value, "__dict__")]
        layer = [value for value in inner if id(value) not in seen]
        seen |= {id(value) for value in layer}
        yield from (value for value in layer if hasattr(value, "follow_redirects") and hasattr(value, "base_url"))


def _bit(message: Any) -> Bit:
    """Return a piece: the words, or the JSON of a tool's call, whole or as far as it has come."""
    said = str(getattr(message, "text", ""))
    if chunks := getattr(message, "tool_call_chunks", None):
        said += "".join(str(each.get("args") or "") for each in chunks)
    elif not hasattr(message, "tool_call_chunks"):
        said += "".join(json.dumps(each["args"]) for each in getattr(message, "tool_calls", ()))
    usage = getattr(message, "usage_metadata", None) or {}
    return Bit(said, usage.get("input_tokens"), usage.get("output_tokens"))
