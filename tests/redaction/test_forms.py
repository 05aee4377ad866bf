from __future__ import annotations

import base64
import html
import json
import urllib.parse
from typing import Any

import pytest

from ctxdebug.redaction.masking import masked
from ctxdebug.redaction.redactor import Redactor
from tests.redaction.examples import made

KEY = f"sk-ant-api03-{made(80)}AA"
OTHER = f"ghp_{made(36, seed=7)}"
PASSWORD = "Tr0ub4dor&3"


def wrapped(text: str, width: int = 40) -> str:
    return "\n".join(text[at : at + width] for at in range(0, len(text), width))


HIDDEN_FORMS = {
    "zero width": "\u200b".join([KEY[:9], KEY[9:40], KEY[40:]]),
    "soft hyphen": KEY[:20] + "\u00ad" + KEY[20:],
    "variation selectors": "\ufe0f".join(KEY),
    "non-breaking hyphens": KEY.replace("-", "\u2011"),
    "wrapped lines": wrapped(KEY),
    "wrapped and indented": wrapped(KEY).replace("\n", "\n    "),
    "continued lines": wrapped(KEY).replace("\n", "\\\n"),
    "added strings": f'"{KEY[:30]}" + "{KEY[30:]}"',
    "strings side by side": f'("{KEY[:12]}"\n    "{KEY[12:]}")',
    "wrapped early": f"{KEY[:8]}\n{KEY[8:]}",
    "hex": KEY.encode().hex(),
    "capital hex": KEY.encode().hex().upper(),
    "hex with spaces": KEY.encode().hex(" "),
    "escapes": "".join(f"\\x{ord(character):02x}" for character in KEY),
    "percent signs": "".join(f"%{ord(character):02X}" for character in KEY),
    "quoted for a URL": "key%3D" + KEY.replace("-", "%2D"),
    "entities": "".join(f"&#{ord(character)};" for character in KEY),
    "base64": base64.b64encode(f"{KEY}\n".encode()).decode(),
    "base64 of a command": base64.b64encode(f"curl -H 'x-api-key: {KEY}'".encode("utf-16-le")).decode(),
    "base64 twice": base64.b64encode(base64.b64encode(KEY.encode())).decode(),
    "base64 in a URL": urllib.parse.quote(base64.urlsafe_b64encode(KEY.encode()).decode(), safe=""),
}


def readable(text: str) -> list[str]:
    """What somebody who knows the usual ways gets out of a text."""
    bare = "".join(character for character in text if character.isascii())
    forms = [text, bare, text.replace("\u2011", "-"), html.unescape(text), urllib.parse.unquote(text)]
    forms += ["".join(part.strip("\"'()+\\ ") for part in text.split("\n")), text.replace('" + "', "")]
    for form in (text, urllib.parse.unquote(text)):
        for word in form.split():
            for decode in (bytes.fromhex, lambda word: base64.b64decode(word + "==", altchars=b"-_")):
                try:
                    forms.append(decode(word).replace(b"\0", b"").decode("latin-1"))
                except ValueError:
                    continue
    return forms


@pytest.mark.parametrize("form", HIDDEN_FORMS)
def test_a_secret_in_another_form_is_neither_written_nor_shown(form: str) -> None:
    text = f"the value {HIDDEN_FORMS[form]} is what I use"
    shown = masked(text)
    assert len(shown) == len(text)
    assert shown.startswith("the value ")
    assert shown.endswith(" is what I use")
    for result in (shown, Redactor().redact(text)):
        assert not any(KEY[20:60] in reading for reading in readable(result)), result


@pytest.mark.parametrize(
    "text",
    [
        "Cookie: sid={secret}; theme=dark",
        "password is {secret}",
        "The admin password is now {secret}.",
        "das Passwort lautet {secret}",
        "la contraseña es {secret}",
        "密码是{secret}",
        "please set the password to `{secret}`",
        "curl -u admin:{secret} https://example.org",
        "curl --silent --user 'admin:{secret}' https://example.org",
        "machine example.org login anna password {secret}",
        "<password>{secret}</password>",
        "<ns:apiKey type='x'>{secret}</ns:apiKey>",
        '<add key="DbPassword" value="{secret}"/>',
        "https://example.org/v1/items?key={secret}&page=2",
        "https://example.org/v1/items?access_token={secret}",
        "mysql -u root -p{secret} shop",
        "docker login --username anna --password {secret}",
        "CREATE USER anna IDENTIFIED BY '{secret}'",
        "DB_PASS={secret}",
        '{{"Cookie": "sid={secret}"}}',
        "X-Api-Key: {secret}",
        "Authorization: SSWS {secret}",
        "postgres://app:{secret}@db.example.org/shop",
    ],
)
def test_a_secret_that_the_text_calls_one_is_hidden(text: str) -> None:
    secret = "Tr0ub4dor-9x-Qz7"
    written = text.format(secret=secret)
    assert secret not in masked(written)
    assert len(masked(written)) == len(written)
    assert secret not in json.dumps(Redactor().redact({"content": written}))


@pytest.mark.parametrize(
    "text",
    [
        "icons/user@2x.png and icons/user@3x.webp",
        "logo@1.5x.svg",
        "git clone git@github.com:acme/shop.git",
        "hg@code.example.org",
        "api_key=process.env.STRIPE_KEY_2",
        "apiKey: process.env.OPENAI_API_KEY1",
        "api_key = os.environ['OPENAI_API_KEY_2']",
        "api_key=os.getenv('KEY_1')",
        "password=get_secret_v2('db')",
        "password: ${DB_PASSWORD_1}",
        "token: {{ secrets.DEPLOY_TOKEN_1 }}",
        "secret: $SECRET_NUMBER_4711_VALUE",
        "api_key=OPENAI_API_KEY_2",
        "client_secret = settings.oauth2.client_secret",
        "postgres://app:${PGPASSWORD}@db/main",
        "part number 415-555-2671",
        "P/N 4111-1111-1111-1111",
        "SKU: 078-05-1120",
        "order no. 4111111111111111",
        "msg_0ca73fa85f6cf259016955889120 and https://example.org/articles/s41559-021-01524-x",
        "the password is required",
        "The password is base64-encoded.",
        "the password is 12 characters long",
        "the password is too short, see section 4.2",
        "your password is hashed with SHA-256",
        "Passwort ist erforderlich",
        "password is case-sensitive and must be 8-64 characters",
        "パスワードは何ですか？",
        'password = properties.getProperty("password")',
        "docker run -u 1000:1000 app",
        "docker run -u www-data:www-data app",
        "curl -u $USER:$PASSWORD https://example.org",
        "docker login --password-stdin",
        "mytool --token <token> --api-key YOUR_API_KEY",
        "<password>string</password>",
        "<password>{{ password }}</password>",
        "?key=value&token=name",
        "the cookie: how to bake it",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 on main",
        "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        "https://example.org/a/very/long/path/to/some/document/with/many/parts.html",
        "see issue #12 and call 1-2-3; version 10.0.0.1-rc1",
        "id 123e4567-e89b-12d3-a456-426614174000",
        "sk-learn\nsomething else that is long and has no digits",
        "use scikit-learn\n1234567890 times",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert masked(text) == text
    assert Redactor().redact({"content": text}) == {"content": text}


def test_a_complete_key_at_the_end_of_a_line_does_not_take_the_next_word() -> None:
    text = f"{KEY}\nthen-restart the service"
    assert masked(text).endswith("\nthen-restart the service")
    assert Redactor().redact(text) == "<REDACTED:anthropic-key:1>\nthen-restart the service"


def test_a_key_that_a_stream_says_piece_by_piece_is_hidden() -> None:
    pieces = ["it is ", KEY[:10], KEY[10:50], KEY[50:], " as you", " asked"]
    events = [{"choices": [{"index": 0, "delta": {"content": piece}}]} for piece in pieces]
    written: Any = Redactor().redact({"_chunks": events})
    said = "".join(event["choices"][0]["delta"]["content"] for event in written["_chunks"])
    assert said == "it is <REDACTED:anthropic-key:1> as you asked"


def test_a_key_in_two_parts_of_a_message_is_hidden() -> None:
    parts = [{"type": "text", "text": f"use {OTHER[:9]}"}, {"type": "text", "text": f"{OTHER[9:]} now"}]
    assert Redactor().redact(parts) == [
        {"type": "text", "text": "use <REDACTED:github-token:1>"},
        {"type": "text", "text": " now"},
    ]


def test_a_complete_key_does_not_take_the_first_word_of_the_next_message() -> None:
    messages = [{"role": "system", "content": f"the key is {OTHER}"}, {"role": "user", "content": "hello"}]
    assert [message["content"] for message in Redactor().redact(messages)] == [
        "the key is <REDACTED:github-token:1>",
        "hello",
    ]


def test_items_without_a_secret_are_the_same_objects() -> None:
    messages = [{"role": "user", "content": "hello"}, {"role": "assistant", "content": "hi"}]
    assert Redactor().redact(messages) == messages


@pytest.mark.parametrize(
    "text",
    ["Sent the shopping account's password to trustme@gmail.com.", "das Passwort ist anna@firma.de"],
)
def test_an_address_is_no_password(text: str) -> None:
    assert masked(text) == text


def test_a_password_ends_where_an_escaped_line_does() -> None:
    assert masked(
        "the password is al1ce.m.123.\\nBest,\\nAlice"
    ) == "the password is ***********.\\nBest,\\nAlice".replace("***********.", "************")
