// The transport: keys, speed, scrubber, markers, filmstrip; and the outcome row above it all.
import { grouped } from "./format.js";
import { SPEEDS } from "./player.js";
import { actionsFor, outcome } from "./outcome.js";
import { filmPlace } from "./film.js";
import { attribute, put } from "./bench.js";
import { iconOf } from "./marks.js";

// `deed` offers toggle(), step(by, rest), seek(epoch, rest), speed(s), axis(), press(id), back().
export function bindTransport(ui, deed) {
  ui.play.addEventListener("click", () => deed.toggle());
  ui.step.addEventListener("click", () => deed.step(1, 250));
  ui.back.addEventListener("click", () => deed.step(-1, 250));
  ui.rewind.addEventListener("click", () => deed.seek(0, 0));
  ui.speed.value = "in5";
  ui.speed.addEventListener("change", () => deed.speed(SPEEDS.find(s => s.id === ui.speed.value)));
  ui.speed.addEventListener("keydown", ev => ev.stopPropagation());
  ui.scrub.addEventListener("input", () => deed.seek(Math.round(deed.axis().epoch(ui.scrub.value / 1000)), 400));
  ui.scrub.addEventListener("change", () => deed.seek(Math.round(deed.axis().epoch(ui.scrub.value / 1000)), 0));
  ui.scrub.addEventListener("keydown", ev => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[ev.key];
    if (!by || ev.ctrlKey || ev.metaKey || ev.altKey) return;
    ev.preventDefault(); ev.stopPropagation(); deed.step(by, 250);
  });
  ui.film.addEventListener("click", ev => {
    const x = ev.clientX - ui.film.getBoundingClientRect().left;
    deed.seek(Math.round(deed.axis().epoch(filmPlace(ui.film, deed.scale(), x))), 0);
  });
  ui.flags.addEventListener("click", ev => {
    const flag = ev.target.closest("[data-epoch]");
    if (flag) deed.seek(Number(flag.dataset.epoch), 0);
  });
  ui.acts.addEventListener("click", ev => {
    const button = ev.target.closest("button");
    if (button?.dataset.id === "back") deed.back(); else if (button) deed.press(button.dataset.id.slice(1));
  });
}

const TONES = { died: "bad", diverged: "bad", refused: "bad", solved: "good", confident: "good" };

// Markers once per record and width: each beside its place, flipped or shortened where it would cover another.
export function layFlags(ui, header, axis, k) {
  const width = ui.flags.clientWidth || 1, inset = 22 * k, taken = [];
  const free = (from, to) => from >= -1 && to <= width + 1 && taken.every(([a, b]) => to < a || from > b);
  ui.flags.replaceChildren(...[...(header.markers ?? [])].sort((a, b) => a.epoch - b.epoch).map(marker => {
    const flag = document.createElement("button"), text = `${marker.text}, epoch ${grouped(marker.epoch)}`, u = axis.u(marker.epoch);
    const x = inset + (width - 2 * inset) * u, size = text.length * 6.8 * k + 16 * k;
    const right = free(x, x + size), left = !right && free(x - size, x);
    if (right) taken.push([x, x + size]); else if (left) taken.push([x - size, x]); else taken.push([x - 4, x + 4]);
    flag.type = "button"; flag.dataset.epoch = marker.epoch;
    flag.className = `flag ${TONES[marker.kind] ?? ""} ${left ? "flip" : ""} ${right || left ? "" : "bare"}`;
    flag.style.left = `${x.toFixed(1)}px`;
    flag.setAttribute("aria-label", text);
    if (right || left) flag.textContent = text; else flag.title = text;
    return flag;
  }));
}

// A marker shows once the playhead has been there: the ending is not told before.
export function showTransport(ui, view, axis, reached) {
  const { header } = view.record, end = axis.end, at = view.epoch, stuck = view.record.rows < 2 && !header.growing;
  const where = `${grouped(at)} / ${grouped(end)}`;
  const shown = where + header.status;
  if (ui.when.dataset.shown !== shown) {
    ui.when.dataset.shown = shown;
    ui.when.innerHTML = header.status === "set" ? "no run yet" : `<span class="${end >= 10000 ? "sr" : "word"}">epoch </span><b>${grouped(at)}</b> <span>/ ${grouped(end)}</span>`;
  }
  const state = view.playing ? "Pause" : "Play";
  if (ui.play.getAttribute("aria-label") !== state) { ui.play.setAttribute("aria-label", state); ui.play.innerHTML = iconOf(view.playing ? "pause" : "play"); }
  const u = end ? Math.min(1, axis.u(at)) : 0;
  const place = String(Math.round(u * 1000));
  if (ui.scrub.value !== place && !ui.scrub.matches(":active")) ui.scrub.value = place;
  ui.scrub.style.setProperty("--done", (u * 100).toFixed(2) + "%");
  attribute(ui.scrub, "aria-valuetext", `epoch ${grouped(at)} of ${grouped(end)}`);
  for (const [node, off] of [[ui.scrub, stuck], [ui.play, stuck], [ui.rewind, view.row === 0], [ui.back, view.row === 0], [ui.step, view.row >= view.record.rows - 1]]) {
    if (node.disabled !== off) node.disabled = off;
  }
  for (const flag of ui.flags.children) { const hide = Number(flag.dataset.epoch) > reached; if (flag.hidden !== hide) flag.hidden = hide; }
}

// `quiet`: something moves, so a screen reader is not told of every change.
export function showOutcome(ui, view, quiet) {
  const [sentence, reason] = outcome(view), { header } = view.record;
  attribute(ui.say, "aria-live", quiet ? "off" : "polite");
  put(ui.say, sentence);
  put(ui.because, reason ?? "");
  put(ui.notice, header.notice ?? "");
  const list = actionsFor(view).map(a => ({ ...a, id: "-" + a.id }));
  if (view.edited) list.unshift({ id: "back", text: view.record.rows > 1 ? "Back to the run" : "Undo my changes", primary: false });
  const shown = JSON.stringify(list);
  if (ui.acts.dataset.shown === shown) return;
  ui.acts.dataset.shown = shown;
  while (ui.acts.children.length > list.length) ui.acts.lastChild.remove();
  list.forEach((action, i) => {
    const button = ui.acts.children[i] ?? ui.acts.appendChild(Object.assign(document.createElement("button"), { type: "button" }));
    button.dataset.id = action.id;
    button.className = "btn" + (action.primary ? " primary" : action.id === "back" ? " quiet" : "");
    put(button, action.text);
  });
}
