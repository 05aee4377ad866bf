"""Which untrusted text was examined for injected instructions, in which language, and which was not, and why."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis.directives.harness import harness_blocks
from ctxdebug.analysis.directives.scripts import script_not_carried
from ctxdebug.analysis.directives.wording import carried
from ctxdebug.model import Authority, Kind, Provenance, Role, Segment, Snapshot, Trust
from ctxdebug.records import record
from ctxdebug.text.languages import languages

_WORDS = frozenset({Kind.TEXT, Kind.DOCUMENT, Kind.TOOL_RESULT})
_UNREADABLE = frozenset({Kind.MEDIA, Kind.OPAQUE})
_TELLING = 40
"""Words; a shorter text whose language cannot be told is read with the phrases of every language in its script."""


@record(frozen=True, slots=True)
class SegmentReading:
    """An untrusted segment: the language in which it was examined, or why it was not.

    `language` is an ISO 639-1 code, `und` where the text is too short to tell or has no words; None where it was not read.
    """

    segment: Segment
    language: str | None
    reason: str | None = None

    @property
    def examined(self) -> bool:
        """Whether the whole segment was read."""
        return self.reason is None


def segment_readings(snapshot: Snapshot) -> Iterator[SegmentReading]:
    """Yield each untrusted segment of the request and of the model's tool use, in order, with what was read of it."""
    own = harness_blocks(snapshot.messages)
    for message in (*snapshot.messages, *snapshot.answer):
        for segment in message.segments:
            if untrusted(segment) and segment.id not in own:
                yield _reading(segment)


def untrusted(segment: Segment) -> bool:
    """Whether nobody vouches for a segment, and the model did not write it."""
    return (
        segment.authority is Authority.NONE
        and segment.trust is Trust.UNTRUSTED
        and segment.kind in (_WORDS | _UNREADABLE)
        and segment.provenance is not Provenance.MODEL_OUTPUT
        and segment.role is not Role.ASSISTANT
    )


def _reading(segment: Segment) -> SegmentReading:
    if segment.kind in _UNREADABLE:
        what = segment.media.type if segment.media else "content in an unknown form"
        return SegmentReading(segment, None, f"{what}: only text is read")
    text = segment.text
    if (script := script_not_carried(text)) is not None:
        return SegmentReading(segment, None, f"contains {script} text, and no phrases of that script are carried")
    found = languages(text)
    if not found:
        unclear = len(text.split(None, _TELLING)) > _TELLING and _prose(text)
        reason = "its language could not be told" if unclear else None
        return SegmentReading(segment, None if reason else "und", reason)
    language = next((code for code in found if code in carried()), None)
    if language is None:
        return SegmentReading(segment, None, f"in {found[0]}, and no phrases of that language are carried")
    return SegmentReading(segment, language)


def _prose(text: str) -> bool:
    """Whether a text is mostly words, and not data, code or numbers."""
    sample = text[:4000]
    return sum(c.isalpha() or c == " " for c in sample) > 0.9 * len(sample)
