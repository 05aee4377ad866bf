"""Remake the long examples in `fixtures/rules/`: what a rule's page is too short to show.

python scripts/rule_fixtures.py
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "fixtures" / "rules"
_PLACES = ("the north store", "the quay", "hall four", "the paint shop", "the yard", "the cold room", "the loading bay")
_THINGS = (
    "pallets of tiles",
    "drums of resin",
    "reels of cable",
    "crates of valves",
    "boxes of filters",
    "rolls of felt",
)
_PEOPLE = ("Marta", "Henrik", "Ola", "Bea", "Tomasz", "Ines", "Ravi", "Chloe")


def prose(sentences: int, seed: int = 0) -> str:
    """Plain, made-up text in which no two sentences are the same."""
    lines = []
    for number in range(sentences):
        n = number + 31 * seed
        place, thing, who = _PLACES[n % 7], _THINGS[n % 6], _PEOPLE[n % 8]
        lines.append(
            f"{who} counted {3 + n * 7 % 90} {thing} in {place} and wrote sheet {1000 + n * 13} before the bell."
        )
    return " ".join(lines)


def tool(name: str, about: str, fields: int = 6) -> dict[str, Any]:
    """A declared tool with as many documented fields."""
    properties = {
        f"field_{n}": {"type": "string", "description": f"{about}, part {n}: {prose(1, n)}"} for n in range(fields)
    }
    return {
        "type": "function",
        "function": {"name": name, "description": about, "parameters": {"type": "object", "properties": properties}},
    }


def exchange(
    messages: list[dict[str, Any]], answer: str, prompt: int, output: int = 12, cached: int | None = None, **more: Any
) -> dict[str, Any]:
    """A chat completion with its usage."""
    details = {} if cached is None else {"prompt_tokens_details": {"cached_tokens": cached}}
    return {
        "session_id": "s-1",
        "url": "https://api.openai.com/v1/chat/completions",
        "status": 200,
        "request": {"model": "gpt-4o-2024-08-06", "messages": messages, **more},
        "response": {
            "id": "chatcmpl-1",
            "model": "gpt-4o-2024-08-06",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output, **details},
        },
    }


def write(code: str, name: str, exchanges: list[dict[str, Any]]) -> None:
    """One fixture, an exchange a line when there are several."""
    (FOLDER / code).mkdir(parents=True, exist_ok=True)
    if len(exchanges) == 1:
        text = json.dumps(exchanges[0], ensure_ascii=False, indent=1) + "\n"
        (FOLDER / code / f"{name}.json").write_text(text, encoding="utf-8")
    else:
        text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in exchanges)
        (FOLDER / code / f"{name}.jsonl").write_text(text, encoding="utf-8")


SYSTEM = {"role": "system", "content": "You keep the stock lists of a small factory."}
CALLS = [
    {"role": "user", "content": "How many drums are in the yard?"},
    {"role": "assistant", "content": "There are eleven drums in the yard."},
]
AGAIN = {"role": "user", "content": "And in the cold room, how many are there?"}


def tokens(messages: list[dict[str, Any]], encoding: str = "o200k_base") -> int:
    """The prompt's tokens by the public rule for chat messages without tools."""
    from ctxdebug.tokens.count import Counter

    counter = Counter(encoding)
    return 3 + sum(3 + counter.count(message["role"]) + counter.count(message["content"]) for message in messages)


def cache_never_read() -> None:
    """CST102: the head of the rules changes between two turns, or does not."""
    text = prose(140)
    for name, heads, cached in (
        ("bad-changing-head", ("sheet 7", "sheet 8"), 0),
        ("good-stable-head", ("sheet 7", "sheet 7"), 2816),
    ):
        turns = []
        for number, head in enumerate(heads):
            system = {"role": "system", "content": f"You keep the stock lists from {head} on. {text}"}
            messages = [system, *CALLS, AGAIN] if number else [system, CALLS[0]]
            turns.append(
                exchange(
                    messages,
                    CALLS[1]["content"] if not number else "There are four there.",
                    tokens(messages),
                    cached=cached if number else 0,
                )
            )
        write("CST102", name, turns)


def schemas_cost_most() -> None:
    """CST103: forty tools for a question of seven words, or two."""
    for name, count in (("bad-forty-tools", 40), ("good-two-tools", 2)):
        tools = [tool(f"lookup_{n}", f"Look up list {n}") for n in range(count)]
        one = exchange([SYSTEM, CALLS[0]], "Eleven.", 0, tools=tools)
        del one["response"]["usage"]
        write("CST103", name, [one])


def answers_thrown_away() -> None:
    """CST105: three answers, of which one is kept."""
    for name, others in (("bad-three-answers", ["Eleven drums.", "I count eleven."]), ("good-one-answer", [])):
        first = exchange([SYSTEM, CALLS[0]], CALLS[1]["content"], tokens([SYSTEM, CALLS[0]]), n=1 + len(others))
        first["response"]["choices"] += [
            {"index": n, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            for n, text in enumerate(others, 1)
        ]
        second = [SYSTEM, *CALLS, AGAIN]
        write("CST105", name, [first, exchange(second, "Four.", tokens(second))])


def encoded_bulk() -> None:
    """MEM204: a photograph as text, or by its name."""
    picture = base64.b64encode(b"".join(hashlib.sha256(bytes([n])).digest() for n in range(120))).decode()
    for name, content in (("bad-picture-as-text", f"photo: {picture}"), ("good-picture-by-name", "photo: yard-7.jpg")):
        messages = [SYSTEM, {"role": "user", "content": f"What is on this one? {content}"}]
        write("MEM204", name, [exchange(messages, "A yard with drums.", tokens(messages))])


def window_soon_full() -> None:
    """MEM205: three turns that grow towards the edge of the window, or do not."""
    for name, sentences in (("bad-growing-turns", 85), ("good-small-turns", 4)):
        messages, turns = [SYSTEM], []
        for number in range(3):
            messages = [*messages, {"role": "user", "content": f"Sheet {number}: {prose(sentences, number)}"}]
            turn = exchange(messages, f"Sheet {number} is kept.", tokens(messages, "cl100k_base"))
            turn["request"]["model"] = turn["response"]["model"] = "gpt-4-0613"
            turns.append(turn)
            messages = [*messages, {"role": "assistant", "content": f"Sheet {number} is kept."}]
        write("MEM205", name, turns)


def stale_tool_results() -> None:
    """MEM206: one file read four times, or once."""
    for name, times in (("bad-read-four-times", 4), ("good-read-once", 1)):
        messages: list[dict[str, Any]] = [
            SYSTEM,
            {"role": "user", "content": "Keep looking at the list until the drums are in."},
        ]
        for number in range(times):
            call = {
                "id": f"call_{number}",
                "type": "function",
                "function": {"name": "read_list", "arguments": '{"list":"yard"}'},
            }
            messages += [
                {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "tool_call_id": f"call_{number}", "content": prose(120, number)},
            ]
        one = exchange(messages, "They are in.", 0, tools=[tool("read_list", "Read a stock list", 1)])
        del one["response"]["usage"]
        write("MEM206", name, [one])


PRESS = "Yusuf repaired the hydraulic press in the smithy on Tuesday, with a new seal from the workshop."
ASKED = "Who repaired the hydraulic press in the smithy, and on which day?"


def library(count: int, place: int) -> str:
    """Documents of about two hundred tokens; one of them, at `place`, says who repaired the press."""
    parts = [prose(8, 3 + number) for number in range(count)]
    parts[place] = PRESS
    return "\n".join(f'<document id="sheet-{n}">{part}</document>' for n, part in enumerate(parts))


def asked(name: str, code: str, model: str, system: str, user: str, answer: str) -> None:
    """One question about documents, without usage."""
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    one = exchange(messages, answer, 0)
    del one["response"]["usage"], one["url"]
    one["request"]["model"] = one["response"]["model"] = model
    write(code, name, [one])


GROUNDED = "Answer only from the documents and cite their ids. If they do not hold the answer, say so."


def positions() -> None:
    """MEM301, MEM302, MEM303: the best passage, the question and the instructions, in good and bad places."""
    said = "Yusuf repaired the press on Tuesday [sheet-0]."
    declined = "The documents do not say who repaired the press."
    asked("bad-thirtieth-of-seventy", "MEM301", "gpt-4o", GROUNDED, f"{library(70, 30)}\n\n{ASKED}", declined)
    asked("good-one-of-one", "MEM301", "gpt-4o", GROUNDED, f"{library(1, 0)}\n\n{ASKED}", said)
    asked("bad-question-first", "MEM302", "gemini-2.5-flash", GROUNDED, f"{ASKED}\n\n{library(70, 0)}", said)
    asked("good-question-last", "MEM302", "gemini-2.5-flash", GROUNDED, f"{library(1, 0)}\n\n{ASKED}", said)
    short = "Answer only from the documents and cite their ids. If they do not hold the answer, say so. Answer in exactly one sentence."
    long = "Yusuf repaired the press [sheet-0]. It was on Tuesday [sheet-0]. The seal came from the workshop [sheet-0]."
    asked("bad-rules-before", "MEM303", "gemini-2.5-flash", short, f"{library(70, 0)}\n\n{ASKED}", long)
    asked("good-short-prompt", "MEM303", "gemini-2.5-flash", short, f"{library(1, 0)}\n\n{ASKED}", said)


if __name__ == "__main__":
    for make in (
        cache_never_read,
        schemas_cost_most,
        answers_thrown_away,
        encoded_bulk,
        window_soon_full,
        stale_tool_results,
        positions,
    ):
        make()
