"""Annotations of an answer as OpenAI writes them, and what gateways and search APIs put beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from ctxdebug.exchange import Draft, DraftMessage, Exchange, Part
from ctxdebug.model import Document, Kind, Pointer, UnseenKind
from ctxdebug.text.patterns import lazy
from ctxdebug.wire.shape import count_of, items, mapping, objects, text_of
from ctxdebug.wire.shapes.returned_sources import ReturnedSources, spoken

Cited: TypeAlias = tuple[Part, Mapping[str, Any], Pointer]
"""A text of the answer, an annotation of it, and where that is."""
_NUMBERED = lazy(r"\[(\d{1,3})\](?!\()")
"""A number in brackets, which in answers of a search API is the place of a source in the list beside it."""
_CODE = lazy(r"```.*?(?:```|\Z)|`[^`\n]{1,200}`", 16)


def read_annotations(draft: Draft, message: DraftMessage | None, cited: Iterable[Cited]) -> None:
    """Read `url_citation`, `file_citation` and the parsed files of a gateway; other annotations say nothing of a source."""
    returned = ReturnedSources(draft, message)
    for part, held, at in cited:
        kind = text_of(held.get("type"))
        inner = {**held, **mapping(held.get(kind or ""))}  # Chat Completions nest what Responses keep flat
        if kind == "url_citation":
            _web(returned, part, inner, at)
        elif kind == "file_citation":
            _file(returned, part, inner, at)
        elif kind == "file":
            about = Document(title=text_of(inner.get("name")))
            for index, piece in objects(inner.get("content")):
                returned.add(about, at, piece.get("text"), (*at, "file", "content", index, "text"), "file_parser")


def _web(returned: ReturnedSources, part: Part, held: Mapping[str, Any], at: Pointer) -> None:
    about = Document(title=text_of(held.get("title")), url=text_of(held.get("url")))
    nested = (*at, "url_citation") if "content" in held else at  # a gateway's excerpt stands inside
    number = returned.add(about, at, held.get("content"), (*nested, "content"), "web_search", excerpt=True)
    start, end = count_of(held.get("start_index")), count_of(held.get("end_index"))
    if start is not None and end is not None and 0 <= start < end <= len(part.text):
        returned.cite(part, (start, end), (number,), at)


def _file(returned: ReturnedSources, part: Part, held: Mapping[str, Any], at: Pointer) -> None:
    about = Document(id=text_of(held.get("file_id")), title=text_of(held.get("filename")))
    messages = (*returned.draft.messages, *returned.draft.answer)
    found = [
        one for message in messages for one in message.parts if one.kind is Kind.DOCUMENT and one.document is not None
    ]
    named = [one for one in found if one.document is not None and about.id and one.document.id == about.id]
    numbers = [returned.given(one.document or about, at, one) for one in named]
    searched = any(one.tool == "file_search" for one in found)
    earlier = any(one.kind is UnseenKind.CONVERSATION for one in returned.draft.unseen)
    if not numbers and (not searched or earlier):
        numbers = [returned.add(about, at, excerpt=True)]
    index = count_of(held.get("index")) or count_of(held.get("end_index"))
    end = max(0, min(len(part.text), index)) if index else len(part.text)
    quote = text_of(held.get("quote")) or ""
    returned.cite(part, (max(0, end - 1), end), numbers, at, "" if numbers else about.title or about.id or "", quote)


def read_beside_answer(draft: Draft, exchange: Exchange) -> None:
    """Read the annotations of a chat answer, and the `citations` and `search_results` that a search API lists beside it."""
    message = draft.answer[0] if draft.answer else None
    part = spoken(message)
    if message is None or part is None:
        return
    cited: list[Cited] = []
    listed: tuple[Any, Any, Pointer] = (None, None, ())
    for body, at in exchange.bodies():
        held = mapping(body)
        if held.get("citations") or held.get("search_results"):  # each chunk repeats them
            listed = held.get("citations"), held.get("search_results"), at
        for index, choice in objects(held.get("choices")):
            for key in ("message", "delta"):
                where = (*at, "choices", index, key, "annotations")
                annotated = objects(mapping(choice.get(key)).get("annotations"))
                cited += [(part, one, (*where, number)) for number, one in annotated]
    if cited:
        read_annotations(draft, message, cited)
    if listed[2] or listed[0] or listed[1]:
        _read_listed(draft, message, part, *listed)


def _read_listed(draft: Draft, message: DraftMessage, part: Part, citations: Any, results: Any, at: Pointer) -> None:
    """Read Perplexity's lists: addresses, in the order in which the answer numbers them, and what the search found."""
    returned = ReturnedSources(draft, message)
    found = {text_of(held.get("url")): (held, (*at, "search_results", index)) for index, held in objects(results)}
    addresses = [one for one in items(citations) if isinstance(one, str)] or [one for one in found if one]
    numbers = []
    for index, address in enumerate(addresses):
        held, where = found.get(address, ({}, (*at, "citations", index)))
        about = Document(title=text_of(held.get("title")), date=text_of(held.get("date")), url=address)
        numbers.append(returned.add(about, where, held.get("snippet"), (*where, "snippet"), "web_search", excerpt=True))
    if not numbers:
        return
    code = [match.span() for match in _CODE.finditer(part.text)] if "`" in part.text else []
    for match in _NUMBERED.finditer(part.text):
        if any(start <= match.start() < end for start, end in code):
            continue
        number = int(match.group(1))
        known = 1 <= number <= len(numbers)
        gone = "" if known else f"[{number}] ({len(numbers)} were returned)"
        returned.cite(part, match.span(), (numbers[number - 1],) if known else (), (*at, "citations"), gone)
