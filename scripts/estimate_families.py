"""The families of models whose prompts are estimated: who belongs to each, what is known of its template beforehand, and what may be hidden.

A prior is (weight, spread) for each term of `measures.py`; `scripts/estimates.py` fits the weights near it.
"""

from __future__ import annotations

HOSTED = frozenset({"claude", "gemini", "nova"})
"""Families whose own vendor renders the tools, always; with open weights a server's template may leave them out."""
ALIKE = ("claude 3 sonnet", "claude 3 opus", "claude 3 haiku", "claude 3.5", "claude 4", "claude 4.5")
"""Families of one vocabulary and one way to frame messages: what all of them show of these terms is what each begins with."""
SHARED = (
    "one",
    "messages",
    "text",
    "rare",
    "result",
    "called",
    "calls",
    "arguments",
    "results",
    "thoughts",
    "thinking",
    "schemas",
    "schema",
)
CLOSE = 0.25
"""Share of a prior's spread that is left once all alike families have been seen."""
BOUNDS = {"text": (0.8, 1.75), "result": (0.5, 1.75), "called": (0.4, 2.0)}
"""What a vocabulary can do to ordinary text, against o200k: a weight outside is the fault of a few odd rows."""

UNSHOWN = {"plain": 60.0, "tools": 700.0, "schema": 250.0}
"""Tokens that a server's own template may add where fewer than `SHOWN` sources show what it adds for such a prompt. Seen: Llama 4's rules
for tools 640, Groq's and Hugging Face's words for a schema 90 to 140, a system message of its own 24 to 60."""
SHOWN = 2
MAY_ADD = {"cohere": {"plain": 520.0, "tools": 1500.0}, "grok": {"plain": 200.0}}
"""As above, where a vendor's server is known to add more: Command R7B's safety preamble and its rules for tools, xAI's preamble."""

UNKNOWN = {"all": [[30.0, 0.2], [300.0, 0.6]]}
"""The band where not even the vocabulary is known. Above: by reason, a template may add much. Below: no family's recorded prompts of 20
tokens of text and more lie under .87 of the text's o200k tokens (31 families), and SmolLM2's, on a server of our own, not under .95."""

MAY_LACK = {
    "claude 4.5": {"tooled": 235.0, "adaptive": 16.0},
    "llama 4": {"tooled": 640.0},
    "llama 3.1 to 3.3": {"tooled": 350.0},
    "grok": {"one": 120.0, "tooled": 150.0},
    "deepseek": {"tooled": 200.0, "effort": 79.0},
    "deepseek by responses": {"one": 79.0, "tooled": 200.0},
    "unknown": {"tooled": 60.0, "tools": 8.0, "declared": 0.7},
    "qwen": {"tooled": 230.0},
    "cohere": {"one": 60.0, "tooled": 450.0},
    "gemini, counted as words": {"words": 0.6},
    "gemini 1 and 2.0": {"words": 0.6},
}
"""What was seen to be there or not, with no reason that a request tells: a hidden tool prompt that came with a date or a
host. The band reaches down to its absence."""

MAY_GAIN = {
    "gemini 1 and 2.0": {"schema": 0.6},
    "gemini, counted as words": {"schema": 0.6, "calls": 60.0},
    "gemini 2.5": {"schema": 0.3},
}
"""As above, upwards: a response schema that some requests to the same model are charged for, thinking that a gateway sends on behind calls."""

Prior = dict[str, tuple[float, float]]
CLAUDE: Prior = {"one": (4, 1), "messages": (3, 0.3), "text": (1.02, 0.05), "rare": (0.5, 0.2), "tagged": (1.15, 0.01),
    "thoughts": (1.1, 0.2), "calls": (38, 15),
    "called": (1.15, 0.1), "arguments": (8, 5), "results": (5, 5), "result": (1.05, 0.05), "tooled": (330, 150), "tools": (3, 10),
    "declared": (1.15, 0.2), "forced": (0, 50), "thinking": (28, 10), "adaptive": (8, 6), "schemas": (190, 60), "schema": (1.1, 0.3)}  # fmt: skip
OPEN: Prior = {"one": (5, 20), "systems": (4, 2), "turns": (5, 2), "text": (1.05, 0.04), "tagged": (0, 0.01),
    "thoughts": (0.6, 0.4), "calls": (12, 10),
    "called": (1.1, 0.3), "results": (5, 5), "result": (1.1, 0.2), "tooled": (60, 80), "tools": (8, 10), "declared": (1.05, 0.3),
    "schemas": (5, 10), "schema": (0.3, 0.3)}  # fmt: skip
GEMINI: Prior = {"one": (0.5, 0.5), "systems": (0.5, 0.5), "messages": (0.2, 0.3), "text": (1.02, 0.05), "tagged": (1.02, 0.01),
    "thoughts": (1, 0.2),
    "past_thoughts": (1, 0.2),
    "calls": (4, 5), "called": (1, 0.3), "arguments": (2, 4), "results": (4, 5), "result": (1, 0.2),
    "tooled": (8, 6), "tools": (5, 5), "described": (6, 4), "declared": (0, 0.02), "words": (1, 0.1), "properties": (10, 5)}  # fmt: skip
VERTEX: Prior = {"one": (0, 0.3), "text": (1, 0.05), "tagged": (1, 0.01),
    "thoughts": (1, 0.2), "past_thoughts": (1, 0.2), "called": (0.6, 0.3),
    "arguments": (1, 1), "results": (1, 1), "result": (0.9, 0.2), "calls": (1, 2), "words": (1, 0.2), "tools": (1, 1)}  # fmt: skip
NOVA: Prior = {"one": (0, 0.3), "turns": (3, 2), "text": (1.02, 0.02), "tagged": (1.02, 0.01),
    "calls": (30, 20), "called": (1.1, 0.3), "results": (5, 5),
    "result": (1.1, 0.2), "tooled": (350, 100), "tools": (10, 20), "declared": (1.1, 0.3), "forced": (0, 50), "schemas": (50, 100),
    "schema": (1, 0.5)}  # fmt: skip

FAMILIES: list[tuple[str, str, str, str, Prior]] = [
    ("claude 3 sonnet", "claude", r"claude-3-sonnet", "", {**CLAUDE, "tooled": (160, 15), "forced": (76, 20)}),
    ("claude 3 opus", "claude", r"claude-3-opus", "", {**CLAUDE, "tooled": (530, 20), "forced": (0, 20)}),
    (
        "claude 3 haiku",
        "claude",
        r"claude-3(-5)?-haiku|claude-3\.5-haiku",
        "",
        {**CLAUDE, "tooled": (264, 15), "forced": (76, 20)},
    ),
    ("claude 3.5", "claude", r"claude-(v2|2|instant|3-5|3\.5)", "", {**CLAUDE, "tooled": (300, 30)}),
    (
        "claude 4",
        "claude",
        r"claude-3[-.]7|claude-(sonnet|opus)-4(-0|-1|-20|$)|claude-(sonnet|opus)-4[.-]1",
        "",
        CLAUDE,
    ),
    ("claude 4.5", "claude", r"claude-(sonnet|haiku|opus)-4[.-][56]", "", CLAUDE),
    ("claude 5", "claude", "", "", {**CLAUDE, "text": (1.2, 0.1), "thinking": (10, 15), "past_thoughts": (1.1, 0.2)}),
    ("gemini 1 and 2.0", "gemini", r"gemini-(1|2\.0)", "", VERTEX),
    ("gemini, counted as words", "gemini", "", r"vertex|aiplatform|vercel|publishers/", VERTEX),
    ("gemini 2.5", "gemini", r"gemini-2\.5", "", GEMINI),
    ("gemini 3", "gemini", "", "", {**GEMINI, "properties": (14, 5)}),
    ("titan by converse", "nova", "titan", "/converse", {"one": (3, 0.5), "turns": (3, 2), "text": (1.02, 0.05)}),
    ("titan", "nova", "titan", "", {"one": (0, 0.5), "turns": (3, 2), "text": (1.02, 0.05)}),
    ("nova", "nova", "", "", NOVA),
    ("magistral", "mistral", "magistral", "", {**OPEN, "one": (300, 200), "text": (1.12, 0.05)}),
    ("mistral 7b", "mistral", "mistral-7b|mixtral", "", {**OPEN, "one": (8, 2), "text": (1.12, 0.05)}),
    ("mistral", "mistral", "", "", {**OPEN, "one": (3, 1), "turns": (1, 1), "text": (1.12, 0.05), "effort": (9, 3)}),
    ("deepseek r1", "deepseek", r"r1(?:$|[-:.])", "", {**OPEN, "one": (3, 1), "systems": (0, 2)}),
    ("llama guard", "llama3", "llama-guard", "", {**OPEN, "one": (190, 20)}),
    ("llama, a raw prompt", "llama3", "", "/invoke", {"one": (0.5, 1), "text": (1, 0.1)}),
    ("llama 3 by converse", "llama3", r"llama-?3-[78]", "/converse", {**OPEN, "one": (14, 2)}),
    (
        "llama 3.1 to 3.3 by ollama",
        "llama3",
        r"llama-?3[.-][123]",
        "ollama|:11434",
        {**OPEN, "one": (25, 3), "schemas": (0, 2), "schema": (0, 0.05)},
    ),
    ("llama 3.1 to 3.3", "llama3", r"llama-?3[.-][123]", "", {**OPEN, "one": (32, 6)}),
    ("llama 3", "llama3", r"llama-?3|r1-distill", "", {**OPEN, "one": (9, 4)}),
    ("llama 4", "llama3", "", "", OPEN),
    ("gpt-oss", "o200k_harmony", "", "", {**OPEN, "text": (1, 0.01), "one": (60, 30)}),
    (
        "gpt at another's door",
        "o200k_base",
        "",
        "",
        {**OPEN, "one": (3, 2), "systems": (4, 1), "turns": (4, 1), "text": (1, 0.01)},
    ),
    (
        "gpt-4 at another's door",
        "cl100k_base",
        "",
        "",
        {**OPEN, "one": (3, 2), "systems": (4, 1), "turns": (4, 1), "text": (1, 0.05)},
    ),
    (
        "deepseek by responses",
        "deepseek",
        "",
        "/responses",
        {**OPEN, "one": (84, 5), "systems": (0, 2), "tooled": (250, 30)},
    ),
    (
        "deepseek",
        "deepseek",
        "",
        "",
        {**OPEN, "one": (3, 1), "systems": (0, 2), "effort": (79, 10), "tooled": (250, 30)},
    ),
    *((name, name, "", "", OPEN) for name in ("glm", "kimi", "qwen", "cohere", "minimax")),
    ("grok", "grok", "", "", {**OPEN, "one": (100, 80)}),
    ("jamba", "jamba", "", "", {**OPEN, "one": (9, 1)}),
    ("unknown", "*", "", "", OPEN),
]
