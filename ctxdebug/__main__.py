"""`python -m ctxdebug` and the `ctxdebug` command: errors in one line, exit codes as documented."""

from __future__ import annotations

import gc
import os
import re
import sys
from contextlib import suppress
from typing import Any

_YOUNG = 100_000
"""Objects between two collections: a run makes many that stay, and almost no cycles."""
_READER_GONE = 141
_AT_ONCE = {"status-line": "ctxdebug.agents.status_line", "agent-hook": "ctxdebug.agents.hook"}


def main() -> None:
    """Run the command line; whatever goes wrong is one line and an exit code of its own, never 1."""
    if len(sys.argv) == 2 and sys.argv[1] in _AT_ONCE:
        sys.exit(_at_once(_AT_ONCE[sys.argv[1]]))
    gc.set_threshold(_YOUNG, 20, 20)
    from ctxdebug.commands.ci_job import guard_streams
    from ctxdebug.commands.closed_output import replace_closed_streams
    from ctxdebug.commands.terminal import allow_poor_encodings
    from ctxdebug.errors import ClosedOutputError, CtxdebugError, EndpointError, StoppedError

    replace_closed_streams()
    allow_poor_encodings()
    guard_streams()
    try:
        code = _answered(sys.argv)
    except StoppedError as error:
        code = _interrupted(f"interrupted{f': {error}' if str(error) else ''}")
    except KeyboardInterrupt:
        code = _interrupted("interrupted")
    except (BrokenPipeError, ClosedOutputError) as error:
        code = _output_lost(error)
    except EndpointError as error:
        code = _fail(str(error), 3)
    except CtxdebugError as error:
        code = _fail(str(error), 2)
    except Exception as error:  # noqa: BLE001 - the last guard: a traceback would exit 1, which reads as "findings"
        code = _unforeseen(error)
    sys.exit(code)


def program() -> None:
    """The command as a process of its own: `main`, and an end that does not take hundreds of modules apart one by one."""
    try:
        main()
    except SystemExit as end:
        _leave(end.code if isinstance(end.code, int) else int(end.code is not None))


def _leave(code: int) -> None:
    """End the process after what waits for its end; as ever where a thread is still at work, or somebody measures or traces."""
    threading = sys.modules.get("threading")
    busy = threading is not None and any(
        not one.daemon for one in threading.enumerate() if one is not threading.main_thread()
    )
    if busy or sys.gettrace() is not None or sys.getprofile() is not None:
        sys.exit(code)
    import atexit

    atexit._run_exitfuncs()  # noqa: SLF001 - what the interpreter runs before it takes the modules apart
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(code)


def _at_once(module: str) -> int:
    """Run what an agent waits for after every message, before anything else is loaded; its errors are its own.

    Streams that are closed or take no more hold up no agent: there is nothing to read, and nobody to tell.
    """
    from importlib import import_module
    from io import BytesIO, StringIO

    said = StringIO()
    code: int = import_module(module).run(BytesIO() if sys.stdin is None else sys.stdin.buffer, said)
    if sys.stdout is not None:
        try:
            sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a text stream of a process has it
            sys.stdout.write(said.getvalue())
            sys.stdout.flush()
        except OSError:
            _discard(1)
    return code


def _answered(words: list[str]) -> int:
    """Answer a command line, from what the same call said before where that is kept; returns the exit code."""
    if words[1:] == ["--version"]:
        from ctxdebug import __version__

        sys.stdout.write(f"ctxdebug {__version__}\n")
        sys.stdout.flush()
        return 0
    from ctxdebug.result_cache.remembered_call import RememberedCall

    call = RememberedCall.of(words)
    if call is None:
        return _made()
    code = call.answered()
    if code is None:
        if call.told and any(word == "--verbose" or re.fullmatch(r"-[a-z]*v[a-z]*", word) for word in words):
            from ctxdebug.commands.terminal import notice

            notice(call.told)
        return call.made(_made)
    sys.stdout.flush()
    return code


def _made() -> int:
    try:
        code = _run()
        sys.stdout.flush()
        _say_what_was_masked()
        return code
    finally:
        if "ctxdebug.result_cache.stored_tables" in sys.modules:
            from ctxdebug.result_cache.stored_tables import keep_tables

            keep_tables()


def _say_what_was_masked() -> None:
    masking = sys.modules.get("ctxdebug.redaction.output")
    line = masking.masked_line() if masking is not None else ""
    if line:
        sys.stderr.write(f"ctxdebug: {line}\n")


def _run() -> int:
    """Parse the command line and run the command; returns the exit code."""
    from ctxdebug.commands.known_words import understood

    known = understood(sys.argv[1:])
    if known is not None:
        from ctxdebug.commands.check import check

        return check(*known)
    import typer

    from ctxdebug.cli import command_line

    usage_error: type[Any] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
    try:
        code = command_line(sys.argv[1:])(standalone_mode=False)
    except typer.Abort:
        return _interrupted("interrupted")
    except Exception as error:
        if isinstance(error, usage_error):
            return _misused(error)
        raise
    if code == 130:
        return _interrupted("interrupted")
    return code if isinstance(code, int) else 0


def _misused(error: Any) -> int:
    """Say in one line what is wrong with a command line; without any word, show the help."""
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return 2
    context = getattr(error, "ctx", None)
    hint = f" (ctxdebug {context.info_name} --help)" if context is not None and context.parent is not None else ""
    message = error.format_message()
    return _fail(f"{message[:1].lower()}{message[1:].rstrip('.')}{hint}", 2)


def _interrupted(message: str) -> int:
    """Say that the run was interrupted; people press Ctrl-C twice, and the second one is not to be a traceback."""
    import signal

    with suppress(ValueError):  # in another thread than the first
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return _fail(message, 130)


def _output_lost(error: Exception) -> int:
    """Leave quietly when the reader went away; say it when standard output cannot be written."""
    _discard(1)
    return _READER_GONE if getattr(error, "gone", True) else _fail(str(error), 2)


def _discard(stream: int) -> None:
    """Let what is still to be written to a standard stream go nowhere, so that leaving does not fail of it."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


def _unforeseen(error: Exception) -> int:
    """Say in one line what nobody foresaw; the system's own refusals are not our fault."""
    wanted = "--traceback" in sys.argv
    if wanted:
        import traceback

        traceback.print_exception(error, file=sys.stderr)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{(error.strerror or str(error)).lower()}", 2)
    if isinstance(error, MemoryError):
        return _fail("there is not enough memory; --max-bytes lowers what is read", 2)
    if isinstance(error, RecursionError):
        return _fail("what was given is nested too deeply for this command", 2)
    what = f"{type(error).__name__}: {error}"[:300]
    advice = "" if wanted else ", with what the same command and --traceback prints"
    return _fail(f"a fault of ctxdebug itself ({what}); please report it{advice}", 2)


def _fail(message: str, code: int) -> int:
    from ctxdebug.commands.terminal import notice
    from ctxdebug.errors import CtxdebugError

    with suppress(OSError, ValueError, CtxdebugError):
        sys.stdout.flush()
    try:
        try:
            notice(message)
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault in masking itself: then nothing captured is said at all
            sys.stderr.write(f"ctxdebug: a fault of ctxdebug itself ({type(error).__name__}); please report it\n")
    except OSError:
        _discard(2)  # nobody can be told, and the exit code says it
    return code


if __name__ == "__main__":
    program()
