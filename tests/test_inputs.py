"""Whatever pieces a text or file is made of, no reader fails but with its plain error. ``make soak`` has many more."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given

from coach.reading.days import days
from evals.soak.inputs import READERS, TODAY, texts


@given(texts)
def test_every_reader_reads_whatever_is_written(text: str):
    for reader in READERS.values():
        reader(text)


@given(texts)
def test_a_day_stands_where_it_is_said_to_stand(text: str):
    found = days(text, TODAY)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
