"""A project with rules of its own, in a folder of a test."""

from __future__ import annotations

from pathlib import Path

POLITE = '''"""The answer thanks nobody.

Customers like thanks.

## Bad

    user: What is it, then, my good friend?
    assistant: A kettle.

## Good

    user: What is it, then, my good friend?
    assistant: Thanks for asking! A kettle.

## Fix

Ask for thanks in the system message.
"""

from ctxdebug.model import Hit, Need, Severity
from ctxdebug.rules import rule


@rule("ACM201", "no-thanks", question=None, severity=Severity.WARNING, needs=(Need.RESPONSE,))
def check(analysis):
    if "thanks" not in analysis.answer.lower():
        yield Hit("the answer thanks nobody", ())
'''
"""A rule in Python."""

REFUND = '''[[rule]]
code = "ACM101"
name = "refund-window-named"
title = "An answer about refunds does not name the 14 days."
why = "Customers who are not told the window write again."
fix = "Put the sentence about the 14 days into the system message."
severity = "error"
question = "instructions-kept"
when = { contains = "refund" }
require = "14 days"
bad = ["""
user: How do I get a refund for my kettle?
assistant: Send it back, and we pay.
"""]
good = ["""
user: How do I get a refund for my kettle?
assistant: Send it back within 14 days, and we pay.
""", """
user: How long is the warranty of my kettle?
assistant: Three years.
"""]
'''
"""A rule in TOML."""

ASKED = "user: How do I get a refund for my kettle?\nassistant: Send it back, and we pay.\n"


def project(folder: Path, **files: str) -> Path:
    """Write a configuration, rules (`name_py`, `name_toml`) and a capture that breaks both rules; return the folder."""
    (folder / "ctx_rules").mkdir()
    (folder / "captures").mkdir()
    (folder / ".git").mkdir()
    (folder / "ctxdebug.toml").write_text('rules = ["ctx_rules/"]\n')
    for name, text in files.items():
        stem, _, suffix = name.rpartition("_")
        (folder / "ctx_rules" / f"{stem}.{suffix}").write_text(text)
    (folder / "captures" / "asked.txt").write_text(ASKED)
    return folder
