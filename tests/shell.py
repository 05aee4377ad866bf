"""The command as a shell calls it: arguments, input, folder and environment in; both streams and the exit code out.

`ctxdebug` calls it in this process, which takes milliseconds where a process of its own takes a second. `process` starts
one, for tests of which the process is the point.
"""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock

ROOT = Path(__file__).parent.parent
CACHE = str(ROOT / ".pytest_cache" / "ctxdebug")


def ctxdebug(
    *arguments: str,
    stdin: bytes = b"",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    **environment: str,
) -> CompletedProcess[str]:
    """Call the command in this process; `env` replaces the environment, `environment` adds to it."""
    from ctxdebug.__main__ import main

    out, err = io.BytesIO(), io.BytesIO()
    streams = {
        "stdin": io.TextIOWrapper(io.BytesIO(stdin), "utf-8"),
        "stdout": io.TextIOWrapper(out, "utf-8", write_through=True),
        "stderr": io.TextIOWrapper(err, "utf-8", write_through=True),
    }
    here, threshold, code = Path.cwd(), gc.get_threshold(), 0
    variables = {**(os.environ if env is None else env), "CTXDEBUG_CACHE_DIR": CACHE, **environment}
    with (
        mock.patch.dict(os.environ, variables, clear=True),
        mock.patch.multiple(sys, argv=["ctxdebug", *arguments], **streams),
    ):
        os.chdir(cwd or ROOT)
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        finally:
            os.chdir(here)
            gc.set_threshold(*threshold)
            for stream in streams.values():
                stream.flush()
    return CompletedProcess(
        arguments, code, *(read.getvalue().decode("utf-8", "backslashreplace") for read in (out, err))
    )


def process(
    *arguments: str,
    stdin: bytes = b"",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    **environment: str,
) -> CompletedProcess[str]:
    """Start the command as a process of its own."""
    variables = {
        **(os.environ if env is None else env),
        "PYTHONPATH": str(ROOT),
        "CTXDEBUG_CACHE_DIR": CACHE,
        **environment,
    }
    variables.pop("PYTHONDONTWRITEBYTECODE", None)  # without its bytecode the command spends most of its time compiling
    done = subprocess.run(
        [sys.executable, "-m", "ctxdebug", *arguments],
        input=stdin,
        capture_output=True,
        cwd=cwd or ROOT,
        env=variables,
        check=False,
    )
    return CompletedProcess(
        done.args,
        done.returncode,
        done.stdout.decode("utf-8", "backslashreplace"),
        done.stderr.decode("utf-8", "backslashreplace"),
    )
