"""Ask a model endpoint, and bring back its answer or a fault; the only code that uses the network.

A fault is never a verdict: it leads to exit 3. No redirect is followed, so the key goes to one host
only, and it is taken out of every message.
"""

from __future__ import annotations

import json
import random
import threading
import time
from typing import TYPE_CHECKING, Any

from ctxdebug.errors import EndpointError
from ctxdebug.evals.connections import Connections, in_time
from ctxdebug.evals.http_answers import error_of, finite, no_number, retry_after
from ctxdebug.records import field, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from ctxdebug.evals.dialects import Address

_RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
_HOPELESS_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "credit_balance_too_low"})
_STOPPING = frozenset({401, 402, 403, 404})
_KEPT_HEADERS = ("x-request-id", "request-id", "x-cache", "cf-cache-status", "x-litellm-cache-hit", "age")


class NoAnswerError(EndpointError):
    """An endpoint gave no answer. `stops_run` when asking for other cases is as hopeless, `status` where it refused."""

    def __init__(self, message: str, stops_run: bool = False, status: int | None = None) -> None:
        super().__init__(message)
        self.stops_run = stops_run
        self.status = status


class BudgetError(NoAnswerError):
    """No further question may be sent; what was answered counts."""


@record(frozen=True, slots=True)
class Patience:
    """How long to wait, and how often to try again. Times are seconds, sizes bytes."""

    timeout: float = 120.0
    """For one attempt, from the connection to the last byte."""
    retries: int = 4
    longest_wait: float = 60.0
    """The longest `Retry-After` that is obeyed; a longer one is a fault at once."""
    first_wait: float = 0.5
    largest_body: int = 16_000_000


@record(frozen=True, slots=True)
class Reply:
    """One answer as it came: the body of a whole one, or the text of a stream."""

    body: Any = None
    stream: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    attempts: int = 1


@record(slots=True)
class _Pace:
    """When the next question may be asked, for all threads together."""

    interval: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0

    def turn(self) -> float:
        """Return the seconds to wait for one's turn."""
        with self.lock:
            now = time.monotonic()
            start = max(now, self.free_at)
            self.free_at = start + self.interval
            return start - now

    def pause(self, seconds: float) -> None:
        """Let nobody ask for a while: a rate limit holds for every thread."""
        with self.lock:
            self.free_at = max(self.free_at, time.monotonic() + seconds)


class Endpoint:
    """One endpoint, asked by any number of threads."""

    def __init__(
        self,
        place: Address,
        key: str | None = None,
        patience: Patience | None = None,
        per_minute: float | None = None,
        stop: threading.Event | None = None,
        most_calls: int | None = None,
    ) -> None:
        self.place = place
        self.most_calls = most_calls
        self.sent = 0
        """Requests sent so far: questions, repeated attempts, and those of a judge."""
        self.patience = patience or Patience()
        self._key = key
        self._pace = _Pace(60.0 / per_minute if per_minute else 0.0)
        self._stop = stop or threading.Event()
        self._lock = threading.Lock()
        headers = {"content-type": "application/json", "accept-encoding": "identity", **dict(place.dialect.headers)}
        if key:
            name, form = place.dialect.key_header
            headers[name] = form.format(key)
        self._connections = Connections(headers, self.patience.timeout)

    def __repr__(self) -> str:
        return f"Endpoint({self.place.url!r})"

    def ask(self, body: Mapping[str, Any], model: str | None = None, stream: bool = False) -> Reply:
        """Send one request body, with another model and streamed or not; raises `NoAnswerError`."""
        url, content = self._content(body, model, stream)
        started = time.monotonic()
        last: NoAnswerError | None = None
        for attempt in range(self.patience.retries + 1):
            self._wait(self._pace.turn())
            self._count()
            outcome = self._attempt(url, content)
            if isinstance(outcome, Reply):
                return Reply(
                    outcome.body,
                    outcome.stream,
                    outcome.status,
                    outcome.headers,
                    time.monotonic() - started,
                    attempt + 1,
                )
            last = outcome.fault
            if attempt < self.patience.retries:
                self._hold(outcome, attempt)
        assert last is not None
        raise NoAnswerError(f"{last}, {self.patience.retries + 1} times", last.stops_run, last.status)

    def close(self) -> None:
        """Let go of the connections."""
        self._connections.close()

    def _count(self) -> None:
        with self._lock:
            if self.most_calls is not None and self.sent >= self.most_calls:
                raise BudgetError(f"the budget of {self.most_calls:,} calls is used up")
            self.sent += 1

    def _content(self, body: Mapping[str, Any], model: str | None, stream: bool) -> tuple[str, bytes]:
        """Return the URL and the bytes of a question."""
        asked = dict(body)
        if model is not None:
            asked["model"] = model
        url = self.place.url
        if self.place.names_model:
            url = self.place.for_model(str(asked.pop("model", "")))
        options = dict(self.place.dialect.stream_options)
        if stream:
            asked |= {"stream": True, **{name: value for name, value in options.items() if name not in asked}}
        else:
            asked.pop("stream", None)
            for name in options:
                asked.pop(name, None)
            asked |= dict(self.place.dialect.always)
        return url, json.dumps(asked, ensure_ascii=True, separators=(",", ":")).encode("ascii")

    def _attempt(self, url: str, content: bytes) -> Reply | _Failure:
        import httpx

        deadline = time.monotonic() + self.patience.timeout
        client = self._connections.client()
        try:
            status, headers, data = in_time(
                lambda: self._exchanged(client, url, content, deadline), self.patience.timeout
            )
        except (httpx.TimeoutException, TimeoutError):
            self._connections.drop()
            return _Failure(self._fault(f"no answer within {self.patience.timeout:g} s"))
        except (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            return _Failure(self._fault(f"cannot be reached: {error}"))
        except httpx.HTTPError as error:
            return _Failure(self._fault(f"the answer broke off: {error}"))
        return self._judged(status, headers, data)

    def _exchanged(
        self, client: httpx.Client, url: str, content: bytes, deadline: float
    ) -> tuple[int, Mapping[str, str], bytes]:
        with client.stream("POST", url, content=content) as response:
            return response.status_code, response.headers, self._read(response, deadline)

    def _read(self, response: httpx.Response, deadline: float) -> bytes:
        import httpx

        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > self.patience.largest_body:
                raise self._fault(f"the answer has more than {self.patience.largest_body:,} bytes")
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("the answer trickled past the limit")
            if self._stop.is_set():
                raise self._fault("interrupted")
            chunks.append(chunk)
        return b"".join(chunks)

    def _judged(self, status: int, headers: Mapping[str, str], data: bytes) -> Reply | _Failure:
        text = data.decode("utf-8", "replace")
        if 300 <= status < 400:
            raise self._fault(
                f"redirects ({status}) and redirects are not followed; give the address it leads to", stops=True
            )
        if status >= 400:
            return self._refused(status, headers, text)
        kept = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
        if "text/event-stream" in headers.get("content-type", "") or text.lstrip().startswith(("data:", "event:")):
            return Reply(stream=text, status=status, headers=kept)
        try:
            body = json.loads(text, parse_constant=no_number, parse_float=finite)
        except (ValueError, RecursionError):
            kind = (
                "an HTML page"
                if text.lstrip()[:1] == "<"
                else "something that is not JSON"
                if text.strip()
                else "nothing"
            )
            raise self._fault(f"answered with {kind} (status {status})", stops=text.lstrip()[:1] == "<") from None
        if not isinstance(body, dict):
            raise self._fault("answered with JSON that is no response")
        return Reply(body, status=status, headers=kept)

    def _refused(self, status: int, headers: Mapping[str, str], text: str) -> _Failure:
        message, code = error_of(text)
        fault = self._fault(f"answered {status}{f': {message}' if message else ''}", stops=status in _STOPPING)
        fault.status = status
        if status not in _RETRIED or code in _HOPELESS_CODES:
            fault.stops_run = fault.stops_run or code in _HOPELESS_CODES
            raise fault
        wait = retry_after(headers)
        if wait is not None and wait > self.patience.longest_wait:
            raise self._fault(f"answered {status} and asks to wait {wait:.0f} s", stops=True)
        return _Failure(fault, wait, pauses_all=status in (429, 529))

    def _hold(self, failure: _Failure, attempt: int) -> None:
        jitter = random.uniform(0.5, 1.0)  # noqa: S311  (spreads load, hides nothing)
        backoff = min(self.patience.longest_wait, self.patience.first_wait * 2**attempt) * jitter
        wait = backoff if failure.wait is None else failure.wait + self.patience.first_wait * jitter * 0.2
        if failure.pauses_all:
            self._pace.pause(wait)
        self._wait(wait)

    def _wait(self, seconds: float) -> None:
        if self._stop.is_set() or (seconds > 0 and self._stop.wait(seconds)):
            raise self._fault("interrupted")

    def _fault(self, words: str, stops: bool = False) -> NoAnswerError:
        message = f"{self.place.host}: {words}"
        if self._key:
            message = message.replace(self._key, "<key>")
        return NoAnswerError(_without_secrets(message), stops)


@record(frozen=True, slots=True)
class _Failure:
    """An attempt that may be repeated, after so many seconds where the server says how many."""

    fault: NoAnswerError
    wait: float | None = None
    pauses_all: bool = False


def _without_secrets(message: str) -> str:
    from ctxdebug.redaction.redactor import Redactor

    redacted: str = Redactor().redact(message)
    return redacted
