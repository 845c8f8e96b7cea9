"""``@many("name", cases)``: one test that goes through all its cases and names every one that fails.

For thousands of small cases: as tests of their own (pytest's parametrize) each costs several times what it checks.
``some(cases, 4)`` are those that a quick run has time for.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from hypothesis import settings

Case = TypeVar("Case")


def many(
    names: str, cases: Iterable[Any] | Callable[[], Iterable[Any]]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Call a test once a case. ``names``: its parameters, by commas; a case is a tuple when there are several.

    Cases that take a while to find are given by a function, so that it takes none to collect the tests.
    """
    own = [name.strip() for name in names.split(",")]

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def through_all(**fixtures: Any) -> None:
            wrong = []
            all_cases = list(cases() if callable(cases) else cases)
            for case in all_cases:
                values = case if len(own) > 1 else (case,)
                try:
                    test(**dict(zip(own, values, strict=True)), **fixtures)
                except Exception as error:
                    error.add_note(f"case: {', '.join(map(str, values))}")
                    wrong.append(error)
            assert all_cases, "no case"
            if wrong:
                raise ExceptionGroup(f"{test.__name__}: {len(wrong)} of {len(all_cases)} cases fail", wrong)

        signature = inspect.signature(test)
        asked = [each for name, each in signature.parameters.items() if name not in own]
        through_all.__signature__ = signature.replace(parameters=asked)  # type: ignore[attr-defined]  # what pytest fills
        return through_all

    return decorate


def some(cases: Iterable[Case], every: int, first: int = 0) -> list[Case]:
    """Return every n-th of the cases in a run with ``--sample``, all of them in any other. For use in a test.

    ``first``: a number that says with which to begin, so that not the same ones are left out everywhere.
    """
    sampled = settings.get_current_profile_name() == "sample"
    return list(cases)[first % every :: every] if sampled else list(cases)
