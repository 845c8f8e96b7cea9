"""The files browsers may keep: styles, scripts and icons, and the address that changes with them. Knows no page."""

from __future__ import annotations

import hashlib

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from coach.shipped import shipped

_FOLDER = shipped("web") / "static"
FILES = tuple(file.name for file in sorted(_FOLDER.iterdir()))


def _digest() -> str:
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(name.encode() + b"\0" + (_FOLDER / name).read_bytes())
    return digest.hexdigest()[:16]


DIGEST = _digest()
"""Of every file's name and content, as they were when the coach started."""
STATIC = f"/static/{DIGEST}"
"""Where pages take them from: what was fetched from there once never changes and is not asked for again."""

routes: list[BaseRoute] = [Mount(STATIC, StaticFiles(directory=_FOLDER), name="static")]


def kept(path: str) -> bool:
    """Whether a browser may keep what is at this path."""
    return path.startswith(STATIC + "/")
