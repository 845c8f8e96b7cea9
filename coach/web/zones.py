"""The user's time zone, by which days and hours are told. Set for the whole process: only where there is one user."""

from __future__ import annotations

import os
import time
from functools import cache
from zoneinfo import available_timezones

_OWN = os.environ.get("TZ")
"""What the process began with."""


@cache
def zones() -> frozenset[str]:
    """Return the names of the time zones there are."""
    return frozenset(available_timezones())


def settle(zone: str) -> None:
    """Tell days by a zone from now on; "" or an unknown one: by this machine's own."""
    wanted = zone if zone in zones() else _OWN
    if wanted is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = wanted
    if hasattr(time, "tzset"):  # not on Windows, where the machine's own zone stays
        time.tzset()
