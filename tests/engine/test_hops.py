"""A call that was captured before and after a proxy: the difference of the two requests is the proof."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.engine.report import Report
from ctxdebug.engine.run import RunOptions, run

RULES = "You are the voice of a lighthouse museum. Answer in rhyme, and never talk about ticket prices."
ASKED = "What is there to see today, and what does it cost to come in?"
ANSWER = "Today there is the lamp room and the boat shed. Tickets cost nine euros, children are free."
PROXY, SERVER = "http://proxy.internal:4000/v1/chat/completions", "http://gpu:8000/v1/chat/completions"
BOTH = [{"role": "system", "content": RULES}, {"role": "user", "content": ASKED}]
USER = [{"role": "user", "content": ASKED}]
TOOL = {"type": "function", "function": {"name": "find_ticket", "parameters": {"type": "object", "properties": {}}}}
IMAGE = {"type": "image_url", "image_url": {"url": "https://images.example/lamp.png"}}


def answered(prompt: int = 22, answer: str = ANSWER, answer_id: str = "chatcmpl-Bq1x7yTz90") -> dict[str, Any]:
    return {
        "id": answer_id,
        "object": "chat.completion",
        "model": "local",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": 20, "total_tokens": prompt + 20},
    }


def hop(
    url: str, messages: list[dict[str, Any]], response: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    request = {"model": "local", "messages": messages, **more}
    return {"url": url, "status": 200, "request": request, "response": response or answered()}


def losses(tmp_path: Path, *files: Any, suffix: str = "json") -> list[str]:
    paths = []
    for number, document in enumerate(files):
        path = tmp_path / f"{number}.{suffix}"
        path.write_text(json.dumps(document), encoding="utf-8")
        paths.append(str(path))
    report: Report = run(paths, RunOptions(), keep=True)
    return [finding.message for finding in report.findings if finding.code == "MEM101"]


def test_two_files_of_one_call_show_what_the_proxy_left_out(tmp_path: Path) -> None:
    (told,) = losses(tmp_path, hop(PROXY, BOTH), hop(SERVER, USER))
    assert told == (
        "proxy.internal:4000 did not send on the system message: it is in the request that was received, and not in the "
        "one that went to gpu:8000 (both are captured)"
    )


def test_a_har_with_both_hops_shows_it(tmp_path: Path) -> None:
    entries = [
        {
            "startedDateTime": f"2026-10-02T09:00:0{number}Z",
            "request": {
                "method": "POST",
                "url": one["url"],
                "postData": {"mimeType": "application/json", "text": json.dumps(one["request"])},
            },
            "response": {
                "status": 200,
                "content": {"mimeType": "application/json", "text": json.dumps(one["response"])},
            },
        }
        for number, one in enumerate((hop(PROXY, BOTH), hop(SERVER, USER)))
    ]
    (told,) = losses(tmp_path, {"log": {"version": "1.2", "entries": entries}}, suffix="har")
    assert "did not send on the system message" in told


def litellm(sent_on: Any) -> dict[str, Any]:
    return {
        "call_type": "acompletion",
        "model": "local",
        "api_base": "http://gpu:8000/v1",
        "messages": BOTH,
        "proxy_server_request": {"url": PROXY, "method": "POST", "body": {"model": "local", "messages": BOTH}},
        "additional_args": {"complete_input_dict": sent_on},
        "response": answered(),
    }


@pytest.mark.parametrize("as_text", [False, True])
def test_a_payload_of_litellm_shows_it(tmp_path: Path, as_text: bool) -> None:
    sent_on = {"model": "local", "messages": USER}
    (told,) = losses(tmp_path, litellm(json.dumps(sent_on) if as_text else sent_on))
    assert told.startswith("the proxy did not send on the system message")
    assert "gpu:8000" in told


def test_a_payload_whose_system_message_went_to_its_own_field_is_complete(tmp_path: Path) -> None:
    assert (
        losses(tmp_path, litellm({"model": "claude-sonnet-4-5", "max_tokens": 100, "system": RULES, "messages": USER}))
        == []
    )


def test_tools_and_images_that_are_left_out_are_named(tmp_path: Path) -> None:
    asked = [{"role": "user", "content": [{"type": "text", "text": ASKED}, IMAGE]}]
    (told,) = losses(tmp_path, hop(PROXY, asked, tools=[TOOL]), hop(SERVER, USER))
    assert "the tool declarations (find_ticket) and 1 image" in told


def test_the_count_of_the_first_hop_is_not_taken_for_a_second_loss(tmp_path: Path) -> None:
    report = run(_written(tmp_path, hop(PROXY, BOTH), hop(SERVER, USER)), RunOptions(), keep=True)
    assert len([finding for finding in report.findings if finding.code == "MEM101"]) == 1


def _written(tmp_path: Path, *files: Any) -> list[str]:
    paths = [tmp_path / f"{number}.json" for number in range(len(files))]
    for path, document in zip(paths, files, strict=True):
        path.write_text(json.dumps(document), encoding="utf-8")
    return [str(path) for path in paths]


@pytest.mark.parametrize(
    "second",
    [
        hop(SERVER, BOTH),
        hop(SERVER, [{"role": "user", "content": f"{RULES}\n\n{ASKED}"}]),
        hop(SERVER, [{"role": "system", "content": f"Be kind.\n{RULES}"}, *USER]),
        hop(SERVER, [{"role": "system", "content": RULES.replace(". ", ".\n\n")}, *USER]),
    ],
    ids=["the same", "merged into the user's", "extended", "other spaces"],
)
def test_what_was_sent_on_in_another_form_is_not_lost(tmp_path: Path, second: dict[str, Any]) -> None:
    assert losses(tmp_path, hop(PROXY, BOTH), second) == []


@pytest.mark.parametrize(
    "second",
    [
        hop(PROXY, USER),
        hop(SERVER, USER, answered(answer="Today there is nothing to see, and it costs you nothing at all.")),
        hop(SERVER, USER, answered(prompt=23, answer_id="chatcmpl-other-one")),
        hop(SERVER, [{"role": "user", "content": "Is the boat shed open?"}]),
    ],
    ids=["the same host", "another answer", "another count and id", "another question"],
)
def test_two_calls_that_are_not_one_are_not_compared(tmp_path: Path, second: dict[str, Any]) -> None:
    assert not any("did not send on" in told for told in losses(tmp_path, hop(PROXY, BOTH), second))


def test_the_same_short_answer_of_two_hosts_is_no_sign_of_one_call(tmp_path: Path) -> None:
    first, second = answered(answer="Yes.", answer_id="1"), answered(answer="Yes.", answer_id="1")
    assert not any(
        "did not send on" in told for told in losses(tmp_path, hop(PROXY, BOTH, first), hop(SERVER, USER, second))
    )
