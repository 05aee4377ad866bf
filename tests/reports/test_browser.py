"""The page in a real browser: nothing on the console, no request, no foreign script, a keyboard path, and axe."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.engine.run import RunOptions, run
from ctxdebug.reports.html import page as render_page
from ctxdebug.reports.html import render
from tests.engine.test_session import LOSES, port
from tests.runs import Made
from tests.shell import ctxdebug

pytestmark = pytest.mark.slow
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).parent.parent.parent
SESSION = ROOT / "fixtures" / "captures" / "openai.chat" / "leave-bot.session.jsonl"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
PAYLOADS = (
    "</pre></details><script>window.pwned=1</script><img src=x onerror='window.pwned=1'><svg onload='window.pwned=1'>"
    "<a href=\"javascript:window.pwned=1\">x</a><style>*{display:none}</style><iframe src='http://127.0.0.1:9/'></iframe>"
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'><link rel=stylesheet href=http://127.0.0.1:9/x.css>\u202e\x1b[31m --> ]]> "
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    hostile = folder / "hostile.json"
    hostile.write_text(json.dumps({
        "request": {"model": PAYLOADS, "messages": [{"role": "system", "content": PAYLOADS}, {"role": "user", "content": PAYLOADS * 3}],
                    "tools": [{"type": "function", "function": {"name": "x", "description": PAYLOADS, "parameters": {}}}], "user": PAYLOADS},
        "response": {"model": "m", "choices": [{"message": {"role": "assistant", "content": PAYLOADS}, "finish_reason": "length"}]},
    }), encoding="utf-8")  # fmt: skip
    made = {}
    for name, source in (("session", SESSION), ("hostile", hostile), ("folder", SESSION.parent)):
        report = run([str(source)], RunOptions(), keep=True)
        made[name] = folder / f"{name}.html"
        made[name].write_text(
            (render(report) if name == "folder" else render_page(report, [report.examined[-1]])), encoding="utf-8"
        )
    for name, log in (("run", _run(folder)), ("hostile run", _hostile_run(folder))):
        made[name] = folder / f"{name.replace(' ', '-')}.html"
        assert ctxdebug("session", str(log), "--html", str(made[name])).returncode == 0
    return made


def _run(folder: Path) -> Path:
    return port(LOSES, touch=True).write("claude-code", folder / "run.jsonl")


def _hostile_run(folder: Path) -> Path:
    made = Made(system=PAYLOADS)
    made.user(PAYLOADS)
    made.call("read", {"path": PAYLOADS}, PAYLOADS * 3, failed=True)
    made.compact(PAYLOADS)
    made.say(PAYLOADS)
    return made.write("codex", folder / "hostile-run.jsonl")


def watched(browser: Any, path: Path, **context: Any) -> tuple[Any, list[str]]:
    """A page that is open, and everything that it complained of or asked for."""
    seen: list[str] = []
    opened = browser.new_context(**context).new_page()
    opened.on("console", lambda message: seen.append(f"console {message.type}: {message.text}"))
    opened.on("pageerror", lambda error: seen.append(f"error: {error}"))
    opened.on(
        "request", lambda request: seen.append(f"request: {request.url}") if request.url != path.as_uri() else None
    )
    opened.goto(path.as_uri())
    return opened, seen


def becomes(opened: Any, expression: str, wanted: object) -> None:
    """Waits until an expression on the page has a value; a jump takes a moment."""
    opened.wait_for_function(f"({expression}) === {json.dumps(wanted)}", timeout=5_000)


@pytest.mark.parametrize("name", ["session", "hostile", "folder", "run", "hostile run"])
def test_quiet_and_alone(browser: Any, pages: dict[str, Path], name: str) -> None:
    opened, seen = watched(browser, pages[name])
    opened.wait_for_timeout(300)
    assert opened.evaluate("window.pwned") is None
    assert opened.evaluate("document.querySelectorAll('img, iframe, link, form, base').length") == 0
    assert opened.evaluate("document.scripts.length") == 1
    assert opened.url == pages[name].as_uri()
    assert seen == []


def test_an_injected_script_would_not_run_either(browser: Any, pages: dict[str, Path]) -> None:
    opened, seen = watched(browser, pages["session"])
    opened.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.pwned = 1'; document.body.append(s); }"
    )
    assert opened.evaluate("window.pwned") is None
    assert any("Content Security Policy" in line for line in seen)


def test_without_scripts_everything_can_be_read(browser: Any, pages: dict[str, Path]) -> None:
    opened, _ = watched(browser, pages["session"], java_script_enabled=False)
    for words in ("Likely cause", "Findings", "Full context", "Not checked"):
        assert opened.get_by_text(words, exact=False).first.is_visible()
    opened.locator("section#blocks details > summary").first.click()
    opened.locator(".verdict .cause a").click()
    opened.wait_for_url("**/*#f1")


def test_the_keyboard_leads_from_the_verdict_to_the_evidence(browser: Any, pages: dict[str, Path]) -> None:
    opened, _ = watched(browser, pages["session"])
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    opened.keyboard.press("Enter")
    for _ in range(12):
        opened.keyboard.press("Tab")
        if opened.evaluate("document.activeElement.closest('.cause') !== null"):
            break
    opened.keyboard.press("Enter")
    becomes(opened, "document.activeElement.id", "f1")
    opened.keyboard.press("j")
    becomes(opened, "document.activeElement.id", "f2")
    opened.keyboard.press("k")
    becomes(opened, "document.activeElement.id", "f1")
    opened.keyboard.press("Tab")  # the finding's own permalink
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    for _ in range(50):  # the page's policy forbids the evaluation that `wait_for_function` does in it
        if opened.evaluate("location.hash") != "#f1":
            break
        opened.wait_for_timeout(100)
    becomes(opened, "document.getElementById(location.hash.slice(1)).open", True)


def test_a_pin_leads_to_its_finding(browser: Any, pages: dict[str, Path]) -> None:
    opened, _ = watched(browser, pages["session"])
    pin = opened.locator("svg.bar a[aria-label]").first
    wanted = pin.get_attribute("href")
    pin.focus()
    opened.keyboard.press("Enter")
    becomes(opened, "location.hash", wanted)


def ready(opened: Any) -> None:
    """Waits until a session's page has unpacked its turns."""
    becomes(opened, "document.documentElement.dataset.ready", "yes")


def test_the_keys_lead_through_the_turns_of_a_run(browser: Any, pages: dict[str, Path]) -> None:
    opened, seen = watched(browser, pages["run"])
    ready(opened)
    opened.keyboard.press("n")
    first = opened.evaluate("document.querySelector('#turn h2').textContent")
    opened.keyboard.press("k")
    assert opened.evaluate("document.querySelector('#turn h2').textContent") != first
    opened.keyboard.press("/")
    opened.keyboard.type("KX-44718")
    opened.locator("#hits a").first.click()
    opened.wait_for_url("**/*#t1")
    assert opened.get_by_text("The customer number is KX-44718").first.is_visible()
    assert seen == []


def test_a_turn_after_a_compaction_shows_what_left(browser: Any, pages: dict[str, Path]) -> None:
    opened, _ = watched(browser, Path(pages["run"]))
    ready(opened)
    opened.evaluate("location.hash = '#t8'")
    becomes(opened, "document.querySelector('#turn h2').textContent", "Turn 8")
    assert opened.locator("#turn h3", has_text="Left").count() == 1
    assert opened.locator("#turn h3", has_text="Entered").count() == 1


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_is_wider_than_the_window(browser: Any, pages: dict[str, Path], width: int) -> None:
    for path in pages.values():
        opened, _ = watched(browser, path, viewport={"width": width, "height": 800})
        assert opened.evaluate("document.documentElement.scrollWidth") <= width


def test_it_prints(browser: Any, pages: dict[str, Path]) -> None:
    opened, _ = watched(browser, pages["session"])
    assert len(opened.pdf()) > 20_000


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    held = os.environ.get("CTXDEBUG_AXE")
    if held:
        return Path(held).read_text(encoding="utf-8")
    folder = tmp_path_factory.mktemp("axe")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, so axe-core cannot be had")
    done = subprocess.run(
        [npm, "install", "--silent", "--prefix", str(folder), "axe-core"], capture_output=True, text=True, check=False
    )
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if done.returncode or not script.exists():
        pytest.skip(f"axe-core cannot be installed: {done.stderr[-200:]}")
    return script.read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["session", "hostile", "folder", "run", "hostile run"])
def test_axe_finds_nothing(browser: Any, pages: dict[str, Path], axe: str, scheme: str, name: str) -> None:
    opened, _ = watched(browser, pages[name], color_scheme=scheme, bypass_csp=True)
    opened.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
    opened.evaluate(axe)
    found = opened.evaluate("axe.run()")["violations"]
    assert [(item["id"], [node["html"][:120] for node in item["nodes"]][:3]) for item in found] == []
