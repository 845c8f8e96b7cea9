"""Settings, read once from COACH_* variables and then frozen. Opens no file."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from coach.errors import BadInput

_DATA = Path("~/.local/share/coach")


def _setting(default: object, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


def variable(setting: str) -> str:
    """Return the name that a setting has in the environment."""
    return f"COACH_{setting.upper()}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be configured. The table in docs/configuration.md is compared with this by a test."""

    host: str = _setting("127.0.0.1", "address the server listens on")
    port: int = _setting(8000, "port the server listens on")
    data: Path = _setting(_DATA, "folder of the database, the index and the key")
    database_url: str = _setting("", "PostgreSQL address; empty: SQLite in the data folder")
    chroma_url: str = _setting("", "address of a Chroma server; empty: embedded")
    embed_base_url: str = _setting("", "OpenAI-compatible embeddings endpoint; empty: the built-in embedder")
    embed_model: str = _setting("", "name of the embedding model at that endpoint")
    embed_api_key: str = _setting("", "key for that endpoint")
    help_lines: str = _setting("", "local help lines to name, separated by semicolons")
    llm_base_url: str = _setting(
        "", "OpenAI-compatible server of a language model, such as `http://127.0.0.1:11434/v1`"
    )
    llm_model: str = _setting("", "name of the language model there; `provider:name` for another provider of LangChain")
    llm_api_key: str = _setting("", "key for that server or provider")
    llm_timeout_s: int = _setting(60, "longest wait for a whole reply, in seconds")
    llm_at_once: int = _setting(4, "how many calls that server gets side by side; the others wait, users in turn")
    llm_trust: str = _setting("", "`local`: a server on this machine may see names as they are")
    llm_level: str = _setting("", "what the language model may do: `plans`, `suggests`, `off`; empty: its exam says")
    public_url: str = _setting("", "address others open the coach at, through a proxy: `https://coach.example.org`")
    trusted_proxies: str = _setting(
        "", "names, addresses or networks of proxies whose `X-Forwarded-*` count, by commas"
    )
    open_loopback: bool = _setting(
        False, "1: ask for no token; whoever has an account on this machine can then read all"
    )
    members: bool = _setting(False, "1: a group uses this coach, each member with a journal of their own")
    pepper_file: str = _setting(
        "", "file that passwords of members are sealed with; empty: `pepper` in the data folder"
    )
    oidc_issuer: str = _setting("", "address of a single sign-on by OpenID Connect; empty: none")
    oidc_client: str = _setting("", "what the coach is called there")
    oidc_secret_file: str = _setting("", "file with its secret there; empty: it has none")
    oidc_group: str = _setting("", "only who is in this group there may sign on; empty: everybody")
    local_signin: bool = _setting(True, "0: members sign on there first, then type their password")
    mcp: bool = _setting(False, "1: programs that speak MCP may use the coach at `/mcp`")
    programs: bool = _setting(
        False,
        "1: chat programs may talk with the coach, as with OpenAI's API; always so with members",
    )
    max_request_kb: int = _setting(256, "largest request body taken, in KiB (imports: 50 times that)")
    backups: str = _setting(
        "", "folder for a backup a day (7 days and 4 weeks are kept); empty: none is made by itself"
    )
    backup_passphrase_file: str = _setting("", "file with the passphrase that backups are sealed with")
    backup_passphrase: str = _setting("", "the passphrase itself, instead of a file")
    calendar: str = _setting("", "your own calendar: an .ics file, or a folder of them; talks in it are offered")
    smtp_host: str = _setting("", "mail server for `coach digest`; empty: no digest")
    smtp_port: int = _setting(587, "its port")
    smtp_user: str = _setting("", "name to log in with; empty: none is needed")
    smtp_password: str = _setting("", "password to log in with")
    smtp_from: str = _setting("", "sender of the digest; empty: the one it goes to")
    smtp_to: str = _setting("", "whom the digest goes to")

    def __post_init__(self) -> None:
        if not 0 < self.port < 65536:
            raise BadInput(f"COACH_PORT must be between 1 and 65535, not {self.port}.")
        for name in ("max_request_kb", "llm_timeout_s", "llm_at_once"):
            if getattr(self, name) < 1:
                raise BadInput(f"{variable(name)} must be at least 1.")
        if self.llm_trust not in {"", "local"}:
            raise BadInput("COACH_LLM_TRUST is either empty or local.")
        if self.llm_level not in {"", "plans", "suggests", "off"}:
            raise BadInput("COACH_LLM_LEVEL is empty, plans, suggests or off.")
        for each in self.proxies:
            if not _is_proxy(each):
                raise BadInput("COACH_TRUSTED_PROXIES names proxies one by one: a host name, an address, 10.0.0.0/24.")
        if self.public_url and not _is_public(self.public_url):
            raise BadInput("COACH_PUBLIC_URL looks like https://coach.example.org: no path, no name or password in it.")

    @property
    def language_model(self) -> bool:
        """True when a language model is configured: by its server's address, its name, or both."""
        return bool(self.llm_base_url or self.llm_model)

    @property
    def loopback(self) -> bool:
        """True when only this machine can reach the server."""
        return is_loopback(self.host)

    @property
    def public_host(self) -> str:
        """The name in the public address, in small letters; empty without one."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def proxies(self) -> tuple[str, ...]:
        """The proxies that are trusted, as they were given."""
        return tuple(each.strip() for each in self.trusted_proxies.split(",") if each.strip())

    @property
    def journal_url(self) -> str:
        """The journal's database: the one given, else a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data / 'journal.db'}"

    @property
    def pepper(self) -> Path:
        """The file that passwords of members are sealed with."""
        return Path(self.pepper_file).expanduser() if self.pepper_file else self.data / "pepper"

    @property
    def index_folder(self) -> Path:
        """Where the embedded index is kept; a cache."""
        return self.data / "index"

    @property
    def helps(self) -> tuple[str, ...]:
        """The local help lines, one each."""
        return tuple(line.strip() for line in self.help_lines.split(";") if line.strip())


def is_loopback(host: str) -> bool:
    """Whether a host is this machine and no other."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # a name like 127.example.org is somebody else's


def _is_proxy(given: str) -> bool:
    try:
        return ipaddress.ip_network(given, strict=False).prefixlen > 0  # "everybody" is nobody one can trust
    except ValueError:
        return bool(re.fullmatch(r"(?!\d+(\.\d+)*$)[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?", given))


def _is_public(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    named = parts.scheme in {"http", "https"} and parts.hostname and port != 0 and "@" not in parts.netloc
    return bool(named) and parts.path in {"", "/"} and not parts.query and not parts.fragment


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of an environment (default: this process's). Raises BadInput naming the variable."""
    given = os.environ if environment is None else environment
    values: dict[str, object] = {}
    for each in fields(Settings):
        if (name := variable(each.name)) in given:
            text = given[name].strip() if each.name.startswith("llm_") else given[name]
            values[each.name] = _value(name, text, each.default)
    values["data"] = Path(str(values.get("data", _DATA))).expanduser()
    return Settings(**values)  # type: ignore[arg-type]


def _value(name: str, text: str, default: object) -> object:
    if isinstance(default, bool):
        return text.strip().casefold() in {"1", "true", "yes", "on"}
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError:
            raise BadInput(f"{name} must be a whole number.") from None
    return text
