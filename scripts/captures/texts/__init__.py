"""Prompts, documents and mails of the conversations, written for this project, one file each."""

from __future__ import annotations

from pathlib import Path


def text(name: str) -> str:
    """Read the words of `name`, a path below this folder, without the last line end."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8").removesuffix("\n")
