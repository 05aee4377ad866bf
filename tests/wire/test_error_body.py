"""Errors in the shapes that servers send them."""

from __future__ import annotations

from typing import Any

import pytest

from ctxdebug.wire.shapes.error_body import read_error


@pytest.mark.parametrize(
    ("body", "said", "pointer"),
    [
        ({"error": {"message": "too long", "code": 400}}, "too long", ("error", "message")),
        ({"error": "model not found"}, "model not found", ("error",)),
        (
            {"error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": '{"message": "it is too long"}'}}},
            "Provider returned error: it is too long",
            ("error", "message"),
        ),
        (
            {"error": {"message": "Provider returned error", "metadata": {"raw": '{"error": {"message": "too many tokens"}}'}}},
            "Provider returned error: too many tokens",
            ("error", "message"),
        ),
        (
            {"error": {"message": "Provider returned error", "metadata": {"raw": "{broken"}}},
            "Provider returned error: {broken",
            ("error", "message"),
        ),
        ({"error": {"message": "slow down", "metadata": {"headers": {}}}}, "slow down", ("error", "message")),
        ({"object": "error", "message": "Expected last role User", "code": 3230}, "Expected last role User", ("message",)),
        ({"type": "error", "message": "overloaded"}, "overloaded", ("message",)),
        ({"message": "not authorised", "__type": "AccessDenied"}, "not authorised", ("message",)),
        ({"detail": "no such model"}, "no such model", ("detail",)),
        ({"detail": [{"loc": ["body", "messages", 0], "msg": "field required"}]}, "body.messages.0: field required",
         ("detail",)),
    ],
)  # fmt: skip
def test_an_error_under_status_200(body: Any, said: str, pointer: tuple[str, ...]) -> None:
    found = read_error(body, (), None)
    assert found is not None
    assert (found.message, found.pointer) == (said, pointer)


@pytest.mark.parametrize("body", [{}, {"request_id": "r1"}, {"message": {"role": "assistant", "content": "Hi"}, "done": True},
                                  {"object": "chat.completion", "message": "x"}, None, [1]])  # fmt: skip
def test_no_error(body: Any) -> None:
    assert read_error(body, (), None) is None


def test_a_status_of_400_is_an_error_whatever_the_body() -> None:
    found = read_error({"reason": 7}, (), 422)
    assert found is not None
    assert found.message == "{'reason': 7}"
