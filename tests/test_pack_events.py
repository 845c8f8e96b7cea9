"""A new event is a diff of a catalogue and one scene: nothing is fitted, no code knows of it."""

from pathlib import Path

import pytest
import yaml

from coach.domain.asks import TappedEvent, TappedPerson
from coach.errors import BadInput
from coach.knowledge.library import Library
from coach.shipped import shipped
from talks import Talk

EVENT = {
    "id": "they_swapped_my_shift",
    "group": "them",
    "by": "them",
    "chip": "{name} swapped my shift without asking",
    "they": "They swapped my shift without asking",
    "means": "Somebody exchanged or changed my shift on the rota and I was not asked.",
    "premises": ["shift_was_swapped"],
    "wants": ["clear_up", "set_limit"],
    "principles": ["intentions-vary-ask"],
    "like": ["shift", "rota", "swap", "roster"],
}
SCENE = """
moves:
  - id: ask
    wants: [clear_up, set_limit]
    headline: "Ask {{ call }} how the swap came about"
    answer: "{{ Call }} changed your shift and you were not asked. Whether somebody told them that it was fine with
      you cannot be seen from here, so ask that first, and say in the same breath how you want it done from now on."
    question: {fact: "how the swap came about", ask: "How did my shift come to be moved?"}
    readings: [{text: "They may have thought you had been asked."}, {text: "They might have been short of people."}]
    first: {card: intentions-vary-ask, cue: "When you next see the rota", do: "ask {{ call }} how the swap came about",
      say: "{{ hi }}my shift was moved. How did that come about? Next time, please ask me first.", channel: any,
      minutes: 5, days: 2, why: "It asks before it blames."}
    badly: "If they brush it off, then say once that you want to be asked, and leave it there."
    stop: "Leave it when you have said it once; you need not discuss why you mind."
    sign: "The next change reaches you as a question."
"""


def pack(folder: Path, scene: str = SCENE, **changes: object) -> Path:
    """Write a pack of one card, one event and its scene."""
    mine = folder / "ward"
    (mine / "scenes").mkdir(parents=True)
    held = {"events": [EVENT | changes], "facts": {"shift_was_swapped": "your shift was moved and you were not asked"}}
    (mine / "events.yaml").write_text(yaml.safe_dump(held), encoding="utf-8")
    (mine / "scenes" / "they_swapped_my_shift.yaml").write_text(scene, encoding="utf-8")
    card = (shipped("knowledge") / "ask-questions.md").read_text(encoding="utf-8")
    (mine / "ask-on-the-ward.md").write_text(card.replace("ask-questions", "ask-on-the-ward"), encoding="utf-8")
    return mine


async def test_an_event_of_a_pack_is_offered_tapped_and_planned(talk: Talk, library: Library, tmp_path: Path) -> None:
    library.add_pack(pack(tmp_path))
    try:
        await talk.say("Tom swapped my shift on the rota without asking me. I found out on Monday when I came in.")
        assert "they_swapped_my_shift" in {each.id for each in talk.card.best}
        await talk.tap(people=(TappedPerson("typed", "Tom"),), events=(TappedEvent("they_swapped_my_shift"),))
        plan = talk.answers[-1].plan
    finally:
        library.remove_pack("ward")
    assert plan is not None
    assert (plan.scene, plan.headline) == ("they_swapped_my_shift/ask", "Ask Tom how the swap came about")
    assert "intentions-vary-ask" in {citation.principle for citation in plan.steps[0].citations}


@pytest.mark.parametrize(
    ("scene", "changes", "told"),
    [
        (SCENE.replace("intentions-vary-ask", "no-such-card"), {}, "cites the card 'no-such-card'"),
        ("moves: 3", {}, "holds no list of moves"),
        (SCENE.replace("headline:", "headlong:"), {}, "lacks headline"),
        (SCENE, {"id": "another"}, "belongs to no event"),
        (SCENE, {"group": "none"}, "no group 'none'"),
    ],
)
def test_a_pack_whose_events_or_scenes_cannot_be_used_is_refused_and_nothing_stays(
    library: Library, tmp_path: Path, scene: str, changes: dict[str, object], told: str
) -> None:
    before = library.packs()
    with pytest.raises(BadInput, match=told):
        library.add_pack(pack(tmp_path, scene, **changes))
    assert library.packs() == before
