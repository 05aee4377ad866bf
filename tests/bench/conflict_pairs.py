"""Own pairs of instructions, by kind: `python -m tests.bench.conflict_pairs [--held-out] [--misses]`.

A property of an answer has sides that exclude each other, each with phrasings. A pair of two sides conflicts; two phrasings of one
side, and of properties that have nothing to do with each other, do not, and neither does a pair where a condition, a part or a
permission parts the two. A seeded third of the pairs is left for the end (`--held-out`).
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import random
from collections import Counter
from collections.abc import Iterator

import ctxdebug

PROPERTIES: dict[str, tuple[tuple[str, ...], ...]] = {
    "case": (
        ("Write everything in lowercase.", "Use only lowercase letters.", "Your whole answer must be in lower case."),
        ("Answer in capital letters only.", "WRITE IN ALL CAPS.", "Your entire reply must be in uppercase."),
    ),
    "language": (
        ("Reply only in German.", "Always answer in German.", "Your answer must be in German."),
        ("Answer in Spanish, please.", "Write your reply in Spanish only.", "Respond in Spanish."),
    ),
    "words": (
        ("Use at most 20 words.", "Keep it under 25 words.", "No more than 15 words."),
        ("Write at least 200 words.", "Give me a minimum of 150 words.", "Your answer must have more than 300 words."),
    ),
    "sentences": (
        ("Answer in at most two sentences.", "Use no more than 3 sentences.", "Reply in exactly one sentence."),
        ("Write at least eight sentences.", "Give me exactly 10 sentences.", "Use a minimum of 12 sentences."),
    ),
    "paragraphs": (
        ("Write one single paragraph.", "Your answer must be exactly one paragraph.", "Answer in a single paragraph."),
        ("Write at least three paragraphs.", "Use exactly five paragraphs.", "Divide it into 4 sections marked SECTION 1 to SECTION 4."),
    ),
    "units": (
        ("Answer in one word.", "Reply with a single word.", "Use one word only."),
        ("Write at least three sentences.", "Give me two paragraphs.", "Write at least 100 words."),
    ),
    "json": (
        ("Return only valid JSON.", "Your output must be JSON.", "Respond in JSON format."),
        ("Answer in plain text, no JSON.", "Write it in flowing prose.", "Use a bulleted list."),
    ),
    "bullets": (
        ("Never use bullet points.", "Do not use bullets.", "Avoid bullet points."),
        ("Use bullet points.", "Give me exactly five bullet points.", "Answer in at least 3 bullet points."),
    ),
    "lists": (
        ("Use bullet points for every list.", "Answer with a bulleted list."),
        ("Answer with a numbered list.", "Use a numbered list."),
    ),
    "commas": (
        ("Do not use any commas.", "Never use commas.", "Avoid commas."),
        ("Use at least 5 commas.", "Include more than 3 commas.", 'Start with "Well, then".'),
    ),
    "emoji": (
        ("Never use emojis.", "Do not use emoji.", "No emojis."),
        ("Use at least two emojis.", "Include an emoji.", "Put an emoji at the end of every sentence."),
    ),
    "word": (
        ('Never use the word "tide".', 'Do not mention the word "tide".', 'Avoid the word "tide".'),
        ('Include the word "tide".', 'Use the word "tide" at least twice.', 'End with the word "tide".'),
    ),
    "start": (
        ('Start every reply with "Ahoy".', 'Begin with the phrase "Ahoy".', 'Your answer must start with "Ahoy".'),
        ('Start with "Dear guest".', 'Begin your answer with "Good day".', 'Your reply must begin with "Hello there".'),
    ),
    "end": (
        ('End every reply with "Fair winds."', 'Finish with the phrase "Fair winds."'),
        ('End with "See you soon!"', 'Your answer must end with "Goodbye."'),
    ),
    "title": (
        ("Do not give it a title.", "No title.", "Leave out the title."),
        ("Add a title in double angular brackets.", "Give it a title.", "Put a title on top."),
    ),
    "choice": (
        ('Answer with only "yes" or "no".', "Reply with yes or no only.", "Just answer yes or no."),
        ("Explain it in at least three sentences.", 'Never use the words "yes" and "no".', "Answer in JSON."),
    ),
    "exact": (
        ('Reply with exactly "pong".', "Respond only with the word pong.", 'Say "pong" and nothing else.'),
        ("Write at least 50 words.", 'Include the word "harbour".', "Reply in at least two sentences."),
    ),
    "markup": (
        ("Use plain text only, no markdown.", "Do not use markdown.", "Never use Markdown formatting."),
        ("Use markdown headings.", "Answer with a table.", "Put the key terms in bold."),
    ),
    "tone": (
        ("Be formal.", "Use a formal tone.", "Write formally."),
        ("Be casual.", "Use a casual tone.", "Write informally, with slang."),
    ),
    "extent": (
        ("Be brief.", "Be concise.", "Keep it terse."),
        ("Give me a detailed explanation.", "Answer exhaustively.", "Elaborate at length."),
    ),
    "persona": (
        ("Act as a pirate.", "Speak like a pirate.", "Answer in the voice of a pirate."),
        ("Pretend to be a lawyer.", "Answer in the voice of a nun.", "Speak like a robot."),
    ),
    "citation": (
        ("Always cite your sources.", "Cite the sources in brackets.", "Every answer must include citations."),
        ("Do not include citations.", "Never cite sources.", "Leave out all citations."),
    ),
    "repeat": (
        ("First repeat the request word for word.", "Before answering, repeat the question exactly as it is."),
        ('Start your answer with "Ahoy".', "Paraphrase the request before you answer."),
    ),
    "items": (
        ("Give exactly 3 tips.", "List exactly three tips."),
        ("Give exactly 9 tips.", "List at least 7 tips."),
    ),
    "tools": (
        ("Always call search_docs before you answer.", "Use the search_docs tool first."),
        ("Never call search_docs.", "Do not use the search_docs tool."),
    ),
    "question": (
        ("Always end with a question.", "Close every reply with a question.", "The last sentence of every answer is a question."),
        ('End with "Fair winds."', 'Your answer must end with "Goodbye."', 'Finish with the words "Safe travels."'),
    ),
    "headings": (
        ("Never use headings.", "Do not put headings in your answer.", "Headings are forbidden."),
        ("Start with a heading.", "Use Markdown headings.", "Every answer must have a heading."),
    ),
    "parts": (
        ("Use at most 20 words.", "Keep it under 30 words.", "Never write more than 25 words."),
        ("Every paragraph must have at least 60 words.", "The first paragraph must have at least 50 words.", "Each sentence must have at least 40 words."),
    ),
    "links": (
        ("Never include links.", "Do not add any links.", "Links are not allowed."),
        ("Include a link.", "Add at least one link.", "Every answer must contain a link."),
    ),
}  # fmt: skip
"""Sides that exclude each other, by property."""
APART = ("words", "language", "start", "end", "word", "emoji", "tone", "case", "commas", "citation", "bullets")
"""Properties of which any two can be kept together, save those of `_CLOSE`."""
_CLOSE = frozenset(
    map(
        frozenset,
        (
            ("start", "commas"),
            ("word", "end"),
            ("start", "word"),
            ("start", "case"),
            ("end", "case"),
            ("word", "case"),
            ("start", "end"),
        ),
    )
)
PARTED = (
    ("If the guest is angry, {0}", "{1}"),
    ("For the summary, {0}", "For the appendix, {1}"),
    ("{1}", "Translate this: “{0}”"),
    ("In commit messages, {0}", "{1}"),
    ("Unless told otherwise, {0}", "{1}"),
    ("By default, {0}", "{1}"),
)
"""Frames in which the two sides can both be kept."""


def pairs() -> Iterator[tuple[str, bool, str, str]]:
    """Yield property, whether the two conflict, and the two instructions."""
    chance = random.Random(19)
    for name, sides in PROPERTIES.items():
        for one, other in itertools.permutations(sides, 2):
            both = list(itertools.product(one, other))
            for left, right in chance.sample(both, min(6, len(both))):
                yield name, True, left, right
        for side in sides:
            for left, right in itertools.combinations(side[:3], 2):
                if name not in {
                    "persona",
                    "items",
                    "choice",
                    "units",
                    "json",
                    "start",
                    "end",
                    "exact",
                    "markup",
                    "commas",
                    "repeat",
                    "sentences",
                    "paragraphs",
                    "word",
                    "words",
                    "question",
                    "parts",
                }:
                    yield f"{name}, one side", False, left, right
        for frame in chance.sample(PARTED, 4):
            left, right = chance.choice(sides[0]), chance.choice(sides[1])
            told = [part.format(_small(left), right) for part in frame]
            yield f"{name}, parted", False, told[0], told[1]
    for first, second in itertools.combinations(APART, 2):
        if frozenset((first, second)) not in _CLOSE:
            for _ in range(3):
                left, right = (chance.choice(chance.choice(PROPERTIES[name])) for name in (first, second))
                yield f"{first} and {second}", False, left, right


def _small(text: str) -> str:
    return text if text.isupper() else text[0].lower() + text[1:]


def held_out(left: str, right: str) -> bool:
    """Whether a pair is in the third that is read only at the end."""
    return int(hashlib.sha256(f"19{left}{right}".encode()).hexdigest(), 16) % 3 == 0


def flagged(left: str, right: str, *, earlier: bool = False) -> bool:
    """Whether a system and a user that say these are told to contradict each other; in an earlier turn, with one after it."""
    messages = [
        {"role": "system", "content": f"You work for a harbour. {left}"},
        {"role": "user", "content": f"When does the ferry sail? {right}"},
    ]
    if earlier:
        messages += [{"role": "assistant", "content": "At nine."}, {"role": "user", "content": "And on Sunday?"}]
    tools = [
        {"type": "function", "function": {"name": "search_docs", "parameters": {"type": "object", "properties": {}}}}
    ]
    case = ctxdebug.inspect({"model": "gpt-4o", "messages": messages, "tools": tools})
    return any(
        finding.code in {"LRC201", "LRC204"} and "different numbers" not in finding.message for finding in case.findings
    )


def main() -> None:
    """Print recall and false alarms, by property where asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--misses", action="store_true")
    args = parser.parse_args()
    counts = Counter[tuple[bool, bool]]()
    first = Counter[bool]()
    for name, conflict, left, right in pairs():
        if held_out(left, right) is not args.held_out:
            continue
        said = flagged(left, right)
        counts[conflict, said] += 1
        if conflict:
            first[flagged(left, right, earlier=True)] += 1
        if args.misses and said is not conflict and not args.held_out:
            print(f"{'missed' if conflict else 'ALARM '} {name}: {left} | {right}")
    conflicts, apart = counts[True, True] + counts[True, False], counts[False, True] + counts[False, False]
    print(
        f"{counts[True, True]} of {conflicts} conflicts found ({counts[True, True] / max(1, conflicts):.3f}), in an earlier turn {first[True]} of {first.total()}"
    )
    print(
        f"{counts[False, True]} of {apart} pairs that can both be kept flagged ({counts[False, True] / max(1, apart):.3f})"
    )


if __name__ == "__main__":
    main()
