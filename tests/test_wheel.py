"""The wheel holds all that is needed, and runs far from the checkout."""

import os
import re
import socket
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHIPPED = ("prompts", "knowledge", "web")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [file] = folder.glob("*.whl")
    return zipfile.ZipFile(file)


@pytest.fixture
def running(wheel: zipfile.ZipFile, tmp_path: Path) -> Iterator[str]:
    """The address of a coach that runs from an unpacked wheel, in a folder that holds nothing else."""
    wheel.extractall(tmp_path / "site")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "elsewhere").mkdir()
    variables = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
    variables |= {"PYTHONPATH": str(tmp_path / "site"), "COACH_DATA": str(tmp_path / "data"), "COACH_PORT": str(port)}
    command = [sys.executable, "-P", "-m", "coach", "serve"]
    with subprocess.Popen(
        command, cwd=tmp_path / "elsewhere", env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            said = server.stdout.readline()  # nothing but the address, once it answers; empty when it ended
            assert f"http://127.0.0.1:{port}" in said, server.stderr.read()
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_file_of_the_shipped_folders_is_in_the_wheel(wheel: zipfile.ZipFile, name: str):
    inside = set(wheel.namelist())
    here = [each.relative_to(ROOT).as_posix() for each in (ROOT / name).rglob("*") if each.is_file()]
    assert here
    assert [path for path in here if f"coach/_shipped/{path}" not in inside and "__pycache__" not in path] == []


def test_every_module_is_in_the_wheel_and_nothing_of_tests_or_evals(wheel: zipfile.ZipFile):
    inside = set(wheel.namelist())
    modules = {each.relative_to(ROOT).as_posix() for each in (ROOT / "coach").rglob("*.py")}
    assert modules <= inside
    assert {path.split("/")[0] for path in inside} <= {"coach"} | {
        path.split("/")[0] for path in inside if ".dist-info/" in path
    }


def test_the_licence_and_the_command_are_in_the_wheel(wheel: zipfile.ZipFile):
    texts = {path.rpartition("/")[2]: wheel.read(path).decode() for path in wheel.namelist() if ".dist-info/" in path}
    assert "Apache License" in texts["LICENSE"]
    assert re.search(r"coach\s*=\s*coach\.cli:main", texts["entry_points.txt"])


@pytest.mark.slow
def test_the_wheel_serves_page_and_cards_from_another_folder(running: str):
    for path in ("/healthz", "/readyz", "/", "/api/principles"):
        with urllib.request.urlopen(running + path, timeout=20) as answer:
            assert answer.status == 200
            assert answer.read()
