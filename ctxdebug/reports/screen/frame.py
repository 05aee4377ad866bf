"""What both forms of the screen share: labelled rows, safe text, the header, one line a finding."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ctxdebug.questions import Question, Verdict
from ctxdebug.reports.verdict_marks import SEVERITY_MARKS, STYLES
from ctxdebug.text.printable import clean, clean_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from ctxdebug.engine.report import Examined
    from ctxdebug.model import Finding

_LABEL = 11


class Frame:
    """A console, a case, and the ways to write a row of it."""

    wide = _LABEL
    """Columns of the labels on the left."""

    def __init__(self, console: Console, examined: Examined, position: str) -> None:
        self.console = console
        self.examined = examined
        self.position = position
        self.snapshot = examined.snapshot
        self.width = console.width
        self.narrow = console.width < 60
        self.label = 2 if self.narrow else self.wide

    def text(self, *parts: str | tuple[str, str]) -> Text:
        """Styled words; whatever is in them, a terminal will only show it."""
        from rich.text import Text

        return Text.assemble(*(clean(part) if isinstance(part, str) else (clean(part[0]), part[1]) for part in parts))

    def blank(self) -> None:
        """An empty row."""
        self.console.print()

    def labelled(self, label: str | tuple[str, str], *parts: str | tuple[str, str], rows: int = 0) -> None:
        """A label in the left column, and text that folds under itself in the right one, in at most `rows` rows."""
        name, style = (label, "bold") if isinstance(label, str) else label
        lines = self._wrap(self.text(*parts), self.width - self.label, rows)
        if self.narrow:
            if name:
                self.console.print(self.text((name, style)))
            for line in lines:
                self.console.print(self.text("  ").append_text(line))
            return
        head = self.text((f" {name}".ljust(self.wide), style))
        for number, line in enumerate(lines):
            lead = head if number == 0 else self.text(" " * self.wide)
            self.console.print(lead.append_text(line), soft_wrap=True)

    def _wrap(self, text: Text, width: int, rows: int) -> list[Text]:
        lines = list(text.wrap(self.console, max(10, width), no_wrap=False))
        if rows and len(lines) > rows:
            last = lines[rows - 1]
            last.rstrip()
            if last.cell_len > max(1, width - 2):
                kept = last.plain[: width - 2]
                last.truncate(len(kept.rpartition(" ")[0].rstrip()) or width - 2, overflow="crop")
            last.append(" …")
            lines = lines[:rows]
        for line in lines:
            line.rstrip()
        return lines or [text]

    def wrapped(self, label: str, words: str, rows: int) -> None:
        """Plain words behind a label, in at most `rows` rows."""
        self.labelled((label, "dim"), clean_line(words), rows=rows)

    def quoted_lines(self, label: str, shown: tuple[str, str, str], rows: int, where: str = "") -> None:
        """Captured words behind a label, what matters in brackets, and on the right where they are."""
        before, value, after = shown
        parts: list[str | tuple[str, str]] = [before]
        if value:
            parts += [(f"[{value}]", "bold"), after]
        lines = self._wrap(self.text(*parts), self.width - self.label, rows)
        last = lines[-1]
        room = self.width - self.label - last.cell_len - len(where)
        if where and room >= 2 and not self.narrow:
            last.append(" " * room)
            last.append(where, style="dim")
        head = self.text((f" {label}".ljust(self.wide), "bold"))
        for number, line in enumerate(lines):
            lead = (
                self.text((label, "bold"), "  ")
                if self.narrow and number == 0
                else head
                if number == 0
                else self.text(" " * self.label)
            )
            self.console.print(lead.append_text(line), soft_wrap=True)

    def header(self) -> None:
        """The file, the model, the prompt's size, and whether it was processed in full."""
        snapshot = self.snapshot
        model = snapshot.answered_by or snapshot.model or "model not named: --model"
        name = clean_line(PurePath(snapshot.path).name)
        parts = [clean_line(model), size_words(self.examined)]
        line = self.text(" ", (name, "bold"), f"{self.position}   ", " · ".join(parts))
        if line.cell_len > self.width:
            parts = [clean_line(model), size_words(self.examined, brief=True)]
            line = self.text(" ", (name, "bold"), f"{self.position}   ", " · ".join(parts))
        self.console.print(line)
        self.blank()

    def notes(self) -> None:
        """What the loader had to assume, and what the capture does not contain."""
        unseen = dict.fromkeys(f"not in the capture: {one.what}" for one in self.snapshot.unseen)
        for note in (*self.snapshot.notes, *unseen):
            self.labelled("", (clean_line(note), "dim"), rows=2)

    def finding_line(self, finding: Finding, rows: int) -> None:
        """A finding in a row or two: mark, severity, what is wrong, its code at the right edge."""
        mark, style = SEVERITY_MARKS[finding.severity], STYLES[finding.severity]
        words = clean_line(_begun(finding.message))
        width = self.width - self.label - 9
        lines = self._wrap(self.text((words, "bold")), width, rows)
        first = lines[0]
        first.append(" " * max(1, width + 8 - first.cell_len - len(finding.code)))
        first.append(finding.code, style="dim")
        head = self.text((f" {mark} {finding.severity.word}".ljust(self.wide), style))
        for number, line in enumerate(lines):
            self.console.print((head if number == 0 else self.text(" " * self.label)).append_text(line), soft_wrap=True)


def _begun(message: str) -> str:
    """Return a message as a sentence of its own; a name at its beginning (`search_policies`, `gpt-4o`) stays as it is."""
    first = message.partition(" ")[0].strip(",:;")
    return message[:1].upper() + message[1:] if first.isascii() and first.isalpha() else message


def size_words(examined: Examined, *, brief: bool = False) -> str:
    """How many tokens the prompt has, of how many, and what the provider counted."""
    analysis, snapshot = examined.analysis, examined.snapshot
    prompt, window, usage = analysis.prompt, analysis.window, snapshot.usage
    recorded = usage.prompt if usage is not None else None
    tokens = (
        f"{recorded:,}" if recorded is not None else f"{'' if prompt.total.exact else 'about '}{prompt.total.value:,}"
    )
    of = f" of {window.tokens:,}" if window is not None else ""
    words = f"{tokens}{of} tokens"
    read = next((one for one in examined.steps if one.question is Question.PROMPT_READ_IN_FULL), None)
    if read is not None and read.verdict is Verdict.OK:
        return f"{words} ✓" if brief else f"{words}, processed in full ✓"
    if read is not None and read.verdict is Verdict.PROBLEM and "MEM101" in read.codes and prompt.estimable:
        if (
            recorded is not None and prompt.total.low <= recorded
        ):  # the count shows no loss: the server says so, or a second hop
            return f"{words}, not processed in full ✗"
        return f"{words} processed, {prompt.total.value:,} sent ✗"
    return words


def nearest_path(path: str) -> str:
    """Return a path as a person would type it here."""
    try:
        return str(PurePath(path).relative_to(Path.cwd()))
    except (ValueError, OSError):
        return path
