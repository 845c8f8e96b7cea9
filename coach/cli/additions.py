"""What is the user's own, by command: packs of cards and kinds of session, which their own modules check."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from coach.cli.workbench import Doors, Opened, bar, doors, opened, output, tell
from coach.errors import BadInput
from coach.shipped import shipped

if TYPE_CHECKING:
    from coach.knowledge.library import Library
    from coach.knowledge.session_templates import Sessions

knowledge = typer.Typer(no_args_is_help=True, help="Your own packs of cards: add, list, remove.")
sessions = typer.Typer(no_args_is_help=True, help="Your own kinds of session: add, list, remove.")


@knowledge.command("add")
def add_pack(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A folder of cards, as knowledge/README.md describes them.")],
) -> None:
    """Check a folder of cards and add it as a pack; nothing is added when one card is bad."""
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder. Give a folder of cards; knowledge/README.md tells how to write one.")
    with opened(doors(context), personal=False) as coach, bar() as report:
        name, count = _library(coach).add_pack(folder, report)
    output().print(f"Added {name}: {_cards(count)}.", markup=False)


@knowledge.command("list")
def list_packs(context: typer.Context) -> None:
    """List the packs, with how many cards each has."""
    with opened(doors(context), personal=False) as coach:
        for name, count in Counter(card.pack for card in coach.parts.knowledge.principles()).items():
            output().print(f"{name}: {_cards(count)}", markup=False)


@knowledge.command("remove")
def remove_pack(context: typer.Context, name: Annotated[str, typer.Argument(help="The pack's name.")]) -> None:
    """Remove a pack that was added."""
    with opened(doors(context), personal=False) as coach:
        _library(coach).remove_pack(name)
    output().print(f"Removed {name}.", markup=False)


def rebuild(context: typer.Context) -> None:
    """Build the index of cards again."""
    with opened(doors(context), personal=False) as coach, bar() as report:
        count = _library(coach).rebuild(report)
    tell(f"Indexed {count} passages.")


@sessions.command("add")
def add_sessions(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A folder of templates (knowledge/sessions/README.md).")],
) -> None:
    """Check a folder of session templates and add it; nothing is added when one file is bad."""
    name, count = _templates(doors(context)).add(folder)
    output().print(f"Added {name}: {count} {'kind' if count == 1 else 'kinds'} of session.", markup=False)


@sessions.command("list")
def list_sessions(context: typer.Context) -> None:
    """List the kinds of session."""
    for template in _templates(doors(context)).templates():
        output().print(f"{template.id}: {template.title} ({template.pack})", markup=False, soft_wrap=True)


@sessions.command("remove")
def remove_sessions(context: typer.Context, name: Annotated[str, typer.Argument(help="The folder's name.")]) -> None:
    """Remove the templates of a folder that was added."""
    _templates(doors(context)).remove(name)
    output().print(f"Removed {name}.", markup=False)


def _library(coach: Opened) -> Library:
    return cast("Library", coach.parts.knowledge)


def _cards(count: int) -> str:
    return "1 card" if count == 1 else f"{count} cards"


def _templates(through: Doors) -> Sessions:
    from coach.knowledge.cards import load_cards
    from coach.knowledge.packs import Packs
    from coach.knowledge.session_templates import Sessions

    settings = through.settings()
    packs = Packs(settings.data / "packs")
    own = [card for name in packs.names() for card in packs.load(name)]
    cards = {card.id for card in (*load_cards(shipped("knowledge")), *own)}
    return Sessions(shipped("knowledge") / "sessions", settings.data / "sessions", cards)
