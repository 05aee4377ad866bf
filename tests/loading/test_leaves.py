"""Every text of a request and a response is in a segment, known to be no content, or told: over all fixtures, and over mutations of them.

What is expected is worked out here from the raw values, never by the account that is tested.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.containers import CONTAINERS
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Draft, Exchange
from ctxdebug.loading.account import account
from ctxdebug.loading.metadata import is_sentence, metadata_of
from ctxdebug.model import Decoding, Pointer
from ctxdebug.wire import WIRE_FORMATS, UnknownFormatError, WireFormat, identify
from tests.fuzz.mutations import mutated

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
FILES = sorted(
    path for folder in ("captures", "formats", "servers") for path in (FIXTURES / folder).rglob("*") if path.is_file()
)
SHORTEST = 3
MUTATIONS = 4


def exchanges(path: Path) -> Iterator[tuple[Exchange, WireFormat, Draft]]:
    """The exchanges of a file as their readers read them; none where the file cannot be read."""
    source = Source(str(path))
    known = WIRE_FORMATS.all()
    try:
        chosen = max(CONTAINERS.all().values(), key=lambda entry: entry.sniff(source))
        for exchange in chosen.exchanges(source):
            if isinstance(exchange, Exchange):
                form = known[exchange.format] if exchange.format in known else identify(exchange)
                yield exchange, form, form.read(exchange)
    except (LoadError, UnknownFormatError, RecursionError):
        return


def leaves(value: Any, at: Pointer, shown: str) -> Iterator[tuple[Pointer, str]]:
    """Every text inside a value that is not shown, with its pointer; of a text that is JSON, the texts inside it."""
    if isinstance(value, str) and value.strip() and value.strip() in shown:
        return
    if isinstance(value, str) and isinstance(inner := decoded(value), (dict, list)):
        yield from leaves(inner, (*at, Decoding.JSON), shown)
    elif isinstance(value, str):
        yield at, value
    for step, below in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from leaves(below, (*at, step), shown)


def decoded(text: str) -> Any:
    """The value of a JSON text; None for what is none."""
    try:
        return json.loads(text) if text.startswith(("{", "[")) else None
    except (ValueError, RecursionError):
        return None


def sides(exchange: Exchange) -> Iterator[tuple[Pointer, Any]]:
    """What was asked and answered, with the pointers: only the lines that count, where the request is a log."""
    request = exchange.request
    if exchange.order is not None and isinstance(request, list):
        yield from (((*exchange.request_at, number), request[number]) for number in exchange.order)
    else:
        yield exchange.request_at, request
    yield from ((pointer, body) for body, pointer in exchange.bodies())


def vouched(draft: Draft) -> set[Pointer]:
    """The places whose values a reader took for what is no text of a message."""
    places = {*draft.settings_at.values(), *draft.left_out, *(unseen.pointer for unseen in draft.unseen)}
    places |= {tool.pointer for tool in draft.tools}
    places |= {held.pointer for held in (draft.usage, draft.finish, draft.error) if held is not None}
    return places


def lost(exchange: Exchange, form: WireFormat, draft: Draft) -> Iterator[tuple[Pointer, str]]:
    """The texts of an exchange of which nothing is shown, known or told."""
    parts = [part for message in (*draft.messages, *draft.answer) for part in message.parts]
    shown = "\n".join([*(part.text for part in parts), *(tool.text for tool in draft.tools)])
    shown += "".join(
        f"\n{text}" for part in parts for _, text in leaves(decoded(part.text), (), "")
    )  # what is shown as JSON
    if draft.error is not None:
        shown += f"\n{draft.error.message}"
    left = [(at, text) for at, text in account(draft, exchange, form.name).left]
    told = {at for at, _ in left}
    known, metadata, everywhere = vouched(draft), metadata_of(form.name), metadata_of("")
    for root, side in sides(exchange):
        if isinstance(side, str):  # a text of turns, of which the readers of texts have tests of their own
            continue
        for at, text in leaves(side, root, shown):
            if (
                len(text.strip()) < SHORTEST
                or text.strip() in shown
                or json.dumps(text, ensure_ascii=False)[1:-1] in shown
            ):
                continue
            steps = [step for step in at[len(root) :] if isinstance(step, str)]
            labels = [step for step in steps if any(one.holds(step, answered=True) for one in (metadata, everywhere))]
            words = [
                step for step in steps if any(one.holds_words(step, answered=True) for one in (metadata, everywhere))
            ]
            if words or (labels and not is_sentence(text)) or (parts and steps and steps[0] in draft.parameters):
                continue
            if any(at[:size] in told or at[:size] in known for size in range(len(at) + 1)):
                continue
            yield at, text


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FIXTURES)))
def test_every_text_is_shown_known_or_told(path: Path, tmp_path: Path) -> None:
    assert [(at, text) for held in exchanges(path) for at, text in lost(*held)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FIXTURES)))
def test_every_text_of_a_mutated_file_is_shown_known_or_told(path: Path, tmp_path: Path) -> None:
    for number in range(MUTATIONS):
        name, data = mutated(path.read_bytes(), random.Random(f"{path.name} {number}"))
        target = tmp_path / path.name
        target.write_bytes(data)
        found = [(at, text) for held in exchanges(target) for at, text in lost(*held)]
        assert found == [], f"{name}, number {number}"
