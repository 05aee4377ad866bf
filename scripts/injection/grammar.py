"""Sentences from a small grammar file, the same ones for the same seed."""

from __future__ import annotations

import random
import re
from pathlib import Path

_SLOT = re.compile(r"\{(\w+)\}")
_BAR = re.compile(r"\s\|(?=\s)")
_ASK = r"(?:please|kindly|now|you (?:must|should)|could you|can you|I need you to|go ahead and|make sure to|be so kind as to)"
_DOUBLED = re.compile(rf"\b{_ASK} (?=(?:what|how|who|when|is|are|can|could|please|your)\b)|^\| ", re.IGNORECASE)


class Grammar:
    """Slots and productions read from a file: `name: choice | choice`; productions begin with `=`."""

    def __init__(self, path: Path) -> None:
        self.slots: dict[str, list[str]] = {}
        self.productions: dict[str, list[str]] = {}
        for line in path.read_text("utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                name, _, body = line.partition(": ")
                choices = [choice.strip() for choice in _BAR.split(body)]
                target = self.productions if name.startswith("=") else self.slots
                target[name.lstrip("=")] = choices

    def sentence(self, template: str, rng: random.Random) -> str:
        """A template with every slot filled; the first letter of each sentence is a capital, most of the time."""
        text = template
        for _ in range(12):
            filled = _SLOT.sub(lambda match: rng.choice(self.slots[match[1]]), text)
            if filled == text:
                break
            text = filled
        text = re.sub(r"\s+", " ", text).strip().replace("{{", "{").replace("}}", "}")
        text = _DOUBLED.sub("", re.sub(r"([.?!])\.+", r"\1", text))
        if rng.random() < 0.85:
            text = re.sub(r"(^[*#=!-]*|[.!?:] )([a-z])", lambda match: match[1] + match[2].upper(), text)
        if rng.random() < 0.06:
            text = text.upper()
        return text

    def sample(self, family: str, count: int, rng: random.Random) -> list[str]:
        """`count` sentences of a family, its templates in turn."""
        templates = self.productions[family]
        return [self.sentence(templates[i % len(templates)], rng) for i in range(count)]
