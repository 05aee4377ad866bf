"""What every reader owes: a capture in `fixtures/`, text out of it, and an account of every text that it left."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.containers import CONTAINERS
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.loading.account import Account, account
from ctxdebug.model import Kind
from ctxdebug.wire import WIRE_FORMATS, WireFormat, identify
from tests.conversations import of_file

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
FILES = sorted(
    path for folder in ("captures", "formats", "servers") for path in (FIXTURES / folder).rglob("*") if path.is_file()
)
NEW = "Words that no reader has ever seen before"


def name(path: Path) -> str:
    return str(path.relative_to(FIXTURES))


def raw(path: Path) -> Iterator[tuple[Exchange, WireFormat]]:
    """The exchanges of a capture before they are read, with their formats."""
    source = Source(str(path))
    chosen = max(CONTAINERS.all().values(), key=lambda entry: entry.sniff(source))
    for exchange in chosen.exchanges(source):
        if isinstance(exchange, Exchange):
            known = WIRE_FORMATS.all()
            yield exchange, known[exchange.format] if exchange.format in known else identify(exchange)


@pytest.fixture(scope="module")
def seen() -> tuple[set[str], set[str]]:
    snapshots = [snapshot for path in FILES for snapshot in of_file(path)]
    return {snapshot.format for snapshot in snapshots}, {snapshot.container for snapshot in snapshots}


def test_every_wire_format_has_a_capture(seen: tuple[set[str], set[str]]) -> None:
    assert set(WIRE_FORMATS.all()) - seen[0] == set()


def test_every_container_has_a_capture(seen: tuple[set[str], set[str]]) -> None:
    assert set(CONTAINERS.all()) - seen[1] == set()


@pytest.mark.parametrize("path", [path for path in FILES if "formats" in path.parts], ids=name)
def test_a_capture_gives_text_or_the_error(path: Path) -> None:
    for snapshot in of_file(path):
        held = [*snapshot.segments(), *snapshot.answer_segments()]
        assert any(segment.text for segment in held) or snapshot.error is not None


@pytest.mark.parametrize(
    "path", [path for path in FILES if "formats" in path.parts and path.parent.name in WIRE_FORMATS.all()], ids=name
)
def test_a_capture_has_the_format_of_its_folder(path: Path) -> None:
    assert {snapshot.format for snapshot in of_file(path)} == {path.parent.name}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_text_is_lost(path: Path) -> None:
    for snapshot in of_file(path):
        assert [note for note in snapshot.notes if note.startswith("not understood")] == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_message_text_is_in_typed_segments(path: Path) -> None:
    segments = [
        segment for snapshot in of_file(path) for segment in (*snapshot.segments(), *snapshot.answer_segments())
    ]
    opaque = sum(len(segment.text) for segment in segments if segment.kind is Kind.OPAQUE)
    total = sum(len(segment.text) for segment in segments)
    assert opaque <= total / 100 or total < 500


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_words_under_a_key_that_nobody_knows_are_never_dropped(path: Path) -> None:
    """Every object of a message gets a new key; its words are in a segment, or told as not understood."""
    chance = random.Random(path.name)
    for exchange, form in raw(path):
        for side in ("request", "response"):
            changed = copy.deepcopy(getattr(exchange, side))
            places = [held for held in objects(changed) if {"content", "parts", "text"} & held.keys()]
            places = [held for held in places if "that was replaced" not in str(held)]  # a branch that was left
            if not places:
                continue
            chance.choice(places)["never_heard_of"] = NEW
            mutated = replace(exchange, **{side: changed})
            draft = form.read(mutated)
            found: Account = account(draft, mutated, form.name)
            texts = [part.text for message in (*draft.messages, *draft.answer) for part in message.parts]
            texts += [tool.text for tool in draft.tools]
            told = any(text == NEW for _, text in found.left)
            assert told or any(NEW in text for text in texts), f"{side} of {form.name}"
