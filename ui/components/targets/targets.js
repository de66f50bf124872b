// @ts-check
// The targets as small pictures: a press on one removes it, and another one can be drawn.
import { tr } from "../language/tr.js";
import { emptyPicture, picturePath } from "../stage/bench/thumbnail.js";
import { bit, NINE } from "../stage/network/forward.js";

const SHOWN = 24; // more pictures than that are shown on demand
const UNANSWERED = 3000; // ms after which a change of which nothing was heard is given up

export default function targets({ parentElement, data, setTriggerValue }) {
  const T = (parentElement.cornerLabTargets ??= targetsMounted(parentElement));
  T.send = setTriggerValue;
  if (!data || (data.heard < T.count && performance.now() - T.since < UNANSWERED)) return; // older than what is wanted
  T.count = Math.max(T.count, data.heard);
  Object.assign(T, { target: data.target, names: data.names });
  drawTargets(T);
}

// "pattern 27 (bottom-right corner)"
export function nameOfPattern(index, names) {
  return names[index]
    ? tr("pattern {index} ({name})", { index, name: names[index] })
    : tr("pattern {index}", { index });
}

// The targets with one more, or one less; in the order of their indices.
export function toggled(target, index) {
  return target.includes(index) ? target.filter(i => i !== index) : [...target, index].sort((a, b) => a - b);
}

function targetsMounted(root) {
  const node = document.createElement("div");
  node.className = "targets";
  node.innerHTML = `<div class="chosen" role="group" aria-label="${tr("Targets")}"></div>
    <div class="drawing" role="group" aria-label="${tr("Draw a target")}" hidden>
      <div class="grid"></div><button type="button" class="add"></button></div>`;
  /** @type {any} */
  const T = { node, send: () => {}, target: [], names: {}, drawn: 0, all: false, count: 0, since: 0, cells: [] };
  T.chosen = node.querySelector(".chosen");
  T.drawing = node.querySelector(".drawing");
  T.add = node.querySelector(".add");
  T.cells = NINE.map(i => {
    const cell = smallButton("cell", () => {
      T.drawn ^= 1 << i;
      drawPixels(T);
    });
    cell.setAttribute(
      "aria-label",
      tr("Row {row}, column {column}", { row: Math.floor(i / 3) + 1, column: (i % 3) + 1 }),
    );
    return cell;
  });
  node.querySelector(".grid")?.append(...T.cells);
  T.add.onclick = () => {
    if (!T.target.includes(T.drawn)) change(T, T.drawn);
  };
  T.more = smallButton("more", () => {
    T.all = !T.all;
    drawTargets(T);
  });
  T.draw = smallButton("draw", () => {
    T.drawing.hidden = !T.drawing.hidden;
    drawTargets(T);
  });
  T.draw.textContent = "+";
  T.draw.title = tr("Draw a target");
  T.draw.setAttribute("aria-label", tr("Draw a target"));
  root.append(node);
  return T;
}

function smallButton(kind, onclick) {
  return Object.assign(document.createElement("button"), { type: "button", className: kind, onclick });
}

// What is wanted counts at once: the answer of a busy server may take a while, and the next press builds on it.
function change(T, index) {
  T.target = toggled(T.target, index);
  T.count += 1;
  T.since = performance.now();
  drawTargets(T);
  T.send("change", { target: T.target, count: T.count });
}

function drawTargets(T) {
  const shown = T.all ? T.target : T.target.slice(0, SHOWN);
  const buttons = shown.map((index, at) => chip(T, index, at));
  const rest = T.target.length - SHOWN;
  T.more.textContent = T.all ? tr("Fewer") : tr("{count} more", { count: rest });
  T.draw.setAttribute("aria-expanded", String(!T.drawing.hidden));
  const focused = T.node.getRootNode().activeElement;
  T.chosen.replaceChildren(...buttons, ...(rest > 0 ? [T.more] : []), T.draw);
  if ([T.more, T.draw].includes(focused)) focused.focus();
  drawPixels(T);
}

function chip(T, index, at) {
  const button = smallButton("chip", () => {
    change(T, index);
    const next = T.chosen.querySelectorAll(".chip")[Math.min(at, T.target.length - 1)];
    (next && !next.disabled ? next : T.draw).focus();
  });
  const name = nameOfPattern(index, T.names);
  const last = T.target.length === 1;
  button.disabled = last;
  const removes = tr("Remove {pattern}", { pattern: name });
  button.title = last
    ? tr("{Pattern}; at least one target stays", { Pattern: `${name[0].toUpperCase()}${name.slice(1)}` })
    : removes;
  button.setAttribute("aria-label", last ? tr("Target: {pattern}", { pattern: name }) : removes);
  button.innerHTML = emptyPicture();
  button.querySelector("path")?.setAttribute("d", picturePath(index));
  return button;
}

function drawPixels(T) {
  T.cells.forEach((cell, i) => cell.setAttribute("aria-pressed", String(bit(T.drawn, i) === 1)));
  const there = T.target.includes(T.drawn);
  T.add.textContent = there ? tr("{index} is a target", { index: T.drawn }) : tr("Add {pattern}", { pattern: T.drawn });
  T.add.setAttribute(
    "aria-label",
    there ? T.add.textContent : tr("Add {pattern}", { pattern: nameOfPattern(T.drawn, T.names) }),
  );
  T.add.disabled = there;
}
