"""The coach against a plain chat with the same language model: who is of more use, read blind.

D is this coach. B is retrieval and a plain chat over the same cards; C is B told to be balanced and not to flatter. The
answers to a case stand under letters that tell nothing, in an order drawn from the case's id; the rows of ``--out``
say which is which, for after the reading.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from coach.app import now
from coach.domain.sent import Errand
from coach.errors import BadInput
from coach.ports import LanguageModels
from evals.cases import load_cases
from evals.coached import Coached
from evals.outcomes import Outcome, Row
from evals.words import printed

TEXTS = Path(__file__).parent / "contest_texts"
CARDS = 6
LETTERS = "xyz"
SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {"reply": {"type": "string"}},
    "required": ["reply"],
    "additionalProperties": False,
}


async def run(coached: Coached, cases: Path) -> Outcome:
    """Let D, B and C answer every case in scope. Raises BadInput where no language model is configured."""
    models = coached.parts.language_models
    if models is None:
        raise BadInput("A contest needs a language model: run it with --language-model configured.")
    rows = []
    for case in load_cases(cases):
        played = await coached.play(f"contest-{case.id}", case.message)
        plan = f"\n\n{printed(played.shown.plan)}" if played.shown.plan else ""
        answers = {"D": f"{played.shown.reply}{plan}"}
        for name in ("B", "C"):
            answers[name] = await _plain(coached, models, name.lower(), case.id, case.message)
        rows.append(_row(case.id, case.message, answers))
    return Outcome({"n": len(rows), "language_model": models.name}, rows, text=_readable(rows))


async def _plain(coached: Coached, models: LanguageModels, way: str, case: str, message: str) -> str:
    cards = (coached.cards[name] for name in coached.rank(message, CARDS))
    sources = "\n\n".join(f"[{card.id}] {card.title}\n{card.statement}\n{card.body}" for card in cards)
    prompt = [
        ("system", f"{(TEXTS / f'{way}.txt').read_text(encoding='utf-8').strip()}\n\n{sources}"),
        ("user", message),
    ]
    model = models.bound(Errand(f"contest-{case}", case, "answer", whole=True), (), ())
    limit = timedelta(seconds=coached.parts.settings.llm_timeout_s)
    reply = await model.fill(prompt, SCHEMA, now() + limit)
    return str(reply["reply"])


def _row(case: str, message: str, answers: Mapping[str, str]) -> Row:
    names = list(answers)
    random.Random(case).shuffle(names)
    return {
        "id": case,
        "message": message,
        "answers": {letter: answers[name] for letter, name in zip(LETTERS, names, strict=True)},
        "key": dict(zip(LETTERS, names, strict=True)),
    }


def _readable(rows: Sequence[Row]) -> str:
    """Return every case with its answers, for a reader who does not know the key."""
    parts = []
    for row in rows:
        told = "\n\n".join(f"--- {letter}\n{text}" for letter, text in row["answers"].items())
        parts.append(f"=== {row['id']}\n{row['message']}\n\n{told}")
    return "\n\n\n".join(parts)
