"""Commands that the model runs because untrusted text has them, and what it puts into something as it stands there."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ctxdebug.analysis.directives.action import literals
from ctxdebug.analysis.directives.delegation import hands_over
from ctxdebug.analysis.directives.obedience import leaves, normal, warns
from ctxdebug.analysis.directives.what_was_read import TracedValue, WhatWasRead, place_of
from ctxdebug.model import Segment, ToolCall
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

CHANGES = frozenset({"change", "delete"})
"""Side effects that stay here, and may be harmless: what they put in must itself act or lead outside."""
_LIVE = lazy(r"^=.{0,400}\(|(?:https?://|www\.)\S{4,300}|[\w.+-]{1,64}@[\w-]{1,60}\.[\w.-]{2,60}", 16)
_COMMAND = wording("injection_provenance", "command")
_REACHES_OUT = wording("injection_provenance", "reaches_out")
_ASKED_TO_RUN = wording("injection_provenance", "asked_to_run")
_SHORTEST = 12
"""Characters; a shorter command is the same by chance."""
_ADDRESS = lazy(r"https?://[^\s'\"<>|;)]{4,300}")


def verbatim(segment: Segment, call: ToolCall, read: WhatWasRead, kind: str, unasked: str) -> Iterator[TracedValue]:
    """Yield a command that is run as untrusted text has it, and what is put into something as it stands there and acts or leads outside."""
    if kind != "run" and kind not in CHANGES:
        return
    for leaf in leaves(call):
        wanted = normal(leaf).strip(" .,;:!'\"")
        if len(wanted) < _SHORTEST or warns(leaf, leaf):
            continue
        if (_COMMAND if kind == "run" else _LIVE).search(leaf) is None:
            continue
        source = read.first_named(wanted) or read.first_named(json.dumps(wanted, ensure_ascii=False)[1:-1])
        if source is None:
            continue
        what = f"runs {leaf[:120]}" if kind == "run" else f"puts in {leaf[:120]}"
        why = f"the call of {call.name} {what}, {unasked}"
        yield TracedValue(segment, *place_of(segment.text, leaf), leaf, source, *place_of(source.text, leaf), why)
        return


def reaching_out(segment: Segment, call: ToolCall, read: WhatWasRead, kind: str) -> Iterator[TracedValue]:
    """Yield a command that fetches and runs, sends files or changes where software comes from, at an address only untrusted text named.

    Nobody who asks for a fix asks for that; who asks to install, to set up or to follow a text may.
    """
    if kind != "run" or any(_ASKED_TO_RUN.search(one.text) or hands_over(one.text) for one in read.requests):
        return
    for leaf in leaves(call):
        if _REACHES_OUT.search(leaf) is None or warns(leaf, leaf):
            continue
        for match in _ADDRESS.finditer(leaf):
            value = next(iter(literals(match[0])), match[0])
            source = read.first_named(normal(value).rstrip("/"))
            if source is not None:
                why = f"the call of {call.name} runs {leaf[:120]}, an address that only untrusted text named"
                yield TracedValue(
                    segment, *place_of(segment.text, value), value, source, *place_of(source.text, value), why
                )
                return
