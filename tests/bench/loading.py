"""How well captures load: `python tests/bench/loading.py DATA [FORMAT…]` over the folder of record files.

What is compared with the snapshot is read from the raw record by the small walkers below, never by the loader.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.locate import Locator
from ctxdebug.model import Decoding, Problem, Snapshot, pointer_text
from tests.bench.resolving import resolve

_NAMES = {
    "gemini.generateContent": {"google.generate_content"},
    "bedrock.converse_stream": {"bedrock.converse"},
    "bedrock.invoke_stream": {"bedrock.invoke"},
    "cohere.v2.chat": {"cohere.chat"},
    "anthropic.complete": {"anthropic.complete"},
    "openai.chat.traj": {"openai.chat"},
    "agentdojo.messages": {"agentdojo"},
    "whowhen.history": {"whowhen"},
    "swe-agent.history": {"swe-agent"},
    "claude_code.session": {"claude-code"},
    "pi.session": {"pi"},
    "pi.assistant_turn": {"pi"},
    "inspect.model_event": {"inspect", "openai.chat", "openai.responses", "anthropic.messages", "google.generate_content"},
    "inspect.sample": {"inspect"},
    "otel.span": {"otel.genai", "openinference", "vercel.ai"},
    "langfuse.observation": {"langfuse", "otel.genai", "openinference", "vercel.ai", "openai.chat", "google.generate_content", "messages", "transcript", "langchain"},
    "anthropic.count_tokens": {"anthropic.messages"},
    "gemini.countTokens": {"google.generate_content"},
    "bedrock.count_tokens": {"bedrock.converse", "bedrock.invoke"},
    "openai.responses.input_tokens": {"openai.responses"},
    "openai.responses.compact": {"openai.responses"},
}  # fmt: skip
_NOT_A_CALL = frozenset({"batch", "openai.conversations", "openai.assistants", "cohere.other", "ollama.other"})
_SKIPPED = frozenset({"role", "type", "id", "name", "signature", "thoughtSignature", "data", "url", "mimeType", "mime_type",
    "tool_call_id", "tool_use_id", "toolUseId", "call_id", "media_type", "file_id", "image_url", "detail", "format", "status",
    "encrypted_content", "file_url", "execution", "fileUri", "file_uri", "file_data", "cache_control", "citations", "annotations", "phase", "ttl",
    "bytes", "input_audio", "video_url", "document_url", "file", "filename", "title", "source_type", "thought_signature",
    "agent", "message_type", "logprobs", "finish_reason", "_prefix_lines", "refusal", "reasoning_details", "cachePoint",
    "caller", "encrypted_index", "namespace", "model", "timestamp", "uuid", "parentUuid", "toolCallId", "partialJson",
    "tool_call", "tool_call_ids", "action", "thought", "source", "image", "function", "placeholder_args", "isError"})  # fmt: skip
_CONTENT = ("messages", "input", "contents", "system", "systemInstruction", "system_instruction", "instructions", "prompt",
    "history", "message", "chat_history", "preamble", "inputText", "documents")  # fmt: skip


@dataclass
class Tally:
    """What was seen of one format."""

    records: int = 0
    loaded: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    characters: int = 0
    covered: int = 0
    misses: list[str] = field(default_factory=list)
    pieces: int = 0
    resolved: int = 0
    spans: int = 0
    located: int = 0
    usage: Counter[bool] = field(default_factory=Counter)
    finish: Counter[bool] = field(default_factory=Counter)
    calls: Counter[bool] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)


def strings(value: Any, key: str = "") -> Iterator[str]:
    """Content strings of a raw request, metadata left out."""
    if isinstance(value, str):
        if value and key not in _SKIPPED:
            yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in _SKIPPED:
                yield from strings(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item, key)


def content_of(request: Any) -> Iterator[str]:
    """Every content string of a raw request."""
    if isinstance(request, dict):
        for key in _CONTENT:
            if key in request:
                yield from strings(request[key], key)


def calls_in(value: Any) -> Iterator[str]:
    """Name and arguments of the calls in a raw response that was not streamed."""
    if isinstance(value, list):
        for item in value:
            yield from calls_in(item)
    if not isinstance(value, dict):
        return
    if value.get("type") in {"tool_use", "function_call", "custom_tool_call", "toolCall"} and isinstance(
        value.get("name"), str
    ):
        yield shown(value["name"], value.get("input", value.get("arguments")))
    for key in ("functionCall", "function_call", "toolUse"):
        held = value.get(key)
        if isinstance(held, dict) and held.get("name"):
            yield shown(held["name"], held.get("args", held.get("input", held.get("arguments"))))
    for call in value.get("tool_calls") or []:
        function = call.get("function") if isinstance(call, dict) else None
        if isinstance(function, dict):
            yield shown(function.get("name"), function.get("arguments"))
        elif function:
            yield shown(function, call.get("arguments", call.get("args")))
    for key, item in value.items():
        if key not in {
            "functionCall",
            "function_call",
            "toolUse",
            "tool_calls",
            "tools",
            "input",
            "args",
            "call_response",
            "trajectory",
        }:
            yield from calls_in(item)


def shown(name: Any, arguments: Any) -> str:
    """A call as one text, whatever form its arguments have."""
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except ValueError:
            return f"{name}({arguments})"
    return f"{name}({json.dumps(arguments or {}, sort_keys=True)})"


def _opened(request: Any) -> Any:
    """A Langfuse observation's input, which is JSON in a string."""
    try:
        value = json.loads(request["input"])
    except (ValueError, TypeError, KeyError):
        return request
    return value if isinstance(value, dict) else {"messages": value}


def check_content(tally: Tally, record: dict[str, Any], snapshot: Snapshot) -> None:
    """Coverage of the raw request's content by segments."""
    held = "\x00".join(
        (*(message.text for message in (*snapshot.messages, *snapshot.answer)), *(tool.text for tool in snapshot.tools))
    )
    opened = record["format"] == "langfuse.observation"
    for text in content_of(_opened(record["request"]) if opened else record["request"]):
        tally.characters += len(text)
        if text in held or json.dumps(text, ensure_ascii=False)[1:-1] in held:
            tally.covered += len(text)
        elif len(tally.misses) < 5:
            tally.misses.append(f"{record['path'][-60:]} {record['index']}: {text[:90]!r}")


def check_places(tally: Tally, lines: list[bytes], locator: Locator, snapshot: Snapshot) -> None:
    """Every piece's pointer, and every twentieth span."""
    for segment in (*snapshot.segments(), *snapshot.answer_segments()):
        for piece in segment.pieces:
            if piece.rendered:
                continue
            tally.pieces += 1
            text = segment.text[piece.start : piece.end]
            try:
                found = resolve(lines[piece.pointer[1]], piece.pointer)  # type: ignore[index]  # the number of a line follows LINES
                good = isinstance(found, str) and found[piece.offset : piece.offset + len(text)] == text
            except Exception as error:  # noqa: BLE001 - a wrong pointer may fail in any way; it is counted
                good, found = False, repr(error)
            tally.resolved += good
            if not good and len(tally.disagreements) < 6:
                tally.disagreements.append(
                    f"pointer {pointer_text(piece.pointer)} → {str(found)[:60]!r} not {text[:60]!r}"
                )
    tally.spans += 1
    longest = max(snapshot.segments(), key=lambda found: len(found.text), default=None)
    if longest is None or not longest.text or not longest.pieces or longest.pieces[0].rendered:
        tally.located += 1
        return
    place = locator.span(longest, 0, min(len(longest.text), 40))
    if place is not None:
        tally.located += 1
    elif len(tally.disagreements) < 6:
        tally.disagreements.append(f"no place for {pointer_text(longest.pieces[0].pointer)}")


def check_fields(tally: Tally, record: dict[str, Any], snapshot: Snapshot) -> None:
    """Usage, finish reason and tool calls against the record."""
    usage = record.get("usage") or {}
    where = f"{record['path'][-70:]} {record['index']}"
    if usage.get("input") is not None and usage.get("output") is not None:
        total = usage["input"]
        found = snapshot.usage.prompt if snapshot.usage else None
        allowed = {total, total + (usage.get("cache_read") or 0) + (usage.get("cache_write") or 0)}
        raw = usage.get("raw") or {}
        allowed.add(total + (raw.get("toolUsePromptTokenCount") or 0))
        same = found in allowed
        tally.usage[same] += 1
        if not same:
            tally.disagreements.append(f"usage {where}: {found} not {sorted(allowed)}")
    if record.get("finish"):
        words = {entry.partition("=")[2] for entry in record["finish"]}
        same = snapshot.finish is not None and (
            snapshot.finish.captured in words or words == {""} or "status" in record["finish"][0]
        )
        same = same or (words == {""} and snapshot.finish is None)
        tally.finish[same] += 1
        if not same:
            tally.disagreements.append(f"finish {where}: {snapshot.finish and snapshot.finish.captured} not {words}")
    response = record.get("response")
    if isinstance(response, dict) and not any(key.startswith("_") for key in response):
        expected = Counter(calls_in(response))
        made = Counter(
            shown(s.call.name, s.call.arguments)
            for s in snapshot.answer_segments()
            if s.call and not s.call.server_side
        )
        tally.calls[expected == made] += 1
        if expected != made:
            tally.disagreements.append(f"calls {where}: {dict(made)} not {dict(expected)}")


def run(folder: Path, wanted: set[str]) -> dict[str, Tally]:
    """Tally every record file of a folder."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for path in sorted(folder.glob("*.jsonl")):
        if path.name == "token_truth.jsonl":
            continue
        data = path.read_bytes()
        records = [json.loads(line) for line in data.split(b"\n") if line.strip()]
        source = Source(str(path))
        locator = Locator(source)
        lines = data.split(b"\n")
        for found in load(source, LoadOptions()):
            number = _line_of(found)
            if number is None:
                continue
            record = records[number]
            if wanted and record["format"] not in wanted:
                continue
            tally = tallies[record["format"]]
            tally.records += 1
            if isinstance(found, Problem):
                tally.problems[found.message] += 1
                if len(tally.misses) < 5:
                    tally.misses.append(f"{record['path'][-60:]} {record['index']}: {found.message[:100]}")
                continue
            tally.loaded += 1
            if found.format not in _NAMES.get(record["format"], {record["format"]}) and not record["format"].endswith(
                "only"
            ):
                tally.wrong[found.format] += 1
                tally.disagreements.append(f"format {record['path'][-70:]} {record['index']}: {found.format}")
            check_content(tally, record, found)
            check_fields(tally, record, found)
            check_places(tally, lines, locator, found)
    return tallies


def _line_of(found: Snapshot | Problem) -> int | None:
    if isinstance(found, Problem):
        head = found.pointer.split("/")[1:2]
        return int(head[0]) if head and head[0].isdigit() else None
    steps = found.pointer
    return steps[1] if len(steps) > 1 and steps[0] is Decoding.LINES and isinstance(steps[1], int) else None


def main() -> None:
    """Print the table."""
    folder, wanted = Path(sys.argv[1]), set(sys.argv[2:])
    started = time.perf_counter()
    tallies = run(folder, wanted)
    print(
        f"{'format':34}{'records':>8}{'loaded':>8}{'wrong':>6}{'coverage':>10}{'pointers':>16}{'spans':>10}  usage finish calls"
    )
    for name, t in sorted(tallies.items(), key=lambda entry: -entry[1].records):
        coverage = f"{t.covered / t.characters:.2%}" if t.characters else "-"
        agree = " ".join(f"{c[True]}/{c[True] + c[False]}" for c in (t.usage, t.finish, t.calls))
        mark = "" if name not in _NOT_A_CALL else " (no model call)"
        print(f"{name:34}{t.records:8}{t.loaded:8}{sum(t.wrong.values()):6}{coverage:>10}"
              f"{f'{t.resolved}/{t.pieces}':>16}{f'{t.located}/{t.spans}':>10}  {agree}{mark}")  # fmt: skip
        if wanted:
            for line in (*(f"{n}× {m[:150]}" for m, n in t.problems.most_common(5)), *t.misses, *t.disagreements[:12]):
                print("      ", line)
    calls = [t for name, t in tallies.items() if name not in _NOT_A_CALL and not name.endswith("only")]
    records, loaded = sum(t.records for t in calls), sum(t.loaded for t in calls)
    covered, characters = sum(t.covered for t in calls), sum(t.characters for t in calls)
    wrong = sum(sum(t.wrong.values()) for t in calls)
    print(f"calls with a request: {loaded} of {records} loaded ({loaded / records:.2%}), {wrong} misidentified, "
          f"content coverage {covered / max(1, characters):.3%}")  # fmt: skip
    print(f"{time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
