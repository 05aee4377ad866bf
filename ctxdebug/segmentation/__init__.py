"""From a draft to a snapshot: cut messages into segments, and say whose words each one is.

Every character of a message stays in exactly one segment, in order.
"""

from __future__ import annotations

from collections.abc import Mapping

from ctxdebug.exchange import Draft, DraftMessage, Exchange, Part
from ctxdebug.model import Kind, Message, Piece, Role, Segment, Settings, Snapshot
from ctxdebug.models.serving import host_of_url
from ctxdebug.segmentation.cut import Cut, disjoint
from ctxdebug.segmentation.frameworks import framed
from ctxdebug.segmentation.json_lists import listed
from ctxdebug.segmentation.labels import labelled
from ctxdebug.segmentation.last_question import without_question
from ctxdebug.segmentation.policy import Policy, Standing, quoted, relayed, standing
from ctxdebug.segmentation.quotations import set_off
from ctxdebug.segmentation.returned_sources import named_sources
from ctxdebug.segmentation.tags import tagged
from ctxdebug.segmentation.token_counts import believable
from ctxdebug.text.recall import by_text

__all__ = ["Policy", "assemble"]

_SHORTEST_TO_CUT = 60


def assemble(draft: Draft, exchange: Exchange, *, path: str, container: str, format: str, policy: Policy) -> Snapshot:
    """Return the snapshot of an exchange, from its draft."""
    tools_by_call = {
        part.call.id: part.call.name
        for message in draft.messages
        for part in message.parts
        if part.call and part.call.id
    }
    messages = tuple(
        _message(message, index, "m", tools_by_call, policy) for index, message in enumerate(draft.messages)
    )
    answer = tuple(_message(message, index, "a", tools_by_call, policy) for index, message in enumerate(draft.answer))
    returned, citations = named_sources(draft, messages, answer) if draft.returned or draft.citations else ((), ())
    usage, doubts = believable(draft.usage or exchange.usage)
    return Snapshot(
        path=path,
        pointer=exchange.pointer,
        container=container,
        format=format,
        provider=exchange.provider or draft.provider or host_of_url(exchange.url),
        model=draft.model or exchange.model,
        messages=messages,
        answer=answer,
        tools=tuple(draft.tools),
        settings=Settings(**draft.settings),
        settings_at=draft.settings_at,
        parameters=draft.parameters,
        request=None if draft.rebuilt else exchange.request,
        request_at=exchange.request_at,
        response=exchange.response,
        answered_by=draft.answered_by,
        usage=usage,
        finish=draft.finish,
        error=draft.error,
        unseen=tuple(draft.unseen),
        not_understood=tuple(draft.not_understood),
        has_request=draft.has_request,
        has_response=draft.has_response,
        status=exchange.status,
        url=exchange.url,
        id=draft.id,
        session=exchange.session or draft.session,
        previous=draft.previous,
        notes=(*exchange.notes, *draft.notes, *doubts),
        labels={**exchange.labels, **draft.labels} if draft.labels else exchange.labels,
        returned=returned,
        citations=citations,
    )


def _message(draft: DraftMessage, index: int, prefix: str, tools: Mapping[str, str], policy: Policy) -> Message:
    segments: list[Segment] = []
    for part in draft.parts:
        if part.call_id is not None and (part.tool is None or part.tool == part.call_id):
            part.tool = tools.get(part.call_id, part.tool)
        cuts = _cuts(part, draft.role) if len(part.text) >= _SHORTEST_TO_CUT else ()
        if not cuts:
            own = standing(draft.role, part, policy)
            segments.append(_whole(part, own, f"{prefix}{index}.s{len(segments)}", draft.role))
            continue
        for stretch in _stretches(part, cuts, draft.role, policy):
            segments.append(_segment(part, stretch, f"{prefix}{index}.s{len(segments)}", draft.role))
    return Message(index, draft.role, draft.captured_role, tuple(segments), draft.pointer, draft.name, draft.record)


def _whole(part: Part, own: Standing, identifier: str, role: Role) -> Segment:
    """Return a part that is one segment, as nearly all are; by position, which is the fastest way to make one."""
    return Segment(
        identifier,
        role,
        part.kind,
        part.text,
        part.pieces,
        own.authority,
        own.trust,
        own.provenance,
        part.document,
        part.call,
        part.call_id,
        part.tool,
        part.is_error,
        part.media,
        part.cache_mark,
    )


def _stretches(
    part: Part, cuts: tuple[Cut, ...], role: Role, policy: Policy
) -> list[tuple[int, int, Cut | None, Standing]]:
    """Return a part's text cut at its documents and quotations: (start, end, the cut or None, standing)."""
    plain = standing(role, part, policy)
    length = len(part.text)
    stretches: list[tuple[int, int, Cut | None, Standing]] = []
    at = 0
    for cut in cuts:
        if cut.start > at:
            stretches.append((at, cut.start, None, plain))
        own = relayed(part.tool, cut.tag, policy) if cut.document else quoted(cut.tag, policy)
        stretches.append((cut.start, cut.end, cut, own))
        at = cut.end
    if at < length or not stretches:
        stretches.append((at, length, None, plain))
    return stretches


def _cuts(part: Part, role: Role) -> tuple[Cut, ...]:
    if role is Role.ASSISTANT or role is Role.OTHER or part.memory:
        return ()
    if part.kind is not Kind.TEXT and part.kind is not Kind.TOOL_RESULT:
        return ()
    spoken = role is Role.USER and part.kind is Kind.TEXT
    return _cut(part.text, part.kind is Kind.TEXT, spoken)


@by_text
def _cut(text: str, written: bool, spoken: bool) -> tuple[Cut, ...]:
    """Return the cuts of a text; `written` is not a tool's, and `spoken` is the user's own."""
    cuts = listed(text)
    if not cuts:
        cuts = tagged(text, quotations=spoken)
        if not any(cut.document for cut in cuts):
            cuts += disjoint(labelled(text), cuts)
        if written and not any(cut.document for cut in cuts):
            cuts += disjoint(framed(text), cuts)
        if spoken:
            cuts = without_question(text, cuts)
            cuts += disjoint(set_off(text), cuts)
    return tuple(sorted(cuts, key=lambda cut: cut.start))


def _segment(part: Part, stretch: tuple[int, int, Cut | None, Standing], identifier: str, role: Role) -> Segment:
    start, end, cut, own = stretch
    kind, document = part.kind, part.document
    if cut is not None and cut.document is not None:
        kind, document = Kind.DOCUMENT, cut.document
    return Segment(
        id=identifier,
        role=role,
        kind=kind,
        text=part.text[start:end] if end - start < len(part.text) else part.text,
        pieces=part.pieces if end - start == len(part.text) else _slice(part.pieces, start, end),
        authority=own.authority,
        trust=own.trust,
        provenance=own.provenance,
        document=document,
        call=part.call,
        call_id=part.call_id,
        tool=part.tool,
        is_error=part.is_error,
        media=part.media,
        cache_mark=part.cache_mark,
        quoted=cut is not None and cut.document is None,
    )


def _slice(pieces: tuple[Piece, ...], start: int, end: int) -> tuple[Piece, ...]:
    sliced = []
    for piece in pieces:
        left, right = max(start, piece.start), min(end, piece.end)
        if left < right:
            sliced.append(
                Piece(left - start, right - start, piece.pointer, piece.offset + left - piece.start, piece.rendered)
            )
    return tuple(sliced)
