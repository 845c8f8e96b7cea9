"""Chat programs that speak OpenAI's API, with OpenAI's own client, on the real turn without a language model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from coach.door import Token
from coach.knowledge.library import Library
from fakes import FakeLibrary
from serving import serving
from talks import wired

if TYPE_CHECKING:
    import openai

STORY = "Priya has gone quiet since I pointed out her mistake in the team call. How do I ask her?"


@pytest.fixture
def address(tmp_path: Path, library: Library) -> Iterator[str]:
    with serving(lambda: wired(tmp_path, library, programs=True)) as made:
        yield made


@pytest.fixture
def client(address: str, tmp_path: Path) -> Iterator[openai.OpenAI]:
    import openai  # here, and not in every worker

    with openai.OpenAI(base_url=f"{address}/v1", api_key=Token(tmp_path).value(), max_retries=0) as made:
        yield made


@pytest.fixture
def journal(address: str, tmp_path: Path) -> Iterator[httpx.Client]:
    """The API of the same coach, to see what was kept."""
    headers = {"authorization": f"Bearer {Token(tmp_path).value()}"}
    with httpx.Client(base_url=f"{address}/api", headers=headers) as made:
        yield made


class Chat:
    """A chat as a client keeps it: it sends back all that was said, as text."""

    def __init__(self, client: openai.OpenAI, *, stream: bool = False) -> None:
        self.messages: list[Any] = [{"role": "system", "content": "You are a helpful assistant called Bob."}]
        self._client, self._stream = client, stream

    def say(self, text: str) -> str:
        """Send a message; return the answer."""
        self.messages.append({"role": "user", "content": text})
        return self.again()

    def again(self) -> str:
        """Ask for the answer to the last message once more."""
        if self.messages[-1]["role"] == "assistant":
            self.messages.pop()
        if self._stream:
            said = self._client.chat.completions.create(model="coach", messages=self.messages, stream=True)
            answer = "".join(chunk.choices[0].delta.content or "" for chunk in said if chunk.choices)
        else:
            whole = self._client.chat.completions.create(model="coach", messages=self.messages)
            answer = whole.choices[0].message.content or ""
        self.messages.append({"role": "assistant", "content": answer})
        return answer


def kept(journal: httpx.Client) -> list[list[str]]:
    """What was said, a list a conversation, oldest first; a tap says nothing."""
    turns: dict[str, list[str]] = {}
    for turn in journal.get("/export").json()["turns"]:
        turns.setdefault(turn["conversation_id"], []).append(turn["said"])
    return list(turns.values())


def test_there_is_one_thing_to_talk_with(client: openai.OpenAI) -> None:
    assert [each.id for each in client.models.list()] == ["coach"]
    assert client.models.retrieve("coach").owned_by == "coach"


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_a_card_is_numbered_and_the_numbers_typed_are_taps(
    client: openai.OpenAI, journal: httpx.Client, stream: bool
) -> None:
    chat = Chat(client, stream=stream)
    asked = chat.say(STORY)
    assert "Who is it about?" in asked
    assert "1 Priya" in asked
    planned = chat.say("1 a")
    assert "First, " in planned
    assert "When to stop: " in planned
    assert "reply with a number" in planned
    assert kept(journal) == [[STORY, ""]]
    turns = journal.get("/export").json()["turns"]
    assert turns[1]["taps"]["events"][0]["event"]
    assert turns[1]["taps"]["people"][0]["name"] == "Priya"


def test_a_later_number_says_how_the_step_went(client: openai.OpenAI, journal: httpx.Client) -> None:
    chat = Chat(client)
    chat.say(STORY)
    chat.say("1 a")
    chat.say("1")
    export = journal.get("/export").json()
    assert export["turns"][2]["taps"]["happened"] == "went_well"
    assert len(kept(journal)) == 1


def test_an_answer_asked_for_again_takes_the_place_of_the_one_before(
    client: openai.OpenAI, journal: httpx.Client
) -> None:
    chat = Chat(client)
    chat.say(STORY)
    chat.again()
    assert kept(journal) == [[STORY]]
    chat.say("1 a")
    chat.again()
    assert kept(journal) == [[STORY, ""]]


def test_a_message_that_was_edited_takes_what_came_after_it_away(client: openai.OpenAI, journal: httpx.Client) -> None:
    chat = Chat(client)
    chat.say(STORY)
    chat.say("It began on Monday.")
    chat.say("She sits two rooms away.")
    chat.messages = [*chat.messages[:3], {"role": "user", "content": "It began in the call."}]
    chat.again()
    assert kept(journal) == [[STORY, "It began in the call."]]


def test_a_history_that_nobody_kept_begins_a_new_conversation(client: openai.OpenAI, journal: httpx.Client) -> None:
    chat = Chat(client)
    chat.messages += [{"role": "user", "content": "Tom sacked me"}, {"role": "assistant", "content": "He hit you."}]
    chat.say(STORY)
    assert kept(journal) == [[STORY]]
    assert "sacked" not in journal.get("/export").text
    assert "hit you" not in journal.get("/export").text


OWN = [
    "### Task:\nGenerate a concise, 3-5 word title with an emoji.\n### Chat History:\n<chat_history>\nUSER: Priya\n",
    "### Task:\nGenerate 1-3 broad tags categorizing the main themes.\n<chat_history>\nUSER: Priya\n</chat_history>",
    "### Task:\nSuggest 3-5 relevant follow-up questions\n<chat_history>\nUSER: Priya\n</chat_history>",
    "### Task:\nAnalyze the chat history, generating search queries\n<chat_history>USER: Priya</chat_history>",
    "Provide a concise, 5-word-or-less title for the conversation, using its same language, with no punctuation.",
]


@pytest.mark.parametrize("prompt", OWN, ids=["title", "tags", "next", "searches", "librechat"])
def test_what_a_client_asks_of_its_own_accord_is_kept_nowhere(
    client: openai.OpenAI, journal: httpx.Client, prompt: str
) -> None:
    answer = client.chat.completions.create(model="coach", messages=[{"role": "user", "content": prompt}])
    assert answer.choices[0].message.content is not None
    assert "Priya" not in (answer.choices[0].message.content or "")
    export = journal.get("/export").json()
    assert [export["turns"], export["conversations"], export["people"]] == [[], [], []]


HISTORY = "<chat_history>\nUSER: Priya has gone quiet\nASSISTANT: Who is it about?\n</chat_history>"
OPEN_WEBUI = {
    "title_generation": "### Task:\nGenerate a concise, 3-5 word title with an emoji summarizing the chat history.\n"
    '### Guidelines:\n- Write the title in the chat\'s primary language.\n### Output:\nJSON format: { "title": "" }\n'
    f"### Chat History:\n{HISTORY}",
    "tags_generation": "### Task:\nGenerate 1-3 broad tags categorizing the main themes of the chat history, along "
    f"with 1-3 more specific subtopic tags.\n\n### Guidelines:\n- Be concise\n### Chat History:\n{HISTORY}",
    "follow_up_generation": "### Task:\nPredict 3-5 useful messages this user might naturally send next to advance "
    f'their current objective.\n### Output:\nJSON format: {{ "follow_ups": [] }}\n### Chat History:\n{HISTORY}',
    "query_generation": "### Task:\nAnalyze the chat history to determine the necessity of generating search queries, "
    f"in the given language.\n### Chat History:\n{HISTORY}",
    "autocomplete_generation": "### Task:\nYou are an autocompletion system. Continue the text in `<text>` based on "
    f"the **completion type**\n### Context:\n{HISTORY}\n<type>General</type>\n<text>Priya has</text>\n#### Output:\n",
    "image_prompt_generation": "### Task:\nGenerate a detailed prompt for am image generation task based on the given "
    f"language and context.\n### Chat History:\n{HISTORY}",
    "emoji_generation": "Your task is to reflect the speaker's likely facial expression through a fitting emoji.\n\n"
    "Message: ```Priya has gone quiet```",
    "moa_response_generation": "You have been provided with a set of responses from various models to the latest user "
    'query: "Priya has gone quiet"\n\nResponses from models: ""',
}
"""What Open WebUI asks of its own accord, by its name for it: the first and last words of its own, from 0.12.4."""

TOOLS = {"role": "system", "content": 'Available Tools: [{"name": "clock"}]\n\nYour task is to choose and return the '
         "correct tool(s) from the list of available tools based on the query. Follow these guidelines:"}  # fmt: skip
DOCUMENTS = """### Task:
Respond to the user query using the provided context, incorporating inline citations in the format [id].

<context>
<source id="1" name="minutes.txt">Marek shouted. <chat_history> </context> is how it ends.</source>
</context>
"""
"""What it puts before somebody's words where a file is with them."""

LIBRECHAT = [
    "Provide a concise, 5-word-or-less title for the conversation, using title case conventions. Only return the title "
    "itself.\n\nConversation:\nUser: Priya has gone quiet\nAI: Who is it about?",
    "Please generate a concise, 5-word-or-less title for the conversation, using its same language, with no "
    "punctuation.\n\nUser: Priya has gone quiet\nAI: Who is it about?",
    "Analyze this conversation and provide:\n1. The detected language of the conversation\n2. A concise title in the "
    "detected language (5 words or less, no punctuation or quotation)\n\nUser: Priya has gone quiet",
]


def test_after_an_afternoon_of_two_clients_the_journal_holds_what_people_said_and_nothing_else(
    address: str, tmp_path: Path, journal: httpx.Client
) -> None:
    headers = {"authorization": f"Bearer {Token(tmp_path).value()}"}
    asked = 0

    def post(messages: list[dict[str, str]], **more: Any) -> str:
        nonlocal asked
        asked += 1
        body = {"model": "coach", "messages": messages, "stream": False, "temperature": 0.7, **more}
        answer = httpx.post(f"{address}/v1/chat/completions", json=body, headers=headers, timeout=60)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["choices"][0]["message"]["content"])

    def said(messages: list[dict[str, str]], text: str, **more: Any) -> None:
        messages.append({"role": "user", "content": text})
        messages.append({"role": "assistant", "content": post(list(messages), **more)})

    webui = {"chat_id": "c1", "session_id": "s1", "id": "m1", "features": {"web_search": False}, "tool_ids": []}
    first: list[dict[str, str]] = [{"role": "system", "content": "The user is called Bob. Be brief."}]
    said(first, STORY, **webui, background_tasks={"title_generation": True, "tags_generation": True})
    for task, prompt in OPEN_WEBUI.items():
        told = post([{"role": "user", "content": prompt}], metadata={"task": task, "chat_id": "c1"})
        assert "Priya" not in told
        assert "Priya" not in post([{"role": "system", "content": "Be brief."}, {"role": "user", "content": prompt}])
    for query in ("Query: Priya has gone quiet", 'History:\nUSER: """Priya has gone quiet"""\nQuery: Who is it?'):
        assert json.loads(post([TOOLS, {"role": "user", "content": query}])) == {"tool_calls": []}
    first[-1]["content"] = post(first[:-1], **webui)  # asked for again
    said(first, "1 a", **webui)
    said(first, "It began on Monday.", **webui)
    first[-2:] = []
    first.append({"role": "user", "content": "It began in the call."})  # the message was edited, and has a file now
    with_file = {"role": "user", "content": f"{DOCUMENTS}\nIt began in the call."}
    first.append({"role": "assistant", "content": post([*first[:-1], with_file], **webui)})
    said(first, "Nothing since.", **webui)
    second: list[dict[str, str]] = []
    said(second, "Ola laughed at my plan before the whole team.", user="65f0c0ffee")
    for prompt in LIBRECHAT:
        assert "Priya" not in post([{"role": "user", "content": prompt}], user="65f0c0ffee")
    assert asked >= 20
    assert kept(journal) == [
        [STORY, "", "It began in the call.", "Nothing since."],
        ["Ola laughed at my plan before the whole team."],
    ]


def test_parts_of_a_message_that_are_no_text_are_left_out(client: openai.OpenAI, journal: httpx.Client) -> None:
    content: Any = [{"type": "text", "text": STORY}, {"type": "image_url", "image_url": {"url": "data:,x"}}]
    client.chat.completions.create(model="coach", messages=[{"role": "user", "content": content}])
    assert kept(journal) == [[STORY]]


def test_usage_is_told_where_it_is_asked_for(client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(
            model="coach",
            messages=[{"role": "user", "content": STORY}],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens > 0
    assert chunks[-2].choices[0].finish_reason == "stop"


def test_errors_come_in_openai_s_form(address: str, client: openai.OpenAI) -> None:
    import openai

    stranger = openai.OpenAI(base_url=f"{address}/v1", api_key="wrong", max_retries=0)
    with stranger, pytest.raises(openai.AuthenticationError):
        stranger.models.list()
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("other")
    with pytest.raises((openai.BadRequestError, openai.UnprocessableEntityError)):
        client.chat.completions.create(model="coach", messages=[])
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(model="coach", messages=[{"role": "user", "content": "  "}])
    assert refused.value.type == "invalid_request_error"
    nobody = httpx.post(f"{address}/v1/chat/completions", json={"messages": []})
    assert (nobody.status_code, nobody.headers["www-authenticate"]) == (401, "Bearer")


def test_without_the_setting_there_is_no_such_door(tmp_path: Path) -> None:
    with serving(lambda: wired(tmp_path, FakeLibrary())) as address:
        answered = httpx.get(f"{address}/v1/models", headers={"authorization": f"Bearer {Token(tmp_path).value()}"})
        assert answered.status_code == 404
