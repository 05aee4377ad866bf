"""One call of `check` that may have been made before: answered from what was kept, or recorded and kept.

A call is known by its words, its folder, its surroundings and the program. What it reads is not known before it has run,
so the entry says what its call read, and is believed while every file and folder of that is what it was. Nothing here
imports the command line, the engine or the rules: an unchanged capture costs the reading of it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ctxdebug.reads import Reads, listening, still
from ctxdebug.result_cache.entry_store import KEY_SIZE, read_entry, results_folder, write_entry
from ctxdebug.result_cache.program_identity import program_identity
from ctxdebug.result_cache.sealed_file import DamagedEntryError, keyed

_COMMAND = "check"
_PURE = frozenset({"rules", "formats", "explain"})
"""Commands that say the same as long as the program is the same; so does every help."""
_HELP = frozenset({"--help", "-h"})
_SURROUNDINGS = (
    "CI", "CI_PROJECT_DIR", "CLICOLOR", "CLICOLOR_FORCE", "COLORTERM", "COLUMNS", "FORCE_COLOR", "GITHUB_ACTIONS", "GITHUB_WORKSPACE",
    "GITLAB_CI", "LANG", "LC_ALL", "LC_CTYPE", "NO_COLOR", "PYTHONIOENCODING", "PYTHONUTF8", "PY_COLORS", "TERM", "TERMINAL_WIDTH",
    "TERM_PROGRAM", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "TZ", "WT_SESSION", "_TYPER_FORCE_DISABLE_TERMINAL",
)  # fmt: skip
"""Variables that an output may depend on."""
_NEVER = frozenset(
    {
        "--no-cache",
        "--show-secrets",
        "--judge",
        "--since",
        "--write-baseline",
        "--traceback",
        "--local-rules",
        "--test",
        "-",
    }
)
"""Words with which nothing is looked up: what they ask for is no function of what is read, or must not be kept."""


class RememberedCall:
    """A call that may be answered from the cache; `told` is what the user should know of an entry that was not believed."""

    def __init__(self, folder: str, key: bytes, *, pure: bool = False) -> None:
        self._folder = folder
        self._key = key
        self._pure = pure
        self.told = ""
        self.keepable = False
        """Set by the command, once it knows that its result follows from what it read."""
        self.files: tuple[tuple[str, str], ...] = ()
        """Paths and texts of the files that the command wrote."""

    @classmethod
    def of(cls, argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> RememberedCall | None:
        """Return the call that a command line is; None where results are neither used nor kept."""
        words = argv[1:]
        pure = not (_HELP.isdisjoint(words) and _PURE.isdisjoint(words[:1]))
        if (
            not (pure or _COMMAND in words[:1])
            or not _NEVER.isdisjoint(_names(words))
            or "_CTXDEBUG_COMPLETE" in environ
        ):
            return None
        folder = results_folder()
        if folder is None or (in_ci(environ) and "--cache" not in words):
            return None
        try:
            here, program = os.getcwd(), program_identity()
        except OSError:
            return None
        if program is None:
            return None
        surroundings = [environ.get(name) for name in _SURROUNDINGS]
        called = [argv[0], getattr(sys.modules.get("__main__"), "__package__", None)]  # a help names itself by them
        call = json.dumps([program, sys.path, called, words, here, surroundings, _streams()], ensure_ascii=True)
        return cls(folder, keyed(call.encode("ascii"), b"result key", KEY_SIZE), pure=pure)

    def answered(self) -> int | None:
        """Write what the same call wrote before, and return its exit code; None where it has to be made."""
        try:
            entry = read_entry(self._folder, self._key)
        except DamagedEntryError:
            self.told = "a kept result was damaged, or made by somebody else: it was ignored (ctxdebug cache clear)"
            return None
        if entry is None or not still({(kind, path): digest for kind, path, digest in entry["reads"]}):
            return None
        from ctxdebug.result_cache.recorded_output import write_again

        if entry["files"]:
            from ctxdebug.files import write_whole

            for path, text in entry["files"]:
                write_whole(path, text)
        for stream, text in entry["writes"]:
            write_again(stream, text)
        return int(entry["code"])

    def made(self, run: Callable[[], int]) -> int:
        """Make the call, and keep its result where the command says that it may be kept."""
        from ctxdebug.result_cache.recorded_output import recorded

        with listening(Reads()) as reads, recorded() as output, _as_current(self):
            code = run()
        keepable = self.keepable or (self._pure and code == 0)
        if keepable and output.whole and reads.hold():
            entry = {
                "reads": [(kind, path, digest) for (kind, path), digest in reads.seen.items()],
                "writes": output.writes(),
                "files": self.files,
                "code": code,
            }
            if not _tells_a_secret(path for _, path in reads.seen):
                write_entry(self._folder, self._key, entry)
        return code


@contextmanager
def _as_current(call: RememberedCall) -> Iterator[None]:
    _current.append(call)
    try:
        yield
    finally:
        _current.remove(call)


_current: list[RememberedCall] = []


def current() -> RememberedCall | None:
    """Return the call that is under way, where its result may be kept."""
    return _current[-1] if _current else None


def in_ci(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether this is a job of a CI service, where nothing is kept unless it is asked for."""
    return any(
        environ.get(name, "").lower() not in {"", "0", "false"} for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI")
    )


def _names(words: Iterable[str]) -> set[str]:
    """Return words, and options without the value that is written in the same word."""
    return {word.partition("=")[0] for word in words}


def _streams() -> list[Any]:
    """Return what an output depends on in the streams: whether they are terminals, the encoding, the widths of all three."""
    out, err = sys.stdout, sys.stderr
    return [bool(out.isatty()), bool(err.isatty()), str(getattr(out, "encoding", None)), *map(_width, range(3))]


def _width(descriptor: int) -> int:
    """Return the columns of the terminal that a descriptor leads to; 0 where it leads to none."""
    try:
        return os.get_terminal_size(descriptor).columns
    except (OSError, ValueError):
        return 0


def _tells_a_secret(paths: Iterable[str]) -> bool:
    """Whether a path, which the entry has to name, holds something that an output would mask."""
    from ctxdebug.redaction.masking import secret_spans

    return any(secret_spans(path) for path in paths)
