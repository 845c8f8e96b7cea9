"""What the process takes of the machine: memory that the C library keeps, and cores for NumPy's sums.

Knows glibc's knobs; where there is none, nothing happens. Knows nothing of what is computed.
"""

from __future__ import annotations

import ctypes
import sys

_TRIM, _MMAP, _ARENAS = -1, -3, -8
"""Names of glibc's ``mallopt``: how much free memory is kept, from which size a block goes back, how many pools."""


def keep_little_memory() -> None:
    """Have the C library hand back large blocks as they are freed, and share one pool of small ones among all threads.

    Left alone it raises its own thresholds after the first large block and keeps what loading took. A run over a long
    text asks for blocks of up to 3 MB again and again; were those handed back, it would take twice as long.
    """
    if sys.platform == "linux":
        try:
            for name, size in ((_TRIM, 8_000_000), (_MMAP, 4_000_000), (_ARENAS, 1)):
                ctypes.CDLL("libc.so.6").mallopt(name, size)
        except (OSError, AttributeError):
            return


def give_back_memory() -> None:
    """Hand memory that is no longer used (some 60 MB after loading) back to the system, where the C library can."""
    if sys.platform == "linux":
        try:
            ctypes.CDLL("libc.so.6").malloc_trim(0)
        except (OSError, AttributeError):
            return


def one_core_for_sums() -> None:
    """Keep NumPy's sums on one core: its threads go on spinning after each, and take the cores the weights need.

    A search then costs a third less. It holds for the whole process; fitting lifts it for itself.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    threadpool_limits(limits=1, user_api="blas")
