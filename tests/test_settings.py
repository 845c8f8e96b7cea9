"""Settings are read once, from COACH_* variables, and refused by name."""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from coach.errors import BadInput
from coach.settings import Settings, read, variable
from coach.shipped import shipped


def test_without_variables_the_defaults_hold():
    settings = read({})
    assert (settings.host, settings.port, settings.database_url, settings.open_loopback) == (
        "127.0.0.1",
        8000,
        "",
        False,
    )
    assert settings.data == Path.home() / ".local/share/coach"


def test_every_variable_is_read():
    given = {int: "17", bool: "1", str: "words", Path: "/tmp/somewhere"}
    chosen = {
        "COACH_LLM_TRUST": "local",
        "COACH_LLM_LEVEL": "suggests",
        "COACH_PUBLIC_URL": "https://coach.example.org",
    }
    for field in fields(Settings):
        kind = type(field.default) if not isinstance(field.default, Path) else Path
        value = chosen.get(variable(field.name), given[kind])
        settings = read({variable(field.name): value})
        assert str(getattr(settings, field.name)) == {bool: "True"}.get(kind, value)


def test_a_language_model_is_configured_by_a_server_or_a_name():
    assert not read({}).language_model
    assert read({"COACH_LLM_BASE_URL": " http://127.0.0.1:11434/v1\n"}).llm_base_url == "http://127.0.0.1:11434/v1"
    assert read({"COACH_LLM_BASE_URL": "http://127.0.0.1:11434/v1"}).language_model
    assert read({"COACH_LLM_MODEL": "provider:name"}).language_model
    assert not read({"COACH_LLM_API_KEY": "x"}).language_model


def test_other_variables_are_not_settings():
    assert read({"PORT": "1", "COACH_ELSE": "1", "coach_port": "2"}) == read({})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("COACH_PORT", "many"),
        ("COACH_PORT", "0"),
        ("COACH_PORT", "65536"),
        ("COACH_PORT", ""),
        ("COACH_MAX_REQUEST_KB", "0"),
        ("COACH_LLM_TIMEOUT_S", "0"),
        ("COACH_LLM_TRUST", "remote"),
        ("COACH_LLM_LEVEL", "maybe"),
        ("COACH_PUBLIC_URL", "coach.example.org"),
        ("COACH_PUBLIC_URL", "https://nas.example.org/coach"),
        ("COACH_PUBLIC_URL", "https://me:secret@coach.example.org"),
        ("COACH_PUBLIC_URL", "https://coach.example.org:99999"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_variables_name(variable: str, value: str):
    with pytest.raises(BadInput, match=variable):
        read({variable: value})


def test_a_value_that_cannot_be_is_not_quoted_when_it_may_be_a_key():
    with pytest.raises(BadInput) as caught:
        read({"COACH_PORT": "hunter2"})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "open_"), [("1", True), ("true", True), (" Yes ", True), ("0", False), ("", False), ("no", False)]
)
def test_a_switch_is_on_only_by_a_clear_yes(value: str, open_: bool):
    assert read({"COACH_OPEN_LOOPBACK": value}).open_loopback is open_


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "::1"])
def test_loopback_is_this_machine_alone(host: str):
    assert Settings(host=host).loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.0.1", "example.org"])
def test_every_other_address_is_open(host: str):
    assert not Settings(host=host).loopback


@pytest.mark.parametrize("host", ["127.example.org", "127.0.0.1.example.org", "127.0.0.1:8000"])
def test_a_name_that_only_begins_like_loopback_is_not(host: str):
    assert not Settings(host=host).loopback


def test_help_lines_are_split_at_semicolons():
    assert read({"COACH_HELP_LINES": " 116 123 Samaritans ;; 999 "}).helps == ("116 123 Samaritans", "999")


def test_files_lie_in_the_data_folder():
    settings = read({"COACH_DATA": "~/c"})
    assert settings.data == Path.home() / "c"
    assert settings.journal_url == f"sqlite:///{Path.home()}/c/journal.db"
    assert settings.index_folder == Path.home() / "c/index"
    assert read({"COACH_DATABASE_URL": "postgresql://x/y"}).journal_url == "postgresql://x/y"


def test_settings_are_frozen():
    with pytest.raises(FrozenInstanceError):
        read({}).port = 1


def test_what_is_shipped_is_found_in_a_checkout():
    assert (shipped("knowledge") / "README.md").is_file()
