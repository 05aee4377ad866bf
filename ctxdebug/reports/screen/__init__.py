"""One case on one screen: what was asked, what was answered, the likely cause, and what to run next."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxdebug.engine.report import Examined

__all__ = ["screen"]


def screen(
    examined: Examined,
    *,
    width: int,
    color: bool,
    position: str = "",
    views: Sequence[str] = (),
    everything: bool = False,
) -> str:
    """Return the screen as text, with ANSI colours when `color`: about 24 rows, or with `everything` the long form.

    `position` says which exchange of how many this is; `views` are texts that follow the case.
    """
    from rich.console import Console

    from ctxdebug.reports.screen.long_form import LongForm
    from ctxdebug.reports.screen.short_form import ShortForm

    buffer = io.StringIO()
    console = Console(
        file=buffer, width=max(20, width), force_terminal=color, no_color=not color, color_system="standard" if color else None,
        markup=False, emoji=False, highlight=False, legacy_windows=False,
    )  # fmt: skip
    form = LongForm if everything else ShortForm
    form(console, examined, position).show(views)
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines()) if not color else buffer.getvalue()
