"""The commands for what is the user's own: packs of cards, and kinds of session. Knows what can be typed, no card."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coach.cli.workbench import doors

knowledge = typer.Typer(no_args_is_help=True, help="Your own packs of cards: add, list, remove.")
sessions = typer.Typer(no_args_is_help=True, help="Your own kinds of session: add, list, remove.")


@knowledge.command("add")
def add_pack(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A folder of cards, as knowledge/README.md describes them.")],
) -> None:
    """Check a folder of cards and add it as a pack; nothing is added when one card is bad."""
    from coach.cli.packs import add

    add(doors(context), folder)


@knowledge.command("list")
def list_packs(context: typer.Context) -> None:
    """List the packs, with how many cards each has."""
    from coach.cli.packs import show

    show(doors(context))


@knowledge.command("remove")
def remove_pack(context: typer.Context, name: Annotated[str, typer.Argument(help="The pack's name.")]) -> None:
    """Remove a pack that was added."""
    from coach.cli.packs import remove

    remove(doors(context), name)


@sessions.command("add")
def add_sessions(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A folder of templates (knowledge/sessions/README.md).")],
) -> None:
    """Check a folder of session templates and add it; nothing is added when one file is bad."""
    from coach.cli.session_kinds import add

    add(doors(context), folder)


@sessions.command("list")
def list_sessions(context: typer.Context) -> None:
    """List the kinds of session."""
    from coach.cli.session_kinds import show

    show(doors(context))


@sessions.command("remove")
def remove_sessions(context: typer.Context, name: Annotated[str, typer.Argument(help="The folder's name.")]) -> None:
    """Remove the templates of a folder that was added."""
    from coach.cli.session_kinds import remove

    remove(doors(context), name)
