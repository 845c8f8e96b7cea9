"""A backup made from the page: a file sealed by the passphrase that is typed. Restoring is a command."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

from anyio import to_thread
from fastapi import Request
from starlette.responses import Response, StreamingResponse

from coach.errors import BadInput, NotFound
from coach.web import routers
from coach.web.keeper import stamped
from coach.web.pages.forms import Form, Posted
from coach.web.parts import In

router = routers.of_pages()

STAMP = "backup"

_AT_ONCE = 1 << 16


class Asked(Form):
    """A passphrase, typed twice, from a form of our own."""

    passphrase: str = ""
    again: str = ""
    page: str = ""


@router.post("/privacy/backup")
async def backup(form: Posted[Asked], request: Request, parts: In) -> Response:
    """Make a backup and send it. Nothing of it stays here."""
    if parts.backups is None or parts.members is not None:
        raise NotFound("Backups of a coach with members are made by whoever runs it: coach backup FILE.")
    if not stamped(request.scope, STAMP, form.page):
        raise BadInput("This form is from an older page. Open the Privacy page again and make the backup from there.")
    if form.passphrase != form.again:
        raise BadInput("The two passphrases are not the same, so no backup was made. Type them again.")
    name = f"coach-{parts.clock().astimezone():%Y-%m-%d}.backup"
    with tempfile.TemporaryDirectory(prefix=".send-", dir=parts.settings.data) as folder:
        await parts.backups.make(file := Path(folder) / name, form.passphrase)
        sealed = await to_thread.run_sync(lambda: file.open("rb"))
    size = await to_thread.run_sync(lambda: sealed.seek(0, SEEK_END))
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size)}
    return StreamingResponse(_pieces(sealed), media_type="application/octet-stream", headers=headers)


def _pieces(sealed: BinaryIO) -> Iterator[bytes]:
    with sealed:
        sealed.seek(0)
        while some := sealed.read(_AT_ONCE):
            yield some
