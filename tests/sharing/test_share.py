"""A shared capture shows the same findings with as little text as possible, and nothing that is nobody's business."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.engine.run import RunOptions
from ctxdebug.errors import UsageError
from ctxdebug.model import Finding, Severity
from ctxdebug.sharing.share import Shared, share
from tests.conversations import CAPTURES, captured, examined, of_file
from tests.redaction.examples import made
from tests.shell import ctxdebug

LEAVE_BOT = CAPTURES / "openai.chat" / "leave-bot.json"
STANDING = (
    "openai.chat/leave-bot.json", "openai.chat/guest-assistant.json", "openai.responses/home-battery.stream.json",
    "anthropic.messages/coding-agent.json", "otlp/leave-bot.openinference.json", "vcr/leave-bot.yaml",
)  # fmt: skip


def shared(path: Path, *codes: str) -> Shared:
    """Share the last exchange of a file by its findings of these rules, or by its errors and warnings."""
    one = examined(path)[-1]

    def chosen(finding: Finding) -> bool:
        return finding.code in codes if codes else finding.severity > Severity.NOTE

    return share(one, [finding for finding in one.findings if chosen(finding)], RunOptions(), {})


def of(folder: Path, request: dict[str, Any], answer: str, **more: Any) -> Shared:
    """Share a chat exchange that is written down here."""
    response = {"choices": [{"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}]}
    path = folder / "capture.json"
    path.write_text(json.dumps({"request": {"model": "gpt-4o", **request}, "response": response, **more}))
    return shared(path)


def conflict(extra: str = "", user: str = "How many days can I carry over?") -> list[dict[str, str]]:
    """Messages in which the older of two policies says 10 days and the newer one 5."""
    filler = "The canteen changes its menu with the season, and there is soup all year. " * 12
    documents = "".join(
        f'<document id="{name}" date="{date}">\n{filler}\n\nYou may carry over up to {days} days of vacation into the next year. {extra}\n\n{filler}\n</document>\n'
        for name, date, days in (("old", "2022-03-01", 10), ("new", "2025-01-15", 5))
    )
    return [
        {"role": "system", "content": "You answer questions about leave."},
        {"role": "user", "content": documents + user},
    ]


@pytest.mark.parametrize("name", STANDING)
def test_the_findings_of_a_capture_stand_in_what_is_shared_of_it(name: str) -> None:
    made_of = shared(CAPTURES / name)
    assert made_of.standings
    assert [standing for standing in made_of.standings if not standing.stands] == []
    assert made_of.added == ()


def test_what_no_finding_points_at_is_left_out_and_its_length_stays() -> None:
    text = shared(LEAVE_BOT, "MEM403").text
    assert "Moving house" not in text
    assert "⟦ctxdebug share: system text, length 1,429⟧" in text
    assert "may carry over up to 10 days" in text
    assert "may carry over up to 5 days" in text


def test_a_shared_capture_is_much_shorter_and_of_the_same_wire_format() -> None:
    made_of = shared(LEAVE_BOT)
    assert made_of.after < made_of.before / 2
    assert captured(json.loads(made_of.text)).format == made_of.format == "openai.chat"


def test_roles_calls_and_their_results_stay_in_their_places() -> None:
    before, after = of_file(LEAVE_BOT)[-1], captured(json.loads(shared(LEAVE_BOT).text))
    assert [message.role for message in after.messages] == [message.role for message in before.messages]
    assert [segment.call_id for segment in after.segments()] == [segment.call_id for segment in before.segments()]


def test_a_tool_that_nobody_called_is_left_out() -> None:
    after = captured(json.loads(shared(LEAVE_BOT, "MEM403").text))
    assert [tool.name for tool in after.tools] == ["search_policies"]


def test_secrets_are_hidden_also_where_a_finding_quotes_them(tmp_path: Path) -> None:
    key = f"ghp_{made(36)}"
    messages = conflict(f"The key is {key}. Ask anna.berg@norrvik-people.example.", f"How many days? My key is {key}.")
    text = of(tmp_path, {"messages": messages}, "You may carry over up to 10 days.").text
    assert key not in text
    assert key[4:20] not in text
    assert "anna.berg" not in text


def test_addresses_in_untrusted_text_cannot_be_followed_and_injected_instructions_are_marked() -> None:
    text = shared(LEAVE_BOT).text
    assert "⟦not an instruction: " in text
    assert "https://" not in text.replace("https://api.openai.com", "")


def test_a_finding_that_defanging_changes_is_told_so() -> None:
    made_of = shared(CAPTURES / "anthropic.messages" / "mail-assistant.json")
    (standing,) = made_of.standings
    assert (standing.code, standing.stands, standing.reason) == ("LRC303", False, "is about what defanging changes")


def test_a_lost_prompt_keeps_its_length_and_none_of_its_words() -> None:
    made_of = shared(CAPTURES / "ollama.chat" / "router-support.json", "MEM101")
    assert all(standing.stands for standing in made_of.standings)
    assert "xxxx" in made_of.text


def test_token_counts_of_the_whole_prompt_are_left_out_of_a_shorter_one() -> None:
    after = json.loads(shared(LEAVE_BOT).text)
    assert "usage" in json.loads(LEAVE_BOT.read_text())["response"]
    assert "usage" not in after["response"]


def test_the_name_of_a_server_of_ones_own_and_of_the_user_are_left_out(tmp_path: Path) -> None:
    made_of = of(
        tmp_path, {"messages": conflict(), "user": "anna-1971"}, "You may carry over up to 10 days.",
        url="https://llm.corp.norrvik.example/v1/chat/completions?team=hr",
    )  # fmt: skip
    assert json.loads(made_of.text)["url"] == "https://host.invalid/v1/chat/completions"
    assert "anna-1971" not in made_of.text


def test_bytes_of_media_are_left_out(tmp_path: Path) -> None:
    image = "data:image/png;base64," + "iVBORw0KGgo" + "A" * 5000
    messages = conflict()
    messages[1]["content"] = [  # type: ignore[assignment]  # a document as JSON has it
        {"type": "text", "text": messages[1]["content"]}, {"type": "image_url", "image_url": {"url": image}},
    ]  # fmt: skip
    made_of = of(tmp_path, {"messages": messages}, "You may carry over up to 10 days.")
    assert "AAAAAAAAAAAAAAAAAAAA" not in made_of.text
    assert made_of.stands


def test_without_a_finding_nothing_is_shortened(tmp_path: Path) -> None:
    words = "The canteen changes its menu with the season. " * 20
    made_of = of(tmp_path, {"messages": [{"role": "user", "content": f"Shorten this: {words}"}]}, "Menus change.")
    assert (made_of.standings, made_of.shortened) == ((), 0)
    assert words.strip() in made_of.text


def test_an_answer_without_a_request_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "capture.json"
    path.write_text(
        json.dumps({"object": "chat.completion", "choices": [{"message": {"role": "assistant", "content": "Hi"}}]})
    )
    with pytest.raises(UsageError, match="contains no request"):
        shared(path)


def test_a_finding_that_needs_earlier_turns_is_told_so() -> None:
    path = next(CAPTURES.rglob("meal-planner.session.jsonl"))
    one = examined(path)[-1]
    made_of = share(one, [finding for finding in one.findings if finding.code == "MEM104"], RunOptions(), {})
    assert [standing.reason[:19] for standing in made_of.standings] == ["needs earlier turns"]


def test_the_command_writes_a_capture_and_says_what_stands(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    done = ctxdebug("share", str(LEAVE_BOT), "--finding", "MEM403", "-o", str(path))
    assert done.returncode == 0
    assert "✓ MEM403     stands  superseded-source" in done.stdout
    assert "MEM403" in ctxdebug("inspect", "-q", str(path)).stdout


def test_without_a_file_the_capture_goes_to_standard_output() -> None:
    done = ctxdebug("share", str(LEAVE_BOT), "--finding", "superseded-source")
    assert captured(json.loads(done.stdout)).model == "gpt-4o-mini"
    assert "✓ MEM403" in done.stderr


def test_a_finding_that_is_not_there_is_a_usage_error() -> None:
    done = ctxdebug("share", str(LEAVE_BOT), "--finding", "MEM101")
    assert done.returncode == 2
    assert "no finding of MEM101 in this exchange; it has: LRC301" in done.stderr


def test_what_does_not_stand_gives_exit_code_1(tmp_path: Path) -> None:
    capture = CAPTURES / "anthropic.messages" / "mail-assistant.json"
    done = ctxdebug("share", str(capture), "-o", str(tmp_path / "report.json"))
    assert done.returncode == 1
    assert "✗ LRC303     does not stand 1 of 2  hidden-text: is about what defanging changes" in done.stdout
