"""Every live answer on disk as it comes, so that a run can be resumed, and replayed without a network.

One folder per run: `run.json` says what was asked of whom (never a key), `answers.jsonl` holds one
complete answer per line. Secrets are hidden before a line is written.
"""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ctxdebug.errors import LoadError, UsageError
from ctxdebug.evals.endpoint import Reply
from ctxdebug.evals.kept_replies import appending, reply_fields, reply_from, without_secrets
from ctxdebug.evals.run_lock import locked
from ctxdebug.files import read_regular, write_whole
from ctxdebug.records import field, record
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = lazy(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_NOT_NAME = lazy(r"[^a-z0-9]+")


@record(frozen=True, slots=True)
class JudgeQuestion:
    """Which answer it is: the case, the exact request, and the number of the run."""

    case: str
    request: str
    """Hash of the request that was sent."""
    index: int


def request_digest(body: Mapping[str, Any]) -> str:
    """Return the hash of a request, whatever the order of its keys."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@record(slots=True)
class Recording:
    """The answers of one run, in memory and on disk."""

    path: Path
    about: dict[str, Any]
    answers: dict[JudgeQuestion, Reply] = field(default_factory=dict)
    _file: IO[str] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closed: bool = False
    _held: IO[str] | None = None

    @property
    def name(self) -> str:
        """The run's name."""
        return self.path.name

    def keep(self, question: JudgeQuestion, reply: Reply) -> Reply:
        """Write one answer, and return it as it was written; what is judged is what can be replayed."""
        hidden = without_secrets(reply)
        asked = {"case": question.case, "request": question.request, "index": question.index}
        line = json.dumps(asked | reply_fields(hidden), allow_nan=False)
        with self._lock:
            if self._closed:
                return hidden
            if self._file is None:
                self.path.mkdir(parents=True, exist_ok=True)
                self._file = appending(self.path / "answers.jsonl")
            self._file.write(line + "\n")
            self._file.flush()
            self.answers[question] = hidden
        return hidden

    def hold(self) -> None:
        """Keep other processes from asking for the same run; raises `UsageError` where one does already."""
        self._held = locked(self.path / ".lock", f"the run {self.name} is being asked by another ctxdebug")

    def close(self) -> None:
        """Close the file; answers that come later are not kept."""
        with self._lock:
            self._closed = True
            if self._held is not None:
                self._held.close()
                self._held = None
            if self._file is not None:
                self._file.close()
                self._file = None


def new_recording(folder: Path, about: dict[str, Any], name: str | None = None) -> Recording:
    """Begin a run in a folder of its own; raises `UsageError` for a name that is taken or cannot be one."""
    path = _numbered(folder, str(about.get("model", ""))) if name is None else _inside(folder, name)
    try:
        path.mkdir(parents=True)
    except FileExistsError:
        if name is None:
            return new_recording(folder, about)  # another run took the name meanwhile
        raise UsageError(f"the run {name} exists; go on with it by --resume {name}, or give another --run") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be made: {error.strerror}") from None
    write_whole(path / "run.json", (json.dumps(about, indent=2, sort_keys=True) + "\n").encode(), within=folder)
    write_whole(folder / ".gitignore", b"*\n", within=folder)
    recording = Recording(path, about)
    recording.hold()
    return recording


def _numbered(folder: Path, model: str) -> Path:
    """Return the first free name of a model's runs."""
    slug = _NOT_NAME.sub("-", model.lower()).strip("-")[:40].strip("-") or "run"
    number = 1
    while (folder / f"{slug}-{number}").exists():
        number += 1
    return folder / f"{slug}-{number}"


def open_recording(folder: Path, name: str) -> Recording:
    """Read a run back; a last line that was cut by a crash is left out. Raises `LoadError`."""
    path = Path(name) if "/" in name and Path(name).is_dir() else _inside(folder, name)
    try:
        about = json.loads(read_regular(path / "run.json"))
        lines = read_regular(path / "answers.jsonl").split("\n") if (path / "answers.jsonl").exists() else []
    except (UsageError, OSError, ValueError, RecursionError) as error:
        raise LoadError(f"the run {name} cannot be read: {error}") from None
    if not isinstance(about, dict):
        raise LoadError(f"the run {name} cannot be read: run.json is no object")
    recording = Recording(path, about)
    for number, line in enumerate(lines):
        if line.strip():
            _take(recording, line, number, last=number == len(lines) - 1)
    return recording


def is_recording(folder: Path, name: str) -> bool:
    """Tell whether a run of this name exists."""
    return bool(_NAME.fullmatch(name)) and (folder / name / "run.json").is_file()


def models_asked(folder: Path) -> dict[str, frozenset[str]]:
    """Return the models that each case was asked of, by the recorded runs; a run that cannot be read is left out."""
    asked: dict[str, set[str]] = {}
    for path in sorted(folder.glob("*/run.json")) if folder.is_dir() else ():
        try:
            recording = open_recording(folder, path.parent.name)
        except LoadError:
            continue
        for question in recording.answers:
            asked.setdefault(question.case, set()).add(str(recording.about.get("model", "")))
    return {case: frozenset(models - {""}) for case, models in asked.items()}


def _take(recording: Recording, line: str, number: int, last: bool) -> None:
    try:
        held = json.loads(line)
        question = JudgeQuestion(held["case"], held["request"], held["index"])
        reply = reply_from(held)
        if not isinstance(question.index, int):
            raise TypeError("not an answer")  # noqa: TRY301  (the same as a key that is missing)
        recording.answers[question] = reply
    except (ValueError, KeyError, TypeError, RecursionError):
        if not last:
            raise LoadError(f"{recording.path / 'answers.jsonl'}: line {number + 1} is not an answer") from None


def _inside(folder: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a run: letters, digits, dots, hyphens")
    return folder / name
