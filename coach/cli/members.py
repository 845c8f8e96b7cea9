"""Members at the server's terminal: the first link, invitations, who is here, locking out, erasing, claiming a folder.

Whoever can run these commands runs the server. They can lock out and erase, and can open nobody's journal. Knows what
is typed and printed; all else is imported when a command runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from coach.caller import ALONE
from coach.cli.workbench import Doors, doors, output, tell
from coach.domain.members import Role
from coach.errors import BadInput, Refused
from coach.settings import Settings

if TYPE_CHECKING:
    from coach.group import Group

T = TypeVar("T")

members = typer.Typer(
    no_args_is_help=True, help="A coach for a group: the first member, invite, list, lock out, erase, claim."
)

Login = Annotated[str, typer.Argument(help="The member's login.")]


@members.command()
def first(context: typer.Context) -> None:
    """Print the one-use link with which the first admin joins."""
    _link(doors(context), lambda group: group.roster.first())


@members.command()
def invite(
    context: typer.Context,
    role: Annotated[Role, typer.Option(help="What they join as.")] = Role.MEMBER,
) -> None:
    """Print a link for one person, good for a week."""
    _link(doors(context), lambda group: group.roster.invite(None, role))


@members.command("list")
def list_(context: typer.Context) -> None:
    """List logins, roles and days of joining."""
    found = _run(doors(context), lambda group: group.roster.members())
    for each in found:
        locked = ", locked out" if each.locked else ""
        output().print(f"{each.login}: {each.role.value} since {each.joined_on}{locked}", markup=False)
    if not found:
        output().print("Nobody has joined yet. 'coach members first' prints the first link.")


@members.command()
def lock(
    context: typer.Context,
    login: Login,
    again: Annotated[bool, typer.Option("--undo", help="Let them in again.")] = False,
) -> None:
    """Let a member in no more, or again; nothing of theirs is lost."""
    _run(doors(context), lambda group: group.roster.lock(None, login, locked=not again))
    output().print("They are let in again." if again else "They are locked out, and every session of theirs is.")


@members.command()
def make(context: typer.Context, login: Login, role: Annotated[Role, typer.Argument(help="Their new role.")]) -> None:
    """Give a member a role."""
    _run(doors(context), lambda group: group.roster.make(None, login, role))
    output().print("Done.")


@members.command()
def erase(
    context: typer.Context,
    login: Login,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Erase a member with their journal, for good."""
    _settings(doors(context))  # refuses where there is no group, before anybody types a word
    if not yes and typer.prompt(f"There is no way back. Type {login} to erase this member") != login:
        raise Refused("Nothing was erased.")
    _run(doors(context), lambda group: group.roster.erase(None, login))
    output().print("The member is erased, with their journal.")


@members.command()
def claim(context: typer.Context) -> None:
    """Make the one user of this folder a member with the same journal; the key file goes once the password opens it."""
    from coach.journal.keys import KeyFile
    from coach.members.codes import is_last_group

    settings = doors(context).settings()
    file = KeyFile(settings.data / "key")
    key = file.read(ALONE)
    if key is None:
        raise BadInput(f"There is no key file in {settings.data}, so there is nothing to claim.")
    login = typer.prompt("Login")
    password = typer.prompt("Password, at least 12 characters", hide_input=True, confirmation_prompt=True)
    code = doors(context).new_code()
    if not _run(doors(context), lambda group: group.roster.claimed(ALONE), settings):
        tell(f"Your recovery code, shown this once: {code}")
        while not is_last_group(code, typer.prompt("Write it down, then type its last four characters")):
            tell("That is not its last group.")

    async def claimed(group: Group) -> None:
        await group.roster.claim(ALONE, key, login, password, code)

    _run(doors(context), claimed, settings)
    file.drop(ALONE)
    output().print("The journal is yours as a member, and the key file is gone. Start the coach with COACH_MEMBERS=1.")


def _settings(through: Doors) -> Settings:
    settings = through.settings()
    if not settings.members:
        raise Refused("This coach has one user. Set COACH_MEMBERS=1 for a group; docs/members.md says how.")
    return settings


def _run(through: Doors, work: Callable[[Group], Awaitable[T]], settings: Settings | None = None) -> T:
    """Do work with a group that is opened for it. Raises Refused where there is none, unless ``settings`` are given."""

    async def run() -> T:
        made = await through.group(settings or _settings(through))
        try:
            return await work(made)
        finally:
            await made.close()

    return asyncio.run(run())


def _link(through: Doors, invite: Callable[[Group], Awaitable[str]]) -> None:
    """Print the link of an invitation."""
    from coach.cli.startup import address

    token, settings = _run(through, invite), through.settings()
    typer.echo(f"{settings.public_url.rstrip('/') or address(settings)}/join/{token}")
    tell("It is for one person, once, and ends after a week. Send it where nobody else reads along.")
