"""The sources of a snapshot: which segments they are, what was asked, what was answered, and where each word stands.

Documents, look-up results, other tool results and provider citation blocks are sources; the developer's and the user's own
statements, and what the model said in earlier turns, are given facts and told apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.sources.source import Passage, Source
from ctxdebug.analysis.sources.unfilled import is_placeholder
from ctxdebug.model import Evidence, Kind, Provenance, Role, Segment, UnseenKind
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.sources.claim import Claim
    from ctxdebug.analysis.sources.corpus import Corpus
    from ctxdebug.analysis.sources.examination import Examination
    from ctxdebug.analysis.sources.localisation import Localisation
    from ctxdebug.analysis.sources.memories import SupersededMemory
    from ctxdebug.analysis.sources.retrieval import Passed

_SHORTEST = 1
"""Characters from which a text is a source: a tool may answer with one figure."""
_MOST_CITED = 200
_MOST_READ = 200_000
_FEWEST = 2
_ASKED = lazy(r"[^.?!\n]*\?")
_SAID = lazy(r"[^.?!\n]{8,600}[.?!\n]?")
_LONG_WORD = lazy(r"[^\W\d_]{4,}")
_SAID_BEFORE = frozenset({Kind.TEXT, Kind.TOOL_CALL})
_NAME_PARTS = lazy(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TAG = lazy(r"</?[A-Za-z][\w:.-]{0,40}(?:\s+[\w:.-]{1,40}\s*=[^<>\n]{0,300})?\s*/?>")
_TITLE = lazy(r'"(?:title|name|filename|file_name|document_title|source)"\s*:\s*"([^"\n]{1,160})"')


@cache
def _kinds() -> dict[str, frozenset[str]]:
    loaded = json.loads((files("ctxdebug.analysis.sources") / "kinds.json").read_text("utf-8"))
    return {name: frozenset(words.split()) for name, words in loaded.items() if name != "about"}


def is_look_up(tool: str | None) -> bool:
    """Whether a tool, by its name, looks things up to answer from (and does not act, compute, or work on files)."""
    if not tool:
        return False
    name = tool.rsplit(".", 1)[-1]
    if name in _kinds()["look_up_tools"]:
        return True
    parts = _parts(name)
    return bool(parts & _kinds()["look_up"]) and not parts & (_kinds()["workspace"] | _kinds()["records_only"])


def is_record(tool: str | None) -> bool:
    """Whether a tool, by its name, returns facts to answer from, though not passages that could compete."""
    parts = _parts(tool or "")
    return bool(parts & _kinds()["records"]) and not parts & _kinds()["workspace"]


def _parts(name: str) -> frozenset[str]:
    return frozenset(part.lower() for part in _NAME_PARTS.findall(name))


def is_document(segment: Segment) -> bool:
    """Whether a segment is a document, and not a labelled slot of a prompt template (`[Submission]`, `[Criteria]`)."""
    if segment.kind is not Kind.DOCUMENT or segment.provenance is Provenance.MEMORY:
        return False
    label = (segment.document.id or "").strip().lower() if segment.document else ""
    if segment.tool and not is_look_up(segment.tool) and _kinds()["workspace"] & _parts(segment.tool):
        return False
    return label not in _kinds()["slots"]


@dataclass(frozen=True)
class Sourced:
    """A snapshot's sources, examined. `segments[i]` is the segment of source `i`; None where the provider only cites it."""

    analysis: Analysis
    segments: tuple[Segment | None, ...]
    sources: tuple[Source, ...]
    answers: tuple[tuple[int, Segment], ...]
    """Where each answer segment begins in the answer text."""

    @cached_property
    def examination(self) -> Examination:
        """The pass over the texts; reading them begins here."""
        from ctxdebug.analysis.sources.examination import Examination

        analysis = self.analysis
        read = analysis.segments
        question = analysis.question
        rules = [one.text for one in read if one.role in {Role.SYSTEM, Role.DEVELOPER} and one.kind is Kind.TEXT]
        return Examination(
            self.sources,
            question.text if question is not None else "",
            analysis.answer,
            developer=[*rules, *(tool.text for tool in analysis.snapshot.tools)],
            user=[one.text for one in read if one.role is Role.USER and _is_said(one)],
            earlier=[one.text for one in read if one.role is Role.ASSISTANT and one.kind in _SAID_BEFORE],
            hidden=self.hidden,
        )

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Every sentence of the answer with its verdict: supported, contradicted, unsupported, or not examined and why."""
        return self.examination.claims if self.analysis.answer else ()

    @cached_property
    def competing(self) -> int:
        """How many sources were looked up to answer from."""
        return sum(source.retrieved for source in self.sources)

    @property
    def retrieved(self) -> bool:
        """Whether anything was looked up to answer from."""
        return self.competing > 0

    @property
    def informed(self) -> bool:
        """Whether anything was looked up, or a tool returned facts to answer from."""
        return self.retrieved or any(segment is not None and is_record(segment.tool) for segment in self.segments)

    @cached_property
    def stated(self) -> bool:
        """Whether the user or the developer states something about what was asked: a sentence with two of the question's words.

        Words are compared as written, so that a plain chat costs no more than this.
        """
        question = self.analysis.question
        if question is None:
            return False
        asked = _ASKED.findall(question.text[-4000:])
        wanted = set(_LONG_WORD.findall((asked[-1] if asked else question.text[-600:]).lower()))
        if len(wanted) < _FEWEST:
            return False
        for one in self.analysis.segments:
            if one.kind is not Kind.TEXT or one.role not in {Role.SYSTEM, Role.DEVELOPER, Role.USER}:
                continue
            for sentence in _SAID.findall(one.text[:_MOST_READ].lower()):
                if not sentence.endswith("?") and len(wanted.intersection(_LONG_WORD.findall(sentence))) >= _FEWEST:
                    return True
        return False

    @cached_property
    def hidden(self) -> str:
        """Why the capture does not hold all that the model read as sources; empty if it does."""
        parts = (*self.analysis.segments, *self.analysis.snapshot.answer_segments())
        if any(
            part.kind is Kind.OPAQUE and part.role is not Role.SYSTEM and "encrypted" in part.text[:4000]
            for part in parts
        ):
            return "search results are encrypted, and only the server can read them"
        if any(
            unseen.kind in {UnseenKind.CONVERSATION, UnseenKind.ENCRYPTED} for unseen in self.analysis.snapshot.unseen
        ):
            return "part of the conversation is on the server"
        if any(part.kind is Kind.MEDIA and part.role is not Role.ASSISTANT for part in parts):
            return "the model also read images or files that are no text here"
        return ""

    def name(self, source: int) -> str:
        """How a message calls a source: its id, title, tool, or its number."""
        one = self.sources[source]
        segment = self.segments[source]
        plain = one.id or one.title or (segment.tool if segment is not None and segment.tool else "")
        return plain if len(plain) <= 60 else plain[:57] + "…" if plain else f"source {source + 1}"

    def evidence(self, passage: Passage, note: str) -> Evidence:
        """A passage of a source."""
        segment = self.segments[passage.source]
        if segment is None:
            return Evidence(note, text=self.examination.corpus.words(passage))
        return Evidence(note, segment, passage.start, min(passage.end, len(segment.text)))

    @cached_property
    def _given_segments(self) -> tuple[Segment | None, ...]:
        """The segment of every text of `Examination.evidence`, None for a declaration of a tool and for what is cited only."""
        read = self.analysis.segments
        said = [one for one in read if one.role is Role.USER and _is_said(one)]
        rules = [one for one in read if one.role in {Role.SYSTEM, Role.DEVELOPER} and one.kind is Kind.TEXT]
        earlier = [one for one in read if one.role is Role.ASSISTANT and one.kind in _SAID_BEFORE]
        return (*self.segments, *said, *rules, *(None for _ in self.analysis.snapshot.tools), *earlier)

    def given(self, passage: Passage, note: str) -> Evidence:
        """A passage of the evidence: of a source, or of what the user, the developer or an earlier turn says."""
        segment = self._given_segments[passage.source]
        if segment is None:
            return Evidence(note, text=self.examination.evidence.corpus.words(passage))
        return Evidence(note, segment, passage.start, min(passage.end, len(segment.text)))

    def evidence_name(self, passage: Passage) -> str:
        """How a message calls the text that a passage is of."""
        if passage.source < len(self.sources):
            return self.name(passage.source)
        origin = self.examination.evidence.origins[passage.source].value
        return {"user": "the user's message", "earlier turn": "an earlier turn"}.get(origin, f"the {origin}")

    def answered(self, start: int, end: int, note: str) -> Evidence:
        """Characters of the answer text."""
        for begin, segment in reversed(self.answers):
            if start >= begin:
                return Evidence(note, segment, start - begin, min(end - begin, len(segment.text)))
        return Evidence(note, text=self.analysis.answer[start:end])

    @cached_property
    def passed(self) -> tuple[Passed, ...]:
        """How far each passage that was retrieved beside the call came into the prompt."""
        from ctxdebug.analysis.sources.retrieval import passed

        return passed(self.analysis.beside, self.analysis.segments)

    @cached_property
    def superseded_memories(self) -> tuple[SupersededMemory, ...]:
        """Dated memories that a newer one contradicts, and that the answer followed all the same."""
        from ctxdebug.analysis.sources.memories import memories, superseded

        found = memories(self.analysis.segments)
        return tuple(superseded(found, self.examination.answered)) if len(found) > 1 else ()

    @cached_property
    def localisations(self) -> tuple[Localisation, ...]:
        """Every expected fact (`--fact`), looked for in the whole context."""
        return tuple(self._localised(fact) for fact in self.analysis.options.facts)

    @cached_property
    def context(self) -> tuple[tuple[Segment, ...], Corpus]:
        """Everything that the model read as text, as one corpus."""
        from ctxdebug.analysis.sources.corpus import Corpus

        read = tuple(
            segment
            for segment in self.analysis.segments
            if segment.kind not in {Kind.MEDIA, Kind.OPAQUE, Kind.TOOL_CALL} and segment.text
        )
        return read, Corpus([Source(segment.id, segment.text) for segment in read])

    def _localised(self, fact: str) -> Localisation:
        from ctxdebug.analysis.sources.corpus import Corpus
        from ctxdebug.analysis.sources.localisation import localise

        read, corpus = self.context
        offsets, total = [], 0
        for segment in read:
            offsets.append(total)
            total += len(segment.text)
        history = self.analysis.history
        gone = list(history.dropped) + [before for before, _ in history.cut] if history else []
        cut = Corpus([Source(segment.id, segment.text) for segment in gone]) if gone else None
        beside = Corpus([Source(one.id, one.text) for one in self.analysis.beside]) if self.analysis.beside else None
        return localise(fact, corpus, offsets, total, cut, beside)


def sourced(analysis: Analysis) -> Sourced:
    """Gather the sources of a snapshot; nothing is compared before it is asked for."""
    found = list(_sources(analysis))
    shown = "\n".join(source.text for _, source in found)
    cited = [(None, source) for source in _cited(analysis.snapshot.response) if source.text.strip() not in shown]
    answers: list[tuple[int, Segment]] = []
    total = 0
    for segment in analysis.snapshot.answer_segments():
        if segment.kind is Kind.TEXT:
            answers.append((total, segment))
            total += len(segment.text) + 1
    every = (*found, *cited)
    return Sourced(
        analysis, tuple(segment for segment, _ in every), tuple(source for _, source in every), tuple(answers)
    )


def _is_said(segment: Segment) -> bool:
    """What the user typed or pasted, prompt slots included, documents not."""
    return segment.kind is Kind.TEXT or (segment.kind is Kind.DOCUMENT and not is_document(segment))


def _sources(analysis: Analysis) -> Iterator[tuple[Segment, Source]]:
    for segment in (*analysis.segments, *analysis.snapshot.answer_segments()):
        if segment.is_error or is_placeholder(segment.text) or len(_TAG.sub("", segment.text).strip()) < _SHORTEST:
            continue
        if is_document(segment) or (segment.kind is Kind.DOCUMENT and segment.tool):
            document = segment.document
            title = (document.title or "") if document else ""
            yield (
                segment,
                Source(
                    (document.id or document.url or "") if document else "",
                    segment.text,
                    title,
                    (document.date or "") if document else "",
                    is_document(segment),
                ),
            )
        elif segment.kind is Kind.TOOL_RESULT:
            titled = _TITLE.search(segment.text[:2000]) if is_look_up(segment.tool) else None
            yield segment, Source("", segment.text, titled.group(1) if titled else "", "", is_look_up(segment.tool))
        elif segment.kind is Kind.TEXT and segment.provenance in {Provenance.RETRIEVED, Provenance.TOOL_RESULT}:
            yield segment, Source("", segment.text, "", "", segment.provenance is Provenance.RETRIEVED)


def _cited(response: Any) -> Iterator[Source]:
    """Passages that the provider hands back with its citations (Anthropic `cited_text`, OpenAI file-search results)."""
    stack, seen = [response], 0
    while stack and seen < 20_000:
        one = stack.pop()
        seen += 1
        if isinstance(one, Mapping):
            text = one.get("cited_text") or (one.get("text") if "file_id" in one and "score" in one else None)
            if isinstance(text, str) and len(text.strip()) >= _SHORTEST:
                names = [one.get(key) for key in ("document_title", "filename", "title", "url")]
                yield Source(next((name for name in names if isinstance(name, str)), ""), text)
            stack.extend(one.values())
        elif isinstance(one, list):
            stack.extend(one[:_MOST_CITED])
