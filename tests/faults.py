"""What a user sees of each fault of a language model's server, and after how long: ``python -m tests.faults``.

Whole turns against the scripted server with COACH_LLM_TIMEOUT_S=10; a table in Markdown. Nothing is asserted here.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from coach.app import build, new_id, now
from coach.domain.readings import Kind
from coach.domain.turns import Finished, Piece, Planned
from coach.knowledge.embedder import MiniLm
from coach.knowledge.library import Library
from coach.settings import read
from coach.shipped import shipped
from evals import violations
from evals.gates import Shown
from scripted_server import (
    Cut,
    Empty,
    Endless,
    Garbage,
    Good,
    Refusal,
    Script,
    ScriptedServer,
    Silent,
    Slow,
    Stalled,
    Status,
    WrongLanguage,
    leaked,
    refused_url,
    scripted_server,
)

SECONDS = 10
STORY = (
    "Tom snapped at me in the meeting on Monday because my figures were late. I think he hates me. Since then he has "
    "not answered my two mails. How do I get his help for next month?"
)
FAULTS: dict[str, Script | None] = {
    "the same sentence to everything": Good(),
    "refused connection": None,
    "slow first token (30 s)": Slow(first_token=30),
    "silent (no byte)": Silent(60),
    "stalled stream": Stalled(seconds=60),
    "429, Retry-After 1": Status(429, "1"),
    "429, Retry-After 60": Status(429, "60"),
    "500": Status(500),
    "503": Status(503),
    "401": Status(401),
    "404": Status(404),
    "413": Status(413),
    "cut before anything": Cut(""),
    "cut half-way": Cut(),
    "empty": Empty,
    "garbage": Garbage(),
    "endless repetition": Endless(),
    "wrong language": WrongLanguage,
    "leaked instructions": leaked,
    "refusal": Refusal,
}


async def main() -> None:
    """Print a row a fault."""
    library = Library(
        shipped("knowledge"), Path(tempfile.mkdtemp()), MiniLm(shipped("knowledge") / "minilm" / "tokenizer.json")
    )
    library.prepare()
    print("| fault | plan after | whole after | notice | sentences replaced | violations |")
    print("|---|---|---|---|---|---|")
    with scripted_server() as server:
        await _row("LangChain is imported", Good(), server, library)
        for name, script in FAULTS.items():
            print(await _row(name, script, server, library), flush=True)


async def _row(name: str, script: Script | None, server: ScriptedServer, library: Library) -> str:
    server.clear()
    if script is not None:
        server.always = script
    with tempfile.TemporaryDirectory() as folder:
        url = refused_url() if script is None else server.url
        given = {"COACH_LLM_BASE_URL": url, "COACH_LLM_MODEL": "scripted", "COACH_LLM_TIMEOUT_S": str(SECONDS)}
        parts = await build(read({**given, "COACH_DATA": folder}), clock=now, new_id=new_id, knowledge=library)
        began, planned, plan, text, end = time.perf_counter(), 0.0, None, "", None
        async for event in parts.conversation.reply("me", STORY, now()):
            if isinstance(event, Planned):
                planned, plan = time.perf_counter() - began, event.plan
            elif isinstance(event, Piece):
                text += event.text
            elif isinstance(event, Finished):
                end = event
        took = time.perf_counter() - began
        await parts.close()
    wrong = len(violations.found(Shown(Kind.REPAIR, text, end.plan if end and end.plan else plan, ())))
    notice = " ".join(end.notice.split()) if end else "the turn failed"
    replaced = len(end.replaced) if end else 0
    return f"| {name} | {planned:.1f} s | {took:.1f} s | {notice or '(none)'} | {replaced} | {wrong} |"


if __name__ == "__main__":
    asyncio.run(main())
