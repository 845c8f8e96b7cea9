"""What is too slow for the tests: load, kills, long runs, against the real server. ``python -m evals.soak``.

A drill is a module here; the command finds it by its name. It has

    BARS      what its figures have to reach, by figure
    measure   a folder of its own, empty → its figures; raises whatever goes wrong

A figure without a bar is shown. A drill that fails or misses a bar makes the command end with 1. One that cannot be run
here, for a program that is not installed, is left out with that reason; with COACH_CI=1 it fails.
"""


class LeftOut(Exception):
    """A drill cannot be run on this machine, and why."""
