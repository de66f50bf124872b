// @ts-check
// On a phone the sidebar lies over the page: it closes once what was chosen there shows on the page.

const OVER = "(max-width: 768px)"; // Streamlit's own limit
const CHOICES = '[data-testid="stSidebarNav"] a, :is(.st-key-train, .st-key-train-longer, .st-key-continue) button';
const CLOSE = '[data-testid="stSidebarCollapseButton"] button';

/** @type {(signal: AbortSignal) => void} */
export function closeSidebarOnChoice(signal) {
  const narrow = matchMedia(OVER);
  const chosen = ev => {
    if (!narrow.matches || !(/** @type {Element} */ (ev.target).closest?.(CHOICES))) return;
    setTimeout(() => /** @type {HTMLElement | null} */ (document.querySelector(CLOSE))?.click()); // once it was heard
  };
  document.addEventListener("click", chosen, { signal, capture: true });
}
