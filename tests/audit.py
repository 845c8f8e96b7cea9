"""Whether a locked package has a known hole (pip-audit), or else how long ago each was locked. ``make audit`` runs it.

pip-audit asks a service on the network. Where that cannot be reached, or knows none of the packages, nothing is known
of holes, and that is said; then the day on which each line of the lock came in says which may be out of date. Exit
code 1: a hole is known, or a package was locked over half a year ago.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-audit.lock")
OLD_DAYS = 183
_PIN = re.compile(r"([A-Za-z0-9._-]+)==(\S+)")


def holes(program: str, lock: str) -> list[str] | None:
    """Return the known holes of a lock's packages, a line each; None when the service could not say."""
    asked = [
        program,
        "-r",
        str(ROOT / lock),
        "--disable-pip",
        "--require-hashes",
        "-f",
        "json",
        "--progress-spinner",
        "off",
    ]
    try:
        done = subprocess.run([*asked, "--timeout", "15"], capture_output=True, text=True, timeout=600, check=False)
        told = [each for each in json.loads(done.stdout)["dependencies"] if "skip_reason" not in each]
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return None
    if not told:
        return None
    return [
        f"{each['name']} {each['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'none yet'}"
        for each in told
        for hole in each["vulns"]
    ]


def ages(lock: str, now: datetime) -> list[tuple[int, str]]:
    """Return for each package of a lock how many days ago its line came in, oldest first; by Git, else by the file."""
    blame = ["git", "-C", str(ROOT), "blame", "--line-porcelain", lock]
    done = subprocess.run(blame, capture_output=True, text=True, check=False)
    lines = _blamed(done.stdout) if done.returncode == 0 else _of_file(ROOT / lock)
    return sorted(((int((now.timestamp() - at) // 86_400), pin) for at, pin in lines), reverse=True)


def _blamed(porcelain: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in porcelain.splitlines():
        if line.startswith("committer-time "):
            at = int(line.split()[1])
        elif line.startswith("\t") and (pin := _PIN.match(line[1:])):
            yield at, " ".join(pin.groups())


def _of_file(path: Path) -> Iterator[tuple[int, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if pin := _PIN.match(line):
            yield int(path.stat().st_mtime), " ".join(pin.groups())


def main(program: str) -> int:
    """Print what is known; return the exit code."""
    found = {lock: holes(program, lock) for lock in LOCKS}
    for lock, known in found.items():
        for line in known or ():
            print(f"{lock}: {line}")
    if None not in found.values():
        count = sum(map(len, filter(None, found.values())))
        print(f"Known holes: {count}." if count else "No hole is known in any locked package.")
        return bool(count)
    print("The service that knows holes could not be asked, so nothing is known of holes. How old the locks are:")
    old = 0
    for lock in LOCKS:
        told = ages(lock, datetime.now(UTC))
        old += sum(days > OLD_DAYS for days, _ in told)
        print(f"{lock}: {len(told)} packages, locked {told[-1][0]} to {told[0][0]} days ago. The oldest:")
        for days, pin in told[:5]:
            print(f"  {days:>4} days  {pin}")
    print(f"Locked over {OLD_DAYS} days ago: {old}." + (" 'make lock' renews them." if old else ""))
    return bool(old)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
