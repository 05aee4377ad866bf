"""From a path to snapshots: find the container, read each exchange, name the format, cut the messages.

Whatever the bytes are, the only things that come out are snapshots and problems.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import CONTAINERS, Container, Likeness
from ctxdebug.decoding.source import DEFAULT_MAX_BYTES, Source
from ctxdebug.errors import CtxdebugError, LoadError, UsageError
from ctxdebug.exchange import Draft, Exchange, Stream
from ctxdebug.loading.account import account
from ctxdebug.loading.other_traffic import LeftOut, other_traffic
from ctxdebug.loading.refusals import Strangers, refusal
from ctxdebug.loading.relocation import relocate
from ctxdebug.loading.scrubbed import note_scrubbed
from ctxdebug.loading.whole_file import FileAccount
from ctxdebug.model import Problem, Snapshot, UnseenKind, pointer_text
from ctxdebug.models.serving import host_of_answer, host_of_url
from ctxdebug.records import field, record, replace
from ctxdebug.segmentation import Policy, assemble
from ctxdebug.wire import WIRE_FORMATS, UnknownFormatError, WireFormat, identify

_TOLD = 3
GUESSED = "a row with a prompt and an answer (name the file to have it read as a call)"


class UnknownKindError(LoadError):
    """No container knows a file."""


@record(frozen=True, slots=True)
class LoadOptions:
    """How captures are read."""

    format: str | None = None
    """A wire format's name, to settle what the shape does not."""
    policy: Policy = field(default_factory=Policy)
    max_bytes: int = DEFAULT_MAX_BYTES
    guess: bool = True
    """Whether a row that only looks like a call is read as one: for files that were named or lie under `captures/`."""


def load(source: Source, options: LoadOptions) -> Iterator[Snapshot | Problem]:
    """Yield the snapshots of one capture, one at a time, and a problem for everything that could not be read.

    A capture without a snapshot gives at least one fatal problem: nothing read is never nothing wrong.
    """
    read = failed = False
    for loaded in _guarded(source, options):
        read |= isinstance(loaded, Snapshot)
        failed |= isinstance(loaded, Problem) and loaded.fatal
        yield loaded
    if not (read or failed):
        yield Problem(source.path, "no exchange could be read")


def _guarded(source: Source, options: LoadOptions) -> Iterator[Snapshot | Problem]:
    """Yield what a file holds; a reader that breaks is a problem of its file, and the run goes on to the next one."""
    results = _loaded(source, options)
    while True:
        try:
            loaded = next(results, None)
        except (CtxdebugError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - one file that breaks a reader must not hide what the others hold
            loaded = Problem(source.path, _broke("the reader of this file", error), ours=True)
        if loaded is None:
            return
        yield loaded


def _loaded(source: Source, options: LoadOptions) -> Iterator[Snapshot | Problem]:
    found = 0
    left_out, repeats, strangers = LeftOut(), _Repeats(source.path), Strangers()
    try:
        chosen = _container(source)
        whole = FileAccount(source, chosen.name)
        for exchange in chosen.exchanges(source):
            result = exchange if isinstance(exchange, Problem) else _snapshot(exchange, source, chosen, options, whole)
            if isinstance(result, str):
                left_out.add(result)
            elif isinstance(result, _Unknown):
                strangers.add(result.value, result.pointer)
            else:
                found += 1
                if not isinstance(result, Problem) or repeats.first(result):
                    yield result
        yield from repeats.rest()
        yield from whole.problems()
        yield from _unread(source, chosen, strangers, left_out, found=found)
    except LoadError as error:
        yield Problem(source.path, error.message, error.pointer, unknown=isinstance(error, UnknownKindError))
    except RecursionError:
        yield Problem(source.path, "is nested too deeply to be read")
    for message in source.reader.oddities.messages():
        yield Problem(source.path, message, fatal=False)


def _unread(
    source: Source, chosen: Container, strangers: Strangers, left_out: LeftOut, *, found: int
) -> Iterator[Problem]:
    """Yield a problem for the exchanges of which none was read, by the reason."""
    if strangers:
        told = (None if found else refusal(source)) or strangers.sentence()
        yield Problem(source.path, told, strangers.first if len(strangers) == 1 else "", unknown=True)
    if left_out:
        kind = "table of prompts and answers" if left_out.only(GUESSED) else None
        yield Problem(source.path, left_out.sentence(), fatal=not found, unknown=True, kind=kind)
    elif not found and not strangers:
        told = refusal(source) or f"contains no exchange that {chosen.name} knows of"
        yield Problem(source.path, told, unknown=True)


def _container(source: Source) -> Container:
    if source.shape == "empty":
        raise LoadError("is empty")
    likes = [(entry.sniff(source), entry) for entry in CONTAINERS.all().values()]
    best = max(likeness for likeness, _ in likes)
    if best is Likeness.NO:
        if source.opening.lower().startswith(("<!doctype", "<html")):
            raise LoadError("is an HTML page, not a capture")
        raise UnknownKindError(refusal(source) or "is of no known kind; `ctxdebug formats` lists what is read")
    candidates = [entry for likeness, entry in likes if likeness is best]
    if len(candidates) > 1:
        raise LoadError(f"could be any of {', '.join(entry.name for entry in candidates)}")
    if candidates[0].name == "pasted" and (told := refusal(source)) is not None:
        raise UnknownKindError(told)
    return candidates[0]


@record(frozen=True, slots=True)
class _Unknown:
    """An exchange that no wire format knows, and where it is."""

    value: Any
    pointer: str


class _Repeats:
    """Tells a problem that a file has in every line a few times only, and counts the rest."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._seen: Counter[tuple[str, bool]] = Counter()

    def first(self, problem: Problem) -> bool:
        """Whether a problem is one of the first of its kind."""
        kind = (problem.message, problem.fatal)
        self._seen[kind] += 1
        return self._seen[kind] <= _TOLD

    def rest(self) -> Iterator[Problem]:
        """One problem for those that were not told, by kind."""
        for (message, fatal), count in self._seen.items():
            if count > _TOLD:
                yield Problem(self._path, f"{message} ({count - _TOLD} more times)", fatal=fatal)


def _snapshot(
    exchange: Exchange, source: Source, chosen: Container, options: LoadOptions, whole: FileAccount
) -> Snapshot | Problem | _Unknown | str:
    """Return the snapshot, the problem that stands in its way, or what the exchange is when it is no model call."""
    where = pointer_text(exchange.pointer)
    whole.tells(exchange.pointer)
    if exchange.guess and not options.guess:
        return GUESSED
    try:
        form = _format(exchange, options)
        draft = form.read(exchange)
        _refuse_unread(draft, form, exchange, forced=options.format is not None)
        _settle(draft, exchange, form, whole)
        whole.shows(draft, exchange, form.name)
        note_scrubbed(draft)
        relocate(draft, exchange.origins)
        draft.provider = draft.provider or host_of_url(exchange.url) or _told_by_answer(draft, exchange)
        snapshot = assemble(
            draft,
            exchange,
            path=source.path,
            container=chosen.name,
            format=form.name,
            policy=options.policy,
        )
        if exchange.sent_on is not None:
            snapshot = replace(snapshot, sent_on=_sent_on(exchange, source, chosen, options))
    except UnknownFormatError:
        value = exchange.request if exchange.request is not None else exchange.response
        return other_traffic(exchange) or _Unknown(value, where)
    except LoadError as error:
        return Problem(source.path, error.message, error.pointer or where)
    except RecursionError:
        return Problem(source.path, "is nested too deeply to be read", where)
    except CtxdebugError:
        raise
    except Exception as error:  # noqa: BLE001 - one exchange that breaks a reader must not hide the others
        return Problem(source.path, _broke("the reader of this exchange", error), where, ours=True)
    if not (snapshot.messages or snapshot.answer or snapshot.error or snapshot.unseen or snapshot.finish):
        if "observation" in exchange.labels and (told := other_traffic(exchange)) is not None:
            return told  # the span of a tool, or of an event, beside the calls of a trace
        return Problem(source.path, f"the exchange contains no messages and no answer (read as {form.name})", where)
    return snapshot


def _told_by_answer(draft: Draft, exchange: Exchange) -> str | None:
    """Return the server that an answer shows by its fields; its window is set where it tells one."""
    response = exchange.response
    bodies = [event.data for event in response.events] if isinstance(response, Stream) else [response]
    for body in bodies:
        host, window = host_of_answer(body)
        if host is not None:
            held = body
            for key in window:
                held = held.get(key) if isinstance(held, dict) else None
            if window and isinstance(held, int) and not isinstance(held, bool) and held > 0:
                draft.set("window", held, (*exchange.response_at, *window))
            return host
    return None


def _sent_on(exchange: Exchange, source: Source, chosen: Container, options: LoadOptions) -> Snapshot | None:
    """Return the request as the proxy sent it on, in whatever format it has; None where that is not read."""
    at = exchange.sent_on_at
    onward = Exchange(at, request=exchange.sent_on, request_at=at, url=exchange.sent_on_to)
    try:
        form = identify(onward)
        draft = form.read(onward)
    except LoadError:
        return None
    return assemble(draft, onward, path=source.path, container=chosen.name, format=form.name, policy=options.policy)


def _broke(what: str, error: Exception) -> str:
    return f"{what} broke ({type(error).__name__}: {str(error)[:200]}); please report it"


def _settle(draft: Draft, exchange: Exchange, form: WireFormat, whole: FileAccount) -> None:
    """Say of every text that no reader looked at where it is."""
    found = account(draft, exchange, form.name, whole.resent)
    draft.not_understood.extend(pointer for pointer, _ in found.left)
    if (note := found.note()) is not None:
        draft.notes.append(note)


def _refuse_unread(draft: Draft, form: WireFormat, exchange: Exchange, *, forced: bool) -> None:
    """Raise `LoadError` where a reader found nothing: no text, no answer, nothing that it knows to be elsewhere."""
    parts = [part for message in (*draft.messages, *draft.answer) for part in message.parts]
    said = any(part.text or part.media is not None for part in parts)
    if said or draft.error is not None or draft.usage is not None or (draft.finish is not None and not forced):
        return
    unseen = [
        entry for entry in draft.unseen if not (exchange.order is not None and entry.kind is UnseenKind.NOT_LOGGED)
    ]
    if forced:
        better = _better(exchange, form)
        raise LoadError(f"cannot be read as {form.name}: no text of it is recognised{better}")
    if not parts and not unseen and draft.rebuilt:
        raise LoadError(f"the exchange contains no messages and no answer (read as {form.name})")


def _better(exchange: Exchange, form: WireFormat) -> str:
    try:
        found = identify(exchange).name
    except LoadError:
        return ""
    return f"; it looks like {found}" if found != form.name else ""


def _format(exchange: Exchange, options: LoadOptions) -> WireFormat:
    known = WIRE_FORMATS.all()
    if options.format is None:
        return known[exchange.format] if exchange.format in known else identify(exchange)
    if options.format not in known:
        raise UsageError(f"unknown format {options.format!r}; known are {', '.join(known)}")
    return known[options.format]
