"""Count what is read of agent logs against a table that was counted by hand: `python -m tests.bench.agent_logs FOLDER`.

A row is a file and its exchanges (format, model, roles of the request | of the answer, prompt tokens, calls, results), or
the words that a refusal must hold. `S` system, `D` developer, `U` user, `A` assistant, `T` tool, `?` none of these.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem, Snapshot
from tests.loading.test_formats import counted

TRUTH: dict[str, list[str] | str] = {
    "adk-evalset.test.json": ["google.adk None UAAUA|A calls 2"],
    "adk-roll_die.test.json": ["google.adk None UAUAU|A calls 1"],
    "adk-spark.session.json": ["google.adk None UATAAAAAT| calls 2 results 2"],
    "agentops-litellm.yaml": [
        "openai.chat gpt-4o-mini SU|A 22",
        "anthropic.messages claude-3-5-sonnet-latest SU|A 18",
        "openai.chat deepseek/deepseek-chat SU|A 14",
    ],
    "antigravity-cli.jsonl": ["antigravity None UATTTAUATTUTTTTUUT| calls 2 results 10"],
    "claude-thejamesnick.jsonl": [
        "claude-code nvidia/nemotron-3-super-120b-a12b-20230311:free UAUU|A 27842 calls 2 results 1"
    ],
    "codex-050-legacy.jsonl": "events only",
    "codex-051-usage.jsonl": "events only",
    "cody-polly-chat.har.yaml": [
        "sourcegraph anthropic::2024-10-22::claude-3-5-sonnet-latest SU|A",
        "sourcegraph anthropic::2024-10-22::claude-3-5-sonnet-latest SUAU|A",
    ],
    "cody-polly-default.har.yaml": [
        "sourcegraph anthropic::2024-10-22::claude-3-5-sonnet-latest SU|A",
        "sourcegraph anthropic::2024-10-22::claude-3-5-sonnet-latest SU|A",
        "sourcegraph anthropic::2024-10-22::claude-3-5-sonnet-latest SUAUAUAUAU|A",
        "sourcegraph anthropic::2024-10-22::claude-3-5-sonnet-latest SUAUAUAUAU|A",
        "sourcegraph google::v1::gemini-1.5-flash UAU|A",
        "sourcegraph google::v1::gemini-1.5-flash UAU|A",
        "sourcegraph google::v1::gemini-1.5-flash UAUAU|A",
        "sourcegraph google::v1::gemini-1.5-flash UAU|A",
        "sourcegraph google::v1::gemini-1.5-flash UAU|A",
        "sourcegraph google::v1::gemini-1.5-flash UAUAU|A",
        "sourcegraph google::v1::gemini-1.5-flash UAUAUAU|A",
        "sourcegraph google::v1::gemini-1.5-flash UAU|A",
        "sourcegraph google::v1::gemini-1.5-flash UAUAU|A",
        "sourcegraph google::v1::gemini-1.5-flash UAUAUAU|A",
        "sourcegraph google::v1::gemini-1.5-flash UAUAU|A",
        "sourcegraph google::v1::gemini-1.5-flash UAUAUAU|A",
        "sourcegraph google::v1::gemini-1.5-flash UAUAUAU|A",
        "sourcegraph google::v1::gemini-1.5-flash UAUAUAU|A",
    ],
    "continue-session.jsonl": ["continue None UAAT| calls 1 results 1"],
    "copilot-cli-large.jsonl": ["copilot-cli gpt-5 SUAUATAU|A calls 2 results 1"],
    "cursor-large.jsonl": ["cursor None UAUAUAUAU|A calls 2 results 2"],
    "cursor-store.db": "no messages",
    "droid-store.jsonl": ["droid None UAAUAU|A calls 1 results 1"],
    "droid-stream.jsonl": ["droid-exec droid-model UAT|A calls 1 results 1"],
    "gemini-cli-large.json": ["gemini-cli gemini-3-flash-preview UATATAU|A calls 2 results 2"],
    "gemini-cli-small.json": ["gemini-cli gemini-3-flash-preview U|A 10"],
    "gemini-cli-v040.jsonl": ["gemini-cli gemini-3-flash-preview UAT|A 12069 calls 1 results 1"],
    "gemini-cnonim.json": ["gemini-cli gemini-2.5-flash UA|A 500"],
    "gemini-compress.responses": [
        "google.generate_content None |A 12282",
        "google.generate_content None |A 12282",
        "google.generate_content None |A 1223",
        "google.generate_content None |A 1223",
    ],
    "gemini-parallel.responses": [
        "google.generate_content None |A",
        "google.generate_content None |A calls 5",
        "google.generate_content None |A",
    ],
    "gemini-uc.json": ["gemini-cli None UAUAU|A"],
    "goose-session.jsonl": ["goose None UAT| calls 1 results 1"],
    "grok-chat_history.jsonl": ["grok grok-4.5 SUUATATAU| calls 3 results 3"],
    "hermes.json": ["openai.chat gpt-5.2 SUAT|A calls 1 results 1"],
    "kimi-small.jsonl": ["kimi moonshot-ai/kimi-k2.7-code SUUU|"],
    "kimi-tools.jsonl": [
        "kimi kimi-k2.7-code SUUUAUATATAUATAUATAUUUATTATUATUATATTATATATATATUAUATTAT|A 41095 calls 19 results 21",
        "kimi moonshot-ai/kimi-k2.7-code SU|",
    ],
    "langchaingo-agent.httprr": ["openai.chat gpt-4o U|A 393"],
    "langchaingo-stream.httprr": ["openai.chat gpt-3.5-turbo U|A 14"],
    "memrelay-copilot.jsonl": ["copilot-cli claude-sonnet-4.6 SUAT| calls 3 results 1"],
    "openai-agents-runstate.json": ["openai.agents-state None UT| results 1"],
    "openclaw.jsonl": ["pi openclaw-large UUATAAT| calls 2 results 2"],
    "opencode-msg.json": "one message of opencode",
    "opencode-part.json": "one part of opencode",
    "own-shapes/anthropic-batch-requests.json": [
        "anthropic.messages claude-sonnet-4-5 U|",
        "anthropic.messages claude-sonnet-4-5 U|",
    ],
    "own-shapes/anthropic-batch-results.jsonl": [
        "anthropic.messages None |A 11",
        "anthropic.messages None |",
        "error None |",
    ],
    "own-shapes/bedrock-log.jsonl": [
        "bedrock.converse anthropic.claude-3-5-sonnet-20240620-v1:0 SU|A 24",
        "bedrock.invoke anthropic.claude-3-5-sonnet-20240620-v1:0 U|A 18",
    ],
    "own-shapes/claude-ai-conversations.json": ["claude-ai-export None U|A"],
    "own-shapes/claude-stream-json.jsonl": ["claude-stream claude-sonnet-4-5-20250929 AU|A 15004 calls 1 results 1"],
    "own-shapes/codex-exec.jsonl": ["codex-exec None AT|A calls 1 results 1"],
    "own-shapes/curl-v.txt": ["openai.chat gpt-4o-mini U|A 11"],
    "own-shapes/dspy-history.txt": ["pasted-chat None SU|A"],
    "own-shapes/gemini-batch-out.jsonl": ["google.generate_content None |A 5"],
    "own-shapes/gemini-batch.jsonl": ["google.generate_content None U|"],
    "own-shapes/helicone.jsonl": ["openai.chat gpt-4o-mini SU|A 30"],
    "own-shapes/langgraph-state.json": ["langchain None U|A 11"],
    "own-shapes/litellm-spend.json": ["openai.chat gpt-4o-mini SU|A 30"],
    "own-shapes/lm-eval-samples.jsonl": ["logged-row None U|A"],
    "own-shapes/lmstudio.conversation.json": ["lm-studio qwen2.5-7b-instruct SU|A 25"],
    "own-shapes/openai-evals.jsonl": ["messages gpt-4 SU|A"],
    "own-shapes/openwebui-export.json": ["open-webui llama3.1:8b SU|A 25"],
    "own-shapes/sillytavern.jsonl": ["sillytavern gpt-4o-mini AU|A"],
    "own-shapes/vertex-log.jsonl": ["google.generate_content gemini-2.5-flash SU|A 7"],
    "own-shapes/vllm.log": ["openai.completions None U|"],
    "prism-ollama-stream.sse": ["ollama.chat None |A 149 calls 1"],
    "prism-openai-response.json": ["openai.responses None |A 177 calls 1"],
    "qwen-1.jsonl": ["qwen synthetic-model UATAU| calls 1 results 1"],
    "rig-anthropic.yaml": ["anthropic.messages claude-haiku-4-5 U|A 27"],
    "rig-copilot-stream.yaml": ["openai.chat gpt-4o U|A 57 calls 1"],
    "rig-gemini-agent.yaml": [
        "google.generate_content gemini-2.5-flash SU|A 166 calls 1",
        "google.generate_content gemini-2.5-flash SUAU|A 197 calls 1 results 1",
    ],
    "rig-mistral.yaml": ["mistral.chat mistral-small-latest ATU|A 72 calls 1 results 1"],
    "rig-openai-stream.yaml": ["openai.chat gpt-4o-mini UAU|A 44"],
    "sap-orch-groundingResponse.json": ["openai.chat None S|A 217"],
    "sap-orch-toolCallsRequest2.json": ["openai.chat gpt-4o UATT| calls 2 results 2"],
    "sk-google-stream.json": ["google.generate_content None |A 9"],
    "sk-hf-chat.json": ["openai.chat None |A 27"],
    "sk-ollama-gen-stream.txt": ["ollama.generate None |A 10"],
    "wiremock-quarkus-completions.json": "WireMock",
    "wiremock-sap-createResponse.json": ["openai.responses None U|A 13"],
    "sk-azure-withdata.json": ["openai.chat None U|A 55"],
    "sk-hf-textgen-stream.txt": ["tgi None |A None"],
}


def main() -> int:
    """Print each file that is not read as counted, and the sum; return 1 where there is one."""
    folder = Path(sys.argv[1])
    wrong = 0
    for name, expected in TRUTH.items():
        if not (folder / name).exists():
            continue
        found = list(load(Source(str(folder / name)), LoadOptions()))
        read = [f"{one.format} {one.model} {counted(one)}" for one in found if isinstance(one, Snapshot)]
        told = [problem.message for problem in found if isinstance(problem, Problem)]
        right = (
            read == expected
            if isinstance(expected, list)
            else not read and any(expected in message for message in told)
        )
        wrong += not right
        if not right:
            print(f"{name}\n  expected {expected}\n  read     {read}\n  told     {told[:3]}")
    print(f"{len(TRUTH) - wrong} of {len(TRUTH)} files as counted by hand")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
