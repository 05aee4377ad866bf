"""Printed Python values, read and never run: dicts and lists, and objects as libraries print them.

`ChatCompletion(id='x', choices=[Choice(…)])` is read as the mapping of its keyword arguments; `<object at 0x…>` and names
like `NOT_GIVEN` as text. The reader is a single pass with a stack of its own, so neither depth nor size can hurt it.
"""

from __future__ import annotations

import re
from typing import Any

from ctxdebug.errors import LoadError
from ctxdebug.text.patterns import lazy

_DEEPEST = 200
_SPACE = lazy(r"[ \t\r\n]*")
_STRING = lazy(r"[rRbBuU]{0,2}(?:'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")", re.DOTALL)
_NUMBER = lazy(r"[-+]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][-+]?\d{1,4})?")
_NAME = lazy(r"[A-Za-z_][\w.]{0,200}")
_ANGLED = lazy(r"<[^<>\n]{0,300}>")
_KEYWORD = lazy(r"([A-Za-z_]\w{0,100})[ \t\r\n]{0,20}=(?!=)")
_CLOSING = {"[": "]", "(": ")", "{": "}"}
_WORDS = {"None": None, "True": True, "False": False, "null": None, "true": True, "false": False, "nan": None}

_SPEAKERS = {"SystemMessage": "system", "HumanMessage": "human", "AIMessage": "ai", "AIMessageChunk": "ai",
             "ToolMessage": "tool", "FunctionMessage": "function"}  # fmt: skip
"""Classes of LangChain whose name alone tells who speaks."""


def read_repr(text: str, start: int = 0) -> tuple[Any, int]:
    """Return the value that is printed at `start`, and where it ends; raises `LoadError` where none is."""
    return _Reader(text).value(start)


class _Open:
    """A collection that is being read."""

    __slots__ = ("closing", "items", "key", "name", "named", "pairs")

    def __init__(self, closing: str, *, name: str | None = None) -> None:
        self.closing = closing
        self.name = name
        self.named = named = name is not None
        self.items: list[Any] = []
        self.pairs: dict[str, Any] | None = {} if named else None
        self.key: str | None = None

    def add(self, value: Any) -> None:
        if self.key is not None:
            self.pairs = {} if self.pairs is None else self.pairs
            if self.key in self.pairs:
                raise LoadError(f"is no printed Python value: {self.key!r} is in one object twice")
            self.pairs[self.key] = value
            self.key = None
        else:
            self.items.append(value)

    def done(self) -> Any:
        if self.pairs and self.items:
            if not self.named:
                raise LoadError("is no printed Python value: a dict has a value without a key")
            self.pairs["*args"] = self.items
        if self.name in _SPEAKERS and self.pairs and not {"type", "role"} & self.pairs.keys():
            return {"type": _SPEAKERS[self.name], **self.pairs}
        if self.named:
            return self.pairs if self.pairs or not self.items else self.items[0] if len(self.items) == 1 else self.items
        if self.closing == "}":
            return self.pairs if self.pairs is not None else {} if not self.items else self.items
        return self.items


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text

    def value(self, at: int) -> tuple[Any, int]:
        text, stack = self._text, list[_Open]()
        while True:
            at = self._space(at)
            if at >= len(text):
                raise LoadError("a printed Python value ends in the middle")
            if stack and text[at] == stack[-1].closing:
                value, at = stack.pop().done(), at + 1
            elif stack and stack[-1].named and (keyword := _KEYWORD.match(text, at)):
                stack[-1].key, at = keyword[1], keyword.end()
                continue
            elif text[at] in _CLOSING:
                at = self._open(stack, _CLOSING[text[at]], at + 1)
                continue
            else:
                value, at, opens = self._scalar(at)
                if opens:
                    at = self._open(stack, ")", at, name=str(value))
                    continue
            if not stack:
                return value, at
            at = self._placed(stack[-1], value, at)

    def _open(self, stack: list[_Open], closing: str, at: int, *, name: str | None = None) -> int:
        if len(stack) >= _DEEPEST:
            raise LoadError(f"a printed Python value is nested deeper than {_DEEPEST}")
        stack.append(_Open(closing, name=name))
        return at

    def _placed(self, top: _Open, value: Any, at: int) -> int:
        at = self._space(at)
        if top.closing == "}" and top.key is None and self._text[at : at + 1] == ":":
            top.key = value if isinstance(value, str) else str(value)
            return at + 1
        top.add(value)
        if self._text[at : at + 1] == ",":
            return at + 1
        if self._text[at : at + 1] == top.closing:
            return at
        raise LoadError(f"is no printed Python value: character {at:,} fits nothing before it")

    def _scalar(self, at: int) -> tuple[Any, int, bool]:
        """Return a value without parts, where it ends, and whether it is a name that opens a call."""
        text = self._text
        if string := _STRING.match(text, at):
            joined, end = [_literal(string[0])], string.end()
            while following := _STRING.match(text, self._space(end)):
                joined.append(_literal(following[0]))
                end = following.end()
            return "".join(joined), end, False
        if number := _NUMBER.match(text, at):
            return _number(number[0]), number.end(), False
        if name := _NAME.match(text, at):
            if text[name.end() : name.end() + 1] == "(":
                return name[0].rpartition(".")[2], name.end() + 1, True
            return _WORDS.get(name[0], name[0]), name.end(), False
        if angled := _ANGLED.match(text, at):
            return angled[0], angled.end(), False
        raise LoadError(f"is no printed Python value: character {at:,} begins none")

    def _space(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match else at


def _literal(printed: str) -> str:
    try:
        import ast

        value = ast.literal_eval(printed)
    except (ValueError, SyntaxError) as error:
        raise LoadError("a printed Python string has an escape that cannot be read") from error
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _number(printed: str) -> int | float | None:
    try:
        return int(printed)
    except ValueError:
        number = float(printed)
        return number if number not in (float("inf"), float("-inf")) else None
