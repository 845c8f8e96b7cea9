"""A language model as a judge: one question at a time, a quote demanded, the order shuffled. Asks; adds up nothing.

An answer "yes" counts only when its quote stands in the judged text: two words at least, capitals and spaces aside.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from coach.errors import LanguageModelTrouble
from coach.ports import LanguageModel
from evals.criteria import Criterion
from evals.straight import prompts, until

FEWEST_QUOTED = 2
_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True)
class Question:
    """One criterion to be judged in one text."""

    text_id: str
    message: str
    answer: str
    criterion: Criterion


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a question. ``found`` None: the judge gave no usable answer. ``quote`` as it was given."""

    question: Question
    found: bool | None
    quote: str = ""
    unquoted: bool = False  # it said yes, and its quote is not in the text


def shuffled(questions: Sequence[Question], seed: int) -> list[Question]:
    """Return the questions with texts in a shuffled order, and within each text the criteria in another.

    Those about one text stay together, so that a server need read it only once.
    """
    dice = random.Random(seed)
    texts = list(dict.fromkeys((each.text_id, each.answer) for each in questions))
    dice.shuffle(texts)
    ordered = []
    for text in texts:
        of_text = [each for each in questions if (each.text_id, each.answer) == text]
        dice.shuffle(of_text)
        ordered += of_text
    return ordered


class Judge:
    """Asks one language model. ``seed`` settles which of yes and no is named first, question by question."""

    def __init__(self, model: LanguageModel, seconds: float, seed: int = 0) -> None:
        self._model, self._seconds, self._dice = model, seconds, random.Random(seed)

    async def ask(self, question: Question) -> Verdict:
        """Return the verdict on one question; a failure of the language model is a verdict of None."""
        words = ["yes", "no"]
        self._dice.shuffle(words)
        said = {"first": f'"{words[0]}"', "second": f'"{words[1]}"'}
        values = {"message": question.message, "answer": question.answer, "ask": question.criterion.ask, **said}
        prompt = [("system", prompts().render("judge.system")), ("user", prompts().render("judge.user", **values))]
        try:
            given = await self._model.fill(prompt, _schema(words), until(self._seconds))
        except LanguageModelTrouble:
            return Verdict(question, None)
        found, quote = str(given.get("found", "")).strip().lower(), str(given.get("quote", ""))
        if found not in words:
            return Verdict(question, None, quote)
        held = stands(quote, question.answer)
        return Verdict(question, found == "yes" and held, quote, found == "yes" and not held)


def stands(quote: str, text: str) -> bool:
    """Say whether a quote of two words or more stands in a text, word for word; capitals and marks do not matter."""
    words = _words(quote)
    return len(words) >= FEWEST_QUOTED and f" {' '.join(words)} " in f" {' '.join(_words(text))} "


def _words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def _schema(words: Sequence[str]) -> dict[str, object]:
    """The quote comes first, so that it is looked for before the answer is given."""
    return {
        "type": "object",
        "properties": {"quote": {"type": "string", "maxLength": 300}, "found": {"type": "string", "enum": list(words)}},
        "required": ["quote", "found"],
        "additionalProperties": False,
    }
