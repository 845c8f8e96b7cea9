"""The files in deploy/: they read as what they are, and name settings and files that exist."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from sqlalchemy import UniqueConstraint

from coach.journal.schema import Base
from coach.settings import Settings, variable
from evals.partitions import WHOLE

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
SETTINGS = {variable(each.name) for each in fields(Settings)} | {"COACH_NAME"}
"""COACH_NAME is the name that Caddy answers under."""


@pytest.mark.parametrize("file", sorted(DEPLOY.iterdir()), ids=lambda file: file.name)
def test_every_setting_that_is_named_exists(file: Path) -> None:
    named = set(re.findall(r"\bCOACH_[A-Z_]+\b", file.read_text(encoding="utf-8")))
    assert named - SETTINGS == set()


def test_the_containers_are_two_workers_with_one_pepper_behind_one_proxy() -> None:
    made = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    services, proxy = made["services"], (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    workers = [name for name in services if name.startswith("coach-")]
    assert len(workers) == 2
    assert all(f"{name}:8000" in proxy for name in workers)
    for name in workers:
        assert "pepper:/run/coach" in services[name]["volumes"]
        assert services[name]["environment"]["COACH_PEPPER_FILE"] == "/run/coach/pepper"
        assert "ports" not in services[name], "only the proxy is reached from outside"
    volumes = {each.split(":")[0] for it in services.values() for each in it.get("volumes", ())}
    assert {name for name in volumes if not name.startswith(".")} == set(made["volumes"])
    assert (DEPLOY / "compose.yaml").parent.joinpath(services["coach-1"]["build"]["context"]).resolve() == ROOT


def test_the_image_has_every_folder_that_the_program_ships() -> None:
    said = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    for folder in ("coach", "prompts", "knowledge", "web"):
        assert f"COPY {folder} {folder}\n" in said
        assert (ROOT / folder).is_dir()


def test_a_worker_as_a_service_keeps_no_core_no_swap_and_no_memory_for_longer_than_a_day() -> None:
    unit = configparser.RawConfigParser(strict=False, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "coach@.service", encoding="utf-8")
    service = unit["Service"]
    assert (service["LimitCORE"], service["MemorySwapMax"], service["RuntimeMaxSec"]) == ("0", "0", "1d")
    assert service["NoNewPrivileges"] == "yes"
    assert "%i" in service["Environment"]


def test_systemd_finds_nothing_wrong_with_the_services_and_little_that_a_worker_could_do_to_the_machine(
    tmp_path: Path,
) -> None:
    if shutil.which("systemd-analyze") is None:
        reason = "systemd-analyze is not installed"
        if os.environ.get("COACH_CI") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    worker = (DEPLOY / "coach@.service").read_text(encoding="utf-8")
    (tmp_path / "coach@8001.service").write_text(
        worker.replace("/opt/coach/.venv/bin/coach", shutil.which("true") or "")
    )
    shutil.copy(DEPLOY / "coach.target", tmp_path)
    for words in (("verify", "--man=no", "coach.target"), ("security", "--offline=yes", "--threshold=20")):
        given = ["systemd-analyze", *words, "coach@8001.service"]
        told = subprocess.run(given, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stdout + told.stderr


def test_neither_proxy_logs_addresses_and_both_let_replies_stream() -> None:
    nginx, caddy = ((DEPLOY / name).read_text(encoding="utf-8") for name in ("nginx.conf", "Caddyfile"))
    assert "access_log off;" in nginx
    assert "\tlog" not in caddy
    assert "proxy_read_timeout 300s;" in nginx
    assert nginx.count("max_fails=0;") == nginx.count("server 127.0.0.1:"), (
        "one that is back is not left out for a while"
    )
    assert "flush_interval -1" in caddy


def test_every_table_of_the_journal_meets_what_citus_asks_of_tables_distributed_by_user() -> None:
    tables = [each for each in Base.metadata.sorted_tables if each.name not in WHOLE]
    owner = {each.name: "user_id" if "user_id" in each.c else "id" for each in tables}
    for table in tables:
        by = owner[table.name]
        unique = [tuple(each.columns) for each in table.constraints if isinstance(each, UniqueConstraint)]
        unique += [tuple(each.columns) for each in table.indexes if each.unique]
        for columns in (tuple(table.primary_key), *unique):
            assert by in {each.name for each in columns}, table.name
        for key in table.foreign_key_constraints:
            assert key.ondelete in {None, "CASCADE"}, f"{table.name}: the column it is distributed by cannot be emptied"
            assert (by, owner[key.referred_table.name]) in [
                (each.parent.name, each.column.name) for each in key.elements
            ]
