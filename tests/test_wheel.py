"""The wheel holds all that is needed, and runs far from the checkout."""

import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

from running import STOP_S, bearer, running

ROOT = Path(__file__).parent.parent
SERVE = """
import atexit, sys
reached = set()
def noted(event, given):
    if event == "socket.getaddrinfo":
        reached.add(str(given[0]))
    elif event in ("socket.connect", "socket.sendto") and isinstance(given[-1], tuple):
        reached.add(str(given[-1][0]))
sys.addaudithook(noted)
from coach.cli import main
outside = ("coach.llm", "langchain", "langchain_core", "langchain_openai", "openai", "prometheus_client")
atexit.register(lambda: print("reached:", sorted(reached)))
atexit.register(lambda: print("imported:", [name for name in outside if name in sys.modules]))
sys.argv = ["coach", "serve"]
main()
"""
"""``coach serve`` that tells at its end what of a language model it has imported, and which hosts it reached."""

SHIPPED = ("prompts", "knowledge", "web")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [file] = folder.glob("*.whl")
    return zipfile.ZipFile(file)


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
def test_from_another_folder_it_serves_logs_no_words_reaches_nobody_and_stops(wheel: zipfile.ZipFile, tmp_path: Path):
    wheel.extractall(tmp_path / "site")
    (tmp_path / "elsewhere").mkdir()
    command = (sys.executable, "-P", "-c", SERVE)
    with (
        running(tmp_path / "data", command, tmp_path / "elsewhere", PYTHONPATH=str(tmp_path / "site")) as started,
        httpx.Client(base_url=started[0], timeout=20, verify=False, headers=bearer(tmp_path / "data")) as client,
    ):
        for path in ("/healthz", "/readyz", "/", "/api/principles"):
            answer = client.get(path)
            assert (answer.status_code, bool(answer.content)) == (200, True)
        assert client.get("/api/search", params={"q": "a secret word"}).status_code == 200
        assert "finished" in client.post("/api/chat", json={"text": "a secret word"}).text
        server = started[1]
        server.send_signal(signal.SIGINT)  # Ctrl-C; a test of the whole story stops one by SIGTERM
        out, err = server.communicate(timeout=STOP_S)
    assert server.returncode == 0
    assert "secret" not in out + err
    assert "Traceback" not in err
    assert out.split("\n")[:2] == ["imported: []", "reached: ['127.0.0.1']"]  # where it listens
