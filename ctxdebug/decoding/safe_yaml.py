"""Read YAML that somebody else wrote: bounded, untagged, and with JSON's idea of a value.

PyYAML's composer crashes the process on deep nesting and expands aliases without end, so nothing
here composes. The event stream is safe at any depth; values are built from it under limits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.errors import LoadError
from ctxdebug.records import field, record
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml.events import Event, ScalarEvent

_INTEGER = lazy(r"-?(?:0|[1-9][0-9]{0,4000})")
_FLOAT = lazy(r"-?(?:0|[1-9][0-9]{0,400})(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,4})?")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_BINARY = frozenset({"tag:yaml.org,2002:binary", "!binary"})


class Base64Text(str):
    """The base64 text of a value that was tagged as binary."""

    __slots__ = ()


@record(frozen=True, slots=True)
class Limits:
    """What a YAML document may hold. Sizes are bytes; depth counts open collections."""

    size: int = 5_000_000
    depth: int = 64
    events: int = 200_000
    duplicate_keys: bool = False
    """True keeps the last value and goes on, as captures need it."""
    binary: bool = False
    """True keeps the base64 text of a `!!binary` or `!binary` value, as `Base64Text`."""
    tags: bool = False
    """True keeps the plain value under a tag that nobody knows; False refuses it."""
    aliases: int = 0
    """How many nodes all aliases together may stand for; 0 refuses anchors too."""


FIXTURE = Limits()
CAPTURE = Limits(size=256_000_000, events=20_000_000, duplicate_keys=True, binary=True, tags=True, aliases=1_000_000)


def parse_yaml(source: str | bytes, limits: Limits = FIXTURE) -> Any:
    """Read the one document in `source` as dicts, lists, str, int, float, bool and None.

    Only `null`, `true`, `false` and JSON's numbers are retyped; `no`, `0777`, `1:30` and dates stay
    text. Raises `LoadError` with the line and column for everything else.
    """
    text = _decoded(source, limits)
    builder = _Builder(limits)
    for event in _events(text, limits):
        builder.feed(event)
    return builder.result


def parse_beginning(source: str | bytes, limits: Limits = CAPTURE) -> tuple[Any, LoadError | None]:
    """Read as much of a document as is well formed: what was built so far, and the fault that ended it.

    Raises `LoadError` when nothing at all could be built.
    """
    builder = _Builder(limits)
    try:
        for event in _events(_decoded(source, limits), limits):
            builder.feed(event)
    except LoadError as error:
        if not builder.stack:
            raise
        while len(builder.stack) > 1:
            value = builder.stack.pop()
            builder.keys.pop()
            top = builder.stack[-1]
            if isinstance(top, list):
                top.append(value)
            elif (key := builder.keys[-1]) is not None:
                top[key] = value
        return builder.stack[0], error
    return builder.result, None


def _decoded(source: str | bytes, limits: Limits) -> str:
    size, unit = len(source), "bytes" if isinstance(source, bytes) else "characters"
    if size > limits.size:
        raise LoadError(f"the YAML has {size:,} {unit}; the limit is {limits.size:,}")
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LoadError(f"not UTF-8 at byte {error.start:,}") from None


def _events(text: str, limits: Limits) -> Iterator[Event]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(text, Loader=loader)
    except UnicodeEncodeError as error:
        raise LoadError(f"a lone surrogate at character {error.start:,}, which YAML cannot hold") from None
    except yaml.MarkedYAMLError as error:
        raise LoadError(_sentence(_fault(error.problem or error.context or "", limits), error.problem_mark)) from None
    except yaml.YAMLError:
        raise LoadError("not YAML: a character that no YAML file may contain") from None


_FAULTS = (
    (("nesting", "depth"), "nesting deeper than {depth}"),
    (("',' or", "flow"), "brackets or commas that do not match"),
    (("tab", "'\\t'"), "a tab where YAML wants spaces"),
    (("could not find expected ':'",), "a key without its colon"),
    (("end of stream", "document end", "<stream end>", "STREAM-END"), "the file ends too early"),
    (("mapping values are not allowed",), "a colon where YAML allows none"),
    (("alias",), "an alias of something that is not there"),
    (("tag",), "a tag that YAML does not allow"),
    (("escape",), "an escape that YAML does not know"),
    (("block end", "block mapping", "block collection", "expected key"), "an indentation that fits no line above it"),
    (("control characters", "not allowed", "UTF-8"), "a character that no YAML file may contain"),
)
"""What the parser says, by a word of it that its versions share, and what we say. PyYAML with and without libyaml, and
each of its releases, word the same fault in different ways; a reader of ours should not notice."""


def _fault(problem: str, limits: Limits) -> str:
    """Return the parser's complaint in our own words."""
    for words, ours in _FAULTS:
        if any(word.lower() in problem.lower() for word in words):
            return ours.format(depth=limits.depth)
    return "not well-formed YAML"


def _sentence(problem: str, mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}" if mark is not None else problem


@record(slots=True)
class _Builder:
    """Values from events, with an explicit stack in place of recursion."""

    limits: Limits
    result: Any = None
    documents: int = 0
    seen: int = 0
    stack: list[Any] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    """The key that waits for its value, for each open collection."""
    opened: list[tuple[str | None, int]] = field(default_factory=list)
    """The anchor of each open collection, and how many nodes stood before it."""
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    """What each anchor stands for, and its nodes."""
    expanded: int = 0
    """Nodes that aliases stand for."""

    def feed(self, event: Event) -> None:
        self.seen += 1
        if self.seen > self.limits.events:
            raise LoadError(f"the YAML has more than {self.limits.events:,} nodes")
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._scalar(event)
        elif kind == "MappingStartEvent":
            self._open({}, event)
        elif kind == "SequenceStartEvent":
            self._open([], event)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            value = self.stack.pop()
            self.keys.pop()
            self._remember(*self.opened.pop(), value)
            self._place(value, event)
        elif kind == "AliasEvent":
            self._alias(event)
        elif kind == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                raise self._refusal(event, "a second document; one file contains one")

    def _open(self, collection: dict[str, Any] | list[Any], event: Any) -> None:
        self._mark(event)
        if len(self.stack) >= self.limits.depth:
            raise self._refusal(event, f"nesting deeper than {self.limits.depth}")
        if self.stack and isinstance(self.stack[-1], dict) and self.keys[-1] is None and not self.limits.tags:
            raise self._refusal(event, "a key that is not text")
        self.stack.append(collection)
        self.keys.append(None)
        self.opened.append((event.anchor, self.seen + self.expanded))

    def _remember(self, anchor: str | None, before: int, value: Any) -> None:
        if anchor is not None:
            self.anchors[anchor] = (value, self.seen + self.expanded - before + 1)

    def _alias(self, event: Any) -> None:
        if not self.limits.aliases:
            raise self._refusal(event, "an alias; write the value out")
        if event.anchor not in self.anchors:
            raise self._refusal(event, "an alias of something that is not complete")
        value, nodes = self.anchors[event.anchor]
        self.expanded += nodes
        if self.expanded > self.limits.aliases:
            raise self._refusal(event, f"aliases that stand for more than {self.limits.aliases:,} nodes")
        if self.stack and isinstance(self.stack[-1], dict) and self.keys[-1] is None:
            self.keys[-1] = value if isinstance(value, str) else str(value)
            return
        self._place(value, event)

    def _scalar(self, event: Any) -> None:
        self._mark(event)
        if self.stack and isinstance(self.stack[-1], dict) and self.keys[-1] is None:
            self._key(event)
            return
        value: Any = event.value
        if event.tag in _BINARY:
            value = Base64Text(value)
        elif not (event.tag is not None or event.style or not event.implicit[0]):
            value = _plain(event)
        self._remember(event.anchor, self.seen + self.expanded, value)
        self._place(value, event)

    def _mark(self, event: Any) -> None:
        if event.anchor is not None and not self.limits.aliases:
            raise self._refusal(event, "an anchor; write the value out")
        if event.tag is not None and not self.limits.tags and not (self.limits.binary and event.tag in _BINARY):
            raise self._refusal(event, "a tag; only plain YAML is read")

    def _key(self, event: ScalarEvent) -> None:
        key = event.value
        if key == "<<" and not event.style and not self.limits.aliases:
            raise self._refusal(event, "a merge key; write the values out")
        if not self.limits.duplicate_keys and key in self.stack[-1]:
            raise self._refusal(event, f"the key {key[:60]!r} a second time")
        self.keys[-1] = key

    def _place(self, value: Any, event: Any) -> None:
        if not self.stack:
            self.result = value
            return
        top = self.stack[-1]
        if isinstance(top, dict):
            key = self.keys[-1]
            if key is None and self.limits.tags:  # a Python object that a recorder wrote as a key
                self.keys[-1] = _key_text(value)
                return
            if key is None:
                raise self._refusal(event, "a key that is not text")
            if key == "<<" and self.limits.aliases and isinstance(value, (dict, list)):
                _merge(top, value)
            else:
                top[key] = value
            self.keys[-1] = None
        else:
            top.append(value)

    def _refusal(self, event: Any, what: str) -> LoadError:
        return LoadError(_sentence(what, event.start_mark))


def _key_text(value: Any) -> str:
    """Return the text of a key that is a collection: of its first item, as in `!!python/object/new:…istr [accept]`."""
    while isinstance(value, (list, dict)) and value:
        value = next(iter(value.values() if isinstance(value, dict) else value))
    return str(value)[:200] if value not in (None, [], {}) else ""


def _merge(into: dict[str, Any], value: Any) -> None:
    """A merge key adds what is not there yet."""
    for source in value if isinstance(value, list) else [value]:
        if isinstance(source, dict):
            for key, item in source.items():
                into.setdefault(key, item)


def _plain(event: Any) -> Any:
    value = event.value
    if value in _WORDS:
        return _WORDS[value]
    if value[0] in "-0123456789":
        if _INTEGER.fullmatch(value):
            return int(value)
        if _FLOAT.fullmatch(value):
            number = float(value)
            if number in (float("inf"), float("-inf")):
                raise LoadError(_sentence("a number too large to hold", event.start_mark))
            return number
    return value
