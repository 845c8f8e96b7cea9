"""Serves ``web/`` and the JSON API. Knows FastAPI; asks the core through ``Parts`` and holds no coaching.

::

    parts      what a server is made of, and how a route gets hold of it
    factory    create_app: the one place where routes, guards and pages meet
    server     the server itself (uvicorn): no access log, no version shown
    watch      every request: how long it took, and the unexpected caught, without what people wrote
    proxies    what a trusted proxy tells of a request
    guards     what may be asked: host, origin, content type, size
    entrance   the door: 401 for whoever the keeper does not know
    keeper     who is asking: from a request to a user, or to nobody
    headers    what the browser is told to forbid
    problems   errors → status and a plain sentence, in one table
    streams    the events of a turn, opened before the response begins
    adoption   a plan made before its person was known becomes theirs
    health     is the coach alive, is it ready
    api/       the JSON API, one noun a module
    pages/     the same for people, made of web/templates
"""

from coach.web.factory import create_app
from coach.web.parts import Parts

__all__ = ["Parts", "create_app"]
