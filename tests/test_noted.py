"""Plans of whole journals, as the suite ``noted`` grades them, and what counts there as harm of one's own."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person
from coach.noticing import retold
from evals import noted
from evals.cases import HERE
from evals.coached import opened
from evals.suites import run_noted
from many import some

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def kept(*told: tuple[By, Landed]) -> list[Moment]:
    """Moments a week apart, oldest first."""
    days = range(7 * len(told), 0, -7)
    return [
        Moment(f"m{n}", "p", NOW - timedelta(days=ago), Channel.MEETING, by, f"what happened {n}", landed, NOW)
        for n, ((by, landed), ago) in enumerate(zip(told, days, strict=True))
    ]


def test_harm_of_ones_own_stands_until_one_does_good_or_two_good_moments_follow() -> None:
    mine, theirs = (By.ME, Landed.HARMED), (By.THEM, Landed.HARMED)
    good, kind = (By.ME, Landed.HELPED), (By.THEM, Landed.HELPED)
    assert [getattr(noted.own_harm(kept(*told)), "id", None) for told in (
        (mine, theirs), (mine, kind), (good, mine), (mine, good), (mine, kind, kind), (theirs,), (),
    )] == ["m0", "m0", "m1", None, None, None, None]  # fmt: skip


def test_own_harm_leads_though_theirs_came_after_it() -> None:
    """Their harm is the last one; mine before it has had no repair all the same."""
    moments = kept((By.THEM, Landed.HELPED), (By.ME, Landed.HARMED), (By.THEM, Landed.HARMED))
    account = retold.account(Person("p", "Tom", NOW), moments, [])
    assert [fact.fact for fact in account.facts] == ["journal_harm_by_me"]
    assert [told.moment_id for told in account.events] == ["m1"]


@pytest.mark.parametrize(
    ("last", "fact"),
    [((By.THEM, Landed.INDIFFERENT), "journal_last_indifferent"), ((By.THEM, Landed.HELPED), "journal_last_helped")],
)
def test_few_moments_are_told_by_how_the_last_one_landed(last: tuple[By, Landed], fact: str) -> None:
    account = retold.account(Person("p", "Tom", NOW), kept((By.ME, Landed.HELPED), last), [])
    assert {each.fact for each in account.facts} == {"journal_few", "journal_by_them", fact}
    assert [told.moment_id for told in account.events] == ["m0", "m1"]


async def test_every_journal_has_a_plan_that_shows_its_pattern_and_owns_harm_first(tmp_path: Path) -> None:
    """Every fifth of the histories that were looked at while building, the one without a moment among them."""
    lines = (HERE / "histories.jsonl").read_text(encoding="utf-8").splitlines()
    looked_at = [line for line in lines if not json.loads(line)["moments"]] + some(lines[::5], 2)
    cases = tmp_path / "histories.jsonl"
    cases.write_text("\n".join(looked_at), encoding="utf-8")
    async with opened(folder=tmp_path / "coach") as coached:
        outcome = await run_noted(coached, cases)
    figures = outcome.figures
    assert figures["own_harm"] >= 1
    assert [figures[name] for name in ("planned", "pattern_in_findings", "own_harm_leads", "own_harm_changes")] == [
        1
    ] * 4
    assert all(row["printed"] for row in outcome.rows)
