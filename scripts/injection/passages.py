"""Whole texts made of the grammar's sentences: honest ones, and the same with an order planted inside."""

from __future__ import annotations

import importlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.injection.grammar import Grammar

HERE = Path(__file__).parent
_STDLIB = ("argparse asyncio collections concurrent.futures configparser contextlib csv ctypes datetime decimal difflib dis doctest email "
           "enum fractions functools gettext heapq http.client imaplib inspect ipaddress json logging mailbox multiprocessing "
           "optparse os pathlib pdb pickle pkgutil platform plistlib pydoc queue random re sched secrets shlex shutil smtplib socket sqlite3 ssl "
           "statistics string subprocess tarfile tempfile textwrap threading timeit tkinter trace traceback turtle typing unittest urllib.request "
           "unittest.mock uuid venv warnings weakref xml.etree.ElementTree zipfile zoneinfo").split()  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, its family, and the planted order's characters (None in an honest text)."""

    text: str
    family: str
    span: tuple[int, int] | None


def honest(count: int, rng: random.Random) -> Iterator[Passage]:
    """Texts of three to twelve sentences of one honest family, in one of several layouts."""
    grammar = Grammar(HERE / "benign.txt")
    families = list(grammar.productions)
    for index in range(count):
        family = families[index % len(families)]
        sentences = _honest_sentences(grammar, family, rng.randint(3, 12), rng)
        yield Passage(_laid_out(sentences, family, rng), f"honest:{family}", None)


def planted(count: int, rng: random.Random, carriers: list[str] | None = None) -> Iterator[Passage]:
    """Honest texts with one order put at the start, in the middle or at the end."""
    benign, attacks = Grammar(HERE / "benign.txt"), Grammar(HERE / "attacks.txt")
    families, homes = list(attacks.productions), list(benign.productions)
    for index in range(count):
        family = families[index % len(families)]
        templates = attacks.productions[family]
        order = attacks.sentence(rng.choice(templates), rng)
        if family == "letter" and rng.random() < 0.6:
            order = order.replace(". ", ".\n\n" if rng.random() < 0.5 else ".\n")
        home = rng.choice(homes)
        carrier = rng.choice(carriers) if carriers and rng.random() < 0.5 else None
        text = carrier or _laid_out(_honest_sentences(benign, home, rng.randint(2, 8), rng), home, rng)
        yield _spliced(text, order, family, rng)


def docstrings() -> Iterator[Passage]:
    """The documentation inside Python's standard library: honest prose that nobody here wrote."""
    seen: set[str] = set()
    for name in _STDLIB:
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        things = [
            module,
            *(value for value in vars(module).values() if str(getattr(value, "__module__", "")).startswith(name)),
        ]
        things += [m for t in things[1:] if isinstance(t, type) for m in vars(t).values()]
        for thing in things:
            text = getattr(thing, "__doc__", None)
            if isinstance(text, str) and len(text) > 60 and text not in seen:
                seen.add(text)
                yield Passage(text[:6000], "honest:docstring", None)


def _honest_sentences(grammar: Grammar, family: str, count: int, rng: random.Random) -> list[str]:
    pool = grammar.productions[family]
    return [grammar.sentence(template, rng) for template in rng.sample(pool, min(count, len(pool)))]


def _laid_out(sentences: list[str], family: str, rng: random.Random) -> str:
    kind = rng.random()
    if family == "table":
        return _tabular(sentences, rng)
    if family in ("log", "cli"):
        return "\n".join(sentences)
    if family == "mail" and kind < 0.5:
        return f"Subject: {sentences[0]}\nFrom: {rng.choice(['ana', 'li', 'joe'])}@firm.example\nBody: " + " ".join(
            sentences[1:]
        )
    if kind < 0.3:
        return "# Notes\n\n" + "\n".join(f"- {sentence}" for sentence in sentences)
    if kind < 0.4:
        return "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(sentences, 1))
    if kind < 0.5:
        return json.dumps({"title": sentences[0], "content": " ".join(sentences[1:])})
    return (" " if kind < 0.8 else "\n\n").join(sentences)


def _tabular(values: list[str], rng: random.Random) -> str:
    kind = rng.random()
    keys = ("id", "name", "status", "note", "owner", "title", "body", "amount", "date", "place", "kind", "text", "url")
    rows = [
        {
            key: (str(rng.randint(1, 9999)) if rng.random() < 0.3 else value)
            for key, value in zip(rng.sample(keys, len(values)), values, strict=True)
        }
        for _ in range(rng.randint(1, 3))
    ]
    if kind < 0.35:
        return json.dumps(rows)
    if kind < 0.5:
        return json.dumps(rows[0], indent=2)
    if kind < 0.7:
        return str(rows)
    if kind < 0.85:
        return "\n".join(f"{key}: {value}" for row in rows for key, value in row.items())
    return "\n".join("| " + " | ".join(row.values()) + " |" for row in rows)


def _spliced(text: str, order: str, family: str, rng: random.Random) -> Passage:
    where = rng.random()
    words = len(order.partition(": ")[0]) if family.startswith("insert") else len(order)
    if text[:1] in "[{":
        inside = [
            i
            for i, c in enumerate(text)
            if c == " " and text[i - 1] not in ",:" and text[max(0, i - 60) : i].count(text[1:2]) >= 0
        ]
        values = [i + 3 for i in range(len(text) - 3) if text[i : i + 3] in ('": "', ': "', ": '")]
        at = rng.choice(values or inside or [len(text)])
        return Passage(text[:at] + order.replace('"', "'") + text[at:], f"planted:{family}", (at, at + words))
    glue = rng.choice(("\n\n", "\n", " ")) if "|" not in text else " "
    if where < 0.25:
        return Passage(order + glue + text, f"planted:{family}", (0, words))
    if where < 0.6:
        return Passage(text + glue + order, f"planted:{family}", (len(text) + len(glue), len(text) + len(glue) + words))
    breaks = [i for i in range(1, len(text)) if text[i] in " \n" and text[i - 1] in ".!?|\n"] or [len(text)]
    at = rng.choice(breaks) + (0 if breaks[0] == len(text) else 1)
    return Passage(text[:at] + order + glue + text[at:], f"planted:{family}", (at, at + words))
