"""Which texts are embedded together, so that padding costs the least. Knows lengths; no texts and no weights."""

from __future__ import annotations

from collections.abc import Sequence

_TOKENS_A_BATCH = 512  # padded; keeps what a batch needs to some 15 MB
_RUN = 12
"""The fixed cost of a run, expressed in tokens."""


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Return the indices of texts in batches that together cost the least, the costliest batch first.

    Every row of a batch is padded to its longest text, and the number of tokens in a batch is limited.
    """
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    least, begins = [0], [0]  # of the first so many texts: what they cost, and where their last batch begins
    for end in range(1, len(order) + 1):
        longest = lengths[order[end - 1]]
        first = max(0, end - max(1, _TOKENS_A_BATCH // max(longest, 1)))
        cost, begin = min((least[at] + (end - at) * longest + _RUN, at) for at in range(first, end))
        least.append(cost)
        begins.append(begin)
    found, end = [], len(order)
    while end:
        found.append(order[begins[end] : end])
        end = begins[end]
    return sorted(found, key=lambda batch: -len(batch) * lengths[batch[-1]])
