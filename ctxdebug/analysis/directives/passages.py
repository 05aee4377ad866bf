"""What a text alone shows: every passage that reads like a directive, however it is written or hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxdebug.analysis.directives.cues import Frame, Mark, marks
from ctxdebug.analysis.directives.directive import Found, Passage
from ctxdebug.analysis.directives.disguise import Disguise, Hidden
from ctxdebug.analysis.directives.encoded import encoded
from ctxdebug.analysis.directives.envelope import Breakout, breakouts
from ctxdebug.analysis.directives.hidden import hidden
from ctxdebug.analysis.directives.layout import layout
from ctxdebug.analysis.directives.lures import lures
from ctxdebug.analysis.directives.quoting import Quoting
from ctxdebug.analysis.directives.scorer import ADJACENT, FLOOR, PLAIN, Channel, Scored, scored_units, weights
from ctxdebug.analysis.directives.units import LONG
from ctxdebug.analysis.directives.wording import ALONE, CUES, instructions, said
from ctxdebug.analysis.directives.words import TextWords
from ctxdebug.records import replace
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_length

DISGUISED = 2.5
"""How much below the threshold a hidden or decoded text with a telling frame may score."""
CARRIED = 0.0
"""The score from which a neighbouring unit belongs to the same passage."""
_QUIET = (Disguise.STYLE, Disguise.COMMENT, Disguise.ATTRIBUTE, Disguise.OVERWRITTEN, Disguise.SPLIT)
"""Disguises that honest pages and programs use too; what is in them must read like an instruction."""
REMEMBERED = 50_000
"""Characters; longer texts are not kept in memory."""
_BORDER = lazy(r"[.!?。！？][\"'”)\]]{0,3}\s|\n|\\n|<!--|-->|</?[a-z][^<>\n]{0,80}>", re.IGNORECASE)
_SAID = frozenset(CUES.values())
_TELLING = frozenset({Frame.OVERRIDE, Frame.AUTHORITY, Frame.SECRECY, Frame.EXFILTRATION, Frame.PERSONA})
STRONG = frozenset(set(Frame) - {Frame.STEERING})
"""Frames that make an instruction of an imperative; to say how an answer should read is not yet one."""


def passages(
    text: str, channel: Channel = Channel.DATA, closing: tuple[str, ...] = (), turns: bool = False
) -> tuple[Passage, ...]:
    """Return the passages of a text, in order of place; deterministic finds first where places are equal.

    The turns of a session repeat each other's texts, so what was read lately is remembered.
    """
    return (_remembered if len(text) <= REMEMBERED else found_in)(text, channel, closing, turns)


def found_in(text: str, channel: Channel, closing: tuple[str, ...], turns: bool) -> tuple[Passage, ...]:
    """Return the passages of a text, read anew."""
    words = TextWords(text)
    page = layout(text)
    units = scored_units(text, channel, page, words)
    quoting = Quoting(text, page)
    found = [
        *_unseen(text, channel),
        *_decoded(text, channel, words),
        *_outbreaks(text, closing, turns, units, channel, quoting),
        *_lures(text, quoting),
        *merged([*worded(text, channel, quoting), *read(units, weights(channel).threshold, quoting)]),
    ]
    return tuple(sorted(found, key=lambda passage: (passage.start, passage.found is Found.READING)))


_remembered = by_length(2.0)(found_in)


def read(units: list[Scored], threshold: float, quoting: Quoting) -> Iterator[Passage]:
    """Yield the runs of units of which one scores enough."""
    index = 0
    while index < len(units):
        if units[index].score < threshold:
            index += 1
            continue
        first = last = index
        while (
            first
            and units[first - 1].score >= CARRIED
            and units[first].unit.start - units[first - 1].unit.end < ADJACENT
        ):
            first -= 1
        while (
            last + 1 < len(units)
            and units[last + 1].score >= CARRIED
            and units[last + 1].unit.start - units[last].unit.end < ADJACENT
        ):
            last += 1
        run = units[first : last + 1]
        top = max(run, key=lambda one: one.score)
        found = tuple(mark for one in run for mark in one.marks)
        frames = _frames(found)
        if not STRONG.intersection(frames) and quoting.plain(top.unit.start, top.unit.end):
            frames = (Frame.AUTHORITY, *frames)
        reason = quoting.reason(top.unit.start, top.unit.end)
        reason = reason or quoting.harmless(top.unit.start, top.unit.end, frames)
        yield Passage(
            run[0].unit.start,
            run[-1].unit.end,
            *top.unit,
            Found.READING,
            top.score,
            found,
            frames,
            reason=reason,
        )
        index = last + 1


def worded(text: str, channel: Channel, quoting: Quoting) -> Iterator[Passage]:
    """Yield the passages that are an injected instruction by their wording, whatever the weights say."""
    found = said(text)
    if not found:
        return
    score = weights(channel).threshold + PLAIN
    for row in instructions(found):
        start, end = _sentence(text, row[0].start, max(one.end for one in row))
        telling = next((one for one in row if one.label in ALONE), row[0])
        top = _sentence(text, telling.start, telling.end)
        marks = tuple(one.mark for one in row)
        reason = quoting.reason_at(telling.start, telling.end)
        yield Passage(start, end, *top, Found.READING, score, marks, _frames(marks), reason=reason)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the borders of the sentences or lines that characters `start` to `end` are in."""
    left = max(
        (match.end() for match in _BORDER.finditer(text, max(0, start - LONG), start)), default=max(0, start - LONG)
    )
    right = _BORDER.search(text, end, end + LONG)
    stop = right.end() if right else min(len(text), end + LONG)
    return left, len(text[:stop].rstrip()) if stop - end < LONG else stop


def merged(found: list[Passage]) -> Iterator[Passage]:
    """Yield passages found in both ways once, with all that is known of them."""
    row: list[Passage] = []
    for one in sorted(found, key=lambda passage: passage.start):
        if row and one.start < row[-1].end:
            row[-1] = _joined(row[-1], one)
        else:
            row.append(one)
    yield from row


def _joined(one: Passage, other: Passage) -> Passage:
    top = one if one.score >= other.score else other
    return replace(
        top,
        start=one.start,
        end=max(one.end, other.end),
        marks=(*one.marks, *other.marks),
        frames=tuple(dict.fromkeys((*one.frames, *other.frames))),
        reason=_reason(one, other),
    )


def _reason(one: Passage, other: Passage) -> str | None:
    """Return why a passage counts less: the known words decide where only one of the two has any, since they are more exact."""
    worded = [passage for passage in (one, other) if any(mark.cue in _SAID for mark in passage.marks)]
    if len(worded) == 1:
        return worded[0].reason
    return one.reason if one.reason and other.reason else None


def _frames(found: tuple[Mark, ...]) -> tuple[Frame, ...]:
    return tuple(dict.fromkeys(mark.cue.frame for mark in found if mark.cue.frame is not None))


def invisible(text: str) -> Iterator[Passage]:
    """Stretches of characters that nobody sees, whoever pasted them; markup and look-alike letters are left out."""
    for one in hidden(text):
        if one.disguise not in (*_QUIET, Disguise.HOMOGLYPHS):
            yield _hidden_passage(one.start, one.end, one.decoded, one.disguise)


def _unseen(text: str, channel: Channel) -> Iterator[Passage]:
    disguised: list[Hidden] = []
    for one in hidden(text):
        if one.disguise is Disguise.HOMOGLYPHS:
            disguised.append(one)
        elif one.disguise not in _QUIET or is_order(one.decoded, channel):
            yield _hidden_passage(one.start, one.end, one.decoded, one.disguise)
    if disguised:
        start, end = disguised[0].start, disguised[-1].end
        yield _hidden_passage(start, end, " … ".join(one.decoded for one in disguised[:8]), Disguise.HOMOGLYPHS)


def is_order(text: str, channel: Channel) -> bool:
    """Whether a text in a suspicious place is an instruction: by its score, or by a lower one with a frame that honest text lacks."""
    if any(instructions(said(text))):
        return True
    best = max((unit.score for unit in scored_units(text, channel)), default=FLOOR)
    limit = weights(channel).threshold
    if best >= limit:
        return True
    return best >= limit - DISGUISED and any(mark.cue.frame in _TELLING for mark in marks(text[:4000]))


def _hidden_passage(start: int, end: int, decoded: str, disguise: Disguise) -> Passage:
    found = tuple(marks(decoded[:2000]))
    return Passage(
        start, end, start, end, Found.HIDDEN, 0.0, found, (Frame.HIDDEN, *_frames(found)), decoded, str(disguise)
    )


def _decoded(text: str, channel: Channel, words: TextWords) -> Iterator[Passage]:
    for one in encoded(text, lambda plain: is_order(plain, channel), words):
        found = tuple(marks(one.decoded[:2000]))
        yield Passage(
            one.start,
            one.end,
            one.start,
            one.end,
            Found.ENCODED,
            0.0,
            found,
            (Frame.ENCODED, *_frames(found)),
            one.decoded,
            one.scheme,
        )


def _outbreaks(
    text: str, closing: tuple[str, ...], turns: bool, units: list[Scored], channel: Channel, quoting: Quoting
) -> Iterator[Passage]:
    for one in breakouts(text, closing, turns):
        if one.turn and not one.real and quoting.transcript:
            continue
        reason = None if one.real else quoting.reason(one.start, one.end)
        if _speaks(text, one, reason, units, channel):
            yield Passage(
                one.start,
                one.end,
                one.start,
                one.end,
                Found.BREAKOUT,
                0.0,
                (),
                (Frame.BREAKOUT,),
                how=one.imitates,
                certain=one.real or one.certain,
                reason=reason,
            )


def _speaks(text: str, one: Breakout, reason: str | None, units: list[Scored], channel: Channel) -> bool:
    """Whether an imitation is worth a word: it closes what is really there, or an instruction comes with it."""
    if one.block:
        return is_order(text[one.block : one.end], channel)
    if one.real or (one.certain and reason is None):
        return True
    limit = weights(channel).threshold
    return any(
        unit.score >= limit
        for unit in units
        if one.start - 40 <= unit.unit.start <= one.end + 200 or unit.unit.start <= one.start < unit.unit.end
    )


def _lures(text: str, quoting: Quoting) -> Iterator[Passage]:
    for one in lures(text):
        yield Passage(
            one.start,
            one.end,
            one.start,
            one.end,
            Found.LURE,
            0.0,
            (),
            (Frame.EXFILTRATION,),
            how=f"{one.reason}: {one.url}"[:300],
            reason=quoting.example(one.start, one.end),
        )


_SPACES = lazy(r"\s+")


def shown(text: str, limit: int = 300) -> str:
    """Return a text on one line, cut at `limit`."""
    line = _SPACES.sub(" ", text).strip()
    return line if len(line) <= limit else line[: limit - 1] + "…"
