"""JavaScript's SDKs and agents from npm, behind `ctxdebug capture` with an empty home and keys that are none.

`CTXDEBUG_NPM` names a folder in which `npm install openai @anthropic-ai/sdk ai @ai-sdk/openai @ai-sdk/anthropic
@anthropic-ai/claude-code @openai/codex` was run; skipped otherwise. No address but the loopback stub is reachable through it.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.recording.provider_stub import WORDS, answer
from tests.recording.stub import Answer, Seen, serve
from tests.shell import ROOT, ctxdebug

FOLDER = Path(os.environ.get("CTXDEBUG_NPM", "/nowhere"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (FOLDER / "node_modules").is_dir() or shutil.which("node") is None, reason="needs CTXDEBUG_NPM"
    ),
]
_MESSAGES = 'const messages = [{ role: "user", content: "How many days may I carry over?" }]; let text = "";'
CALLS = {
    "openai": 'import OpenAI from "openai"; text = (await new OpenAI().chat.completions.create({ model: "gpt-4o-mini", messages })).choices[0].message.content;',
    "openai streamed": 'import OpenAI from "openai"; for await (const event of await new OpenAI().chat.completions.create({ model: "gpt-4o-mini", messages, stream: true })) text += event.choices[0]?.delta?.content ?? "";',
    "anthropic": 'import Anthropic from "@anthropic-ai/sdk"; text = (await new Anthropic().messages.create({ model: "claude-sonnet-4-5", max_tokens: 50, messages })).content[0].text;',
    "ai openai": 'import { generateText } from "ai"; import { openai } from "@ai-sdk/openai"; text = (await generateText({ model: openai("gpt-4o-mini"), messages })).text;',
    "ai openai streamed": 'import { streamText } from "ai"; import { openai } from "@ai-sdk/openai"; for await (const part of streamText({ model: openai.chat("gpt-4o-mini"), messages }).textStream) text += part;',
    "ai anthropic streamed": 'import { streamText } from "ai"; import { createAnthropic } from "@ai-sdk/anthropic"; const anthropic = createAnthropic({ baseURL: process.env.ANTHROPIC_BASE_URL + "/v1" }); for await (const part of streamText({ model: anthropic("claude-sonnet-4-5"), messages }).textStream) text += part;',
}


def captured(home: Path, *command: str) -> tuple[subprocess.CompletedProcess[str], list[dict[str, Any]], list[Seen]]:
    """What a command said, what was recorded, and what the stub saw."""

    def provider(seen: Seen) -> Answer:
        if seen.method != "POST" or ("responses" in seen.path and "upgrade" in seen.headers):
            return Answer([b"{}"], 404, framing="length")
        if "count_tokens" in seen.path:
            return Answer([b'{"input_tokens": 20}'], framing="length")
        return answer(seen)

    with serve(provider) as stub:
        environment = {
            "HOME": str(home), "PATH": f"{FOLDER}/node_modules/.bin:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "TERM": "dumb",
            "OPENAI_BASE_URL": f"{stub.url}/v1", "ANTHROPIC_BASE_URL": stub.url, "OPENAI_API_KEY": "sk-fake-abcdefghij1234567890",
            "CODEX_API_KEY": "sk-fake-abcdefghij1234567890", "ANTHROPIC_API_KEY": "sk-ant-fake-abcdefghij1234567890",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "ctxdebug", "capture", "-o", str(home / "run.jsonl"), "--", *command], env=environment, cwd=home,
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=200,
        )  # fmt: skip
    lines = [json.loads(line) for line in (home / "run.jsonl").read_text("utf-8").splitlines()]
    assert "abcdefghij1234567890" not in (home / "run.jsonl").read_text("utf-8")
    return done, lines, stub.seen


def body_of(side: dict[str, Any]) -> bytes:
    held = side.get("body", "")
    return base64.b64decode(held["_base64"]) if isinstance(held, dict) else held.encode()


@pytest.mark.parametrize("sdk", CALLS)
def test_an_sdk(sdk: str, tmp_path: Path) -> None:
    imports, rest = CALLS[sdk], ""
    while imports.startswith("import"):
        first, _, imports = imports.partition("; ")
        rest += first + ";\n"
    script = tmp_path / "app.mjs"
    script.write_text(f"{rest}{_MESSAGES}\n{imports}\nconsole.log(text);\n")
    (tmp_path / "node_modules").symlink_to(FOLDER / "node_modules")
    done, (line,), (seen,) = captured(tmp_path, "node", "app.mjs")
    assert (done.returncode, done.stdout.strip()) == (0, WORDS), done.stderr
    assert (body_of(line["request"]), body_of(line["response"])) == (seen.body, seen.sent)


@pytest.mark.parametrize(
    "command", [("claude", "-p", "How many days may I carry over?"), ("codex", "exec", "--skip-git-repo-check", "How many days?")],
    ids=["claude", "codex"],
)  # fmt: skip
def test_an_agent(command: tuple[str, ...], tmp_path: Path) -> None:
    done, lines, seen = captured(tmp_path, *command)
    assert WORDS in done.stdout, done.stderr
    answered = [line for line in lines if line["request"].get("body") and line.get("response", {}).get("body")]
    sent = [(one.body, one.sent) for one in seen if one.body]
    assert answered
    assert all((body_of(line["request"]), body_of(line["response"])) in sent for line in answered)
    assert WORDS in ctxdebug("inspect", str(tmp_path / "run.jsonl"), "--all").stdout
