"""The command ``coach``: what can be typed, and nothing else.

Every command imports what it needs when it runs, so ``coach --help`` is quick. A CoachError becomes one plain sentence
on stderr and exit code 2; anything unforeseen one sentence and exit code 1, without what people wrote.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from coach.cli import additions, backups, members
from coach.cli.workbench import USER, doors, opened, output, tell
from coach.domain.moments import Channel
from coach.errors import CoachError, Refused


class _Plain(TyperGroup):
    """Turns errors into sentences."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; never let a traceback reach the user."""
        try:
            return super().invoke(ctx)
        except CoachError as error:
            tell(str(error))
            raise typer.Exit(2) from None
        except (typer.Exit, typer.Abort, KeyboardInterrupt, EOFError):
            raise
        except Exception as error:
            if ctx.params.get("trace") or type(error).__module__.startswith(("click", "typer")):
                raise
            kind = type(error).__name__  # its message may quote what someone wrote
            tell(
                f"Something unforeseen went wrong ({kind}). What was kept before is safe. 'coach doctor' looks further."
            )
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=_Plain,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(additions.knowledge, name="knowledge")
app.add_typer(additions.sessions, name="sessions")
app.add_typer(members.members, name="members")

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Keep every proposed moment without asking.")]
_NEW = "Make a new token first; no browser is known any more."
Where = Annotated[Channel | None, typer.Option(help="Where it was, for moments whose text does not say.")]


@app.callback()
def _all(
    trace: Annotated[bool, typer.Option("--trace", help="Show where an unforeseen error happened.")] = False,
) -> None:
    """A coach for relationships at work. Everything stays on this machine."""
    del trace


@app.command()
def serve(context: typer.Context) -> None:
    """Start the coach and print its address."""
    from coach.cli.startup import serve as start

    start(doors(context))


@app.command()
def link(context: typer.Context, new: Annotated[bool, typer.Option("--new", help=_NEW)] = False) -> None:
    """Print the link that lets a browser in."""
    from coach.cli.startup import show_links

    show_links(doors(context), new=new)


@app.command()
def chat(
    context: typer.Context,
    person: Annotated[str | None, typer.Option(help="Whom it is about, by name.")] = None,
    yes: Yes = False,
    channel: Where = None,
) -> None:
    """Talk with the coach here. In a pipe, what is piped in is one message."""
    from coach.cli import confirmation, terminal

    with opened(doors(context)) as coach:
        whole = terminal.chat(coach, confirmation.Manner(doors(context).at_terminal(), yes, channel), person)
    if not whole:
        raise typer.Exit(1)


@app.command()
def log(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="What happened.")],
    yes: Yes = False,
    channel: Where = None,
) -> None:
    """Note what happened: the moments in it are proposed, and kept when confirmed."""
    from coach.cli import confirmation, terminal

    with opened(doors(context)) as coach:
        terminal.log(coach, text, confirmation.Manner(doors(context).at_terminal(), yes, channel))


@app.command()
def plan(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="A name in your journal, or its beginning.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
) -> None:
    """Make a plan for a person from your journal."""
    from coach.cli import display, terminal

    with opened(doors(context)) as coach:
        made = terminal.plan(coach, person)
    if as_json:
        from pydantic import TypeAdapter

        typer.echo(TypeAdapter(type(made)).dump_json(made, indent=2).decode())
    else:
        output().print(display.plan(made), width=display.WIDTH + 4)


app.command("index")(additions.rebuild)


@app.command("export")
def export_(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="A new file; left out: print it.")] = None,
) -> None:
    """Write everything you kept as readable JSON."""
    from coach.cli import archive

    with opened(doors(context)) as coach:
        archive.export(coach, file)


@app.command("import")
def import_(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="What 'coach export' wrote; - for stdin.")]
) -> None:
    """Take an export into the journal, whole or not at all; what is there already stays."""
    from coach.cli import archive

    data = archive.read(file)
    with opened(doors(context)) as coach:
        archive.import_(coach, data)


@app.command()
def forget(
    context: typer.Context,
    person: Annotated[str | None, typer.Option(help="Only this person, and all that is about them.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    now: Annotated[bool, typer.Option("--now", help="Erase everything at once, and not after a day.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep everything after all.")] = False,
) -> None:
    """Erase your journal after a day, or one person in it at once, for good."""
    from coach.cli import archive

    with opened(doors(context)) as coach:
        if keep:
            archive.keep(coach)
        else:
            archive.forget(coach, person, sure=yes, at_terminal=doors(context).at_terminal(), now=now)


@app.command()
def mcp(context: typer.Context) -> None:
    """Offer the coach's tools on stdio, to a program that speaks MCP."""
    through = doors(context)
    settings = through.settings()
    if settings.members:
        raise Refused("This coach has members: a program uses the address /mcp with a token from its member's page.")
    try:
        from coach.web.programs.tools import server
    except ImportError:
        raise Refused("This needs a package that is not there: pip install 'work-relationship-coach[mcp]'.") from None

    async def serve() -> None:
        parts = await through.build(settings, None)
        try:
            await server(parts, lambda: USER).run_stdio_async()  # nothing else may be printed
        finally:
            await parts.close()

    asyncio.run(serve())


@app.command()
def due(context: typer.Context) -> None:
    """Say what is for today: at most three things."""
    from coach.cli import reminders

    with opened(doors(context)) as coach:
        reminders.due(coach)


@app.command()
def digest(context: typer.Context) -> None:
    """Send an e-mail with how many things are for today, and not a word of them. For a daily timer."""
    from coach.cli import reminders

    with opened(doors(context)) as coach:
        sent = reminders.digest(coach, coach.parts.settings)
    output().print("Sent." if sent else "Nothing is due, so nothing was sent.")


@app.command()
def doctor(
    context: typer.Context,
    usage: Annotated[bool, typer.Option("--usage", help="Say what the language model was used for instead.")] = False,
) -> None:
    """Say what is wrong, and the command that mends it."""
    from coach.cli.doctor import examine

    if usage:
        from coach.cli.usage import usage as show

        with opened(doors(context)) as coach:
            show(coach)
    elif not examine(doors(context)):
        raise typer.Exit(1)


@app.command()
def exam(context: typer.Context) -> None:
    """Find out what the connected language model may do, with twelve letters of the coach's own."""
    from coach.cli.examination import examine

    with opened(doors(context), personal=False) as coach:
        plans = examine(coach)
    if not plans:
        raise typer.Exit(1)


app.command()(backups.backup)
app.command()(backups.restore)


def main() -> None:
    """Run the command named on the command line."""
    app()
