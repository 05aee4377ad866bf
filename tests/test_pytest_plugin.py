from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from ctxdebug.cases.blobs import Blobs
from ctxdebug.cases.case import case_from
from ctxdebug.cases.store import save_case
from tests.evals.model_stub import Told, chat, serve

ROOT = Path(__file__).parents[1]


def a_case(folder: Path, name: str = "limit", **changes: Any) -> None:
    content = {
        "ctxdebug": 1,
        "id": name,
        "title": "the old limit is quoted",
        "request": {
            "format": "openai.chat",
            "body": {"model": "m", "messages": [{"role": "user", "content": "how many?"}]},
        },
        "recorded": {"passed": False, "answer": "You may carry over 10 days."},
        "good": {"answer": "5 days"},
        "expect": {"all": [{"contains": "5 days"}, {"not-contains": "10 days"}]},
    }
    save_case(case_from(content | changes), Blobs(), folder)


def pytest_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "ctxdebug.pytest_plugin",
        "-p",
        "no:cacheprovider",
        "-q",
        *arguments,
    ]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_cases_are_items_and_other_yaml_is_left_alone(tmp_path: Path) -> None:
    a_case(tmp_path / "cases")
    (tmp_path / "cases" / "other.yaml").write_text("a: 1\n")
    found = pytest_in(tmp_path, "cases")
    assert found.returncode == 0
    assert "1 passed" in found.stdout


def test_a_failing_case_shows_what_was_expected_and_said(tmp_path: Path) -> None:
    a_case(tmp_path / "cases", good={"answer": "it was 10 days"})
    found = pytest_in(tmp_path, "cases")
    assert found.returncode == 1
    assert "the good answer fails: the answer does not say '5 days'; the answer says '10 days'" in found.stdout
    assert "Traceback" not in found.stdout


def test_a_broken_case_is_a_collection_error(tmp_path: Path) -> None:
    a_case(tmp_path / "cases")
    path = tmp_path / "cases" / "limit.yaml"
    path.write_text(path.read_text().replace("title:", "titel:"))
    found = pytest_in(tmp_path, "cases")
    assert found.returncode == 2
    assert "did you mean 'title'?" in found.stdout


def test_an_undecided_case_is_skipped_with_its_reason(tmp_path: Path) -> None:
    a_case(tmp_path / "cases", expect={"judge": "is it polite?"})
    found = pytest_in(tmp_path, "cases", "-rs")
    assert "1 skipped" in found.stdout
    assert "no judge is configured" in found.stdout


def test_live_asks_the_endpoint(tmp_path: Path) -> None:
    a_case(tmp_path / "cases")
    with serve() as stub:
        live = (
            "cases",
            "--ctxdebug-live",
            "--ctxdebug-endpoint",
            stub.url,
            "--ctxdebug-model",
            "new",
            "--ctxdebug-repeat",
            "3",
        )
        assert "1 passed" in pytest_in(tmp_path, *live).stdout
        assert [request["model"] for request in stub.requests] == ["new"] * 3
        stub.reply = lambda _: Told(chat("still 10 days"))
        found = pytest_in(tmp_path, *live)
        assert "1 failed" in found.stdout
        assert "still 10 days" in found.stdout
        stub.reply = lambda _: Told({"error": {"message": "bad key"}}, 401)
        assert "no verdict: 127.0.0.1: answered 401: bad key" in pytest_in(tmp_path, *live).stdout


def test_a_fixture_records_the_calls_of_a_test_and_judges_them(tmp_path: Path) -> None:
    (tmp_path / "test_calls.py").write_text(
        "import httpx\n"
        "ANSWER = {'choices': [{'index': 0, 'message': {'role': 'assistant', 'content': 'Two floors up.'}, 'finish_reason': 'stop'}]}\n"
        "def ask():\n"
        "    mocked = httpx.MockTransport(lambda request: httpx.Response(200, json=ANSWER))\n"
        "    with httpx.Client(transport=mocked) as client:\n"
        "        body = {'model': 'gpt-4o', 'messages': [{'role': 'user', 'content': 'Where is the cafe?'}]}\n"
        "        client.post('https://api.openai.com/v1/chat/completions', json=body)\n"
        "def test_well(ctxdebug_recording):\n"
        "    ask()\n"
        "    assert ctxdebug_recording.check(fail_on='error').exchanges == 1\n"
        "def test_nothing(ctxdebug_recording):\n"
        "    ctxdebug_recording.check()\n"
    )
    done = pytest_in(tmp_path, "--ctxdebug-captures", "captures")
    assert "1 failed, 1 passed" in done.stdout
    assert "nothing to check" in done.stdout
    (kept,) = (tmp_path / "captures").glob("*well*.jsonl")
    assert len(kept.read_text().splitlines()) == 1
