"""Parts of the stage in frames, as docs/embed.md says: in a reveal.js deck and in a page, both of another server."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from corner_lab.experiment.experiment import Experiment
from corner_lab.player import page as player_page
from corner_lab.player import played
from corner_lab.training.run import Run
from tests.browser.seen import STATS

ROOT = Path(__file__).resolve().parents[2]
REVEAL = ROOT / "tools/js/node_modules/reveal.js/dist"
DECK, PLAIN = re.findall(r"```html\n(.*?)```", (ROOT / "docs/embed.md").read_text(encoding="utf-8"), re.DOTALL)
ADDRESS = re.compile(r'src="https://lab\.example\.org/([^"]*)"')
KINDS = {".css": "text/css", ".js": "text/javascript", ".html": "text/html; charset=utf-8"}
PAGE = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{}</title>{}</head><body>{}</body></html>'


@pytest.fixture
def pages() -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a server of its own, and what it serves beside reveal.js, by path."""
    served: dict[str, str] = {"/favicon.ico": ""}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            body = served[path] if path in served else (REVEAL / path.removeprefix("/dist/")).read_text("utf-8")
            self.send_response(200)
            self.send_header("Content-Type", KINDS.get(Path(path).suffix, "text/html; charset=utf-8"))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", served
    server.shutdown()
    server.server_close()


def deck(app: str, file: str) -> str:
    """The documentation's slide twice, with the app and with a player's file, between two others."""
    slides = "".join(ADDRESS.sub(lambda src, to=to: f'src="{to}{src[1]}"', DECK) for to in (f"{app}/", file))  # type: ignore[misc]
    script = '<script src="/dist/reveal.js"></script><script>Reveal.initialize({ transition: "none" })</script>'
    body = f'<div class="reveal"><div class="slides"><section>1</section>{slides}<section>4</section></div></div>'
    return PAGE.format("Deck", '<link rel="stylesheet" href="/dist/reveal.css">', body + script)


def shown(frame: Frame, condition: str) -> None:
    """Wait until this is so of what the stage in the frame says of itself, `s`."""
    frame.wait_for_function(f"() => {{ const s = ({STATS})(); return {condition}; }}")


def slide(page: Page, number: int) -> None:
    page.wait_for_function(f"() => Reveal.isReady() && Reveal.getIndices().h === {number - 1}")


def test_does_a_deck_keep_its_keys_and_lend_them_to_a_frame(
    browser: Browser, app_url: str, pages: tuple[str, dict[str, str]]
) -> None:
    at, served = pages
    run = Run(Experiment(epochs=40)).train()
    other = at.replace("127.0.0.1", "localhost")  # another server to the browser
    served["/file.html"] = player_page([played(run)])
    served["/deck"] = deck(app_url, f"{other}/file.html")
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{at}/deck")
    slide(page, 1)
    page.keyboard.press("ArrowRight")
    slide(page, 2)
    for number, where, end in ((2, app_url, 100), (3, other, 40)):
        (frame,) = [frame for frame in page.frames if frame.url.startswith(where)]
        shown(frame, f"s.still && s.epoch === {end}" + " && !s.waits" * (where == app_url))
        # All that it has drawn has taken no key.
        page.keyboard.press("ArrowRight")
        slide(page, number + 1)
        page.keyboard.press("ArrowLeft")
        slide(page, number)
        # Once it was clicked, they are its own, until Escape.
        frame.locator("#move").click(position={"x": 3, "y": 3})
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        shown(frame, f"s.still && s.epoch === {end - 2}")
        page.keyboard.press(" ")
        shown(frame, "s.playing || s.epoch !== " + str(end - 2))
        page.keyboard.press("Escape")
        frame.wait_for_function("() => !document.hasFocus()")
        slide(page, number)
        assert not page.evaluate("Reveal.isOverview()")
        page.keyboard.press("ArrowRight")
        slide(page, number + 1)
        # Given by a script, the keys are the deck's again at once.
        page.keyboard.press("ArrowLeft")
        slide(page, number)
        frame.evaluate("addEventListener('focus', () => { window.given = true; })")
        page.evaluate("n => Reveal.getSlides()[n].querySelector('iframe').focus()", number - 1)
        frame.wait_for_function("() => window.given && !document.hasFocus()")
        page.keyboard.press("ArrowRight")
        slide(page, number + 1)
    assert problems == []
    context.close()


WITHIN = """() => {
  const host = [...document.querySelectorAll('*')].find(e => e._stats && e.shadowRoot);
  const lab = host.shadowRoot.querySelector('.lab');
  const { scrollWidth, scrollHeight } = document.documentElement;
  const found = [];
  if (scrollWidth > innerWidth || scrollHeight > innerHeight) found.push(`scrolls ${scrollWidth} ${scrollHeight}`);
  const seen = e =>
    e.getClientRects().length && getComputedStyle(e).clipPath === 'none' && !e.closest('.sr, .kernelRow');
  let least = Infinity;
  for (const part of lab.querySelectorAll('.outcome, .stage > *')) {
    if (!seen(part)) continue;
    const room = part.getBoundingClientRect();
    if (room.left < 0 || room.top < 0 || room.right > innerWidth || room.bottom > innerHeight)
      found.push(`${part.className} beyond the frame`);
    for (const e of [...part.querySelectorAll('*')].filter(seen)) {
      const box = e.getBoundingClientRect();
      const [across, down] = [room.left - box.left > 2 || box.right - room.right > 2, box.bottom - room.bottom > 2];
      if (box.width && (across || down || room.top - box.top > 2))
        found.push(`${e.id || e.className || e.tagName} beyond ${part.className}`);
      if ([...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
        least = Math.min(least, parseFloat(getComputedStyle(e).fontSize));
    }
  }
  const parts = [...lab.querySelectorAll('.outcome, .sum, .atlas, .curves, .move, .scenery')].filter(seen).length;
  return { found, least, parts };
}"""
COMBINATIONS = ("bench,atlas", "atlas,curves,transport", "picture,bench", "transport,outcome")
ALL = "outcome,bench,picture,atlas,curves,transport"


def test_are_parts_within_every_frame_and_does_the_page_around_hear_their_size(
    browser: Browser, pages: tuple[str, dict[str, str]]
) -> None:
    at, served = pages
    run = Run(Experiment(epochs=40)).train()
    other = at.replace("127.0.0.1", "localhost")
    served["/file.html"] = player_page([played(run)])
    served["/page"] = PAGE.format("Page", "", ADDRESS.sub(f'src="{other}/file.html?show=bench,atlas"', PLAIN))
    context = browser.new_context(viewport={"width": 1000, "height": 300})
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))

    # In a page, the frame gets the height that it asks for, and the wheel over it scrolls the page.
    page.goto(f"{at}/page")
    (frame,) = page.frames[1:]
    shown(frame, "s.still")
    page.wait_for_function("() => document.getElementById('lab').style.height !== '540px'")
    told = page.evaluate("document.getElementById('lab').clientHeight")
    assert 400 < told < 700
    frame.wait_for_function(f"() => innerHeight === {told}")
    page.mouse.move(300, 150)
    page.mouse.wheel(0, 100)
    page.wait_for_function("() => scrollY > 0")
    assert frame.evaluate("[scrollX, scrollY, document.documentElement.scrollHeight - innerHeight]") == [0, 0, 0]

    # Alone, as the frame of a slide is: from the smallest to the largest.
    for show in (*COMBINATIONS, ALL, "bench,nix"):
        page.goto(f"{at}/file.html?show={show}")
        shown(page.main_frame, "s.still")
        for width, height in ((480, 270), (960, 540), (1920, 1080)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_function(
                "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
            )
            shown(page.main_frame, "s.still")
            seen = page.evaluate(WITHIN)
            assert seen["found"] == [], (show, width)
            assert seen["parts"] == len(show.replace(",nix", "").split(",")), (show, width)
            if show != ALL or width > 480:
                assert seen["least"] >= 7.5 * min(1.2, width / 480), (show, width)
    problem = page.get_by_role("alert")
    assert problem.inner_text() == (
        "The address says show 'nix': allowed are bench, atlas, curves, transport, picture, outcome; shown now: bench."
    )
    # Another choice behind the #, which no server is told of.
    page.goto(f"{at}/file.html#show=curves")
    expect(page.locator("#move")).to_be_hidden()
    page.evaluate("location.hash = '#show=transport'")
    expect(page.locator("#move")).to_be_visible()
    expect(page.locator("#curves")).to_be_hidden()
    assert problems == []
    context.close()
