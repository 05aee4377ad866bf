from __future__ import annotations

import json
from pathlib import Path

from ctxdebug.analysis.directives.sharing import defanged
from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Snapshot
from tests.conversations import transcribed
from tests.redaction.examples import made

FIXTURES = Path(__file__).parent.parent.parent.parent / "fixtures" / "captures"


def snapshot(path: str) -> Snapshot:
    found = [item for item in load(Source(str(FIXTURES / path)), LoadOptions()) if isinstance(item, Snapshot)]
    return found[-1]


def test_untrusted_orders_are_marked_and_addresses_cannot_be_followed() -> None:
    shared = json.dumps(defanged(snapshot("openai.chat/leave-bot.json")), ensure_ascii=False)
    assert "leave-desk@norrvik-people.example" not in shared


def test_the_developers_own_words_stay_as_they_are() -> None:
    before = snapshot("openai.chat/leave-bot.json")
    assert defanged(before)["request"]["messages"][0] == before.request["messages"][0]
    assert defanged(before)["request"]["tools"] == before.request["tools"]


def test_secrets_are_removed_from_all_of_the_copy() -> None:
    key = f"ghp_{made(36)}"
    said = transcribed(f"system: your key is {key}\nuser: hello\nassistant: the password is Tr0ub4dor&3!")[-1]
    shared = json.dumps(defanged(said))
    assert key not in shared
    assert "Tr0ub4dor" not in shared
    assert "<REDACTED:github-token:1>" in shared


def test_a_copy_is_a_capture_again(tmp_path: Path) -> None:
    path = tmp_path / "shared.json"
    path.write_text(json.dumps(defanged(snapshot("anthropic.messages/mail-assistant.json"))), encoding="utf-8")
    assert [item.format for item in load(Source(str(path)), LoadOptions()) if isinstance(item, Snapshot)] == [
        "anthropic.messages"
    ]
