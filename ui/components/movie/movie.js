// @ts-check
// Plays a record on the stage for a camera: time stands still until the next picture is asked for. What
// corner_lab/movie/camera.py calls is `window.movie`.
import stage from "../stage/app/main.js";

/** @import { State } from "../stage/app/state.js" */

// The clock of all that the stage draws. It is there before the stage asks for its first frame.
const standingClock = (() => {
  const ofDisplay = window.requestAnimationFrame.bind(window);
  /** @type {Map<number, FrameRequestCallback>} */
  const asked = new Map();
  let now = 1; // the stage takes 0 for a display at rest
  let asks = 0;
  window.requestAnimationFrame = callback => {
    asked.set(++asks, callback);
    return asks;
  };
  window.cancelAnimationFrame = ask => asked.delete(ask);
  return {
    tick(ms) {
      now += ms;
      const due = [...asked.values()];
      asked.clear();
      for (const callback of due) callback(now);
    },
    // Sizes have been observed, and what was drawn is on the display.
    displayed: () => new Promise(done => ofDisplay(() => ofDisplay(done))),
  };
})();

// In longer ones points would not ease: of more than a quarter of a second the stage leaves out the rest.
const LONGEST_TICK = 50; // ms

const MOUNT = /** @type {HTMLElement} */ (document.getElementById("stage"));
const MOVIE_STYLE = /** @type {HTMLTemplateElement} */ (document.getElementById("look")).content;

// The largest drawing of all that fits, at most so many times the stage's own size; plots are as high as what is left.
const [LARGEST, SMALLEST, SMALLER] = [3, 0.2, 0.98];
const LOWEST_PLOTS = 320; // px at the stage's own size
// Narrower ones, in px, the stage lays out as on a phone; and beside the bench what stands over the head is cut short.
const NARROWEST = MOUNT.dataset.film?.includes("bench") ? 1092 : 740;

/** @type {ShadowRoot & { cornerLab?: State }} */
const shadow = MOUNT.attachShadow({ mode: "open" });

/** @type {(text: string) => void} */
function loadText(text) {
  const data = Uint8Array.from(atob(text), sign => sign.charCodeAt(0));
  stage({ parentElement: shadow, data, setStateValue() {}, setTriggerValue() {} });
  if (!shadow.querySelector("style.look")) shadow.append(MOVIE_STYLE);
}

// Lays everything out in a box of this size, in CSS px; the plots' height, or null where there is too little room.
/** @type {(width: number, height: number) => number | null} */
function laidOut(width, height) {
  MOUNT.style.width = `${width}px`;
  const lab = /** @type {HTMLElement} */ (shadow.querySelector(".lab"));
  const box = /** @type {HTMLElement} */ (lab.querySelector(".stage"));
  const k = parseFloat(getComputedStyle(box).getPropertyValue("--k")) || 1;
  const plots = LOWEST_PLOTS * k;
  box.style.setProperty("--plots", `${plots}px`);
  const wide = [lab, box, ...box.children].some(node => node.scrollWidth > node.clientWidth + 1);
  const spare = height - lab.scrollHeight;
  if (wide || spare < 0) return null;
  const higher = plots + Math.floor(spare);
  box.style.setProperty("--plots", `${higher}px`);
  return higher;
}

// What the stage says of itself, once it can be photographed.
async function photographed() {
  await standingClock.displayed();
  return { ...shadow.cornerLab?.stats };
}

Object.assign(window, {
  movie: {
    // The first picture of a record, in base64, or the one that it sets the bench to.
    async open(text) {
      loadText(text);
      await document.fonts.ready;
      await standingClock.displayed();
      standingClock.tick(0);
      return photographed();
    },
    // How many px of a picture of this size are to be one of the stage's; 0 where nothing fits.
    scale(width, height) {
      for (let scale = Math.min(LARGEST, width / NARROWEST); scale > SMALLEST; scale *= SMALLER)
        if (laidOut(width / scale, height / scale) !== null) return scale;
      return 0;
    },
    // Fills the window.
    async fill() {
      laidOut(innerWidth, innerHeight);
      await standingClock.displayed();
      standingClock.tick(0);
    },
    // The picture `ms` later on the stage's clock.
    async after(ms) {
      const ticks = Math.ceil(ms / LONGEST_TICK);
      for (let i = 0; i < ticks; i++) standingClock.tick(ms / ticks);
      return photographed();
    },
  },
});
