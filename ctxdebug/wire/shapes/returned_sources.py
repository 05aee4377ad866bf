"""Sources and citations that a provider returns beside its answer, gathered into a draft in one way for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ctxdebug.exchange import Draft, DraftCitation, DraftMessage, DraftSource, Part
from ctxdebug.model import Document, Kind, Piece, Pointer, Unseen, UnseenKind

_MOST = 400
"""Sources, and citations, of one answer; the rest is left out."""
_SHORTEST = 3
"""Characters from which a returned text is one."""


class ReturnedSources:
    """The sources of one answer, in the provider's order, and what of the answer it says that they support."""

    def __init__(self, draft: Draft, message: DraftMessage | None) -> None:
        self.draft = draft
        self.message = message
        self._added = 0
        self._known: dict[tuple[str | None, str | None, str | None, str], int] = {}
        self._texts: dict[str, int] = {}
        for number, source in enumerate(draft.returned):
            if source.part is not None:
                self._texts.setdefault(source.part.text.strip(), number)

    def add(
        self,
        document: Document,
        at: Pointer,
        text: object = None,
        text_at: Pointer = (),
        tool: str | None = None,
        *,
        excerpt: bool = False,
        rendered: bool = False,
    ) -> int:
        """Return the number of a source; its text becomes a document of the answer, unless the prompt or an earlier source has it.

        `excerpt` says that the model read more of it; then not all that it read is in the capture. `rendered` says that `text_at`
        leads to what the text was made of.
        """
        said = text if isinstance(text, str) and len(text.strip()) >= _SHORTEST else ""
        key = (document.id, document.title, document.url, said)
        if said and said.strip() in self._texts:
            return self._texts[said.strip()]
        if key in self._known:
            return self._known[key]
        if len(self.draft.returned) >= _MOST:
            return len(self.draft.returned) - 1
        number = self._known[key] = len(self.draft.returned)
        if said:
            self._texts[said.strip()] = number
        part = self._part(document, said, text_at, tool, rendered) if said else None
        self.draft.returned.append(DraftSource(document, at, part, excerpt))
        if excerpt:
            self.more_was_read(at)
        return number

    def given(self, document: Document, at: Pointer, part: Part) -> int:
        """Return the number of a source that the request holds as `part`."""
        key = (document.id, document.title, document.url, f"\0{id(part)}")
        if key not in self._known:
            self._known[key] = len(self.draft.returned)
            self.draft.returned.append(DraftSource(document, at, part))
        return self._known[key]

    def cite(
        self,
        part: Part | None,
        span: tuple[int, int],
        sources: Iterable[int],
        at: Pointer,
        missing: str = "",
        quote: str = "",
    ) -> None:
        """Note a citation; `missing` is what it names and no source is."""
        numbers = tuple(sources)
        if part is not None and (numbers or missing) and len(self.draft.citations) < _MOST:
            start, end = span
            self.draft.citations.append(DraftCitation(part, start, end, numbers, at, missing, quote))

    def more_was_read(self, at: Pointer) -> None:
        """Note that the model read more of its sources than the provider returned."""
        if not any(one.kind is UnseenKind.EXCERPTS for one in self.draft.unseen):
            self.draft.unseen.append(
                Unseen("the text of the sources that the provider searched", at, UnseenKind.EXCERPTS)
            )

    def _part(self, document: Document, text: str, at: Pointer, tool: str | None, rendered: bool) -> Part:
        held = text.strip()
        for message in (*self.draft.messages, *self.draft.answer):
            for part in message.parts:
                if part.kind is not Kind.TOOL_CALL and held in part.text and message.role.value != "assistant":
                    return part
        part = Part(Kind.DOCUMENT, text, (Piece(0, len(text), at, rendered=rendered),), document=document, tool=tool)
        if self.message is not None:
            self.message.parts.insert(self._added, part)
            self._added += 1
        return part


def spoken(message: DraftMessage | None) -> Part | None:
    """Return the one text of an answer; the first of several."""
    return next((part for part in message.parts if part.kind is Kind.TEXT), None) if message is not None else None


def span_of(text: str, words: object, start: int | None, end: int | None) -> tuple[int, int]:
    """Return where cited words are in an answer: where the provider says, else where they are found, else the whole of it."""
    told = start is not None and end is not None and 0 <= start < end <= len(text)
    if isinstance(words, str) and words.strip():
        if told and start is not None and end is not None and text[start:end] == words:
            return start, end
        near = text.find(words, max(0, (start or 0) - len(words)))
        found = near if near >= 0 else text.find(words)
        if found >= 0:
            return found, found + len(words)
    if told and start is not None and end is not None:
        return start, end
    return 0, len(text)


def characters(text: str, size: int | None) -> int | None:
    """Return how many characters the first `size` bytes of a text's UTF-8 are."""
    return (
        None if size is None else len(text.encode("utf-8", "surrogatepass")[: max(0, size)].decode("utf-8", "ignore"))
    )


def by_number(numbers: Sequence[int], index: object) -> int | None:
    """Return the source at an index that the provider gives; None where it has no such source."""
    return (
        numbers[index] if isinstance(index, int) and not isinstance(index, bool) and 0 <= index < len(numbers) else None
    )
