"""What a host hands out: every worker has it without a restart, nobody else can, and every member can read who did."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from functools import cached_property
from pathlib import Path

import pytest
import pytest_asyncio
from starlette.testclient import TestClient

from coach.domain.members import HandoutKind, Member, Role
from coach.errors import BadCard, BadInput, NotFound, Refused
from coach.knowledge.library import Library
from coach.knowledge.session_templates import Sessions
from coach.members.handouts import Handouts, Shelf
from coach.shipped import shipped
from groups import Worker, worker
from test_members_pages import FORM, Site, site

TEMPLATE = (shipped("knowledge") / "sessions" / "weekly_review.yaml").read_text(encoding="utf-8")
OURS = TEMPLATE.replace("id: weekly_review", "id: ward_round", 1)
CARD = shipped("knowledge") / "intentions-vary-ask.md"


def packed(files: Mapping[str, str], by: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", by) as file:
        for name, text in files.items():
            file.writestr(name, text)
    return made.getvalue()


class Place:
    """A worker's shelves, in a folder of its own."""

    def __init__(self, it: Worker, folder: Path) -> None:
        folder.mkdir()
        self.sessions = Sessions(shipped("knowledge") / "sessions", folder / "sessions")
        self._folder = folder
        shelves = {
            HandoutKind.SESSIONS: Shelf(self.sessions.add, self.sessions.remove),
            HandoutKind.PACK: Shelf(
                lambda pack: self.library.add_pack(pack), lambda name: self.library.remove_pack(name)
            ),
        }
        self.handouts = Handouts(it.database, it.ledger, it.clock, folder, shelves)

    @cached_property
    def library(self) -> Library:
        """Made when it is first asked for: few tests do, and it takes its time."""
        return Library(shipped("knowledge"), self._folder, None)

    def kinds(self) -> set[str]:
        return {each.id for each in self.sessions.templates()}


@pytest_asyncio.fixture
async def group(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Worker, Place, Place]]:
    async with AsyncExitStack() as stack:
        one, two = [await stack.enter_async_context(worker(database_url, tmp_path)) for _ in range(2)]
        yield one, Place(one, tmp_path / "one"), Place(two, tmp_path / "two")


def host(it: Worker, role: Role = Role.HOST) -> Member:
    return Member("h", "hanna", role, it.now.date())


async def test_kinds_of_session_are_at_every_worker_and_gone_when_they_are_taken_back(
    group: tuple[Worker, Place, Place],
) -> None:
    it, one, two = group
    archive = packed({"hospital/ward_round.yaml": OURS, "__MACOSX/hospital/x.yaml": "", "hospital/notes.txt": "no"})
    assert await one.handouts.hand_out(host(it), HandoutKind.SESSIONS, "Our Hospital", archive) == 1
    assert "ward_round" in one.kinds()
    assert "ward_round" not in two.kinds()
    await two.handouts.bring()
    assert "ward_round" in two.kinds()
    assert [(each.name, each.kind) for each in await two.handouts.all()] == [("our-hospital", HandoutKind.SESSIONS)]
    await two.handouts.withdraw(host(it), "our-hospital")
    assert "ward_round" not in two.kinds()
    await one.handouts.bring()
    assert "ward_round" not in one.kinds()
    acts, _ = await it.roster.acts()
    assert [(each.who, each.what, each.about) for each in acts] == [
        ("hanna", "handed out", "the kinds of session our-hospital"),
        ("hanna", "withdrew", "the kinds of session our-hospital"),
    ]


async def test_a_pack_is_at_every_worker_and_another_content_takes_its_place(
    group: tuple[Worker, Place, Place],
) -> None:
    it, one, two = group
    text = CARD.read_text("utf-8").replace(f"id: {CARD.stem}", "id: our-own-card", 1)
    await one.handouts.hand_out(host(it), HandoutKind.PACK, "ward", packed({"our-own-card.md": text}))
    await two.handouts.bring()
    assert [place.library.packs() for place in (one, two)] == [{"ward": 1}, {"ward": 1}]
    assert two.library.principle("our-own-card").pack == "ward"
    await one.handouts.withdraw(host(it, Role.ADMIN), "ward")
    second = text.replace("id: our-own-card", "id: our-other-card", 1)
    await one.handouts.hand_out(host(it), HandoutKind.PACK, "ward", packed({"our-other-card.md": second}))
    await two.handouts.bring()
    assert two.library.principle("our-other-card").pack == "ward"
    with pytest.raises(NotFound):
        two.library.principle("our-own-card")


async def test_what_a_worker_added_by_itself_is_left_alone(group: tuple[Worker, Place, Place], tmp_path: Path) -> None:
    _, one, _ = group
    own = tmp_path / "own"
    own.mkdir()
    (own / "ward_round.yaml").write_text(OURS, encoding="utf-8")
    one.sessions.add(own)
    await one.handouts.bring()
    assert "ward_round" in one.kinds()


@pytest.mark.parametrize("role", [Role.MEMBER])
async def test_who_is_no_host_hands_nothing_out_and_takes_nothing_back(
    group: tuple[Worker, Place, Place], role: Role
) -> None:
    it, one, _ = group
    archive = packed({"ward_round.yaml": OURS})
    with pytest.raises(Refused):
        await one.handouts.hand_out(host(it, role), HandoutKind.SESSIONS, "ours", archive)
    await one.handouts.hand_out(host(it), HandoutKind.SESSIONS, "ours", archive)
    with pytest.raises(Refused):
        await one.handouts.withdraw(host(it, role), "ours")
    assert "ward_round" in one.kinds()


def spoilt(archive: bytes) -> bytes:
    """The same with its first file's bytes overwritten, and its directory as it was."""
    at = archive.index(b"ward_round.yaml") + len(b"ward_round.yaml")
    return archive[:at] + b"\xff" * 20 + archive[at + 20 :]


BAD = {
    "no zip": b"PK nothing",
    **{
        f"spoilt {each}": spoilt(packed({"ward_round.yaml": OURS * 9}, each))
        for each in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    },
    "nothing in it": packed({"a.txt": "x"}),
    "elsewhere": packed({"../ward_round.yaml": OURS}),
    "from the root": packed({"/etc/ward_round.yaml": OURS}),
    "too large": packed({f"{n}.yaml": "x" * 3_000_000 for n in range(2)}),
    "too many": packed({f"{n}.yaml": "x" for n in range(501)}),
    "no template": packed({"ward_round.yaml": "id: ward_round\n"}),
    "a shipped one": packed({"weekly_review.yaml": TEMPLATE}),
}


@pytest.mark.parametrize("archive", BAD.values(), ids=BAD)
async def test_of_what_cannot_be_used_nothing_stays(
    group: tuple[Worker, Place, Place], tmp_path: Path, archive: bytes
) -> None:
    it, one, _ = group
    before = one.kinds()
    with pytest.raises((BadInput, BadCard)):
        await one.handouts.hand_out(host(it), HandoutKind.SESSIONS, "ours", archive)
    assert one.kinds() == before
    assert await one.handouts.all() == []
    assert (await it.roster.acts())[0] == []
    assert not list((tmp_path / "one").glob(".handed-*"))
    assert not (tmp_path / "ward_round.yaml").exists()


async def test_a_name_is_given_once(group: tuple[Worker, Place, Place]) -> None:
    it, one, two = group
    await one.handouts.hand_out(host(it), HandoutKind.SESSIONS, "ours", packed({"ward_round.yaml": OURS}))
    other = packed({"night_shift.yaml": OURS.replace("id: ward_round", "id: night_shift", 1)})
    with pytest.raises(BadInput, match="something else has it"):
        await two.handouts.hand_out(host(it), HandoutKind.SESSIONS, "Ours", other)
    assert "night_shift" not in two.kinds()


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as made:
        yield made


def test_on_the_pages_a_host_hands_out_and_a_member_has_it(pages: Site) -> None:
    portal = pages.browser().portal
    assert portal is not None
    zoe, _ = pages.join(f"/join/{portal.call(pages.app.state.parts.members.roster.first)}", "zoe")
    hanna, _ = pages.join(pages.invite(zoe, "host"), "hanna")
    yuri, _ = pages.join(pages.invite(zoe), "yuri")

    def send(client: TestClient, archive: bytes) -> tuple[int, str]:
        file = {"file": ("hospital.zip", archive, "application/zip")}
        given = {"files": file, "data": {"kind": "sessions"}, "headers": FORM}
        answer = client.post("/handouts", follow_redirects=False, **given)  # type: ignore[arg-type]
        return answer.status_code, answer.headers.get("location") or answer.text

    archive = packed({"ward_round.yaml": OURS.replace("title: ", "title: Ward ", 1)})
    assert send(yuri, archive)[0] == 403
    status, text = send(hanna, packed({"ward_round.yaml": "id: other\n"}))
    assert (status, "ward_round.yaml, line 1" in text) == (400, True)
    assert send(hanna, archive) == (303, "/handouts?done=out")
    assert "ward_round" in pages.page(yuri, "/sessions")
    assert "hospital" in pages.page(yuri, "/handouts")
    assert "Take back" not in pages.page(yuri, "/handouts")
    assert "hanna handed out the kinds of session hospital" in pages.page(yuri, "/members")
    assert pages.send(hanna, "/handouts/hospital/withdraw") == "/handouts?done=back"
    assert "ward_round" not in pages.page(yuri, "/sessions")
