"""The leave assistant built with pydantic-ai: its messages, and its OpenTelemetry spans with and without words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_ai import Agent, InstrumentationSettings
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from scripts.captures.conversations import leave_bot
from scripts.captures.texts import text
from scripts.captures.traces import Trace, scripted

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage

    from scripts.captures.stub import Stub

HOST = leave_bot.HOST


def record(stub: Stub) -> dict[str, str]:
    """Play it twice: with the words in the spans, and with counts only, which is the default of many set-ups."""
    full, messages = _play(stub, content=True)
    counts, _ = _play(stub, content=False)
    return {
        "captures/otlp/leave-bot.pydantic-ai.json": full,
        "captures/otlp/leave-bot.counts-only.json": counts,
        "captures/messages/leave-bot.pydantic-ai.json": messages,
    }


def _play(stub: Stub, *, content: bool) -> tuple[str, str]:
    trace = Trace("leave-bot")
    Agent.instrument_all(InstrumentationSettings(tracer_provider=trace.provider, include_content=content))
    try:
        messages = _converse(stub)
    finally:
        Agent.instrument_all(False)
    return trace.otlp(HOST), scripted(messages, HOST)


def _converse(stub: Stub) -> str:
    provider = OpenAIProvider(base_url=stub.url("/v1"), api_key="unused")
    agent = Agent(
        OpenAIChatModel("gpt-4o-mini", provider=provider),
        name="lova",
        system_prompt=text("leave_bot/system.md"),
        model_settings={"temperature": 0.2, "max_tokens": 400},
    )

    @agent.tool_plain
    def search_policies(query: str, top_k: int) -> str:  # noqa: ARG001  the stub knows what is asked for
        """Search the intranet for leave policies and return the best matching pages in full."""
        return leave_bot.pages()

    stub.script(*leave_bot.script())
    history: list[ModelMessage] = []
    for question in (leave_bot.FIRST, leave_bot.QUESTION):
        run = agent.run_sync(question, message_history=history)
        history = run.all_messages()
    return run.all_messages_json().decode() + "\n"
