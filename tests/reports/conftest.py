"""Reports made by hand, so that no rule's change moves them; hostile text in every place that a capture fills."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ctxdebug.engine.report import Report
from ctxdebug.model import Confidence, Exhibit, Finding, Place, Problem, Severity
from ctxdebug.questions import Question
from tests.findings import finding_of

MakeFinding = Callable[..., Finding]


@pytest.fixture
def make_finding() -> MakeFinding:
    def make(
        text: str = "up to 10 days",
        *,
        code: str = "MEM103",
        name: str = "answer-cut",
        severity: Severity = Severity.ERROR,
        confidence: Confidence = Confidence.HIGH,
        message: str = "",
        path: str = "captures/leave-bot.json",
        line: int = 41,
        fingerprint: str = "",
        fix: str = "Say which one holds.",
    ) -> Finding:
        exhibits = (
            Exhibit(
                path, "/messages/2/content", Place(line, 9, line, 22), "m2.s0", 8, 21, text, "what the answer took"
            ),
            Exhibit(path, "/messages/3/content", None, "m3.s0", 0, 4, text, "what the newer policy says"),
        )
        words = message or f"two sources disagree: {text}"
        return finding_of(
            code, name=name, family="memory_bottleneck", question=Question.PROMPT_READ_IN_FULL, severity=severity, confidence=confidence,
            message=words, evidence=exhibits, fix=fix, tags=("OWASP:LLM10", "MAST:FM-1.4"),
            fingerprint=fingerprint or f"{abs(line):032x}", path=path, pointer="/messages",
        )  # fmt: skip

    return make


@pytest.fixture
def sample(make_finding: MakeFinding) -> Report:
    return Report(
        checked=("LRC104", "MEM101", "MEM103"),
        findings=[
            make_finding(),
            make_finding("half a JSON", code="LRC104", name="malformed-tool-arguments", severity=Severity.WARNING, line=7,
                         path="captures/sql helper.jsonl", confidence=Confidence.MEDIUM),
            make_finding("small", code="MEM101", name="silent-truncation", severity=Severity.NOTE, line=3),
        ],
        problems=[
            Problem("captures/old.har", "no known wire format", "/log/entries/0"),
            Problem("captures/leave-bot.json", "the key 'model' stands twice", fatal=False),
        ],
        not_checked={"MEM101": {"needs a recorded response": 2}},
        suppressed=1, baselined=2, gone=["MEM104 0f"], ignored={"on purpose": 1}, files=4, exchanges=5,
        paths=["captures/leave-bot.json", "captures/sql helper.jsonl", "captures/old.har", "captures/quiet.json"],
    )  # fmt: skip


HOSTILE = {
    "escape": "\x1b[31mred\x1b]8;;http://evil\x07link\x9b1m\x00\r\x08\x7f",
    "bidi": "\u202eevil\u2066 \u200b\ufeff\u00ad\U000e0041\u2028\u2029",
    "surrogate": "half \ud83d pair \udc00",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>--><!-- ]]> &lt;b&gt; \"'",
    "island": '</script><script>alert("x")</script>\u2028',
    "markdown": "[x](http://evil) ![](http://evil/x.png) @user #1 `` ``` ~~~ | <b> http://evil \\` ````````",
    "fence": "text\n```\n# out\n[x](http://evil)\n```",
    "workflow": "line\n::error::mine\n  ::set-env name=A::b\r\n::stop-commands::x\n##[set-env name=A]b %0A::warning::y",
    "formula": "=cmd()|' /C calc'!A0\n+1\n-1\n@x\n\tx",
    "rich": "[bold]x[/nope] [link=http://evil]x[/link] :smiley:",
    "template": "{{ 7*7 }} {% raw %} {# #} {0} {}",
    "sarif": "[x](http://evil) \\[y](http://evil) {0}",
    "xml": "\ufffe\uffff ]]> <![CDATA[ &amp; <?xml?>",
    "long": "word " * 20_000,
}


@pytest.fixture(params=HOSTILE.values(), ids=list(HOSTILE))
def hostile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def hostile_report(make_finding: MakeFinding) -> Callable[[str], Report]:
    """A report in which `text` stands everywhere that captured text, ids and file names reach."""

    def make(text: str) -> Report:
        path = f"captures/{text[:80].replace('/', '_').replace(chr(0), '')}.json"
        finding = make_finding(text, message=f"about {text}", path=path, fix=f"do not {text}")
        return Report(
            checked=("MEM103",),
            findings=[finding, make_finding(text, line=2)],
            problems=[Problem(path, f"broken: {text}", f"/{text}"), Problem(path, text, fatal=False)],
            not_checked={"MEM103": {f"because {text}": 1}},
            ignored={text: 1}, files=1, exchanges=1, paths=[path],
        )  # fmt: skip

    return make
