"""Where the values of a YAML text stand, and where each character of a scalar does.

Only events are read: a composer would crash on deep nesting. A scalar's text is read a second time,
with a note of where each character comes from; when that does not give what the parser gave, the
scalar is located as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ctxdebug.errors import LoadError
from ctxdebug.locate.layers import Layer, Region
from ctxdebug.locate.yaml_scalars import scalar_offsets
from ctxdebug.records import field, record

_DEEPEST = 64


@record(slots=True)
class _Node:
    """A value's characters; children of a collection, or the value and style of a scalar."""

    start: int
    end: int
    value: str | None = None
    style: str | None = None
    children: dict[str | int, _Node] = field(default_factory=dict)


class YamlText:
    """The values of one YAML text by their steps."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer
        self._root: _Node | None = None
        self._read = False

    def find(self, steps: Sequence[str | int]) -> Region | None:
        """Return the value at the end of `steps`, or the deepest one on the way."""
        if not self._read:
            self._root, self._read = _tree(self._layer.text), True
        node = self._root
        if node is None:
            return None
        for step in steps:
            child = node.children.get(step)
            if child is None:
                break
            node = child
        if node.value is None:
            return Region(self._layer, node.start, node.end)
        found = scalar_offsets(self._layer.text, node.start, node.end, node.style, node.value)
        if found is None:
            return Region(self._layer, node.start, node.end)
        start, end, inward = found
        return Region(self._layer, start, end, inward, node.value)


def _events(text: str) -> Iterator[Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(text.removeprefix("\ufeff"), Loader=loader)
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise LoadError("is not YAML") from error


def _tree(text: str) -> _Node | None:
    """Return the document's nodes; aliases stand for what they name."""
    from yaml import events

    shift = 1 if text.startswith("\ufeff") else 0
    anchors: dict[str, _Node] = {}
    holder = _Node(0, len(text))
    stack: list[tuple[_Node, bool, list[Any]]] = [(holder, False, [0])]
    for event in _events(text):
        kind = type(event)
        if kind in {events.MappingEndEvent, events.SequenceEndEvent}:
            node, _, _ = stack.pop()
            node.end = event.end_mark.index + shift
            continue
        if kind is events.AliasEvent:
            node = anchors.get(event.anchor) or _Node(event.start_mark.index, event.end_mark.index)
        elif kind in {events.ScalarEvent, events.MappingStartEvent, events.SequenceStartEvent}:
            node = _Node(event.start_mark.index + shift, event.end_mark.index + shift)
            if event.anchor is not None:
                anchors[event.anchor] = node
        else:
            continue
        if kind is events.ScalarEvent:
            node.value, node.style = event.value, event.style
        _place(stack[-1], node)
        if kind in {events.MappingStartEvent, events.SequenceStartEvent}:
            if len(stack) > _DEEPEST:
                return None
            stack.append((node, kind is events.MappingStartEvent, [0] if kind is events.SequenceStartEvent else [None]))
    return holder.children.get(0)


def _place(top: tuple[_Node, bool, list[Any]], node: _Node) -> None:
    """Put a node under the key that waits for it, or make it that key."""
    parent, is_mapping, state = top
    if not is_mapping:
        parent.children[state[0]] = node
        state[0] += 1
    elif state[0] is None:
        state[0] = node.value if node.value is not None else ""
    else:
        parent.children[state[0]] = node
        state[0] = None
