"""Private text that leaves: words of the system prompt, secrets and internal texts in a call, data in an image's address."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis.directives.known import ReadBefore, TracedValue, place_of
from ctxdebug.analysis.directives.obedience import normal
from ctxdebug.analysis.directives.side_effects import name_parts
from ctxdebug.model import Segment, ToolCall
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_length, by_text
from ctxdebug.text.wordings import wording

RUN = 8
"""Words in a row that two texts do not share by chance."""
LONGEST = 20_000
"""Characters of a private text that are compared."""
_WORD = lazy(r"[^\W_]+")
_SECRET = lazy(
    r"\b(?:(?:sk|pk|rk)[-_]|gh[pousr]_|xox[bap]-|AKIA|AIza)(?=[-_A-Za-z]{0,40}\d)[-_A-Za-z0-9]{12,80}|-----BEGIN [A-Z ]{2,30}KEY-----"
    r"|\b[A-Z][A-Z0-9_]{2,40}(?:KEY|TOKEN|SECRET|PASSWORD)\s{0,2}[=:]\s{0,2}([^\s'\"]{6,120})"
)
_TOLD = wording("injection_provenance", "told")
_PRIVATE = wording("injection_provenance", "private")
_TO_BE_TOLD = wording("injection_provenance", "to be told")
_HEAD = 400
"""Characters of a text in which a mark that it is private stands."""
_CREDENTIALS = wording("injection_provenance", "credentials")
_URL = lazy(r"https?://([\w.-]{4,120})[^\s\"'<>)\]]{0,300}")
_HOST = lazy(r"(?<![\w.-])(?:[\w-]{1,40}\.){0,3}([\w-]{2,60})\.[a-z]{2,12}\b")
_NAME = 6
"""Letters of a host's name that are hardly part of another by chance."""
_LONG_WORD = 4
_LATELY = 40
"""Texts that are marked as private, the last before a call, that are looked for in it."""
_NEAR = 200
"""Characters around a link in which it is said what to enter there."""
_IMAGE = lazy(
    r"!\[[^\]\n]{0,200}\]\((https?://[^\s)]{4,900})\)|<img[^<>]{0,200}?src\s*=\s*[\"']?(https?://[^\s\"'>]{4,900})"
)


@by_text
def _secrets(text: str) -> tuple[tuple[int, int], ...]:
    matches = _SECRET.finditer(text[:LONGEST])
    return tuple(match.span(1 if match[1] else 0) for match in matches)


class Words:
    """A text's words with their places, and where each run of `RUN` words begins."""

    def __init__(self, text: str) -> None:
        found = list(_WORD.finditer(text))
        self.places = [match.span() for match in found]
        words = [match[0].lower() for match in found]
        self.runs: dict[tuple[str, ...], int] = {}
        for index in range(len(words) - RUN + 1):
            self.runs.setdefault(tuple(words[index : index + RUN]), index)

    def span(self, run: tuple[str, ...]) -> tuple[int, int]:
        """Return the characters of a run."""
        at = self.runs[run]
        return self.places[at][0], self.places[at + RUN - 1][1]


@by_length(20.0)
def _words(text: str) -> Words:
    return Words(text[:LONGEST])


_ELSEWHERE = frozenset(
    "docs doc search web fetch http https api finder lookup browse url request translate convert weather".split()
)
"""Words of the names of tools that look something up elsewhere."""


def secrets_passed(segment: Segment, call: ToolCall, read: ReadBefore) -> Iterator[TracedValue]:
    """Yield a secret that a tool read and that a call passes to a service which only looks something up."""
    if not _ELSEWHERE.isdisjoint(name_parts(call)):
        yield from _secrets_in(segment, read)


def _secrets_in(segment: Segment, read: ReadBefore) -> Iterator[TracedValue]:
    for source, at, stop, value in _secrets_read(read):
        start = segment.text.find(value)
        if start >= 0 and not read.said(value):
            why = "it carries a secret that a tool read"
            yield TracedValue(segment, start, start + len(value), value, source, at, stop, why)
            return


def leaks(segment: Segment, read: ReadBefore) -> Iterator[TracedValue]:
    """Yield private words that a call carries outside: of the system prompt or of what is marked private, and secrets."""
    mine = Words(segment.text[:LONGEST])
    for source in read.prompts:
        theirs = _words(source.text)
        shared = next(
            (run for run in mine.runs if run in theirs.runs and _to_model(source.text, theirs.span(run))), None
        )
        if shared is not None:
            start, end = mine.span(shared)
            why = "it carries words of the system prompt"
            yield TracedValue(segment, start, end, segment.text[start:end], source, *theirs.span(shared), why)
            return
    if (secret := next(_secrets_in(segment, read), None)) is not None:
        yield secret
        return
    for source in read.sifted(_marked_private)[-_LATELY:]:
        if _asked_about(source, read):
            continue
        theirs = _words(source.text)
        shared = next((run for run in mine.runs if run in theirs.runs), None)
        if shared is not None:
            start, end = mine.span(shared)
            why = "it carries words of a text that is marked as private, and no request speaks of it"
            yield TracedValue(segment, start, end, segment.text[start:end], source, *theirs.span(shared), why)
            return


def _marked_private(source: Segment) -> bool:
    """Whether a text says that it is private, and nothing of it is to be told."""
    return _PRIVATE.search(source.text[:_HEAD]) is not None and _TO_BE_TOLD.search(source.text[:LONGEST]) is None


def _has_secrets(source: Segment) -> bool:
    return bool(_secrets(source.text))


def _asked_about(source: Segment, read: ReadBefore) -> bool:
    """Whether a request has a longer word of a text, or speaks of what is private itself."""
    if read.requests.say(_PRIVATE):
        return True
    return not read.requests.words.isdisjoint(_longer_words(source.text))


@by_length(2.0)
def _longer_words(text: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(text[:LONGEST].lower()) if len(word) > _LONG_WORD)


def _secrets_read(read: ReadBefore) -> Iterator[tuple[Segment, int, int, str]]:
    """Yield the secrets that tools read, each with its place."""
    for segment in read.sifted(_has_secrets):
        for start, end in _secrets(segment.text):
            yield segment, start, end, segment.text[start:end]


def _to_model(text: str, place: tuple[int, int]) -> bool:
    """Whether words of the system prompt tell the model something; what the prompt knows of the world is there to be told."""
    start = max(text.rfind(". ", 0, place[0]), text.rfind("\n", 0, place[0]), 0)
    return _TOLD.search(text, start, place[1]) is not None


def shown_outside(segment: Segment, read: ReadBefore) -> Iterator[TracedValue]:
    """Yield what an answer shows that leads its reader, or private data, to somebody else."""
    yield from _in_images(segment, read)
    yield from _look_alikes(segment, read)


def _look_alikes(segment: Segment, read: ReadBefore) -> Iterator[TracedValue]:
    """Yield links to sign in or pay at a host that only untrusted text named and whose name is made of the operator's own."""
    if "://" not in segment.text:
        return
    hosts = {
        match[0].lower(): _letters(match[1]) for one in read.prompts for match in _HOST.finditer(one.text[:LONGEST])
    }
    for match in _URL.finditer(segment.text):
        host = match[1].lower().rstrip(".")
        own = next(
            (
                one
                for one, name in hosts.items()
                if len(name) >= _NAME and name in _letters(host) and not _within(host, one)
            ),
            None,
        )
        if own is None or _CREDENTIALS.search(segment.text, max(0, match.start() - _NEAR), match.end() + _NEAR) is None:
            continue
        source = read.first(normal(host))
        if source is not None:
            why = f"the answer sends its reader to {host}, which only untrusted text named and which is not {own}"
            yield TracedValue(segment, *match.span(), match[0], source, *place_of(source.text, host), why)


def _letters(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _within(host: str, own: str) -> bool:
    """Whether a host is one of a domain."""
    domain = ".".join(own.split(".")[-2:])
    return host == domain or host.endswith("." + domain)


def _in_images(segment: Segment, read: ReadBefore) -> Iterator[TracedValue]:
    """Yield images in an answer whose address carries data to a host that only untrusted text named."""
    for match in _IMAGE.finditer(segment.text):
        url = match[1] or match[2]
        base, _, query = url.partition("?")
        host = base.split("/")[2] if base.count("/") > 1 else base
        values = [part.partition("=")[2] for part in query.split("&")]
        if not any(len(value) >= RUN for value in values):
            continue
        source = read.first(normal(host))
        if source is None or url in source.text:
            continue
        at, stop = place_of(source.text, host)
        yield TracedValue(
            segment,
            *match.span(),
            url,
            source,
            at,
            stop,
            f"the answer shows an image whose address carries data to {host}",
        )
