from __future__ import annotations

import base64
import json
import random
import urllib.parse
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.errors import UsageError
from ctxdebug.redaction import secret_kinds
from ctxdebug.redaction.redactor import Redactor, remaining
from ctxdebug.redaction.secret_kinds import SecretKind, kinds, vendor_tokens
from tests.redaction.examples import BASE32, HEX, example, made

PEM = (
    "-----BEGIN {0}PRIVATE KEY-----\n"
    + "\n".join(made(64, seed=n) for n in range(4))
    + "\n-----END {0}PRIVATE KEY-----"
)

POSITIVE: dict[str, list[str]] = {
    "anthropic-key": [f"sk-ant-api03-{made(93)}-AA", f"sk-ant-admin01-{made(80)}", f"sk-ant-oat01-{made(60)}"],
    "openrouter-key": [f"sk-or-v1-{made(64, HEX, n)}" for n in range(3)],
    "langfuse-key": [
        f"sk-lf-{made(8, HEX, n)}-{made(4, HEX, n)}-{made(4, HEX, n)}-{made(4, HEX, n)}-{made(12, HEX, n)}"
        for n in range(3)
    ],
    "openai-key": [f"sk-{made(48)}", f"sk-proj-{made(120)}_{made(30)}", f"sk-svcacct-{made(60)}"],
    "google-key": [f"AIza{made(35, seed=n)}" for n in range(3)],
    "google-oauth": [f"ya29.{made(80)}", f"GOCSPX-{made(28)}", f"1//0{made(60)}"],
    "aws-key-id": [f"AKIA{made(16, BASE32, 3)}", f"ASIA{made(16, BASE32, 4)}", f"ABIA{made(16, BASE32, 5)}"],
    "github-token": [f"ghp_{made(36)}", f"gho_{made(36)}", f"github_pat_{made(22)}_{made(59)}"],
    "gitlab-token": [f"glpat-{made(20)}", f"gldt-{made(20)}", f"glrt-{made(20)}"],
    "slack-token": [f"xoxb-123456789012-{made(24)}", f"xoxp-1234567890-{made(30)}", f"xapp-1-A012-{made(40)}"],
    "stripe-key": [f"sk_live_{made(24)}", f"rk_test_{made(99)}", f"whsec_{made(32)}"],
    "huggingface-token": [f"hf_{made(34)}", f"hf_{made(37)}", f"api_org_{made(34)}"],
    "groq-key": [f"gsk_{made(52, seed=n)}" for n in range(3)],
    "xai-key": [f"xai-{made(80, seed=n)}" for n in range(3)],
    "perplexity-key": [f"pplx-{made(48, seed=n)}" for n in range(3)],
    "replicate-token": [f"r8_{made(37, seed=n)}" for n in range(3)],
    "langsmith-key": [
        f"lsv2_pt_{made(32, HEX)}_{made(10, HEX)}",
        f"lsv2_sk_{made(32, HEX)}_{made(10, HEX)}",
        f"ls__{made(32, HEX)}",
    ],
    "npm-token": [f"npm_{made(36, seed=n)}" for n in range(3)],
    "pypi-token": [f"pypi-AgEIcHlwaS5vcmc{made(70, seed=n)}" for n in range(3)],
    "sendgrid-key": [f"SG.{made(22, seed=n)}.{made(43, seed=n)}" for n in range(3)],
    "twilio-key": [f"SK{made(32, HEX, n)}" for n in range(3)],
    "mailgun-key": [f"key-{made(32, HEX, n)}" for n in range(3)],
    "telegram-token": [f"{n}23456789:AA{made(33, seed=n)}" for n in (1, 2, 3)],
    "discord-token": [f"{letter}{made(25)}.{made(6)}.{made(32)}" for letter in "MNO"],
    "digitalocean-token": [f"dop_v1_{made(64, HEX)}", f"doo_v1_{made(64, HEX)}", f"dor_v1_{made(64, HEX)}"],
    "shopify-token": [f"shpat_{made(32, HEX)}", f"shpca_{made(32, HEX)}", f"shpss_{made(32, HEX)}"],
    "databricks-token": [f"dapi{made(32, HEX, 1)}", f"dapi{made(32, HEX, 2)}", f"dapi{made(32, HEX, 3)}-2"],
    "vault-token": [f"hvs.{made(90)}", f"hvb.{made(120)}", f"hvr.{made(60)}"],
    "notion-token": [f"ntn_{made(46)}", f"secret_{made(43)}", f"ntn_{made(44, seed=2)}"],
    "linear-key": [f"lin_api_{made(40)}", f"lin_api_{made(40, seed=2)}", f"lin_oauth_{made(40)}"],
    "atlassian-token": [f"ATATT3xFfGF0{made(60)}", f"ATCTT3{made(60)}", f"ATBB{made(32)}"],
    "newrelic-key": [f"NRAK-{made(27, BASE32, n)}" for n in range(3)],
    "age-key": [f"AGE-SECRET-KEY-1{made(58, BASE32, n)}" for n in range(3)],
    "jwt": [f"eyJ{made(33, seed=n)}.eyJ{made(60, seed=n)}.{made(43, seed=n)}" for n in range(3)],
    "private-key": [PEM.format(""), PEM.format("RSA "), PEM.format("OPENSSH ").replace("\n", "\\n")],
    "slack-webhook": [f"https://hooks.slack.com/services/T0{n}/B0{n}/{made(24, seed=n)}" for n in range(3)],
    "discord-webhook": [f"https://discord.com/api/webhooks/12345678901234567{n}/{made(68, seed=n)}" for n in range(3)],
    "aws-secret-key": [
        f"aws_secret_access_key = {made(40)}",
        f'"AWS_SECRET_ACCESS_KEY": "{made(40)}"',
        f"aws-secret-key={made(40)}",
    ],
    "azure-key": [
        f"AccountName=x;AccountKey={made(86)}==;",
        f"SharedAccessKey={made(43)}=",
        f"accountkey={made(86)}==",
    ],
    "azure-signature": [
        f"https://x.blob.core.windows.net/c/f?sv=2022&sig={made(43)}%3D",
        f"?sig={made(46)}",
        f"&sig={made(50)}",
    ],
    "bearer-token": [
        f"Bearer {made(40)}",
        f"authorization: bearer {made(24)}",
        f'"Authorization": "Bearer {made(30)}="',
    ],
    "basic-auth": [
        "Authorization: Basic dXNlcjpwYXNzd29yZA==",
        '"authorization": "Basic YWRtaW46c2VjcmV0MTIz"',
        "Authorization=Basic dXNlcjpodW50ZXIy",
    ],
    "url-password": [
        "postgres://app:hunter2@db/main",
        "https://user:p4ss%21@example.com/x",
        "redis://:s3cret@cache:6379/0",
    ],
    "password": ["password=hunter2!", '"passwd": "Tr0ub4dor&3"', "PGPASSWORD: correct-horse-9"],
    "api-key": [f"api_key={made(24)}", f'"clientSecret": "{made(32)}"', f"X_ACCESS_TOKEN='{made(30)}'"],
    "token": [f"the token={made(24)}", f"secret: {made(32)}", f'"credential":"{made(20)}"'],
    "email": ["anna.schmidt@firma.de", "write to bob+tag@mail.example.co.uk.", "q=carol%40example.org"],
    "iban": ["DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "IBAN: FR1420041010050500013M02606"],
    "card": ["4111 1111 1111 1111", "card 5555-5555-5555-4444 ok", "378282246310005"],
    "us-ssn": ["078-05-1120", "SSN 219-09-9999.", "(457-55-5462)"],
    "phone": ["+49 171 2345678", "call (415) 555-2671 now", "Telefon: 030 901820"],
}

NEGATIVE: dict[str, list[str]] = {
    "anthropic-key": ["sk-ant-api03-short", "sk-ant", "task-anthropic-api-keys-are-secret"],
    "openrouter-key": ["sk-or-v1-abc", "sk-or-false", "desk-or-v1-table"],
    "langfuse-key": ["sk-lf-1234", "pk-lf-short", "sk-lf-not-a-uuid-at-all-but-long-enough-text"],
    "openai-key": ["sk-learn", "sk-proj-name", "use scikit-learn or sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    "google-key": ["AIza", "AIzaTooShort123", f"xAIza{made(35)}"],
    "google-oauth": ["ya29.short", "GOCSPX-", "1//0 is not a token"],
    "aws-key-id": ["AKIA", "AKIAshort", "AKIA1111111111111111"],
    "github-token": ["ghp_short", "github_pat_", "ghost_of_a_chance_that_this_is_a_token_12345"],
    "gitlab-token": ["glpat-short", "glob-pattern-that-is-rather-long", "glide"],
    "slack-token": ["xoxb-1", "xox", "foxes"],
    "stripe-key": ["sk_live_short", "pk_test", "task_live_session_of_a_length_that_fits"],
    "huggingface-token": ["hf_hub_download", "hf_", "shelf_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6"],
    "groq-key": ["gsk_", "gsk_short", "msgsk_abc"],
    "xai-key": ["xai-org", "xai-grok-beta", "explainable xai-methods"],
    "perplexity-key": ["pplx-7b-online", "pplx-70b-chat", "pplx-api"],
    "replicate-token": ["r8_", "r8_short", "for8_loops"],
    "langsmith-key": ["lsv2_pt_", "ls__init__", "lsv2"],
    "npm-token": ["npm_config_registry", "npm_lifecycle_event", "npm_"],
    "pypi-token": ["pypi-AgE", "pypi-server", "pypi.org"],
    "sendgrid-key": ["SG.short.key", "MSG.one.two", "SG."],
    "twilio-key": ["SK123", "SKU" + made(32, HEX), "sk" + made(31, HEX)],
    "mailgun-key": ["key-value", "key-" + made(31, HEX), "monkey-" + made(32, HEX)],
    "telegram-token": ["12:30:AAb", "123456789:AAshort", "ratio 123456789:1"],
    "discord-token": ["Module.submodule.function_name_here", "N.a.b", "Mmmmmmm.com.example"],
    "digitalocean-token": ["dop_v1_", "dop_v1_xyz", "do_v1_" + made(64, HEX)],
    "shopify-token": ["shpat_", "shpat_zz", "ship_at_" + made(32, HEX)],
    "databricks-token": ["dapi", "dapiserver", "dapi" + made(20, HEX)],
    "vault-token": ["hvs.short", "hvs", "hvac.systems-and-more-systems-in-this-building"],
    "notion-token": ["secret_santa", "ntn_", "secret_service_agent_in_a_long_novel_of_old"],
    "linear-key": ["lin_api_", "lin_reg_model", "berlin_api_key"],
    "atlassian-token": ["ATAT", "ATTENTION", "ATBB"],
    "newrelic-key": ["NRAK-", "NRAK-short", "SNRAK-1"],
    "age-key": ["AGE-SECRET-KEY-1", "AGE-SECRET", "age 12"],
    "jwt": ["eyJ.eyJ.x", "eyJhbGciOiJIUzI1NiJ9", "heyJude.eyJude.lalalala"],
    "private-key": ["-----BEGIN PRIVATE KEY-----", "keys begin with -----BEGIN RSA PRIVATE KEY-----, and are long", PEM.format("").replace("PRIVATE", "PUBLIC")],
    "slack-webhook": ["https://hooks.slack.com/", "hooks.slack.com/services/", "slack.com/services/T0/B0/" + made(24)],
    "discord-webhook": ["discord.com/api/webhooks/", "discord.com/api/webhooks/1/x", "https://discord.com/channels/123456789012345678/1"],
    "aws-secret-key": ["aws_secret_access_key", "aws_secret_access_key = YOUR_KEY", "secret of aws: be cheap"],
    "azure-key": ["AccountKey=", "AccountKey=abc", "AccountName=storage"],
    "azure-signature": ["?sig=abc", "&sign=" + made(46), "signature"],
    "bearer-token": ["bearer of good news", "Bearer <token>", "a bearer bond, redeemable-in-instalments"],
    "basic-auth": ["Authorization: Basic", "basic training", "authorization basics explained"],
    "url-password": ["https://example.com:8080/x@y", "https://example.com/a:b@c", "http://user@host/"],
    "password": ["password: required", "your password=", "password: <your password>"],
    "api-key": ["api_key=YOUR_API_KEY", "api_key: string", "the api key is optional"],
    "token": ["token: hello", "max_tokens=4096", "secret: a long sentence about nothing"],
    "email": ["user at example.com", "@mention", "a@b"],
    "iban": ["DE00 3704 0044 0532 0130 00", "AB12CDEF34567890", "GB29 NWBK"],
    "card": ["4111 1111 1111 1112", "1712345678901", "order 0000000000000000"],
    "us-ssn": ["000-12-3456", "2024-05-1120", "123-45-67890"],
    "phone": ["2024-05-11", "192.168.100.200", "1,234,567.89 of 100-200-300"],
}  # fmt: skip


def found(text: str) -> set[str]:
    redactor = Redactor()
    redactor.learn(text)
    return {redaction.kind for redaction in redactor.redactions}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in POSITIVE.items() for text in texts])
def test_secret_is_found_under_its_kind(kind: str, text: str) -> None:
    assert kind in found(text)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in NEGATIVE.items() for text in texts])
def test_look_alike_is_left_alone(kind: str, text: str) -> None:
    assert found(text) == set()
    assert Redactor().redact(text) == text


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_every_row_finds_its_example_and_says_where_the_form_is_documented(kind: SecretKind) -> None:
    for seed in range(3):
        assert kind.name in found(example(kind.example, seed))
    assert "://" in kind.source


def test_a_row_says_whether_its_documentation_was_read() -> None:
    """Most addresses were written from memory; a row may say `confirmed` only where the page was seen to state the form."""
    rows = (Path(secret_kinds.__file__).parent / "vendor_tokens.txt").read_text(encoding="utf-8").splitlines()
    said = [row.split("\t")[-1] for row in rows if not row.startswith("#")]
    assert set(said) == {"confirmed", "unconfirmed"}
    assert sum(kind.confirmed for kind in kinds()) == said.count("confirmed")


@pytest.mark.parametrize("kind", vendor_tokens(), ids=lambda kind: kind.name)
def test_a_token_cut_short_or_inside_a_word_is_none_of_its_vendor(kind: SecretKind) -> None:
    token = example(kind.example)
    ends = [token.lower().find(hint.text) + len(hint.text) for hint in kind.hints if hint.text in token.lower()]
    short = token[: min(min(ends) + 6, len(token) * 2 // 3)]
    assert kind.name not in found(short)
    assert kind.name not in found(f"_{short}_and_so_on")


PLANTED = [(kind.name, example(kind.example)) for kind in kinds() if kind.certain]


def core(kind: str, text: str) -> str:
    redactor = Redactor()
    redactor.learn(text)
    return max(redactor._known, key=len)


def places(text: str) -> dict[str, Any]:
    return {
        "text": {"messages": [{"role": "user", "content": f"please use {text} for it"}]},
        "tool arguments": {"arguments": json.dumps({"command": f"run {text}", "n": 1})},
        "tool arguments in arguments": {"arguments": json.dumps({"inner": json.dumps({"x": text})})},
        "header": {"headers": {"x-note": text}},
        "header list": {"headers": [{"name": "X-Note", "value": text}]},
        "url": {"url": "https://example.com/?q=" + text},
        "base64": {"data": base64.b64encode(f"config: {text}\n".encode()).decode()},
        "data url": {"url": "data:text/plain;base64," + base64.b64encode(f"config: {text}\n".encode()).decode()},
        "base64 in binary": {"data": base64.b64encode(b"\x89PNG\xff\x00" + text.encode() + b"\x00\xfe").decode()},
        "key": {text: 1},
        "answer": {"choices": [{"message": {"content": f"it is `{text}`."}}]},
    }


def unwrapped(value: Any, depth: int = 0) -> str:
    """Everything a determined reader gets out of a written value."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    parts = [text, urllib.parse.unquote(text), text.replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\")]
    if depth < 3:
        for token in text.replace('"', " ").replace(",", " ").replace("\\", " ").split():
            try:
                parts.append(
                    unwrapped(
                        base64.b64decode(token + "=" * (-len(token) % 4), validate=True).decode("latin-1"), depth + 1
                    )
                )
            except ValueError:
                continue
    return "\n".join(parts)


@pytest.mark.parametrize("place", places(""))
@pytest.mark.parametrize(("kind", "text"), PLANTED)
def test_planted_secret_is_never_written(kind: str, text: str, place: str) -> None:
    secret = core(kind, text)
    written = Redactor().redact(places(text)[place])
    assert secret not in unwrapped(written)
    assert "<REDACTED:" in unwrapped(written)
    assert remaining([json.dumps(written)]) == ()


def test_same_value_same_placeholder() -> None:
    key, other = f"sk-{made(48)}", f"sk-{made(48, seed=2)}"
    assert Redactor().redact([key, {"a": other}, f"again {key}"]) == [
        "<REDACTED:openai-key:1>",
        {"a": "<REDACTED:openai-key:2>"},
        "again <REDACTED:openai-key:1>",
    ]


def test_a_password_named_once_is_hidden_everywhere() -> None:
    written = Redactor().redact({"system": "password=Tr0ub4dor&3", "answer": "You log in with Tr0ub4dor&3"})
    assert written == {"system": "password=<REDACTED:password:1>", "answer": "You log in with <REDACTED:password:1>"}


def test_redacting_twice_changes_nothing_more() -> None:
    once = Redactor().redact({"a": f"api_key={made(24)} anna@firma.de", "authorization": f"Bearer {made(30)}"})
    assert Redactor().redact(once) == once


def test_new_placeholders_go_on_after_those_in_the_text() -> None:
    assert Redactor().redact("<REDACTED:email:3> and a.b@example.org") == "<REDACTED:email:3> and <REDACTED:email:4>"


def test_tool_arguments_stay_json_and_keep_their_form() -> None:
    arguments = '{"to":"anna@firma.de",  "body":"line\\nbob@firma.de"}'
    written = Redactor().redact(arguments)
    assert written == '{"to":"<REDACTED:email:1>",  "body":"line\\n<REDACTED:email:2>"}'
    assert json.loads(written)["body"] == "line\n<REDACTED:email:2>"


@pytest.mark.parametrize("name", ["Authorization", "x-api-key", "api_key", "client_secret", "DB_PASSWORD"])
def test_secret_names_hide_their_values(name: str) -> None:
    assert "tok3n-Value_77" not in json.dumps(Redactor().redact({name: "tok3n-Value_77"}))
    assert "tok3n-Value_77" not in json.dumps(Redactor().redact([{"name": name, "value": "tok3n-Value_77"}]))
    assert "tok3n-Value_77" not in json.dumps(Redactor().redact([[name, "tok3n-Value_77"]]))


def test_cookies_are_hidden_whole() -> None:
    assert Redactor().redact({"Cookie": "session=abc; theme=dark"}) == {"Cookie": "<REDACTED:credential:1>"}


@pytest.mark.parametrize(
    "value",
    [
        {"properties": {"password": {"type": "string", "description": "the user's password"}}},
        {"logprobs": [{"token": "Hello", "logprob": -0.1}]},
        {"max_tokens": 4096, "seed": 1712345678901, "temperature": 0.1},
        {"id": "chatcmpl-9xYz1234567890abcdefghijkl", "system_fingerprint": "fp_44709d6fcb"},
        {"text": "version 1.2.3, 12:30, 2024-01-01T00:00:00Z, $1,234.56, 10.0.0.1, call_abc123def456ghi789"},
        {"image": base64.b64encode(bytes(random.Random(4).randrange(256) for _ in range(50_000))).decode()},
        {"sha": made(64, HEX), "uuid": "123e4567-e89b-12d3-a456-426614174000"},
    ],
)  # fmt: skip
def test_ordinary_values_pass_unchanged(value: Any) -> None:
    assert Redactor().redact(value) == value


def test_a_card_as_a_number_is_hidden() -> None:
    assert Redactor().redact({"card": 4111111111111111, "ok": True}) == {"card": "<REDACTED:card:1>", "ok": True}


def test_configured_patterns() -> None:
    redactor = Redactor(patterns={"employee": r"EMP-\d{5}"})
    assert redactor.redact("EMP-12345 and EMP-99") == "<REDACTED:employee:1> and EMP-99"


def test_a_catastrophic_configured_pattern_is_an_error() -> None:
    with pytest.raises(UsageError, match="took longer"):
        Redactor(patterns={"bad": "(a+)+$"}).redact("a" * 40 + "!")


@pytest.mark.parametrize(("name", "pattern"), [("Bad Name", "x"), ("x", "("), ("x", "a*")])
def test_unusable_configured_patterns_are_refused(name: str, pattern: str) -> None:
    with pytest.raises(UsageError):
        Redactor(patterns={name: pattern})


def test_redactions_hold_no_secret() -> None:
    redactor = Redactor()
    redactor.redact(f"sk-{made(48)}")
    assert made(48) not in repr(redactor.redactions)
