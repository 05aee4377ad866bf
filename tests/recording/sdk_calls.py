"""A call by each SDK: the address that its variable would have, whether to stream, and what the application reads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

KEY = "sk-fake-abcdefghij1234567890"
QUESTION = "How many days may I carry over?"
MESSAGES: Any = [{"role": "user", "content": QUESTION}]


def openai_chat(base: str, stream: bool) -> str:
    client = pytest.importorskip("openai").OpenAI(base_url=f"{base}/openai/v1", api_key=KEY, max_retries=0)
    got = client.chat.completions.create(model="gpt-4o-mini", messages=MESSAGES, stream=stream)
    if stream:
        return "".join(event.choices[0].delta.content or "" for event in got if event.choices)
    return str(got.choices[0].message.content)


def openai_responses(base: str, stream: bool) -> str:
    client = pytest.importorskip("openai").OpenAI(base_url=f"{base}/openai/v1", api_key=KEY, max_retries=0)
    got = client.responses.create(model="gpt-4o-mini", input=QUESTION, stream=stream)
    if stream:
        return "".join(event.delta for event in got if event.type == "response.output_text.delta")
    return str(got.output_text)


def openai_async(base: str, stream: bool) -> str:
    async def call() -> str:
        async with pytest.importorskip("openai").AsyncOpenAI(base_url=f"{base}/openai/v1", api_key=KEY) as client:
            got = await client.chat.completions.create(model="gpt-4o-mini", messages=MESSAGES, stream=stream)
            if stream:
                return "".join([event.choices[0].delta.content or "" async for event in got if event.choices])
            return str(got.choices[0].message.content)

    return asyncio.run(call())


def anthropic(base: str, stream: bool) -> str:
    client = pytest.importorskip("anthropic").Anthropic(base_url=f"{base}/anthropic", api_key=KEY, max_retries=0)
    got = client.messages.create(model="claude-sonnet-4-5", max_tokens=200, messages=MESSAGES, stream=stream)
    if stream:
        return "".join(event.delta.text for event in got if event.type == "content_block_delta")
    return str(got.content[0].text)


def google_genai(base: str, stream: bool) -> str:
    genai = pytest.importorskip("google.genai")
    client = genai.Client(api_key=KEY, http_options={"base_url": f"{base}/gemini"})
    if stream:
        got = client.models.generate_content_stream(model="gemini-2.5-flash", contents=QUESTION)
        return "".join(event.text or "" for event in got)
    return str(client.models.generate_content(model="gemini-2.5-flash", contents=QUESTION).text)


def google_genai_async(base: str, stream: bool) -> str:
    genai = pytest.importorskip("google.genai")

    async def call() -> str:
        client = genai.Client(api_key=KEY, http_options={"base_url": f"{base}/gemini"}).aio
        if stream:
            got = await client.models.generate_content_stream(model="gemini-2.5-flash", contents=QUESTION)
            return "".join([event.text or "" async for event in got])
        return str((await client.models.generate_content(model="gemini-2.5-flash", contents=QUESTION)).text)

    return asyncio.run(call())


def ollama(base: str, stream: bool) -> str:
    client = pytest.importorskip("ollama").Client(host=f"{base}/ollama")
    got = client.chat(model="llama3.2", messages=MESSAGES, stream=stream)
    return "".join(event.message.content for event in got) if stream else str(got.message.content)


def cohere(base: str, stream: bool) -> str:
    client = pytest.importorskip("cohere").ClientV2(api_key=KEY, base_url=f"{base}/cohere")
    if stream:
        got = client.chat_stream(model="command-a-03-2025", messages=MESSAGES)
        return "".join(event.delta.message.content.text for event in got if event.type == "content-delta")
    return str(client.chat(model="command-a-03-2025", messages=MESSAGES).message.content[0].text)


def mistral(base: str, stream: bool) -> str:
    pytest.importorskip("mistralai")
    try:
        from mistralai.client import Mistral  # type: ignore[import-not-found, unused-ignore]  # not installed everywhere
    except ImportError:
        from mistralai import Mistral  # type: ignore[import-not-found, no-redef, unused-ignore]  # not installed everywhere
    client = Mistral(api_key=KEY, server_url=f"{base}/mistral")
    if stream:
        got = client.chat.stream(model="mistral-small-latest", messages=MESSAGES)
        return "".join(event.data.choices[0].delta.content or "" for event in got)
    return str(client.chat.complete(model="mistral-small-latest", messages=MESSAGES).choices[0].message.content)


def boto3(base: str, stream: bool) -> str:
    client = pytest.importorskip("boto3").client(
        "bedrock-runtime", region_name="eu-central-1", endpoint_url=f"{base}/bedrock", aws_access_key_id="AKIAFAKEFAKEFAKEFAKE",
        aws_secret_access_key="fake/secret/0123456789abcdefghijklmnopqr",
    )  # fmt: skip
    asked = {
        "modelId": "anthropic.claude-3-5-sonnet-20240620-v1:0",
        "messages": [{"role": "user", "content": [{"text": QUESTION}]}],
    }
    if stream:
        got = client.converse_stream(**asked)["stream"]
        return "".join(event["contentBlockDelta"]["delta"]["text"] for event in got if "contentBlockDelta" in event)
    return str(client.converse(**asked)["output"]["message"]["content"][0]["text"])


def litellm(base: str, stream: bool) -> str:
    module = pytest.importorskip("litellm")
    got = module.completion(
        model="openai/gpt-4o-mini", messages=MESSAGES, stream=stream, api_base=f"{base}/openai/v1", api_key=KEY
    )
    if stream:
        return "".join(event.choices[0].delta.content or "" for event in got)
    return str(got.choices[0].message.content)


def litellm_async(base: str, stream: bool) -> str:
    module = pytest.importorskip("litellm")

    async def call() -> str:
        got = await module.acompletion(
            model="anthropic/claude-sonnet-4-5", messages=MESSAGES, stream=stream, api_base=f"{base}/anthropic", api_key=KEY)  # fmt: skip
        if stream:
            return "".join([event.choices[0].delta.content or "" async for event in got])
        return str(got.choices[0].message.content)

    return asyncio.run(call())


CALLS: dict[str, Callable[[str, bool], str]] = {
    "openai": openai_chat, "openai responses": openai_responses, "openai async": openai_async, "anthropic": anthropic,
    "google-genai": google_genai, "google-genai async": google_genai_async, "ollama": ollama, "cohere": cohere,
    "mistralai": mistral, "boto3": boto3, "litellm": litellm, "litellm async": litellm_async,
}  # fmt: skip
