"""Counts and durations of this process since it started, for GET /metrics. Holds no name and nothing anyone wrote.

Counting is a few sums in memory; the package that writes Prometheus' format is imported when someone asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coach.domain.sent import Sent
from coach.domain.turns import Event, Failed, Finished, Read, Started

if TYPE_CHECKING:
    from prometheus_client.core import Metric

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(eq=False)
class Tally:
    """What was counted. One for the whole process; used from its event loop alone."""

    turns: Counter[str] = field(default_factory=Counter)  # by how they ended
    replies: Counter[str] = field(default_factory=Counter)  # by route
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)  # to a language model, by why and outcome
    tokens: Counter[str] = field(default_factory=Counter)  # in, out
    replaced: int = 0
    turn_seconds: float = 0.0
    call_seconds: float = 0.0
    under_way: set[str] = field(default_factory=set)  # turns that are being answered now

    def event(self, event: Event) -> None:
        """Count what an event of a turn tells."""
        if isinstance(event, Started):
            self.under_way.add(event.turn_id)
        elif isinstance(event, Read):
            self.replies[event.reading.route.value] += 1
        elif isinstance(event, Finished):
            self.turns["finished"] += 1
            self.turn_seconds += event.ms / 1000
            self.replaced += len(event.replaced)
        elif isinstance(event, Failed):
            self.turns["failed"] += 1

    def over(self, turn_id: str) -> None:
        """A turn is answered, or was left; it is kept as far as it came."""
        self.under_way.discard(turn_id)

    def call(self, sent: Sent) -> None:
        """Count a call to a language model that is over."""
        self.calls[sent.why, sent.outcome] += 1
        self.tokens["in"] += sent.tokens_in or 0
        self.tokens["out"] += sent.tokens_out or 0
        self.call_seconds += sent.ms / 1000

    def text(self) -> str:
        """Return everything in Prometheus' text format."""
        from prometheus_client import CollectorRegistry, generate_latest

        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry).decode()

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics, as prometheus_client asks for them."""
        from prometheus_client.core import CounterMetricFamily as Counted
        from prometheus_client.core import SummaryMetricFamily as Summed

        turns = Counted("coach_turns", "Turns, by how they ended.", labels=["outcome"])
        for outcome in ("finished", "failed"):
            turns.add_metric([outcome], self.turns[outcome])
        replies = Counted("coach_replies", "Replies, by route.", labels=["route"])
        for route, n in sorted(self.replies.items()):
            replies.add_metric([route], n)
        calls = Counted("coach_language_model_calls", "Calls to the language model.", labels=["why", "outcome"])
        for (why, outcome), n in sorted(self.calls.items()):
            calls.add_metric([why, outcome], n)
        tokens = Counted("coach_language_model_tokens", "Tokens sent and received.", labels=["way"])
        for way in ("in", "out"):
            tokens.add_metric([way], self.tokens[way])
        replaced = Counted("coach_sentences_replaced", "Sentences of the language model that were not said.")
        replaced.add_metric([], self.replaced)
        took = Summed("coach_turn_seconds", "From the user's words to the end of the reply.")
        took.add_metric([], self.turns["finished"], self.turn_seconds)
        waited = Summed("coach_language_model_seconds", "From a call to its end.")
        waited.add_metric([], sum(self.calls.values()), self.call_seconds)
        yield from (turns, replies, calls, tokens, replaced, took, waited)
