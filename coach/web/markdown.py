"""Plans, people and the journal as Markdown, to keep or to send on. The words stand in ``web/templates/*.md``."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from coach.web.renderer import fragment


def as_markdown(name: str, /, **values: Any) -> Response:
    """Return a template as a file to save."""
    return Response(
        fragment(name, **values),
        media_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
