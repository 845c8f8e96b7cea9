"""The sentence for a finding. Knows the text's name; the words stand in ``prompts/finding.fixed.j2``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.domain.plans import Pattern
from coach.ports import Texts

_LONGEST = 16


def finding_sentence(
    texts: Texts, every: Sequence[Moment]
) -> Callable[[Pattern | None, Person, Sequence[Moment]], str]:
    """Return what words a finding; ``every`` are all moments with the person."""

    def sentence(pattern: Pattern | None, person: Person, shown: Sequence[Moment]) -> str:
        return texts.render(
            "finding.fixed",
            pattern=pattern.value if pattern else None,
            name=person.name,
            n=len(shown),
            total=len(every),
            last=_brief(shown[-1].what) if shown else "",
            channel=shown[-1].channel.value.replace("_", " ") if shown else "",
        )

    return sentence


def _brief(text: str) -> str:
    words = text.split()
    return " ".join(words[:_LONGEST]) + (" …" if len(words) > _LONGEST else "")
