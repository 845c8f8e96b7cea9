"""Channels in words. The sentences are the data."""

from __future__ import annotations

import pytest

from coach.domain.moments import Channel
from coach.reading.channels import channel
from coach.rows import rows
from many import many


@many("row", lambda: rows("words/channels"))
def test_every_row_names_a_channel_there_is(row) -> None:
    assert Channel(row.more["channel"]) in Channel


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("She emailed me after our call.", Channel.EMAIL),
        ("After our call she emailed me.", Channel.CALL),
        ("On the Teams call he laughed.", Channel.VIDEO),
        ("He left me on read.", Channel.CHAT),
        ("IN THE MEETING HE LAUGHED.", Channel.MEETING),
        ("He walked past me.", Channel.IN_PERSON),
        ("He was rude.", None),
        ("", None),
    ],
)
def test_the_channel_named_first_holds(text: str, named: Channel | None) -> None:
    assert channel(text) is named
