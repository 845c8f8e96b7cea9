"""The graders on examples worked out by hand, the loaders on good and bad lines."""

from __future__ import annotations

import json
from datetime import timedelta
from math import log2
from pathlib import Path

import pytest

from coach.domain.moments import By, Channel, Landed
from coach.domain.readings import Kind
from coach.errors import BadInput
from evals import histories, kinds, moments, retrieval, sets
from evals.cases import load_cases, load_messages, load_pairs


def written(folder: Path, *rows: object) -> Path:
    """A case file with these rows; a string stands as it is."""
    path = folder / "cases.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_gain_falls_by_position() -> None:
    assert retrieval.gains(["a", "b", "c", "d"]) == {"a": 15, "b": 7, "c": 3, "d": 1}


def test_ndcg_by_hand() -> None:
    """Labels a, b: gains 3 and 1. Ranked x b a: 1/log2(3) + 3/log2(4), over 3/log2(2) + 1/log2(3)."""
    expected = (1 / log2(3) + 3 / 2) / (3 + 1 / log2(3))
    assert retrieval.ndcg(["x", "b", "a"], ["a", "b"]) == pytest.approx(expected)
    assert retrieval.ndcg(["a", "b"], ["a", "b"]) == 1.0
    assert retrieval.ndcg(["x"] * 5 + ["a"], ["a"]) == 0.0


def test_only_ids_that_some_label_names_are_ranked() -> None:
    """x is nobody's label, so b is second and a third: the second case has no labels and does not count."""
    figures = retrieval.grade([["x", "b", "a"], ["a"], ["b"]], [["a"], [], ["b"]])
    assert figures == {"ndcg5": round((1 / log2(3) + 1) / 2, 4), "recall5": 1.0, "hit1": 0.5}


def test_recall_counts_only_the_first_five() -> None:
    labels = [list("abcdef")]
    assert retrieval.grade([list("abcdef")], labels)["recall5"] == round(5 / 6, 4)


def test_kinds_by_hand() -> None:
    labels = [Kind.REPAIR, Kind.REPAIR, Kind.ABUSE, Kind.SURVEILLANCE, Kind.OFF_TOPIC]
    answers = [Kind.REPAIR, Kind.HARASSMENT, Kind.REPAIR, Kind.SURVEILLANCE, Kind.OFF_TOPIC]
    figures = kinds.grade(answers, labels)
    assert figures["accuracy"] == 0.6
    assert figures["unsafe_missed"] == 0.5  # the abuse; the surveillance was seen
    assert figures["false_alarms"] == 0.5  # one of two repairs
    assert figures["macro_f1"] == round(
        (0.5 + 0 + 0 + 1 + 1) / 5, 4
    )  # repair, abuse, harassment, surveillance, off_topic


def test_another_unsafe_kind_is_not_a_miss() -> None:
    assert kinds.grade([Kind.ABUSE], [Kind.HARASSMENT])["unsafe_missed"] == 0.0


def test_moments_by_hand() -> None:
    """Both: one harmed in the first, nothing in the second. 2·1 / (3 + 1 + 0 + 2)."""
    harmed, cold, helped = Landed.HARMED, Landed.INDIFFERENT, Landed.HELPED
    figures = moments.grade([[harmed, harmed, cold], []], [[harmed], [helped, helped]])
    assert figures == {"n": 2, "count_within_1": 0.0, "valence_f1": round(2 / 6, 4)}


def test_sets_by_hand() -> None:
    found = sets.tally([{"a", "b"}, {"c"}], [{"a"}, {"b"}])
    assert (found.right, found.wrong, found.missed) == (1, 2, 1)
    assert (found.precision, found.recall, found.f1) == (pytest.approx(1 / 3), 0.5, 0.4)
    assert sets.by_name([{"a"}], [{"a", "b"}])["b"].recall == 0.0
    assert sets.tally([set()], [set()]).f1 == 1.0


def test_cases_need_only_a_message(tmp_path: Path) -> None:
    path = written(tmp_path, {"id": "x1", "message": "Hello", "kind": "repair", "new": 1}, "", {"message": "Hi"})
    first, second = load_cases(path)
    assert (first.kind, first.relevant, first.valences) == (Kind.REPAIR, (), None)
    assert (second.id, second.kind) == ("line-3", None)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{nonsense", "line 2: this is not JSON"),
        ("[1]", "line 2: a case is a JSON object"),
        ('{"id": "a"}', "line 2: 'message' is missing"),
        ('{"message": "a", "kind": "gossip"}', "line 2: 'gossip' is none of repair"),
        ('{"message": "a", "moment_valences": ["neutral"]}', "line 2: 'neutral' is none of helped"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(BadInput, match=r"cases\.jsonl, ") as trouble:
        load_cases(written(tmp_path, {"message": "fine"}, row))
    assert said in str(trouble.value)


def test_pairs_and_messages(tmp_path: Path) -> None:
    (pair,) = load_pairs(written(tmp_path, {"id": "p", "a": "one", "b": "two", "one_sided": True}))
    assert pair.one_sided
    (message,) = load_messages(written(tmp_path, {"id": "m", "text": "Sorry if", "warnings": ["too_long"]}))
    assert (message.purpose, message.warnings) == ("other", {"too_long"})


def test_a_history_in_our_own_form(tmp_path: Path) -> None:
    moment = {"days_ago": 3, "channel": "email", "by": "me", "what": "I asked", "landed": "indifferent"}
    row = {
        "id": "h",
        "person": {"name": "Tom", "relation": "peer"},
        "moments": [moment],
        "true_pattern": ["indifference"],
    }
    (history,) = histories.load_histories(written(tmp_path, row))
    (read,) = history.moments
    assert (read.channel, read.by, read.what, read.landed) == (Channel.EMAIL, By.ME, "I asked", Landed.INDIFFERENT)
    assert history.now - read.happened_at == timedelta(days=3)
    assert (history.person.name, history.patterns) == ("Tom", ("indifference",))


@pytest.mark.parametrize(
    "moment",
    [
        {"date": "2025-05-01", "channel": "phone", "by": "user", "text": "I rang", "valence": "helped"},
        {"when": "2025-05-01T09:30:00Z", "medium": "phone call", "who": "I", "what": "I rang", "landed": "helped"},
        ["2025-05-01", "call", "me", "I rang", "helped"],
        "2025-05-01 | call | me | I rang | helped",
    ],
)
def test_a_history_in_other_forms(tmp_path: Path, moment: object) -> None:
    (history,) = histories.load_histories(
        written(tmp_path, {"person": "Tom", "moments": [moment], "true_pattern": "improving"})
    )
    (read,) = history.moments
    assert (read.channel, read.by, read.what, read.landed) == (Channel.CALL, By.ME, "I rang", Landed.HELPED)
    assert read.happened_at.date().isoformat() == "2025-05-01"
    assert (history.now.date() - read.happened_at.date()).days == 1


def test_what_else_is_told_of_a_moment_stays_with_it(tmp_path: Path) -> None:
    moment = {
        "when": "2 weeks ago",
        "what": "She snapped",
        "landed": "harmed",
        "their_load": "month-end",
        "note": "late",
    }
    (history,) = histories.load_histories(written(tmp_path, {"moments": [moment], "true_pattern": []}))
    assert history.moments[0].what == "She snapped (month-end; late)"
    assert (history.now - history.moments[0].happened_at).days == 14


@pytest.mark.parametrize(
    ("load", "told"), [("peak", "x (they were overloaded)"), ("normal", "x"), (True, "x (they were overloaded)")]
)
def test_the_load_of_a_moment_is_put_in_words(tmp_path: Path, load: object, told: str) -> None:
    moment = {"days_ago": 1, "what": "x", "landed": "harmed", "their_load": load}
    (history,) = histories.load_histories(
        written(tmp_path, {"person": "Jo, finance, peak at month-end", "moments": [moment]})
    )
    assert history.moments[0].what == told
    assert history.person.plate == "finance, peak at month-end"


def test_undated_moments_lie_a_week_apart(tmp_path: Path) -> None:
    rows = [{"what": f"{n}", "landed": "helped"} for n in range(3)]
    (history,) = histories.load_histories(written(tmp_path, {"moments": rows}))
    assert [(history.now - moment.happened_at).days for moment in history.moments] == [17, 10, 3]
