"""The leave assistant's messages as LangChain stores them, in both of its forms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from langchain_core.load import dumps
from langchain_core.messages import convert_to_messages, messages_to_dict

from scripts.captures.conversations import leave_bot

if TYPE_CHECKING:
    from scripts.captures.stub import Stub

HOST = leave_bot.HOST


def record(stub: Stub) -> dict[str, str]:
    """Play it, read the last request and its answer as LangChain messages, and dump them."""
    leave_bot.play(stub)
    last = stub.recordings[-1]
    sent: list[Any] = json.loads(last.request)["messages"]
    messages = convert_to_messages([*sent, json.loads(last.reply.body)["choices"][0]["message"]])
    return {
        "captures/messages/leave-bot.langchain.json": json.dumps(
            messages_to_dict(messages), ensure_ascii=False, indent=2
        )
        + "\n",
        "captures/messages/leave-bot.langchain-dumps.json": dumps(messages, pretty=True, ensure_ascii=False) + "\n",
    }
