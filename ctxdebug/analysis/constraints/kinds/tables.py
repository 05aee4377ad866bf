"""CSV of a stated shape: its columns, its mark, its rows, its quotation marks."""

# ruff: noqa: E501 - an example and a list of words are read as one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, passed, unchecked
from ctxdebug.analysis.constraints.kinds.kind import Found, Kind
from ctxdebug.analysis.constraints.numbers import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.analysis.constraints.constraint import Constraint

_TOPIC = "kinds_layout"
_MARKS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


def _body(text: str) -> str:
    fenced = re.search(r"```\w*[ \t]*\n(.*?)\n?```", text, re.DOTALL)
    return (fenced[1] if fenced else text).strip("\n")


def _columns_read(found: Found) -> Mapping[str, Any]:
    names = [name.strip(" \"'“”‘’`") for name in found.raw("names").strip("[] ").split(",")]
    return {"names": names, "mark": _MARKS[found.get("mark").lower()]}


def _columns(constraint: Constraint, answer: Answer) -> Compliance:
    import csv

    mark, names = str(constraint.params["mark"]), list(constraint.params["names"])
    lines = [line for line in _body(answer.text).splitlines() if line.strip()]
    start, end = answer.whole
    try:
        rows = list(csv.reader(lines, delimiter=mark, strict=True))
    except csv.Error as error:
        return failed(f"the answer is no CSV: {error}", None, start=start, end=end)
    heads = [row for row in rows if [field.strip() for field in row] == names]
    if not heads:
        return failed(
            f"no row has the column names, parted by {mark!r}", lines[0][:60] if lines else None, start=start, end=end
        )
    if any(len(row) != len(names) for row in rows[rows.index(heads[0]) :]):
        return failed(f"a row does not have {len(names)} fields", None, start=start, end=end)
    return passed(f"rows of {len(names)} fields") if rows[0] == heads[0] else unchecked("text stands before the rows")


def _rows_read(found: Found) -> Mapping[str, Any]:
    return {"n": number(found.get("n")), "quoted": "quoted_all" in found}


def _rows(constraint: Constraint, answer: Answer) -> Compliance:
    lines = [line for line in _body(answer.text).splitlines() if line.strip()]
    n = int(constraint.params["n"])
    start, end = answer.whole
    if len(lines) not in {n, n + 1}:
        if "```" not in answer.text and any(not re.search(r"[,;\t|]", line) for line in lines):
            return unchecked("which lines are rows is not certain")
        return failed(f"{len(lines)} lines, {n} rows and a head asked for", len(lines), start=start, end=end)
    if constraint.params["quoted"]:
        bare = next(
            (
                line
                for line in lines
                if not re.fullmatch(r"\s*\"[^\n]*\"\s*", line) or re.search(r"(?:^|[,;\t|])\s*[^\s\",;\t|]", line)
            ),
            None,
        )
        if bare is not None:
            at = max(answer.text.find(bare), 0)
            return failed("a field is not in double quotes", bare[:60], start=at, end=at + len(bare))
    return passed(f"{n} rows") if len(lines) == n + 1 else unchecked("whether the head is a row is not said")


def _shape_read(found: Found) -> Mapping[str, Any]:
    rows = {"rows": number(found.get("rows")), "head": "head" in found} if "rows" in found else {}
    return {"n": number(found.get("n")), "mark": _MARKS[found.get("mark", "comma").lower()], **rows}


def _shape(constraint: Constraint, answer: Answer) -> Compliance:
    import csv

    n, mark = int(constraint.params["n"]), str(constraint.params["mark"])
    start, end = answer.whole
    lines = [line for line in _body(answer.text).splitlines() if line.strip()]
    try:
        rows = list(csv.reader(lines, delimiter=mark, strict=True))
    except csv.Error as error:
        return failed(f"the answer is no CSV: {error}", None, start=start, end=end)
    wrong = next((row for row in rows if len(row) != n), None)
    wanted = constraint.params.get("rows")
    if wrong is None and wanted is not None and len(rows) != wanted:
        if not constraint.params["head"] and len(rows) == wanted + 1:
            return unchecked("whether the head is a row is not said")
        return failed(f"{len(rows)} rows, {wanted} asked for", len(rows), start=start, end=end)
    if wrong is None:
        return passed(f"rows of {n} fields", len(rows)) if rows else unchecked("there are no rows")
    return failed(f"a row of {len(wrong)} fields, {n} asked for", mark.join(wrong)[:60], start=start, end=end)


_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][\w-]{0,30})(?:\s[^<>]{0,500})?(?P<empty>/?)>")


def _element_read(found: Found) -> Mapping[str, Any]:
    return {"tag": found.get("tag").lower(), "child": found.get("child").lower() or None}


def _element(constraint: Constraint, answer: Answer) -> Compliance:
    tag, child = str(constraint.params["tag"]), constraint.params["child"]
    start, end = answer.whole
    text = _body(answer.text).strip()
    tags = list(_TAG.finditer(text))
    told = f"the answer is not one <{tag}> element"
    if not tags or tags[0].start() or tags[-1].end() != len(text):
        return failed(told, text[:60], start=start, end=end)
    depth = 0
    for place, match in enumerate(tags):
        depth += -1 if match["close"] else 0 if match["empty"] else 1
        if (depth == 0 and place < len(tags) - 1) or depth < 0:
            return failed(told, match[0], start=start, end=end)
        direct = depth == 2 and not match["close"]
        if direct and child is not None and match["name"].lower() != child:
            return failed(f"<{match['name']}> is in <{tag}>, only <{child}> asked for", match[0], start=start, end=end)
    good = tags[0]["name"].lower() == tag and depth == 0
    return passed(f"one <{tag}> element") if good else failed(told, tags[0][0], start=start, end=end)


_COUNTED_TAG = re.compile(r"(?P<n>[\w-]{1,20}) <(?P<tag>[a-z][a-z0-9]{0,10})>", re.IGNORECASE)


def _sequence_read(found: Found) -> Mapping[str, Any] | None:
    counted = [(m["n"].lower(), m["tag"].lower()) for m in _COUNTED_TAG.finditer(found.get("spec"))]
    spec = [tag for n, tag in counted for _ in range(1 if n in {"a", "an"} else number(n))]
    return {"tags": spec} if spec and len(spec) <= _MOST_TAGS else None


_MOST_TAGS = 50


def _sequence(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    depth, top = 0, []
    for match in _TAG.finditer(_body(answer.text)):
        if not match["close"] and depth == 0:
            top.append(match["name"].lower())
        depth += -1 if match["close"] else 0 if match["empty"] else 1
    wanted = list(constraint.params["tags"])
    if top == wanted:
        return passed(f"elements {', '.join(wanted)}")
    if depth or any(tag in {"html", "body", "div", "section", "article"} for tag in top):
        return unchecked("the elements are in another one, or are not closed")
    return failed(
        f"elements {', '.join(top[:8]) or 'none'}, {', '.join(wanted[:8])} asked for", top[:8], start=start, end=end
    )


KINDS = (
    Kind(
        "csv.columns", _TOPIC, "column columns", _columns, 'The column names are ["pier", "berth"], the data should be semicolon delimited.', _columns_read,
        kept=("pier;berth\n2;4", "```csv\npier;berth\n2;4\n```"), broken=("pier,berth\n2,4", "pier;berth\n2"),
    ),
    Kind(
        "csv.rows", _TOPIC, "rows", _rows, "Please generate 2 rows and enclose each single field in double quotes.", _rows_read,
        kept=('"pier","berth"\n"2","4"\n"3","1"',), broken=('"pier","berth"\n"2",4\n"3","1"', '"pier","berth"'), open=('"2","4"\n"3","1"', '"pier","berth"\n"2","4"'),
    ),
    Kind(
        "csv.shape", _TOPIC, "csv", _shape, "Output CSV with exactly three columns separated by semicolons.", _shape_read,
        kept=("cat;f;4\ndog;m;9",), broken=("cat;f\ndog;m", "cat,f,4"),
    ),
    Kind(
        "html.element", _TOPIC, "element tag block list", _element, "Your output is a single <ul> element with one <li> per task and nothing else.", _element_read,
        kept=("<ul><li>Oil it.</li><li>Test <b>it</b>.</li></ul>", "```html\n<ul>\n<li>a</li>\n</ul>\n```"),
        broken=("<h2>Tonight</h2><ul><li>Oil it.</li></ul>", "<ul><p>Oil it.</p></ul>", "Here: <ul><li>a</li></ul>", "<ul><li>a</li></ul><ul></ul>"),
    ),
    Kind(
        "html.sequence", _TOPIC, "html elements element followed", _sequence, "Each snippet is HTML: one <h2>, followed by exactly two <p> elements.", _sequence_read,
        kept=("<h2>Boats</h2><p>They drift.</p><p>Come.</p>",), broken=("<h2>Boats</h2><p>They drift.</p><ul><li>a</li></ul>", "Boats drift."),
        open=("<div><h2>Boats</h2><p>They drift.</p><p>Come.</p></div>",),
    ),
)  # fmt: skip
