from __future__ import annotations

import json

from ctxdebug.analysis.directives.sharing import defanged
from tests.conversations import captured, fixture, transcribed
from tests.redaction.examples import made


def test_untrusted_orders_are_marked_and_addresses_cannot_be_followed() -> None:
    shared = json.dumps(defanged(fixture("openai.chat/leave-bot.json")), ensure_ascii=False)
    assert "leave-desk@norrvik-people.example" not in shared


def test_the_developers_own_words_stay_as_they_are() -> None:
    before = fixture("openai.chat/leave-bot.json")
    assert defanged(before)["request"]["messages"][0] == before.request["messages"][0]
    assert defanged(before)["request"]["tools"] == before.request["tools"]


def test_secrets_are_removed_from_all_of_the_copy() -> None:
    key = f"ghp_{made(36)}"
    said = transcribed(f"system: your key is {key}\nuser: hello\nassistant: the password is Tr0ub4dor&3!")[-1]
    shared = json.dumps(defanged(said))
    assert key not in shared
    assert "Tr0ub4dor" not in shared
    assert "<REDACTED:github-token:1>" in shared


def test_a_copy_is_a_capture_again() -> None:
    assert captured(defanged(fixture("anthropic.messages/mail-assistant.json"))).format == "anthropic.messages"
