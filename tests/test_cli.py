"""The commands, on a real journal in a temporary folder and a scripted coach."""

import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import fakes
from coach.cli import app, display, workbench
from coach.cli.startup import address, bound
from coach.cli.workbench import Doors
from coach.errors import BadCard, BadInput, KnowledgeTrouble, NotFound
from coach.knowledge.library import Library
from coach.settings import Settings, read
from coach.shipped import shipped
from coach.web.parts import USER, Parts
from evals.scripted import scripted_server
from talks import wired


class Shelf(fakes.FakeLibrary):
    """Fake cards that can be added to."""

    def __init__(self) -> None:
        self.packs = {"coach"}

    def principles(self):
        shipped = [self.principle(each) for each in fakes.CARDS]
        return shipped + [replace(shipped[0], id=f"{name}-card", pack=name) for name in sorted(self.packs - {"coach"})]

    def add_pack(self, folder: Path, progress=None) -> tuple[str, int]:
        for card in sorted(folder.glob("*.md")):
            if "title:" not in card.read_text():
                raise BadCard(str(card), 1, "there is no title", "Add a line 'title: ...'.")
        self.packs.add(folder.name)
        return folder.name, 1

    def remove_pack(self, name: str) -> None:
        if name not in self.packs - {"coach"}:
            raise NotFound("There is no pack of that name.")
        self.packs.remove(name)

    def rebuild(self, progress=None) -> int:
        if progress:
            progress(1, 2)
        return 7


DEAD = "http://127.0.0.1:1/v1"
"""Of a language model; nothing listens there."""


class Typed:
    """Types commands at a coach whose data stay in one folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.shelf = Shelf()
        self.changes: dict[str, object] = {}
        self.at_terminal = False
        self.broken: Exception | None = None

    async def build(self, settings: Settings, report: workbench.Report | None) -> Parts:
        if self.broken:
            raise self.broken
        given = {field.name: getattr(settings, field.name) for field in fields(settings)}
        made = await fakes.fake_parts(**given, knowledge=self.shelf, new_id=lambda: os.urandom(8).hex())
        return replace(made, **self.changes)

    def doors(self, **variables: str) -> Doors:
        return Doors(lambda: read({"COACH_DATA": str(self.data)} | variables), self.build, lambda: self.at_terminal)

    def __call__(self, *words: str, typed: str = "", **variables: str) -> Result:
        return CliRunner().invoke(app, list(words), obj=self.doors(**variables), input=typed)

    def kept(self) -> dict:
        return json.loads(self("export").stdout)


@pytest.fixture
def coach(tmp_path: Path) -> Typed:
    return Typed(tmp_path / "data")


def test_piped_chat_shows_reading_plan_words_and_sources_and_keeps_moments_with_yes(coach: Typed):
    said = coach("chat", "--yes", "--channel", "in_person", typed=fakes.STORY)
    assert said.exit_code == 0, said.output
    order = [
        "Taken as: repair",
        "About: Tom",
        "Own the remark to Tom",
        "Did my message about the actions",
        "If Tom is alone",
    ]
    order += ["It may be", "Your part", "Seen", "Open", "If it goes badly", "When to stop", "Check on", "Sources"]
    order += ["You named Tom in front of the others", "Moments to keep", "Kept: 2 moments."]
    places = [said.stdout.index(words) for words in order]
    assert places == sorted(places)
    kept = coach.kept()
    assert {person["name"] for person in kept["people"]} == {"Tom", "Maya"}
    assert {moment["channel"] for moment in kept["moments"]} == {"meeting", "in_person"}
    assert kept["moments"][0]["turn_id"] == kept["turns"][0]["id"]


def test_piped_chat_without_yes_keeps_the_turn_but_no_moment_and_says_so(coach: Typed):
    said = coach("chat", typed=fakes.STORY)
    assert "Say --yes" in said.stderr
    assert coach.kept()["moments"] == []
    assert len(coach.kept()["turns"]) == 1


def test_a_moment_whose_place_is_not_told_is_left_out_and_named_rather_than_guessed(coach: Typed):
    said = coach("chat", "--yes", typed=fakes.STORY)
    assert "nobody said where. Confirm it at a terminal, or name the place with --channel." in said.stderr
    assert [moment["channel"] for moment in coach.kept()["moments"]] == ["meeting"]


def test_at_a_terminal_each_moment_is_asked_for_and_can_be_edited(coach: Typed):
    coach.at_terminal = True
    edited = "e\nI asked for it aloud\nm\nharmed\n2\nvid\nTom\n"
    said = coach("chat", typed=f"Something happened.\n\n{edited}no\n")
    assert said.exit_code == 0, said.output
    [moment] = coach.kept()["moments"]
    assert (moment["what"], moment["channel"], moment["by"]) == ("I asked for it aloud", "video", "me")


def test_a_second_message_continues_the_conversation(coach: Typed):
    coach.at_terminal = True
    assert coach("chat", typed="First.\n\nn\nn\nSecond.\n\nn\nn\n").exit_code == 0
    kept = coach.kept()
    assert len(kept["conversations"]) == 1
    assert [turn["said"] for turn in kept["turns"]] == ["First.", "Second."]


def test_harm_is_told_asked_about_and_answered_by_numbers(coach: Typed, library: Library):
    async def real(settings: Settings, report: workbench.Report | None) -> Parts:
        return await wired(coach.data, library)

    coach.build, coach.at_terminal = real, True
    letter = "Nadia has not answered my last two mails."
    card = coach("chat", typed=f"{letter}\n\n").stdout
    harmed = next(line.split()[0] for line in card.splitlines() if "somebody is being harmed" in line)
    said = coach("chat", typed=f"{letter}\n\n{harmed}\n1\n2\n")
    assert said.exit_code == 0, said.output
    asked = said.stdout.index("What is it about?")
    assert "Sexual or unwanted closeness" in said.stdout[asked:]
    assert "This is not yours to repair" in said.stdout[asked:]
    turns = coach.kept()["turns"][-3:]
    assert [(turn["taps"] or {}).get("harm") for turn in turns] == [None, "user", None]
    assert turns[-1]["reading"]["kind"] == "harassment"


def test_a_failed_turn_says_so_and_exits_with_1(coach: Typed):
    class Failing(fakes.ScriptedCoach):
        def __init__(self, journal):
            super().__init__(journal)
            self.fails_after = 1

    build = coach.build

    async def failing(settings, report):
        parts = await build(settings, report)
        return replace(parts, conversation=Failing(parts.journal))

    coach.build = failing
    said = coach("chat", typed="Something.")
    assert (said.exit_code, "Your words are kept" in said.stderr) == (1, True)


def test_empty_input_is_refused_with_a_sentence(coach: Typed):
    said = coach("chat", typed=" \n")
    assert (said.exit_code, "nothing to read" in said.stderr) == (2, True)


LOGGED = "I interrupted Tom in the meeting yesterday."


def logged(coach: Typed) -> Result:
    """Log LOGGED at a terminal: it is kept, I acted, it harmed, and it was with Tom."""
    coach.at_terminal = True
    said = coach("log", LOGGED, typed="yes\nme\nharmed\nTom\n")
    coach.at_terminal = False
    assert said.exit_code == 0, said.output
    return said


def test_log_asks_what_nobody_said_and_keeps_the_text_as_a_moment(coach: Typed):
    said = logged(coach)
    for asked in ("Who acted", "How it landed", "With whom"):
        assert asked in said.stdout
    assert "Where" not in said.stdout
    [moment] = coach.kept()["moments"]
    told = (moment["what"], moment["landed"], moment["channel"], moment["by"], moment["happened_at"][:10])
    assert told == (LOGGED, "harmed", "meeting", "me", "2024-05-05")
    assert coach.kept()["turns"] == []


def test_log_with_yes_fills_nothing_in_that_the_words_leave_open(coach: Typed):
    said = coach("log", LOGGED, "--yes")
    assert "nobody said how it landed, who acted, with whom. Confirm it at a terminal." in said.stderr
    assert "Kept: 0 moments." in said.stdout
    assert coach.kept()["moments"] == []


def test_the_same_person_is_not_made_twice(coach: Typed):
    for _ in range(2):
        logged(coach)
    assert [person["name"] for person in coach.kept()["people"]] == ["Tom"]


def test_plan_for_a_person_by_the_beginning_of_the_name(coach: Typed):
    logged(coach)
    assert "Own the remark to Tom" in coach("plan", "to").stdout
    assert json.loads(coach("plan", "Tom", "--json").stdout)["stance"] == "repair_own_harm"
    unknown = coach("plan", "Zoë")
    assert (unknown.exit_code, unknown.stdout) == (2, "")


def test_export_goes_to_a_new_private_file_and_comes_back_after_forgetting(coach: Typed, tmp_path: Path):
    coach("chat", "--yes", typed=fakes.STORY)
    before, file = coach.kept(), tmp_path / "mine.json"
    assert coach("export", str(file)).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert coach("export", str(file)).exit_code == 2
    assert coach("forget", "--yes", "--now").exit_code == 0
    assert coach.kept()["turns"] == []
    said = coach("import", str(file))
    assert "1 turns" in said.stdout
    assert coach.kept()["turns"] == before["turns"]
    assert "already" in coach("import", str(file)).stdout


@pytest.mark.parametrize("content", ["", "not JSON", "[]", "1", "[" * 100_000, '{"moments": 1}', '{"people": [{}]}'])
def test_what_is_no_export_is_refused_in_whole(coach: Typed, tmp_path: Path, content: str):
    (tmp_path / "bad.json").write_text(content)
    said = coach("import", str(tmp_path / "bad.json"))
    assert (said.exit_code, said.stdout) == (2, "")
    assert said.stderr.strip()


def test_forget_asks_for_the_word(coach: Typed):
    coach("chat", "--yes", typed=fakes.STORY)
    assert coach("forget").exit_code == 2
    coach.at_terminal = True
    assert coach("forget", typed="no\n").exit_code == 2
    assert coach.kept()["turns"]
    said = coach("forget", typed="forget\n")
    assert "Everything will be erased on " in said.stdout
    assert coach.kept()["turns"]
    assert "Everything stays" in coach("forget", "--keep").stdout
    assert coach("forget", "--now", typed="forget\n").exit_code == 0
    assert not coach.kept()["turns"]


def test_forget_one_person_leaves_the_others(coach: Typed):
    coach("chat", "--yes", "--channel", "chat", typed=fakes.STORY)
    assert coach("forget", "--person", "Tom", "--yes").exit_code == 0
    assert [person["name"] for person in coach.kept()["people"]] == ["Maya"]


def test_packs_are_added_listed_and_removed_and_a_bad_card_is_named(coach: Typed, tmp_path: Path):
    (pack := tmp_path / "ours").mkdir()
    (pack / "one.md").write_text("nothing")
    bad = coach("knowledge", "add", str(pack))
    assert (bad.exit_code, "line 1: there is no title" in bad.stderr) == (2, True)
    (pack / "one.md").write_text("title: One")
    assert "Added ours: 1 card." in coach("knowledge", "add", str(pack)).stdout
    assert "ours: 1 card" in coach("knowledge", "list").stdout
    assert coach("knowledge", "remove", "ours").exit_code == 0
    assert "ours" not in coach("knowledge", "list").stdout
    assert coach("knowledge", "remove", "ours").exit_code == 2
    assert coach("knowledge", "add", str(tmp_path / "none")).exit_code == 2


def test_index_is_built_anew(coach: Typed):
    assert "Indexed 7 passages" in coach("index").stderr


def test_an_unforeseen_error_is_one_sentence_without_its_message(coach: Typed):
    coach.broken = RuntimeError("what Tom said")
    said = coach("plan", "Tom")
    assert (said.exit_code, "what Tom said" in said.output, "Traceback" in said.output) == (1, False, False)
    assert "RuntimeError" in said.stderr


def test_a_bad_setting_is_named(coach: Typed):
    said = coach("plan", "Tom", COACH_PORT="many")
    assert (said.exit_code, said.stderr.strip()) == (2, "COACH_PORT must be a whole number.")


def test_the_note_of_the_parts_is_said_once(coach: Typed):
    coach.shelf.note = "The weights are missing; words alone are searched."
    assert coach("knowledge", "list").stderr.count("weights are missing") == 1


def test_serve_refuses_other_machines_and_a_port_in_use(coach: Typed):
    refused = coach("serve", COACH_HOST="0.0.0.0", COACH_OPEN_LOOPBACK="1")
    assert (refused.exit_code, "COACH_OPEN_LOOPBACK" in refused.stderr) == (2, True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = coach("serve", COACH_PORT=str(taken.getsockname()[1]))
    assert (said.exit_code, "is in use" in said.stderr) == (2, True)


def test_serve_does_not_start_where_no_token_can_be_kept(coach: Typed):
    coach.data.parent.mkdir(parents=True, exist_ok=True)
    coach.data.write_text("a file")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    said = coach("serve", COACH_PORT=port)
    assert (said.exit_code, "token" in said.stderr, "Traceback" in said.output) == (2, True, False)


def test_the_link_is_printed_and_a_new_one_ends_the_old(coach: Typed):
    first = coach("link").stdout
    assert first == coach("link").stdout == f"http://127.0.0.1:8000/?token={(coach.data / 'token').read_text()}"
    assert coach("link", "--new").stdout != first


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", "http://127.0.0.1:8000"), ("0.0.0.0", "http://127.0.0.1:8000"), ("::1", "http://[::1]:8000")],
)
def test_the_address_can_be_opened(host: str, expected: str):
    assert address(Settings(host=host)) == expected


def test_a_host_of_nowhere_is_named():
    with pytest.raises(BadInput, match="COACH_HOST"):
        bound(Settings(host="256.1.1.1"))


class TestDoctor:
    def test_all_is_well_before_the_first_start_and_after(self, coach: Typed):
        for _ in range(2):
            said = coach("doctor", COACH_PORT="8731")
            assert said.exit_code == 0, said.output
            assert "Nothing is wrong." in said.stdout
            coach("chat", "--yes", typed=fakes.STORY)

    def test_nothing_is_made_while_something_is_wrong(self, coach: Typed):
        said = coach("doctor", COACH_HOST="0.0.0.0", COACH_OPEN_LOOPBACK="1")
        assert (said.exit_code, coach.data.exists()) == (1, False)

    def test_a_bad_setting(self, coach: Typed):
        said = coach("doctor", COACH_PORT="0")
        assert (said.exit_code, "COACH_PORT" in said.stdout) == (1, True)

    @pytest.mark.parametrize(("name", "mode"), [("", "700"), ("token", "600"), ("key", "600"), ("journal.db", "600")])
    def test_what_others_can_read_and_its_mend(self, coach: Typed, name: str, mode: str):
        coach("chat", typed=fakes.STORY)
        coach("link")
        path = coach.data / name
        path.chmod(0o755)
        said = coach("doctor")
        assert (said.exit_code, f"chmod {mode} {path}" in said.stdout) == (1, True)
        subprocess.run(["chmod", mode, str(path)], check=True)
        assert coach("doctor").exit_code == 0

    def test_none_is_needed(self, coach: Typed):
        said = coach("doctor")
        assert (said.exit_code, "ok language model: none" in " ".join(said.stdout.split())) == (0, True)

    def test_a_language_model_is_asked_and_its_level_told(self, coach: Typed):
        with scripted_server() as server:
            said = coach("doctor", COACH_LLM_BASE_URL=server.url, COACH_LLM_MODEL="qwen")
            assert len(server.asked) == 1
        told = " ".join(said.stdout.split())
        assert said.exit_code == 0, told
        assert f"qwen at {server.url[7:-3]} answers in" in told
        assert "level plans until it has sat its exam" in told

    @pytest.mark.parametrize(
        ("address", "told"),
        [(DEAD, "does not answer: The language model's server"), ("file:///", "no address of a server")],
    )
    def test_one_that_is_dead_is_wrong(self, coach: Typed, address: str, told: str):
        said = coach("doctor", COACH_LLM_BASE_URL=address, COACH_LLM_MODEL="qwen")
        assert (said.exit_code, told in " ".join(said.stdout.split())) == (1, True), said.stdout

    def test_a_missing_key(self, coach: Typed):
        coach("chat", typed=fakes.STORY)
        (coach.data / "key").unlink()
        said = coach("doctor")
        assert (said.exit_code, "is gone: nothing in the journal can be read" in " ".join(said.stdout.split())) == (
            1,
            True,
        )

    def test_a_damaged_database(self, coach: Typed):
        coach("chat", typed=fakes.STORY)
        (coach.data / "journal.db").write_bytes(b"no database at all" * 300)
        said = coach("doctor")
        assert (said.exit_code, "mend: coach restore YOUR_BACKUP" in said.stdout) == (1, True)

    def test_a_part_that_cannot_start(self, coach: Typed):
        coach.broken = KnowledgeTrouble("The index could not be built.")
        said = coach("doctor")
        assert (said.exit_code, "could not be built" in said.stdout) == (1, True)


def test_help_needs_none_of_the_heavy_libraries():
    """Names that must not be imported: fastapi chromadb sqlalchemy onnxruntime langchain openai numpy pydantic."""
    heavy = ["fastapi", "chromadb", "sqlalchemy", "onnxruntime", "langchain", "openai", "numpy", "pydantic"]
    script = f"import sys, coach.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_web_and_the_commands_serve_the_same_user():
    assert workbench.USER == USER


@pytest.mark.slow
def test_packs_and_the_index_with_the_real_library(tmp_path: Path, library: Library):
    shutil.copytree(library.data, tmp_path / "data")
    (pack := tmp_path / "ours").mkdir()
    card = (shipped("knowledge") / "intentions-vary-ask.md").read_text(encoding="utf-8")
    (pack / "our-ask.md").write_text(card.replace("id: intentions-vary-ask\n", "id: our-ask\n"), encoding="utf-8")

    def type_it(*words: str) -> str:
        done = CliRunner().invoke(app, list(words), env={"COACH_DATA": str(tmp_path / "data")})
        assert done.exit_code == 0, done.output
        return done.output

    assert "Added ours: 1 card." in type_it("knowledge", "add", str(pack))
    assert "ours: 1 card" in type_it("knowledge", "list")
    assert re.search(r"Indexed \d{3,} passages", type_it("index"))
    assert "Removed ours." in type_it("knowledge", "remove", "ours")


class TestStream:
    def test_words_wrap_and_arrive_whole(self):
        written: list[str] = []
        stream = display.Stream(written.append, width=10)
        for piece in ("one tw", "o three", " four\n\nfi", "ve"):
            stream.feed(piece)
        stream.end()
        assert "".join(written) == "one two\nthree four\n\nfive\n"

    def test_control_characters_are_left_out(self):
        written: list[str] = []
        stream = display.Stream(written.append)
        stream.feed("a\x1b[31mb\x07")
        stream.end()
        assert "".join(written) == "a[31mb\n"


def test_a_bar_is_drawn_once_there_is_something_to_wait_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with workbench.bar():
        pass
    assert capsys.readouterr().err == ""
    with workbench.bar() as report:
        report(1, 2)
        report(2, 2)
    assert "Indexing the cards" in capsys.readouterr().err
