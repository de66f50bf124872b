// @ts-check
// Tells Python when something comes into sight, and when it has left it.
import { whenGone } from "./stage/sync/lifecycle.js";

const COVERED = 72; // px at the top of the window, where Streamlit's header is (`scroll-padding-top` in ui/theme.py)
const AHEAD = 0.5; // screens: who has begun to scroll is to find it drawn
const LEFT = 500; // ms out of sight after which it counts as left

export default function sight({ parentElement, data, setStateValue }) {
  const here = parentElement.host ?? parentElement;
  if (!here.closest('[data-testid="stMain"]')) return () => {}; // what it stood in went while the module was imported
  const S = (parentElement.cornerLabSight ??= watching(here, data.within));
  S.toStreamlit = setStateValue;
  return whenGone(parentElement, () => {
    S.end();
    delete parentElement.cornerLabSight;
  });
}

// `top` and `bottom` of what is watched, in px from the window's top; `scrolled`: whether somebody has.
/** @type {(top: number, bottom: number, screen: number, scrolled: boolean) => boolean} */
export function isInSight(top, bottom, screen, scrolled) {
  return top < screen * (scrolled ? 1 + AHEAD : 1) && bottom > COVERED;
}

/** @type {(here: HTMLElement, within: string) => { toStreamlit: (name: string, value: boolean) => void, end(): void }} */
function watching(here, within) {
  const place = /** @type {HTMLElement} */ (here.closest(`.st-key-${within}`));
  const main = /** @type {HTMLElement} */ (here.closest('[data-testid="stMain"]'));
  const life = new AbortController();
  const S = { toStreamlit: (_name, _value) => {}, end: () => life.abort() };
  let told = false;
  let timer = 0;
  const tell = seen => {
    told = seen;
    S.toStreamlit("seen", seen);
  };
  const look = () => {
    const { top } = here.getBoundingClientRect();
    const seen = isInSight(top, place.getBoundingClientRect().bottom, window.innerHeight, main.scrollTop > 0);
    clearTimeout(timer);
    if (seen && !told) tell(true);
    else if (!seen && told) timer = setTimeout(tell, LEFT, false);
  };
  // Scrolling moves it, and so does whatever grows or goes above it.
  const watch = new IntersectionObserver(look, { root: main, rootMargin: `0px 0px ${AHEAD * 100}% 0px` });
  watch.observe(here);
  watch.observe(place);
  main.addEventListener("scroll", look, { signal: life.signal, passive: true });
  window.addEventListener("resize", look, { signal: life.signal });
  life.signal.addEventListener("abort", () => {
    watch.disconnect();
    clearTimeout(timer);
  });
  return S;
}
