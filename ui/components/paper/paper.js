// @ts-check
// What Play has on paper below the stage: the setting, the findings, the link with its QR code. Put together when the stage
// says that it is printed: what stands on the bench then is what the link leads to.
import { joinedSentences, tr, trc, trn } from "../language/tr.js";
import { PRINTS, whenGone } from "../stage/sync/lifecycle.js";
import { qrPath, qrRows } from "./qr.js";

/**
 * @typedef {{ title: string, setting: [string, string, boolean][], words: string, address: string }} Printed
 * @typedef {{ title: string, sentences: string[], cure: string }} Finding
 */

const HEIGHT = 955; // CSS pixels: what A4 and Letter both have between the margins, less a little
const LONGEST = 300; // characters of a link that are printed; it can be clicked whole in a PDF
const QUIET = 4; // modules around the code
const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

export default function paper({ parentElement, data }) {
  const S = (parentElement.cornerLabPaper ??= paperMounted(parentElement));
  if (data) S.data = data;
  return whenGone(parentElement, () => {
    S.life.abort();
    delete parentElement.cornerLabPaper;
  });
}

function paperMounted(root) {
  const node = document.createElement("div");
  node.className = "paper";
  root.append(node);
  /** @type {{ data: Printed | null, life: AbortController }} */
  const S = { data: null, life: new AbortController() };
  const prints = ev => {
    const words = /** @type {CustomEvent} */ (ev).detail;
    if (words && S.data) fill(node, S.data, words);
    else node.replaceChildren();
  };
  document.addEventListener(PRINTS, prints, { signal: S.life.signal });
  return S;
}

// The link to the run and to what shows of it.
/** @type {(data: Pick<Printed, "words" | "address">, words: [string, string][], here: string) => string} */
export function printedLink({ words, address }, shown, here) {
  const query = [words, ...shown.map(([name, text]) => `${name}=${text}`)].filter(Boolean).join("&");
  return (address || here) + (query && `?${query}`);
}

/** @type {(node: HTMLElement, data: Printed, words: [string, string][]) => void} */
function fill(node, data, words) {
  const link = printedLink(data, words, location.origin + location.pathname);
  const told = element("div", "told", [
    element("h2", "", [data.title ? tr("Setting: {title}", { title: data.title }) : tr("Setting")]),
    element("p", "setting", data.setting.flatMap(written)),
    linkOf(link),
  ]);
  const findings = element("div", "findings");
  node.replaceChildren(element("div", "below", [told, codeOf(link), findings]));
  document.body.dataset.paper = "";
  fillFindings(findings, foundOnPage(), room(node));
  delete document.body.dataset.paper;
}

/** @type {(one: [string, string, boolean], i: number) => (Node | string)[]} */
function written([name, value, differs], i) {
  return [i ? " · " : "", tr("{name}: ", { name }), differs ? element("b", "", [value]) : value];
}

/** @type {(link: string) => HTMLElement} */
function linkOf(link) {
  const short =
    link.length > LONGEST
      ? tr("{link}… ({count} characters)", { link: link.slice(0, LONGEST), count: link.length })
      : link;
  const a = Object.assign(element("a", "", [short]), { href: link });
  const here = LOCAL.includes(new URL(link).hostname);
  const note = here
    ? [element("span", "note", [" ", tr("It leads to this computer only; CORNER_LAB_URL names another address.")])]
    : [];
  return element("p", "link", [tr("Link: "), a, ...note]);
}

/** @type {(link: string) => HTMLElement} */
function codeOf(link) {
  const rows = qrRows(link);
  if (!rows) return element("p", "code note", [tr("The link is too long for a QR code that a phone can read.")]);
  const box = element("div", "code");
  const side = rows.length + 2 * QUIET;
  box.innerHTML = `<svg viewBox="${-QUIET} ${-QUIET} ${side} ${side}" role="img" shape-rendering="crispEdges"><path fill="#000" d="${qrPath(rows)}"/></svg>`;
  box.firstElementChild?.setAttribute("aria-label", tr("QR code of {link}", { link }));
  return box;
}

// Those that the page shows in Why.
/** @type {() => Finding[]} */
function foundOnPage() {
  const texts = (node, what) => [...node.querySelectorAll(what)].map(one => one.textContent.trim()).filter(Boolean);
  return [...document.querySelectorAll('[class*="st-key-why-"]')].flatMap(box => {
    const [title] = texts(box, "h5"); // what has none is no finding
    if (!title) return [];
    const cures = texts(box, '[class*="st-key-remedy-"] button').slice(0, 1);
    const effects = texts(box, '[data-testid="stCaptionContainer"] p');
    const own = [...box.querySelectorAll('[data-testid="stMarkdown"] p')].filter(p => !p.closest("button, details"));
    const sentences = own.map(p => p.textContent?.trim() ?? "").filter(text => text && !effects.includes(text));
    return [{ title, sentences, cure: [...cures, ...effects].join(trc("between facts", ". ")) }];
  });
}

// How high the findings may be, in CSS pixels.
/** @type {(node: HTMLElement) => number} */
function room(node) {
  const stage = document.querySelector(".st-key-stage");
  const host = [...(stage?.querySelectorAll("*") ?? [])].find(one => one.shadowRoot?.querySelector(".lab"));
  const lab = host?.shadowRoot?.querySelector(".lab");
  return HEIGHT - (lab?.getBoundingClientRect().height ?? 0) - node.getBoundingClientRect().height;
}

// As many as fit, and how many do not.
/** @type {(box: HTMLElement, found: Finding[], room: number) => void} */
function fillFindings(box, found, most) {
  if (!found.length) return;
  box.append(element("h2", "", [document.querySelector(".st-key-why h3")?.textContent ?? ""]));
  const more = element("p", "note");
  for (const [i, { title, sentences, cure }] of found.entries()) {
    const one = element("section", "", [
      element("p", "", [element("b", "", [tr("{title}. ", { title })]), joinedSentences(sentences)]),
      ...(cure ? [element("p", "cure", [tr("To try: {cure}", { cure })])] : []),
    ]);
    more.textContent = trn(
      "One more finding stands where the link leads.",
      "{count} more findings stand where the link leads.",
      found.length - i,
    );
    box.append(one, more);
    if (box.getBoundingClientRect().height > most) {
      one.remove();
      return;
    }
  }
  more.remove();
}

/** @type {(tag: string, name?: string, children?: (Node | string)[]) => HTMLElement} */
function element(tag, name = "", children = []) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...children);
  return node;
}
