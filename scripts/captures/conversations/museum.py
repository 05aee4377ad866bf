"""A good function-calling conversation with Gemini: nothing for ctxdebug to find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from google import genai
from google.genai import types

from scripts.captures.replies.google_generate_content import answer, stream
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://generativelanguage.googleapis.com"
MODEL = "gemini-3.5-flash"
GET_DAY = types.FunctionDeclaration(
    name="get_day",
    description="Returns the museum's calendar entries for one day: opening hours, tours and prices.",
    parameters=types.Schema(
        type=types.Type.OBJECT,
        properties={"day": types.Schema(type=types.Type.STRING, description="The day, as YYYY-MM-DD.")},
        required=["day"],
    ),
)
ENTRIES = [
    {"id": "hours-1", "day": "2026-09-19", "text": "Open from 10:00 to 18:00, last admission 17:15."},
    {"id": "tour-7", "day": "2026-09-19", "text": "Tour of the lifeboat, 11:30, 45 minutes, 4 euros, 12 places left."},
    {"id": "price-2", "day": "2026-09-19", "text": "Admission 9 euros, children from 6 to 15 years 4 euros."},
]
ANSWER = (
    "On Saturday, 19 September the museum is open from 10:00 to 18:00, with last admission at 17:15 (hours-1). "
    "The tour of the lifeboat starts at 11:30, takes 45 minutes and costs 4 euros (tour-7). "
    "Admission is 9 euros for you and 4 euros for your daughter (price-2)."
)


def record(stub: Stub) -> dict[str, list[Recording]]:
    """One call and the answer that stands on its result."""
    client = genai.Client(api_key="unused", http_options=types.HttpOptions(base_url=stub.url()))
    stub.script(
        answer("museum/1", MODEL, calls=[("get_day", {"day": "2026-09-19"})]),
        answer("museum/2", MODEL, ANSWER),
        stream("museum/2", MODEL, ANSWER),
    )
    config = types.GenerateContentConfig(
        system_instruction=text("museum/system.md"),
        tools=[types.Tool(function_declarations=[GET_DAY])],
        temperature=0.2,
        max_output_tokens=400,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )
    question = (
        "We'd like to come on Saturday, 19 September 2026, I and my daughter (10). When are you open, is there a tour "
        "of the lifeboat, and what is the admission?"
    )
    contents: list[types.ContentUnion] = [types.Content(role="user", parts=[types.Part(text=question)])]
    first = client.models.generate_content(model=MODEL, contents=contents, config=config)
    call = first.candidates[0].content if first.candidates else None
    if call is None:
        raise RuntimeError("the stub answers with a call")
    result = types.Part.from_function_response(name="get_day", response={"entries": ENTRIES})
    contents += [call, types.Content(role="user", parts=[result])]
    client.models.generate_content(model=MODEL, contents=contents, config=config)
    for _ in client.models.generate_content_stream(model=MODEL, contents=contents, config=config):
        pass
    return {
        "captures/google.generate_content/museum.session.jsonl": stub.recordings[:2],
        "captures/google.generate_content/museum.stream.json": stub.recordings,
        "clean/google.generate_content.json": stub.recordings[:2],
    }
