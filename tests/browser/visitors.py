"""One visitor after another in one page of the browser: the app is taken out of the document, and put back as new.

A page that is opened loads and compiles all of Streamlit's scripts again, which takes two thirds of what opening it
costs. Here React unmounts everything, as when the page is closed: the connection ends and with it the visitor's session
on the server, storage and what the app and a test have kept in the page are forgotten. Then it mounts everything from
nothing at another address. What is opened with scripts or a network of its own is opened anew, and so is all after a
test that failed.
"""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import Page, TimeoutError

COMES = 10_000  # ms

# The outermost component of Streamlit that is a class: what it draws is all of the app.
OUTERMOST = """() => {
  const root = document.getElementById('root');
  const name = Object.keys(root).find(key => key.startsWith('__reactContainer$'));
  let fiber = root[name].stateNode.current;
  while (!fiber.stateNode?.forceUpdate) fiber = fiber.child;
  return fiber.stateNode;
}"""
# A click tells what keeps the history that nothing done before counts: who leaves may just have stepped back.
LEAVE = f"""known => {{
  const outermost = ({OUTERMOST})();
  outermost.render = () => null;
  outermost.forceUpdate();
  window.dispatchEvent(new Event('click'));
  getSelection().removeAllRanges();
  localStorage.clear();
  sessionStorage.clear();
  for (const name of Object.keys(window)) if (!known.includes(name)) delete window[name];
}}"""
# As the server's own page says where the app is.
ARRIVE = f"""address => {{
  const url = new URL(address);
  if (url.pathname === '/') delete window.__streamlit;
  else window.__streamlit = {{ BACKEND_BASE_URL: new URL('.', url).href }};
  history.replaceState(null, '', address);
  const outermost = ({OUTERMOST})();
  delete outermost.render;
  outermost.forceUpdate();
}}"""
# What the page's window holds that is not the app's memory of a visit.
NAMES = "Object.keys(window).filter(name => !/^cornerLab(?!Entries)/.test(name))"


class Visited:
    """A page of the browser that one visitor after another sees; at first the one for whom it was opened."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._known = page.evaluate(NAMES)

    @property
    def can_be_left(self) -> bool:
        """Whether nothing would stay for the next visitor: Streamlit keeps toasts beside the app."""
        return not self.page.is_closed() and not self.page.get_by_test_id("stToast").count()

    def leave(self) -> None:
        """Let the visitor go."""
        self.page.unroute_all()
        self.page.mouse.move(0, 0)
        self.page.evaluate(LEAVE, self._known)

    def arrive(self, address: str) -> bool:
        """Let the next one come. Returns whether the app is there again within some seconds."""
        self.page.evaluate(ARRIVE, address)
        with suppress(TimeoutError):
            self.page.wait_for_selector('[data-testid="stApp"]', timeout=COMES)
            return True
        return False
