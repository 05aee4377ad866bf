"""The leave assistant behind LiteLLM: the payload that its loggers are handed, one a line."""

from __future__ import annotations

import json
import os
import time
from typing import Any

from scripts.captures.conversations import leave_bot
from scripts.captures.stub import Stub
from scripts.captures.traces import START, STEP, scripted

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # must be set before the import, which would ask the network

import litellm
from litellm.integrations.custom_logger import CustomLogger

HOST = leave_bot.HOST
PATIENCE = 30.0
"""Seconds to wait for the logger, which runs in a thread of its own."""


class Kept(CustomLogger):  # type: ignore[misc, unused-ignore]  # not installed everywhere
    """A logger that keeps what it is handed."""

    def __init__(self) -> None:
        super().__init__()
        self.payloads: list[dict[str, Any]] = []

    def log_success_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:  # noqa: ARG002 - the signature is LiteLLM's
        """Keep the standard payload of one call."""
        self.payloads.append(kwargs["standard_logging_object"])


def record(stub: Stub) -> dict[str, str]:
    """Send the three requests of the conversation again, through LiteLLM."""
    with Stub(HOST) as first:
        leave_bot.play(first)
        requests = [json.loads(recording.request) for recording in first.recordings]
    logger = Kept()
    litellm.callbacks = [logger]
    stub.script(*leave_bot.script())
    for number, request in enumerate(requests, 1):
        arguments = {**request, "model": f"openai/{request['model']}"}
        litellm.completion(api_base=stub.url("/v1"), api_key="unused", max_retries=0, **arguments)
        _wait(logger, number)
    lines = [
        json.dumps(_timed(payload, place), ensure_ascii=False, default=str)
        for place, payload in enumerate(logger.payloads)
    ]
    return {"captures/litellm/leave-bot.jsonl": scripted("\n".join(lines) + "\n", HOST)}


def _wait(logger: Kept, number: int) -> None:
    end = time.monotonic() + PATIENCE
    while len(logger.payloads) < number:
        if time.monotonic() > end:
            raise TimeoutError(f"LiteLLM logged {len(logger.payloads)} of {number} calls")
        time.sleep(0.02)


def _timed(payload: dict[str, Any], place: int) -> dict[str, Any]:
    """Replace the clock of the machine with that of the conversation, and leave out the price list of LiteLLM."""
    begin = (START + 3 * place * STEP).timestamp()
    end = begin + STEP.total_seconds()
    clock = {"startTime": begin, "endTime": end, "completionStartTime": end, "response_time": STEP.total_seconds()}
    hidden = {key: None if key.endswith("_ms") else value for key, value in payload["hidden_params"].items()}
    prices = {**payload["model_map_information"], "model_map_value": None}
    return {**payload, **clock, "hidden_params": hidden, "model_map_information": prices}
