"""`python -m ctxdebug` and the `ctxdebug` command: errors in one line, exit codes as documented."""

from __future__ import annotations

import gc
import os
import sys

_YOUNG = 50_000
"""Objects between two collections: a run makes many that stay, and almost no cycles."""


def main() -> None:
    """Run the command line; never shows a traceback for what a user can mend."""
    gc.set_threshold(_YOUNG, 20, 20)
    from ctxdebug.errors import CtxdebugError, EndpointError
    from ctxdebug.text.printable import clean_line

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        from ctxdebug.cli import app
        from ctxdebug.commands.ci_job import guard_streams

        guard_streams()
        app()
    except EndpointError as error:
        _fail(clean_line(str(error)), 3)
    except CtxdebugError as error:
        _fail(clean_line(str(error)), 2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except KeyboardInterrupt:
        _fail("interrupted", 130)


def _fail(message: str, code: int) -> None:
    sys.stderr.write(f"ctxdebug: {message}\n")
    sys.exit(code)


if __name__ == "__main__":
    main()
