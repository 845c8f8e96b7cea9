"""Time to the first token: what is asked straight is what the coach sends; the small server keeps and answers."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

import fakes
from coach.domain.errands import Errand
from coach.domain.turns import Conversation
from evals import ttft, wire
from evals.coached import Coached


async def test_the_small_server_keeps_what_it_is_sent() -> None:
    async with wire.listening() as kept, httpx.AsyncClient() as client:
        for _ in range(2):
            reply = await client.post(f"{kept.url}/chat/completions", content=b'{"stream": true}')
            assert "".join(
                map(ttft._text, (line for line in reply.text.split("\n") if line.startswith("data: {")))
            ).split()
        assert kept.bodies == [b'{"stream": true}'] * 2


async def test_both_ways_are_timed_as_often_and_send_the_same(tmp_path: Path) -> None:
    parts = await fakes.fake_parts(tmp_path)
    await parts.journal.add_conversation("u", Conversation("c", "Tom", fakes.NOW))
    coached = Coached(parts)
    asked = [
        ttft.Wording(Errand("u", "", "wording"), (), (), (("system", "Say it."), ("user", f"Message {n} of Tom's.")))
        for n in range(3)
    ]
    async with wire.listening() as server:
        through, straight = await ttft.compare(coached, ttft._settings(server.url, "wire"), asked, 1)
    await parts.close()
    assert (len(through), len(straight)) == (3, 3)
    assert min(*through, *straight) > 0
    sent = [json.dumps(json.loads(body), sort_keys=True) for body in server.bodies]
    assert all(sent.count(body) >= 2 for body in set(sent)), "straight and through the coach differ"
    assert len(set(sent)) == 3
