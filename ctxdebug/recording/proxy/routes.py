"""Where calls go: the variables that hold a base URL, what stood in them before, and the address that replaces it.

Only the origin of an address is replaced. `https://api.openai.com/v1` becomes `http://127.0.0.1:PORT/openai/v1`: the first
step of the path names the route, and everything after it is the path that the provider gets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ctxdebug.errors import UsageError
from ctxdebug.records import field, record

ROOT = ""
"""The name of the route for paths that begin with no other's name."""
_ASSIGNMENT = re.compile(
    r"""\s*(?:export\s+)?(?P<name>[A-Z][A-Z0-9_]*)\s*=\s*(?P<quote>["']?)(?P<value>[^"'#\s]+)(?P=quote)"""
)
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_BARE_PORT = 11434
"""Ollama's, for a host that is given without one."""


@record(frozen=True, slots=True)
class Route:
    """One provider: a call to `/NAME/path` goes to `ORIGIN/path`."""

    name: str
    origin: str
    paths: Mapping[str, str] = field(default_factory=dict)
    """Paths that a tool sends otherwise than the provider takes them."""


@record(frozen=True, slots=True)
class Setting:
    """What a variable of the command's environment is set to."""

    variable: str
    route: str
    path: str
    upstream: str
    taken_from: str | None
    """Where the upstream was found (the environment, a file, an option); None for the provider's own."""

    def value(self, base: str) -> str:
        """Return the address for the variable; `base` is that of the proxy."""
        return f"{base}/{self.route}{self.path}"


@record(frozen=True, slots=True)
class Plan:
    """All routes, and the variables that lead to them."""

    routes: tuple[Route, ...]
    settings: tuple[Setting, ...]


@cache
def _table() -> Mapping[str, Any]:
    held: Mapping[str, Any] = json.loads(Path(__file__).with_name("base_urls.json").read_text("utf-8"))
    return held


def variables() -> tuple[str, ...]:
    """Return the variables of the table."""
    return tuple(row["variable"] for row in _table()["variables"])


def plan(environ: Mapping[str, str], upstreams: Iterable[str] = (), dotenv: Path | None = None) -> Plan:
    """Return where calls go, for a command that would run in `environ`.

    `upstreams` are `NAME=URL` or `URL`, as `--upstream` takes them: they win over the environment, which wins over the file
    `dotenv` (that tools load without overwriting what is set), which wins over the provider's own address. A bare URL is
    reached without a name, and is the upstream of the provider that has its host, else of OpenAI's variables, which most
    servers and tools share. Raises `UsageError` for what is no address.
    """
    named = dict(_named(text) for text in upstreams)
    if ROOT in named:
        named.setdefault(_provider_at(named[ROOT]), named[ROOT])
    written = _assignments(dotenv) if dotenv is not None else {}
    given = {
        variable: value for variable in variables() if (value := _given(variable, environ, written, dotenv)) is not None
    }
    elsewhere = {row["provider"] for row in _table()["variables"] if row["variable"] in given}
    routes: dict[str, Route] = {}
    settings: list[Setting] = []
    for row in _table()["variables"]:
        name, variable = row["provider"], row["variable"]
        if name in named:
            url, where = named[name], "--upstream"
        elif variable in given:
            url, where = given[variable]
        elif row["upstream"] and name not in elsewhere:  # beside a variable that is set, one that is not stays so
            url, where = row["upstream"], None
        else:
            continue
        origin, path = _address(url, where)
        route = _route(routes, name, origin, own=where is None)
        settings.append(Setting(variable, route.name, path, origin + path, where))
    for name, url in named.items():
        if name not in routes:
            routes[name] = Route(name, _address(url, "--upstream")[0])
    return Plan(tuple(routes.values()), tuple(settings))


def _given(
    variable: str, environ: Mapping[str, str], written: Mapping[str, str], dotenv: Path | None
) -> tuple[str, str] | None:
    """Return the value that a variable has, and where it has it from."""
    if environ.get(variable):
        return environ[variable], variable
    return (written[variable], f"{variable} in {dotenv}") if variable in written else None


def _provider_at(url: str) -> str:
    """Return the provider of the table that an address belongs to; `openai` for any other."""
    origin, _ = _address(url, "--upstream")
    rows = (row for row in _table()["variables"] if row["upstream"])
    return next((str(row["provider"]) for row in rows if _address(row["upstream"], None)[0] == origin), "openai")


def _named(text: str) -> tuple[str, str]:
    """Return the name and the address of `NAME=URL`, or no name."""
    name, equals, url = text.partition("=")
    if equals and _NAME.fullmatch(name):
        return name, url
    return ROOT, text


def _address(value: str, where: str | None) -> tuple[str, str]:
    """Return origin and path of an address as tools take it: a host may stand without scheme."""
    text = value.strip()
    if "://" not in text:
        text = f"http://{text if not text.startswith(':') else f'127.0.0.1{text}'}"
        if not re.search(r":\d+(?:/|$)", text.removeprefix("http://")):
            host, slash, rest = text.removeprefix("http://").partition("/")
            text = f"http://{host}:{_BARE_PORT}{slash}{rest}"
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises where it is no number
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"{where}: {value!r} is no http address")
    place = parts.netloc.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - where a server listens is not where it is called
    return f"{parts.scheme}://{place}", parts.path.rstrip("/")


def _route(routes: dict[str, Route], name: str, origin: str, *, own: bool) -> Route:
    """Return the route of a provider to an origin; a second origin of one provider gets a name of its own."""
    number = 1
    while True:
        full = name if number == 1 else f"{name}-{number}"
        known = routes.get(full)
        if known is None:
            paths = {row["given"]: row["sent"] for row in _table()["paths"] if own and row["provider"] == name}
            return routes.setdefault(full, Route(full, origin, paths))
        if known.origin == origin:
            return known
        number += 1


def _assignments(path: Path) -> dict[str, str]:
    """Return the variables of the table that a file of assignments sets; nothing where it cannot be read."""
    known = frozenset(variables())
    try:
        lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    except (OSError, UnicodeDecodeError):
        return {}
    matches = (_ASSIGNMENT.match(line) for line in lines)
    return {match["name"]: match["value"] for match in matches if match is not None and match["name"] in known}


def child_command(command: Sequence[str], plan: Plan, base: str) -> list[str]:
    """Return the command, with the arguments by which a tool takes the address that reads no variable."""
    name = Path(command[0]).name
    values = {setting.variable: setting.value(base) for setting in plan.settings}
    for row in _table()["arguments"]:
        if row["command"] == name:
            return [command[0], *(word.format_map(values) for word in row["given"]), *command[1:]]
    return list(command)


def child_environment(environ: Mapping[str, str], plan: Plan, base: str) -> dict[str, str]:
    """Return the environment of the command: every variable of the plan set, and this machine reached without a proxy."""
    changed = reached_directly(environ)
    for setting in plan.settings:
        changed[setting.variable] = setting.value(base)
    return changed


def reached_directly(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which this machine is reached without a company's proxy."""
    changed = dict(environ)
    for name in ("NO_PROXY", "no_proxy"):
        kept = [changed[name]] if changed.get(name) else []
        changed[name] = ",".join([*kept, "127.0.0.1", "localhost"])
    return changed
