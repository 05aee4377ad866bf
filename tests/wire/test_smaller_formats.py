from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ctxdebug.model import FinishReason, Kind, Role, Snapshot

One = Callable[..., Snapshot]
USER = {"role": "user", "content": "hi"}


@pytest.mark.parametrize(
    "mark",
    [{"safe_prompt": True}, {"random_seed": 4},
     {"messages": [{**USER}, {"role": "assistant", "content": "So", "prefix": True}]},
     {"messages": [{"role": "user", "content": [{"type": "document_url", "document_url": "https://x/a.pdf"}]}]}],
)  # fmt: skip
def test_mistral_is_known_by_its_own_marks(one: One, mark: dict[str, Any]) -> None:
    assert one({"model": "m", "messages": [USER], **mark}).format == "mistral.chat"


def test_without_marks_the_same_body_is_a_chat_completion(one: One) -> None:
    assert one({"model": "m", "messages": [USER]}).format == "openai.chat"


def test_mistrals_thinking_is_a_list_of_texts(one: One) -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}
    message = {"role": "assistant", "content": [thinking, {"type": "text", "text": "ho"}]}
    usage = {"prompt_tokens": 9, "num_cached_tokens": 8, "completion_tokens": 1}
    found = one(
        {"model": "m", "messages": [USER]}, {"choices": [{"message": message, "finish_reason": "stop"}], "usage": usage}
    )
    assert [(s.kind, s.text) for s in found.answer[0].segments] == [(Kind.THINKING, "hm"), (Kind.TEXT, "ho")]
    assert found.usage is not None
    assert (found.usage.prompt, found.usage.cache_read) == (9, 8)


def test_a_list_of_prompts_is_several_calls(one: One) -> None:
    found = one({"model": "m", "prompt": ["one", "two"]}, {"choices": [{"text": "1"}, {"text": "2"}]})
    assert found.format == "openai.completions"
    assert [m.text for m in found.messages] == ["one", "two"]
    assert [m.text for m in found.answer] == ["1", "2"]
    assert found.notes


def test_a_prompt_of_token_ids_is_unseen(one: One) -> None:
    found = one({"model": "m", "prompt": [5, 6, 7]}, {"choices": [{"text": "1"}]})
    assert len(found.unseen) == 1


def test_a_completion_stream_is_put_together(one: One) -> None:
    chunks = [
        {"choices": [{"text": "thir", "index": 0}]},
        {"choices": [{"text": "teen", "index": 0, "finish_reason": "length"}]},
    ]
    found = one({"model": "m", "prompt": "12 and"}, {"_chunks": chunks})
    assert found.answer[0].text == "thirteen"
    assert found.finish is not None
    assert found.finish.reason is FinishReason.LENGTH


def test_a_legacy_prompt_is_cut_at_its_turns_and_loses_no_character(one: One) -> None:
    prompt = "You sell tea.\n\nHuman: Green?\n\nAssistant: Yes.\n\nHuman: Black?\n\nAssistant:"
    found = one(
        {"model": "m", "prompt": prompt, "max_tokens_to_sample": 9},
        {"completion": " Also.", "stop_reason": "max_tokens"},
    )
    assert found.format == "anthropic.complete"
    assert [m.role for m in found.messages] == [Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER]
    assert "".join(m.text for m in found.messages) == prompt
    assert found.answer[0].text == " Also."


def test_a_run_says_that_its_thread_is_unseen(one: One) -> None:
    body = {
        "assistant_id": "asst_1",
        "instructions": "Be brief.",
        "truncation_strategy": {"type": "last_messages", "last_messages": 4},
    }
    run = {
        "id": "run_1",
        "object": "thread.run",
        "thread_id": "t1",
        "status": "incomplete",
        "usage": {"prompt_tokens": 812},
    }
    found = one(body, run)
    assert found.format == "openai.assistants"
    assert found.messages[0].role is Role.SYSTEM
    assert len(found.unseen) == 1
    assert found.settings.truncation is not None
    assert found.session == "t1"


def test_a_threads_message_is_read_in_both_directions(one: One) -> None:
    answer = {"object": "thread.message", "role": "assistant", "content": [{"type": "text", "text": {"value": "Two."}}]}
    found = one(
        {"role": "user", "content": "How many?"},
        {"object": "list", "data": [answer]},
        url="https://x/v1/threads/t/messages",
    )
    assert found.messages[0].text == "How many?"
    assert found.answer[0].text == "Two."


def test_an_error_alone_is_read(one: One) -> None:
    found = one(None, {"error": {"message": "quota exceeded", "code": 429}})
    assert found.format == "error"
    assert found.error is not None
    assert not found.has_request


def test_what_no_format_knows_is_told_by_its_keys(refusal: Callable[..., str]) -> None:
    reason = refusal({"request": {"nobody": 1, "knows": 2}, "response": None})
    assert "nobody, knows" in reason
    assert "ctxdebug formats" in reason


@pytest.mark.parametrize(
    "document", [{}, [], None, 5, "text", [1, 2], {"request": {}, "response": {}}, {"messages": []}]
)
def test_nothing_is_never_read_as_something(refusal: Callable[..., str], document: Any) -> None:
    assert refusal(document)
