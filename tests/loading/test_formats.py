"""What each fixture of a format holds, counted by hand: roles, calls, results, the prompt's tokens."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from ctxdebug.analysis.message_shape.call_pairs import unpaired
from ctxdebug.decoding.source import Source
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.errors import UsageError
from ctxdebug.loading.latest import latest, places
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Kind, Problem, Provenance, Snapshot, Trust

FOLDER = Path(__file__).parent.parent.parent / "fixtures" / "formats"
LETTERS = {"system": "S", "developer": "D", "user": "U", "assistant": "A", "tool": "T", "other": "?"}
TRUTH = {
    "aider-chat/aider.chat.history.md": ["U|A"],
    "aider-requests/aider.llm.history": ["SU|A"],
    "alpaca/rows.jsonl": ["U|A", "U|A"],
    "amp/T-1.json": ["UAU|A 90 calls 1 results 1"],
    "anthropic.messages/batch.jsonl": ["U|A 18"],
    "antigravity/transcript.jsonl": ["UAT|A calls 1 results 1"],
    "atif/trajectory.json": ["UAT|A 70 calls 1 results 1"],
    "autogen/state.json": ["UAT|A calls 1 results 1"],
    "autogen/thread.json": ["UAT|A 60 calls 1 results 1"],
    "azure-log/gateway.json": ["U|A 19"],
    "bedrock-log/invocations.jsonl": ["U|A 24", "U|A 18"],
    "bedrock.retrieve_and_generate/holiday.json": ["U|A"],
    "betamax/board.json": ["SU|A 31"],
    "chatgpt-export/conversations.json": ["UAT|A calls 1 results 1"],
    "claude-ai-export/conversations.json": ["U|A"],
    "claude-code/export.json": ["U|A 904"],
    "claude-code/gates.jsonl": ["UAUU|A 1406 calls 2 results 2", "U|A 904", "UU|A 308"],
    "claude-code/run-2.1.jsonl": ["UAU|A 900 calls 1 results 1"],
    "claude-stream/run-2.1.jsonl": ["AU|A 900 calls 1 results 1"],
    "claude-stream/run.jsonl": ["AU|A 904 calls 1 results 1"],
    "cline-ui/ui_messages.json": ["UAT|A 450 calls 1 results 1"],
    "cline/api_conversation_history.json": ["UAU|A results 2"],
    "codex-exec/run-0.171.jsonl": ["AT|A calls 1 results 1"],
    "codex-exec/run.jsonl": ["AT|A calls 1 results 1"],
    "codex/first-version.json": ["SU|A"],
    "codex/gates.jsonl": ["SUAT|A 90 calls 1 results 1"],
    "codex/run-0.171.jsonl": ["SDUUAT|A 900 calls 1 results 1"],
    "continue/session.json": ["UAT|A calls 1 results 1"],
    "copilot-chat/chat.json": ["UAT|A calls 1 results 1"],
    "copilot-cli/events.jsonl": ["SUAT|A calls 1 results 1"],
    "ctxdebug-recording/museum.jsonl": ["SU|A 84", "SUAU|A 118", "SU|", "SU|A", "SU|", "UT|", "SU|A 71"],
    "cursor-composer/state.vscdb": ["UAT|A calls 1 results 1"],
    "cursor/transcript.jsonl": ["UAU|A calls 1 results 1"],
    "datadog/export.json": ["SU|A 31"],
    "datadog/spans.json": ["SU|A 31"],
    "deepeval/run.json": ["U|A"],
    "droid-exec/run.jsonl": ["UAT|A calls 1 results 1"],
    "droid/session.jsonl": ["UAU|A calls 1 results 1"],
    "dspy/history.jsonl": ["SU|A 31", "SU|A 31"],
    "gemini-cli/session-061.jsonl": ["UUAT|A 930 calls 1 results 1"],
    "gemini-cli/session.json": ["UAT|A 140 calls 1 results 1"],
    "gemini-cli/session.jsonl": ["UAT|A 140 calls 1 results 1"],
    "gemini-stream/run.jsonl": ["UAT|A calls 1 results 1"],
    "google.adk/board.evalset.json": ["UA|A calls 1"],
    "google.adk/session.json": ["UAT|A 60 calls 1 results 1"],
    "goose/export.json": ["UAT|A 80 calls 1 results 1"],
    "goose/session.jsonl": ["UAT|A calls 1 results 1"],
    "goose/sessions.db": ["UAT|A 80 calls 1 results 1"],
    "grok/chat_history.jsonl": ["SUUAT|A calls 2 results 2"],
    "har/polly.har.yaml": ["SU|A 31"],
    "helicone/requests.json": ["SU|A 31"],
    "hoverfly/simulation.json": ["SU|A 31"],
    "httpmock/board.yaml": ["SU|A 31", "SU|A 31"],
    "httprr/board.httprr": ["SU|A 31"],
    "jaeger/trace.json": ["U|A 31"],
    "jaeger/zipkin.json": ["U|A 31"],
    "kimi-context/context.jsonl": ["SUAT|A calls 1 results 1"],
    "kimi/wire.jsonl": ["SUUAT|A 61 calls 1 results 1", "SUU|A"],
    "langgraph/state.json": ["UAT|A calls 1 results 1"],
    "librechat/export.json": ["SU|A"],
    "llama-index-store/chat_store.json": ["SU|A", "U|A"],
    "llama-index-store/workflow.json": ["U|A", "U|"],
    "llm/logs.db": ["SU|A 31", "SUAU|A 52"],
    "llm/logs.json": ["SU|A 31 calls 1", "SUAT|A 60 calls 1 results 1"],
    "llm/turns.db": ["SU|A 31 calls 1", "SUAT|A 60 calls 1 results 1"],
    "lm-evaluation/samples.jsonl": ["U|A", "U|A"],
    "lm-studio/gates.conversation.json": ["SU|A 25"],
    "logged-row/row.json": ["U|A"],
    "mini-swe-agent/fix.traj.json": ["SUAU|A results 1"],
    "mitmproxy/flows.mitm": ["SU|A 31", "SU|A 31"],
    "on-your-data/answer.json": ["U|A 300"],
    "open-webui/export.json": ["SU|A 60"],
    "openai-agents/sessions.db": ["UAT|A calls 1 results 1"],
    "openai-evals/log.jsonl": ["SU|A"],
    "openai.agents-state/state.json": ["UAT|A 40 calls 1 results 1"],
    "opencode-run/run-1.18.jsonl": ["AT|A 900 calls 1 results 1"],
    "opencode-run/run.jsonl": ["AT|A 120 calls 1 results 1"],
    "opencode/export.json": ["UAT|A 120 calls 1 results 1"],
    "opencode/opencode.db": ["UAT|A 900 calls 1 results 1"],
    "openrouter/content.json": ["SU|A"],
    "otlp-protobuf/traces.pb": ["U|A 31"],
    "pasted-chat/headings.md": ["U|A"],
    "pasted-chat/said.txt": ["U|A"],
    "pasted-chat/specstory.md": ["U|A"],
    "pasted/curl.sh": ["U|A 17"],
    "pasted/debug.log": ["U|A 17"],
    "phoenix/spans.jsonl": ["U|A 31", "U|A 31"],
    "pi/read.jsonl": ["UAT|A 100 calls 1 results 1"],
    "postman/board.postman_collection.json": ["SU|A 31"],
    "preference/openai.jsonl": ["U|A", "U|A"],
    "preference/rows.jsonl": ["U|A", "U|A"],
    "python/langchain.txt": ["SU|A 31"],
    "python/printed.txt": ["U|A"],
    "qwen/run-0.24.jsonl": ["UAT|A 900 calls 1 results 1"],
    "qwen/session.jsonl": ["UAT|A 80 calls 1 results 1"],
    "replicate/prediction.json": ["SU|A 24"],
    "sap-orchestration/request.json": ["SU|"],
    "sap-orchestration/response-v1.json": ["U|A 31"],
    "sap-orchestration/response.json": ["SU|A 31"],
    "semantic-kernel/dotnet.json": ["SUAT|A calls 1 results 1"],
    "semantic-kernel/history.json": ["SUAT|A calls 1 results 1"],
    "sentry/transaction.json": ["SU|A 31"],
    "sharegpt/rows.jsonl": ["SU|A", "UAU|A"],
    "sharegpt/tools.json": ["SUAT|A calls 1 results 1"],
    "sillytavern/chat.jsonl": ["U|A"],
    "sourcegraph/cody.har.yaml": ["SU|A"],
    "tgi/call.json": ["U|A None"],
    "vllm-log/server.log": ["U|"],
    "vllm/output.json": ["U|A 3"],
    "wiremock/journal.json": ["SU|A 31"],
    "wiremock/stub.json": ["SU|A 31"],
    "zed/thread-02.json": ["UAT|A calls 1 results 1"],
    "zed/thread.json": ["UAT|A 101 calls 1 results 1"],
    "zed/threads.db": ["UAT|A 101 calls 1 results 1"],
}


def read(path: Path, options: LoadOptions | None = None) -> tuple[list[Snapshot], list[Problem]]:
    found = list(load(Source(str(path)), options or LoadOptions()))
    return [item for item in found if isinstance(item, Snapshot)], [item for item in found if isinstance(item, Problem)]


def counted(snapshot: Snapshot) -> str:
    asked = "".join(LETTERS[message.role.value] for message in snapshot.messages)
    answered = "".join(LETTERS[message.role.value] for message in snapshot.answer)
    segments = [*snapshot.segments(), *snapshot.answer_segments()]
    calls = sum(segment.call is not None for segment in segments)
    results = sum(segment.kind is Kind.TOOL_RESULT for segment in segments)
    tokens = f" {snapshot.usage.prompt}" if snapshot.usage else ""
    return f"{asked}|{answered}{tokens}" + f" calls {calls}" * (calls > 0) + f" results {results}" * (results > 0)


@pytest.mark.parametrize("name", TRUTH)
def test_a_capture_holds_what_was_counted_by_hand(name: str) -> None:
    snapshots, problems = read(FOLDER / name)
    assert problems == []
    assert [counted(snapshot) for snapshot in snapshots] == TRUTH[name]


@pytest.mark.parametrize("name", TRUTH)
def test_calls_and_results_belong_together(name: str) -> None:
    for snapshot in read(FOLDER / name)[0]:
        assert list(unpaired(snapshot)) == []


def test_what_a_shell_printed_is_no_word_of_the_user() -> None:
    (found,), _ = read(FOLDER / "mini-swe-agent/fix.traj.json")
    printed = found.messages[-1].segments[0]
    assert (printed.kind, printed.trust, printed.provenance) == (
        Kind.TOOL_RESULT, Trust.UNTRUSTED, Provenance.TOOL_RESULT)  # fmt: skip


def test_redacted_arguments_are_no_broken_json() -> None:
    (found,), _ = read(FOLDER / "codex/gates.jsonl")
    assert [segment.call.error for segment in found.segments() if segment.call] == [None]
    assert any(unseen.kind.name == "REMOVED" for unseen in found.unseen)


def test_a_call_at_the_end_of_a_log_waits_for_its_result(tmp_path: Path) -> None:
    lines = (FOLDER / "claude-code/gates.jsonl").read_text().splitlines()[:8]
    path = tmp_path / "session.jsonl"
    path.write_text("\n".join(lines))
    (found,), _ = read(path)
    assert list(unpaired(found)) == []


def test_a_forced_format_that_finds_no_text_is_refused() -> None:
    _, problems = read(FOLDER / "claude-ai-export/conversations.json", LoadOptions(format="bedrock.converse"))
    assert "cannot be read as bedrock.converse" in problems[0].message
    assert "looks like claude-ai-export" in problems[0].message


def test_a_guess_is_made_only_where_a_capture_is_expected() -> None:
    snapshots, problems = read(FOLDER / "logged-row/row.json", LoadOptions(guess=False))
    assert snapshots == []
    assert "name the file" in problems[0].message


def test_a_table_in_a_folder_is_counted_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "rows.json").write_text((FOLDER / "logged-row/row.json").read_text())
    (tmp_path / "chat.json").write_text((FOLDER / "gemini-cli/session.json").read_text())
    report = run([str(tmp_path)], RunOptions())
    assert report.passed_over == {"table of prompts and answers": [str(tmp_path / "rows.json")]}
    assert report.exchanges == 1


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"PAR1....", "Parquet"), (b"SQLite format 3\x00" + b"\0" * 100, "SQLite"), (b'{"nbformat": 4, "cells": []}', "notebook"),
     (b"3871:9:websocket;0:~", "flow file"), (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
     (b'{"method": "generateContentStream", "response": []}\n{"method": "generateContent", "response": []}\n', "without requests")],
)  # fmt: skip
def test_what_cannot_be_read_is_named(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "capture"
    path.write_bytes(content)
    snapshots, problems = read(path)
    assert snapshots == []
    assert what in problems[0].message


@pytest.mark.parametrize(
    ("names", "what"), [(("checkpoints", "writes"), "LangGraph"), (("sessions", "events", "app_states"), "Development Kit"),
                        (("notes",), "no tool that is known here")],
)  # fmt: skip
def test_a_database_that_cannot_be_read_is_named_by_its_tables(
    tmp_path: Path, names: tuple[str, ...], what: str
) -> None:
    path = tmp_path / "state.db"
    with closing(sqlite3.connect(path)) as connection:
        for name in names:
            connection.execute(f"create table {name} (id text)")
        connection.commit()
    snapshots, problems = read(path)
    assert snapshots == []
    assert what in problems[0].message


@pytest.mark.parametrize(
    "text", ["<|im_start|>system\nHelp.<|im_end|>\n", "<s>[INST] Which gate? [/INST]", "<start_of_turn>user\nHi"]
)
def test_a_prompt_in_a_chat_template_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "prompt.txt"
    path.write_text(text)
    assert "chat template" in read(path)[1][0].message


def test_the_newest_session_is_found_where_the_tool_keeps_it(tmp_path: Path) -> None:
    folder = tmp_path / ".claude" / "projects" / "work"
    folder.mkdir(parents=True)
    for number, name in enumerate(("new.jsonl", "old.jsonl")):
        (folder / name).write_text("{}")
        os.utime(folder / name, (1_000_000 - number, 1_000_000 - number))
    assert latest("claude-code", tmp_path).name == "new.jsonl"


def test_a_session_from_the_future_is_not_the_newest_for_ever(tmp_path: Path) -> None:
    folder = tmp_path / ".claude" / "projects" / "p"
    folder.mkdir(parents=True)
    for name, changed in (("now.jsonl", time.time()), ("wrong-clock.jsonl", time.time() + 10 * 365 * 86_400)):
        (folder / name).write_text("{}\n", encoding="utf-8")
        os.utime(folder / name, (changed, changed))
    assert latest("claude-code", tmp_path).name == "now.jsonl"


def test_a_tool_without_sessions_or_without_a_row_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no session of codex was found"):
        latest("codex", tmp_path)
    with pytest.raises(UsageError, match="claude-code"):
        latest("claude-cod", tmp_path)
    assert all(row["paths"] for row in places().values())


def test_calls_and_declarations_where_tracers_put_them_are_read(tmp_path: Path) -> None:
    function = {"name": "find", "arguments": '{"query":"gate"}'}
    tool = {"type": "function", "function": {"name": "find", "description": "Find a gate.", "parameters": {}}}
    messages = [
        {"role": "user", "content": "Which gate?"},
        {
            "role": "assistant",
            "content": "",
            "additional_kwargs": {"tool_calls": [{"id": "c1", "type": "function", "function": function}]},
        },
        {"role": "tool", "content": "gate 4", "tool_call_id": "c1"},
        {"role": "tool", "content": tool},
    ]
    path = tmp_path / "capture.json"
    path.write_text(json.dumps({"model": "m", "messages": messages}))
    (found,), _ = read(path)
    assert list(unpaired(found)) == []
    assert [declared.name for declared in found.tools] == ["find"]
    assert len(found.messages) == 3


def test_json_printed_as_a_string_is_read(tmp_path: Path) -> None:
    path = tmp_path / "capture.json"
    path.write_text(json.dumps(json.dumps({"model": "m", "messages": [{"role": "user", "content": "hello there"}]})))
    (found,), _ = read(path)
    assert found.messages[0].text == "hello there"


def test_a_python_object_as_a_key_does_not_stop_a_cassette(tmp_path: Path) -> None:
    path = tmp_path / "cassette.yaml"
    path.write_text(
        'interactions:\n- request:\n    body: \'{"model": "m", "messages": [{"role": "user", "content": "hi"}]}\'\n'
        "    headers:\n      ? !!python/object/new:multidict.istr\n      - accept\n      : - '*/*'\n    method: POST\n"
        "    uri: https://api.openai.com/v1/chat/completions\n  response:\n    status: {code: 200}\n"
        '    body: {string: \'{"choices": [{"message": {"role": "assistant", "content": "hello"}}]}\'}\n'
    )
    (found,), problems = read(path)
    assert problems == []
    assert (found.messages[0].text, found.answer[0].text) == ("hi", "hello")
