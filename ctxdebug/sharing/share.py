"""Make the capture that is shared: redacted first, then shortened by the findings, defanged, and read again as a file."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from ctxdebug.cases.exchanges import examine
from ctxdebug.cases.standalone import standalone
from ctxdebug.decoding.source import Source
from ctxdebug.engine.run import Engine
from ctxdebug.errors import UsageError
from ctxdebug.loading.load import load
from ctxdebug.model import Problem, Severity
from ctxdebug.models.serving import host_of_url
from ctxdebug.records import record, replace
from ctxdebug.redaction.learned import LearnedSecrets
from ctxdebug.redaction.redactor import Redactor, remaining
from ctxdebug.reports.json_text import safe_json
from ctxdebug.sharing.blocks import Form
from ctxdebug.sharing.search import Search, codes, undefanged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ctxdebug.cases.standalone import StandaloneExchange
    from ctxdebug.engine.report import Examined
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Finding
    from ctxdebug.redaction.redactor import Redaction
    from ctxdebug.sharing.search import Chosen


@record(frozen=True, slots=True)
class Standing:
    """What became of the findings of one rule in the shared capture."""

    code: str
    name: str
    wanted: int
    found: int
    reason: str = ""
    """Why some of them no longer stand."""

    @property
    def stands(self) -> bool:
        """Whether all of them stand."""
        return self.found >= self.wanted


@record(frozen=True, slots=True)
class Shared:
    """A capture for a bug report, and what it still shows."""

    text: str
    """The file's content: a JSON document that `inspect` reads."""
    format: str
    before: int
    after: int
    """Characters of the request and the response, as JSON."""
    shortened: int
    blocks: int
    standings: tuple[Standing, ...]
    added: tuple[str, ...]
    """Codes of findings that only the shared capture has, since text is left out."""
    redactions: tuple[Redaction, ...]
    exact: bool

    @property
    def stands(self) -> bool:
        """Whether every finding stands that was to be shown."""
        return all(standing.stands for standing in self.standings)


def share(examined: Examined, findings: Sequence[Finding], run: RunOptions, patterns: Mapping[str, str]) -> Shared:
    """Return the shared capture by `findings`, which are some of those of `examined`; raises `UsageError` where none can be written."""
    if not examined.snapshot.has_request:
        raise UsageError(
            "the capture contains no request to shorten; `ctxdebug inspect --defang PATH` writes the answer alone"
        )
    original = standalone(examined.snapshot)
    redactor, learned = Redactor(patterns), LearnedSecrets()
    redactor.learn([original.body, original.response, examined.snapshot.url])
    learned.learn([original.body, original.response])
    hidden = replace(original, body=redactor.apply(original.body), response=redactor.apply(original.response))
    wanted = codes(findings)
    alone = examine(hidden.snapshot(run), run)
    search = Search(alone, hidden, tuple(one for one in alone.findings if one.code in wanted), run)
    whole = search.whole()
    reachable = wanted & codes(whole.findings)
    chosen = search.least(reachable) if findings else whole
    document = _document(examined, chosen.exchange, redactor, learned)
    text = safe_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"
    _refuse_secrets(text)
    again = _read_again(text, hidden, run)
    reasons = _Reasons(original, run, codes(alone.findings), codes(whole.findings), search)
    loud = Counter(one.code for one in again.findings if one.severity > Severity.NOTE)
    return Shared(
        text,
        again.snapshot.format,
        _size(original),
        _size(chosen.exchange),
        sum(1 for form in chosen.forms.values() if form is not Form.WHOLE),
        len(chosen.forms),
        tuple(_standing(findings, code, count, codes(again.findings)[code], reasons) for code, count in wanted.items()),
        tuple(sorted((loud - codes(examined.findings)).keys())),
        redactor.redactions,
        original.exact,
    )


def _document(
    examined: Examined, exchange: StandaloneExchange, redactor: Redactor, learned: LearnedSecrets
) -> dict[str, Any]:
    document: dict[str, Any] = {}
    if exchange.exact and examined.snapshot.url:
        document["url"] = redactor.apply(_address(examined.snapshot.url))
    document |= {"request": exchange.body, "response": exchange.response}
    return {key: _hidden(value, learned) for key, value in document.items() if value is not None}


def _address(url: str) -> str:
    """Return an address without its query; a host that no provider's row knows is nobody else's business."""
    bare = url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0]
    if host_of_url(bare) is not None:
        return bare
    path = bare.split("://", 1)[-1].partition("/")[2]
    return f"https://host.invalid/{path}"


def _hidden(value: Any, learned: LearnedSecrets) -> Any:
    """Return a value without any stretch of a secret, as a cut may have left one."""
    if isinstance(value, str):
        return learned.hide(value)[0]
    if isinstance(value, dict):
        return {learned.hide(key)[0]: _hidden(item, learned) for key, item in value.items()}
    return [_hidden(item, learned) for item in value] if isinstance(value, list) else value


def _refuse_secrets(text: str) -> None:
    if kinds := remaining([text]):
        raise UsageError(f"nothing was written: the copy still contains {', '.join(kinds)} after redaction")


def _read_again(text: str, exchange: StandaloneExchange, run: RunOptions) -> Examined:
    """Read the copy as `inspect` will read its file, and examine it."""
    data = text.encode("utf-8", "surrogatepass")
    for options in (run.load, replace(run.load, format=exchange.sender.format)):
        source = Source("shared.json", run.load.max_bytes, data)
        found = [one for one in load(source, options) if not isinstance(one, Problem)]
        if len(found) == 1 and found[0].format == exchange.sender.format:
            return Engine(run).examine(found[0], source)
    raise UsageError("nothing was written: the shared copy would not be read again; please report this")


def _standing(findings: Sequence[Finding], code: str, wanted: int, found: int, reasons: _Reasons) -> Standing:
    name = next(finding.name for finding in findings if finding.code == code)
    return Standing(code, name, wanted, min(wanted, found), "" if found >= wanted else reasons.of(code, wanted))


@record(slots=True)
class _Reasons:
    """Why a finding does not stand: looked up step by step, only where one is lost."""

    original: StandaloneExchange
    run: RunOptions
    redacted: Counter[str]
    defanged: Counter[str]
    search: Search
    _alone: Counter[str] | None = None
    _as_it_is: Chosen | None = None

    def of(self, code: str, wanted: int) -> str:
        """Return the step that loses it."""
        if self._alone is None:
            self._alone = codes(examine(self.original.snapshot(self.run), self.run).findings)
        if self._alone[code] < wanted:
            return "needs earlier turns, or what the capture keeps beside this exchange"
        if self.redacted[code] < wanted:
            return "is about what redaction hides"
        if self.defanged[code] < wanted:
            if self._as_it_is is None:
                self._as_it_is = undefanged(self.search)
            return "is about what defanging changes" if self._as_it_is.findings else "is about media that is left out"
        return "needs the length of the text that is left out"


def _size(exchange: StandaloneExchange) -> int:
    return len(json.dumps([exchange.body, exchange.response], ensure_ascii=False))
