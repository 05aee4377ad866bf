"""What may go wrong and is not our fault: shown in one line, without a traceback."""

from __future__ import annotations


class CtxdebugError(Exception):
    """Base of every error that a user can do something about."""


class LoadError(CtxdebugError):
    """A capture cannot be read. `pointer` says where in the file, as far as is known."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer


class UsageError(CtxdebugError):
    """The command, its options or the configuration ask for something that does not exist."""


class EndpointError(CtxdebugError):
    """A model endpoint could not be asked, or gave no verdict (exit 3)."""


class WorkerLostError(CtxdebugError):
    """A process that examined a part of the captures is gone, or saw other captures than this one (exit 2)."""


class StoppedError(CtxdebugError):
    """The user stopped the run; the message says what was done until then (exit 130)."""


class ClosedOutputError(CtxdebugError):
    """Nobody reads standard output any more (exit 141), or it cannot be written (exit 2)."""

    def __init__(self, message: str, *, gone: bool = True) -> None:
        super().__init__(message)
        self.gone = gone
        """Whether the reader went away, as `head` does, which is nothing to complain about."""
