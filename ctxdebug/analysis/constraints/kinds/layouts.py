"""Shapes of a whole answer: a template, nested brackets and quotations, title case, dates in one form, words in another script."""

# ruff: noqa: E501 - an example and a list of words are read as one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, passed, unchecked
from ctxdebug.analysis.constraints.kinds.kind import Found, Kind, ordinal
from ctxdebug.analysis.constraints.kinds.readings import words
from ctxdebug.analysis.constraints.numbers import number
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.analysis.constraints.constraint import Constraint

_TOPIC = "kinds_layout"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_QUOTE = lazy(r"\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”")
_THREE = lazy(
    r"[\"“][^\"“”]{0,300}(?<!\w)['‘][^'‘’\"]{0,300}[\"“][^\"”]{1,200}[\"”][^'’\"]{0,200}['’](?!\w)[^\"”]{0,300}[\"”]"
)
_MINOR = frozenset(
    """
    a an the and but or nor for so yet as at by in of off on per to up via with from into onto over than that if when upon like near down out past is are be was were it its
    """.split()
)
"""Words that title case may leave small."""
_FORMS = {
    "yyyy-mm-dd": r"\d{4}-\d{2}-\d{2}",
    "dd.mm.yyyy": r"\d{2}\.\d{2}\.\d{4}",
    "dd/mm/yyyy": r"\d{2}/\d{2}/\d{4}",
    "mm/dd/yyyy": r"\d{2}/\d{2}/\d{4}",
}
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_OTHER_DATE = lazy(
    rf"\b(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?,? \d{{3,4}}|\b\d{{1,2}} (?:{_MONTHS}),? \d{{3,4}}|\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b"
)
_SCRIPTS = {
    "japanese": r"[\u3040-\u30ff\u4e00-\u9fff]", "chinese": r"[\u4e00-\u9fff]", "korean": r"[\uac00-\ud7af]", "russian": r"[\u0400-\u04ff]", "greek": r"[\u0370-\u03ff]",
    "arabic": r"[\u0600-\u06ff]", "hebrew": r"[\u0590-\u05ff]", "thai": r"[\u0e00-\u0e7f]", "hindi": r"[\u0900-\u097f]",
}  # fmt: skip


def _template_read(found: Found) -> Mapping[str, Any] | None:
    labels = [part.strip() for part in re.split(r"\[[^\]\n]{1,60}\]", found.raw("template"))]
    labels = [label.strip(" .") for label in labels]
    return {"labels": [label for label in labels if label]} if labels and labels[0] else None


def _template(constraint: Constraint, answer: Answer) -> Compliance:
    at, flat = 0, " ".join(answer.text.replace("*", "").replace("#", "").split())
    start, end = answer.whole
    labels = [" ".join(str(label).split()) for label in constraint.params["labels"]]
    for label in labels:
        found = flat.lower().find(label.lower(), at)
        if found < 0:
            return failed(
                f"{label!r} of the template is not in the answer, or not in its order", label, start=start, end=end
            )
        at = found + len(label)
    if not flat.lower().startswith(labels[0].lower()):
        return failed(f"the answer does not begin with {labels[0]!r}", flat[:40], start=start, end=end)
    return passed("the parts of the template are in their order")


def _depth_read(found: Found) -> Mapping[str, Any]:
    return {"n": number(found.get("n"))}


def _brackets(constraint: Constraint, answer: Answer) -> Compliance:
    deepest, stack = 0, []
    for char in answer.text:
        if char in "([{":
            stack.append(char)
            deepest = max(deepest, len(stack))
        elif char in _PAIRS and stack and stack[-1] == _PAIRS[char]:
            stack.pop()
    start, end = answer.whole
    if deepest < constraint.params["n"]:
        return failed(f"brackets {deepest} deep, {constraint.params['n']} asked for", deepest, start=start, end=end)
    return unchecked("a bracket is not closed") if stack else passed(f"brackets {deepest} deep", deepest)


def _quotes(constraint: Constraint, answer: Answer) -> Compliance:
    if constraint.params["n"] == 3 and _THREE.search(answer.text):
        return passed("quotations three deep")
    start, end = answer.whole
    double = sum(answer.text.count(c) for c in '"“')
    single = re.findall(r"(?<!\w)['‘](?=\w|[\"“])", answer.text)
    if not double or not single:
        return failed(
            f"no {'double' if not double else 'single'} quotation marks around a quotation", None, start=start, end=end
        )
    return unchecked("how deep the quotations are nested is not certain")


def _explained(_: Constraint, answer: Answer) -> Compliance:
    found = list(_QUOTE.finditer(answer.text))
    if not found:
        return unchecked("there is no quotation")
    for one, behind in zip(found, [*(f.start() for f in found[1:]), len(answer.text)], strict=True):
        if not words(answer.text[one.end() : behind]):
            return failed(
                "a quotation is not followed by anything unquoted", one[0][:60], start=one.start(), end=one.end()
            )
    return unchecked("whether what follows each quotation explains it is not counted")


def _italic(_: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    if not re.search(r"<(?:i|em)\b[^>]{0,80}>", answer.text, re.IGNORECASE):
        return failed("no italics of HTML are in the answer", None, start=start, end=end)
    return unchecked("where its sections begin is not certain")


def _title(_: Constraint, answer: Answer) -> Compliance:
    for match in re.finditer(r"(?<![\w/@.'’-])[a-z][a-z’']*(?![\w/@]|\.\w)", answer.prose):
        word = match[0].replace("’", "'")
        if word.lower() not in _MINOR and len(word) > 4:
            return failed(f"{word!r} begins with a small letter", word, start=match.start(), end=match.end())
    small = re.search(r"(?<![\w/@.'’-])[a-z]\w*", answer.prose)
    if small is None or all(m.lower() in _MINOR for m in re.findall(r"(?<![\w'’-])[a-z]\w*", answer.prose)):
        return passed("every major word begins with a capital letter")
    return unchecked("which words are major is not said")


def _dates_read(found: Found) -> Mapping[str, Any]:
    return {"form": found.get("form").lower()}


def _dates(constraint: Constraint, answer: Answer) -> Compliance:
    form = str(constraint.params["form"])
    other = next((m for m in _OTHER_DATE.finditer(answer.text) if not re.fullmatch(_FORMS[form], m[0])), None)
    if other is not None:
        return failed(
            f"the date {other[0]!r} is not in the form {form.upper()}", other[0], start=other.start(), end=other.end()
        )
    return (
        passed(f"dates in the form {form.upper()}")
        if re.search(_FORMS[form], answer.text)
        else unchecked("no date was found in the answer")
    )


def _script_read(found: Found) -> Mapping[str, Any] | None:
    nth = ordinal(found.get("nth"))
    return {"nth": nth, "name": found.get("name").lower()} if nth > 0 else None


def _script(constraint: Constraint, answer: Answer) -> Compliance:
    nth, name = constraint.params["nth"], str(constraint.params["name"])
    said = answer.text.split()
    wrong = next((word for word in said[nth - 1 :: nth] if not re.search(_SCRIPTS[name], word)), None)
    if len(said) < nth:
        return unchecked(f"the answer has fewer than {nth} words")
    if wrong is None:
        return passed(f"every word number {nth} is in {name.title()} script")
    if re.search(_SCRIPTS[name], answer.text) and any(
        len(word) > 12 and re.search(_SCRIPTS[name], word) for word in said
    ):
        return unchecked("where words end in that script is not certain")
    at = max(answer.text.find(wrong), 0)
    return failed(
        f"{wrong[:30]!r} is a word number {nth}, and not in {name.title()}", wrong[:30], start=at, end=at + len(wrong)
    )


def _multiples_read(found: Found) -> Mapping[str, Any] | None:
    a, b, n = (int(found.get(name)) for name in "abn")
    return {"a": a, "b": b, "n": n} if n > 0 and a <= b and b - a <= 100_000 else None


def _multiples(constraint: Constraint, answer: Answer) -> Compliance:
    a, b, n = (int(constraint.params[name]) for name in "abn")
    wanted, said = (
        [k for k in range(a, b + 1) if k % n == 0],
        [int(d[:9]) for d in re.findall(r"\d{1,20}", answer.text)],
    )
    start, end = answer.whole
    if said == wanted:
        return passed("the multiples that were asked for")
    missing = [k for k in wanted if k not in said]
    extra = [k for k in said if k not in wanted and k not in {a, b, n}]
    if not missing and not extra:
        return unchecked("the multiples stand among other numbers")
    return failed(f"the numbers are not the multiples of {n}: {(missing or extra)[0]}", said[:20], start=start, end=end)


def _reversed(_: Constraint, answer: Answer) -> Compliance:
    said = answer.stripped
    start, end = answer.whole
    if re.match(r"[\"“*]{0,2}(?:The|It|A|An|This|In|Yes|No|I)\b", said) and said.rstrip('"”*')[-1:] in ".!":
        return failed("the answer begins as a sentence does and ends with a full stop", said[:60], start=start, end=end)
    return unchecked("whether a text stands in reverse order is not certain")


KINDS = (
    Kind(
        "format.template", _TOPIC, "template format structure", _template, "Use this exact template for your response: My Answer: [answer] My Conclusion: [conclusion]",
        _template_read, kept=("My Answer: yes. My Conclusion: go.", "**My Answer:** yes\n\n**My Conclusion:** go"), broken=("My Answer: yes.", "Sure! My Answer: yes. My Conclusion: go."),
    ),
    Kind(
        "nest.brackets", _TOPIC, "parentheses brackets", _brackets, "Nest parentheses (and [brackets {and braces}]) at least 3 levels deep.", _depth_read,
        kept=("a (b [c {d}])",), broken=("a (b [c])",), open=("a (b [c {d])",),
    ),
    Kind(
        "nest.quotes", _TOPIC, "quotes", _quotes,
        "Include quotes within quotes within quotes, at least 3 levels deep, alternating between double quotes and single quotes.", _depth_read,
        kept=("\"He said 'I heard \"no\" once' to me.\"",), broken=('"No," he said.', "It isn't."), open=("\"He said 'no'.\"",),
    ),
    Kind(
        "quotes.explained", _TOPIC, "quoted quotation quote", _explained, "Every quoted phrase must be followed by an unquoted explanation.",
        broken=('He says "come" "now".', 'He says "come".'), open=('"Come" means to approach.', "Nothing is quoted."),
    ),
    Kind(
        "sections.italic", _TOPIC, "section", _italic, "Each section must begin with a thesis statement in italics, use HTML to indicate the italics.",
        broken=("*The tide turns.* It does.",), open=("<i>The tide turns.</i> It does.",),
    ),
    Kind(
        "case.titled", _TOPIC, "title", _title, "Write the entire response in title case (capitalize the first letter of every major word).",
        kept=("The Tide Turns at the Pier",), broken=("The Tide returns at Nine",), open=("The Tide goes at Nine",),
    ),
    Kind(
        "dates.form", _TOPIC, "format dates date", _dates, "Use the following date format: YYYY-MM-DD.", _dates_read,
        kept=("1805-12-02",), broken=("December 2, 1805", "1805-12-02 and 2.12.1805"), open=("In winter.",),
    ),
    Kind(
        "words.nth_language", _TOPIC, "word", _script, "Every 3rd word of your response must be in Japanese.", _script_read,
        kept=("The tide 水 is at 九",), broken=("The tide turns 水 at nine",), open=("Two words",),
    ),
    Kind(
        "count.multiples", _TOPIC, "multiples", _multiples, "Count from 10 to 30 but only print multiples of 7.", _multiples_read,
        kept=("14, 21, 28",), broken=("14, 21", "10, 11, 14, 21, 28"), open=("From 10 to 30: 14, 21, 28",),
    ),
    Kind(
        "text.reversed", _TOPIC, "reverse", _reversed, "Respond to this query, but make your sentence in reverse order of what it should be, per letter.",
        broken=("The eagle is the symbol.",), open=(".elgae eht",),
    ),
)  # fmt: skip
