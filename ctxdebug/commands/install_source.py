"""Where a job installs ctxdebug from: what the user says, else the origin of the clone that this program was installed from."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ctxdebug.commands.git import git
from ctxdebug.errors import UsageError
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_SAFE = lazy(r"[\w.~:/@+=%#,<>!\[\]\- ]{1,500}")
"""What may stand in a requirement that goes into YAML and a shell's quotation marks."""
_SCP = lazy(r"(?P<user>[\w.-]{1,60})@(?P<host>[\w.-]{1,200}):(?P<path>[^/\s][^\s]{0,300})")
_PLACEHOLDER = "ctxdebug @ file:///source-not-set/run-ctxdebug-init---source-URL"
_NOT_SET = (
    "no address to install ctxdebug from is known, so the jobs fail until you give one: ctxdebug init --source URL"
)


@record(frozen=True, slots=True)
class InstallSource:
    """A requirement for pip, and what a person should know of it."""

    requirement: str
    note: str


def install_source(given: str | None) -> InstallSource:
    """Return the source that was given, else the origin of our own clone, else a placeholder with which an install fails.

    Raises `UsageError` on a source that could not stand in a job's file.
    """
    if given is not None:
        if not _SAFE.fullmatch(given) or not given.strip() or given.lstrip().startswith("-"):
            raise UsageError(f"--source: {given!r} is no address that pip installs from")
        return InstallSource(requirement(given.strip()), "")
    folder = _clone()
    origin = _origin(folder) if folder is not None else None
    if folder is None or origin is None:
        return InstallSource(_PLACEHOLDER, _NOT_SET)
    commit = _published_commit(folder)
    pinned = f"@{commit}" if commit else ""
    note = f"installed from the origin of this program's clone, {origin}"
    return InstallSource(
        f"ctxdebug @ git+{origin}{pinned}", note if commit else f"{note}, not pinned: its commit is on no remote branch"
    )


def requirement(address: str) -> str:
    """Return what pip takes for an address: a repository, a wheel, a version (`ctxdebug==1.0`)."""
    if address.startswith("git+") or address.endswith((".whl", ".tar.gz", ".zip")):
        return f"ctxdebug @ {address}"
    if "://" in address:
        return f"ctxdebug @ git+{address}"
    if (match := _SCP.fullmatch(address)) is not None:
        return f"ctxdebug @ git+ssh://{match['user']}@{match['host']}/{match['path']}"
    return address


def _clone() -> Path | None:
    """Return the clone that this program was installed from or runs in; None where there is none."""
    from importlib.metadata import PackageNotFoundError, distribution

    import ctxdebug

    folders = [Path(ctxdebug.__file__).resolve().parent.parent]
    try:
        told = json.loads(distribution("ctxdebug").read_text("direct_url.json") or "{}")
        address = urlsplit(str(told.get("url", "")))
        if address.scheme == "file":
            folders.append(Path(unquote(address.path)))
    except (PackageNotFoundError, ValueError, AttributeError):
        pass
    return next((folder for folder in folders if (folder / ".git").exists()), None)


def _origin(folder: Path) -> str | None:
    """Return the address of a clone's origin, without a name or a key in it; None where others cannot reach it."""
    try:
        address = git("remote", "get-url", "origin", folder=folder).strip()
    except UsageError:
        return None
    if (match := _SCP.fullmatch(address)) is not None:
        address = f"ssh://{match['user']}@{match['host']}/{match['path']}"
    parts = urlsplit(address)
    if parts.scheme not in {"https", "ssh", "git"} or not parts.hostname:
        return None
    host = parts.hostname + (f":{parts.port}" if parts.port else "")
    user = f"{parts.username}@" if parts.scheme == "ssh" and parts.username else ""
    shown = parts._replace(netloc=f"{user}{host}", query="", fragment="").geturl()
    return shown if _SAFE.fullmatch(shown) else None


def _published_commit(folder: Path) -> str | None:
    """Return the commit of a clone, where a branch of its remote has it."""
    try:
        commit = git("rev-parse", "HEAD", folder=folder).strip()
        return commit if git("branch", "-r", "--contains", commit, folder=folder).strip() else None
    except UsageError:
        return None
