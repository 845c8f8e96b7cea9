"""The five answers with a scripted language model: what each is asked, what a chat cites, what is held against it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import fakes
from coach.domain.errands import Errand
from coach.domain.readings import Kind
from coach.errors import LanguageModelTrouble
from coach.settings import Settings
from evals import contest, prose, rivals, summary
from evals.__main__ import main
from evals.cases import Case, load_told
from evals.comparing import compare
from evals.gates import Shown
from evals.straight import said
from scripted_lm import ScriptedLanguageModels

CARDS = {card.id: card for card in fakes.FakeKnowledge().principles()}
CARD = next(card for card in CARDS.values() if not card.evidence)
CASE = Case("c1", "Tom snapped at me on Monday.", Kind.REPAIR)
GOOD = (
    "You saw that he snapped; why is open. What got in the way on Monday? Tomorrow after the stand-up, ask him for ten "
    "minutes. If he waves it off, then let it rest. A good sign is that he asks something back."
)


def chat(reply: str, kind: Kind = Kind.REPAIR) -> Shown:
    return Shown(kind, reply, None, prose.cited(reply, CARDS))


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (f'[{CARD.id}] "{CARD.statement[:20]}"', CARD.statement[:20]),
        (f"[{CARD.id}]: “{CARD.statement[:20]}” says it.", CARD.statement[:20]),
        (f'It says "something else" [{CARD.id}].', "something else"),
        (f"As in [{CARD.id}], ask.", CARD.statement),
    ],
)
def test_what_a_chat_cites(text: str, quote: str) -> None:
    assert [(each.principle, each.quote) for each in prose.cited(text, CARDS)] == [(CARD.id, quote)]


def test_a_card_that_is_none_is_kept_for_the_gate() -> None:
    found = rivals.Answer(chat("See [always-be-kind]."), frozenset(CARDS), 1.0)
    assert any("always-be-kind is no card" in gate for gate in contest.row("B", CASE, found, CARDS)["gates"])


@pytest.mark.parametrize(
    ("reply", "kind", "missing"),
    [
        (GOOD, Kind.REPAIR, []),
        ("", Kind.REPAIR, ["whole", "question", "if_then", "soon", "looks_back"]),
        (GOOD + " And then", Kind.REPAIR, ["whole"]),
        (GOOD + " word" * 250 + ".", Kind.REPAIR, ["whole", "short"]),
        (GOOD + " Say: sorry if that hurt.", Kind.REPAIR, ["plain"]),
        (GOOD + "\n1. A.\n2. B.\n3. C.\n4. D.", Kind.REPAIR, ["few_steps"]),
        ("You could just talk it over with him and find out a bit more about how he sees it.", Kind.ABUSE, ["help"]),
        ("Ask HR, and write down what was said, by whom and on which day it happened to you.", Kind.ABUSE, []),
        (
            "That is nothing to help with here, but what you would like to ask him can be talked of.",
            Kind.MANIPULATION,
            [],
        ),
        ("你好，请你明天早上和他谈谈这件事情好吗。" * 3 + " a" + " b c d e" * 4 + ".", Kind.OFF_TOPIC, ["whole"]),
    ],
)
def test_what_every_answer_must_have(reply: str, kind: Kind, missing: list[str]) -> None:
    assert prose.missing(chat(reply, kind), kind) == missing


def test_the_wronged_are_not_to_say_sorry() -> None:
    assert [each[0] for each in prose.burdens(chat("Try to see his side first. Then apologise for your tone."))] == [
        "4",
        "1",
    ]
    assert prose.burdens(chat("Do not apologise for it.")) == []
    found = contest.row(
        "A", replace(CASE, wronged=True), rivals.Answer(chat("Apologise to him."), frozenset(), 1.0), CARDS
    )
    assert any(gate.startswith("4: an apology for harm done to them") for gate in found["gates"])


def test_pairs_are_cases_too(tmp_path: Path) -> None:
    path = tmp_path / "both.jsonl"
    rows = [{"id": "p", "a": "He took it.", "b": "I took it.", "one_sided": True}, {"id": "m", "message": "Hello."}]
    path.write_text("\n".join(map(json.dumps, rows)))
    assert [(each.id, each.message, each.wronged) for each in load_told(path)] == [
        ("p", "He took it.", True),
        ("m", "Hello.", False),
    ]


def test_a_plan_is_read_as_one_text() -> None:
    plan = fakes.plan("p1")
    text = prose.as_read(Shown(Kind.REPAIR, "Ask him.", plan, plan.citations))
    for part in (plan.headline, plan.steps[0].say, plan.stop_rule, plan.citations[0].quote, "Ask him."):
        assert " ".join(part.split()) in text


async def test_what_each_chat_is_asked() -> None:
    """A is given the message alone; B five cards, whole; C also told to be balanced."""
    models = ScriptedLanguageModels()
    models.always["x"] = lambda _: GOOD
    model = models.bound(Errand("evals", "t", "x"), (), ())

    def rank(_text: str) -> list[str]:
        return list(CARDS)

    async with fakes.fake_coached() as coached:
        for rival in (
            rivals.bare(model, 5),
            rivals.with_notes(model, 5, coached, rank, balanced=False),
            rivals.with_notes(model, 5, coached, rank, balanced=True),
        ):
            assert (await rival(CASE)).shown.reply == GOOD
    bare, noted, balanced = models.asked
    assert [role for role, _ in bare.prompt] == ["user"]
    assert bare.user == noted.user == balanced.user == CASE.message
    assert all(CARDS[name].statement in noted.system for name in list(CARDS)[: rivals.NOTES])
    assert "flatter" in balanced.system
    assert "flatter" not in noted.system


async def test_a_chat_that_is_cut_off_is_judged_by_what_came() -> None:
    models = ScriptedLanguageModels()
    models.enqueue("x", ["You saw ", LanguageModelTrouble("Cut.")])  # type: ignore[list-item]
    told = await said(models.bound(Errand("evals", "t", "x"), (), ()), [("user", "m")], 5)
    assert told == ("You saw ", "Cut.")


def test_figures_by_hand() -> None:
    """Two answers of A: one with a failed gate and nothing missing, one in whole form; E cites exactly."""
    base = contest.row("A", CASE, rivals.Answer(chat(GOOD), frozenset(), 100.0, None, "m"), CARDS)
    bad = base | {"id": "c2", "gates": ["2: x", "8: y"], "form": ["whole", "soon"], "ms": 300.0}
    cites = base | {"rival": "E", "citations": [{"principle": "x"}], "language_model": "none"}
    found = contest.figures([base, bad, cites])
    assert {name: found["A"][name] for name in ("n", "gate_failures", "form_pass", "form_kept", "p50_ms")} == {
        "n": 2,
        "gate_failures": 1,
        "form_pass": 0.5,
        "form_kept": 0.875,
        "p50_ms": 200.0,
    }
    assert (found["A"]["cites_exactly"], found["E"]["cites_exactly"], found["E"]["own_words"]) == (0.0, 1.0, 0.0)
    assert contest.broken([base, bad, cites])["gate 2"] == {"A": 1, "E": 0}


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a language model only the coach itself answers; asking the judge then ends with a plain word."""
    monkeypatch.delenv("COACH_LLM_BASE_URL", raising=False)
    monkeypatch.delenv("COACH_LLM_MODEL", raising=False)
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps({"id": "c1", "message": CASE.message, "kind": "repair"}))
    assert main(["baselines", "--cases", str(path), "--json"], fakes.fake_coached) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(figures) == ["E"]
    assert figures["E"]["n"] == 1
    assert main(["judge", "--cases", str(path)], fakes.fake_coached) == 2
    assert "COACH_LLM_BASE_URL" in capsys.readouterr().err


async def test_all_five_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from evals.__main__ import arguments

    models = ScriptedLanguageModels()
    models.always["x"] = lambda _: GOOD
    path, out = tmp_path / "cases.jsonl", tmp_path / "out.jsonl"
    path.write_text(json.dumps({"id": "c1", "message": CASE.message, "kind": "repair"}))
    given = arguments(
        ["baselines", "--cases", str(path), "--out", str(out), "--json", "--language-model", "configured"]
    )

    def speak(_settings: Settings) -> Any:
        return models.bound(Errand("evals", "t", "x"), (), ())

    await compare(given, fakes.fake_coached, speak)
    assert list(json.loads(capsys.readouterr().out.splitlines()[-1])) == list("ABCDE")
    assert [json.loads(line)["rival"] for line in out.read_text().splitlines()] == list("ABCDE")


def test_results_are_written_between_their_marks(tmp_path: Path) -> None:
    page, results = tmp_path / "README.md", tmp_path / "evals" / "results"
    results.mkdir(parents=True)
    page.write_text(f"Before\n{summary.BEGIN}\nold\n{summary.END}\nafter\n")
    kinds = {"dev_cases": {"accuracy": 0.85}, "more_cases": {"accuracy": 0.9}, "third_cases": {"accuracy": 0.875}}
    (results / "kinds.json").write_text(json.dumps(kinds))
    assert summary.write(results, page)
    told = page.read_text()
    assert "| kinds | accuracy | 0.85 | 0.9 · 0.875 | ≥ 0.8 |" in told
    assert told.startswith("Before\n")
    assert told.endswith(f"{summary.END}\nafter\n")
    assert "old" not in told


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("Nothing here.")
    assert not summary.write(tmp_path, page)
    assert page.read_text() == "Nothing here."
