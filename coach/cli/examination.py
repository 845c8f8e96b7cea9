"""The exam of the connected language model, at a terminal: a line for each letter, then what it may do."""

from __future__ import annotations

from rich.text import Text

from coach.cli.workbench import Opened, output
from coach.connection import Connection
from coach.domain.readings import Level
from coach.errors import BadInput
from coach.exam import Mark
from coach.exam.levels import Result


def examine(coach: Opened) -> bool:
    """Sit the exam; return whether the language model may plan. Raises BadInput without one, LanguageModelTrouble."""
    connection = coach.parts.connection
    texts = coach.parts.texts
    if connection is None or connection.name == "none":
        raise BadInput(texts.render("model/none.fixed"))
    output().print(Text(f"{connection.name} · {connection.destination}", "bold"))
    result = coach.run(_sat(connection))
    output().print(Text(texts.render("model/level.fixed", level=result.level.value), "bold"), soft_wrap=True)
    if chosen := connection.levels.chosen(connection.destination, connection.name):
        output().print(texts.render("model/chosen.fixed", chosen=chosen), soft_wrap=True)
    return result.level is Level.PLANS


async def _sat(connection: Connection) -> Result:
    found: Result | None = None
    async for each in connection.sit():
        if isinstance(each, Mark):
            _show(each)
        else:
            found = each
    assert found is not None
    return found


def _show(mark: Mark) -> None:
    said = Text.assemble(
        (f"{mark.n:>2}/{mark.of} ", "dim"), ("failed" if mark.why else "ok    ", "bold"), f"  {mark.about}"
    )
    output().print(said, soft_wrap=True)
    if mark.why:
        output().print(Text(f"              {mark.why}"), soft_wrap=True)
