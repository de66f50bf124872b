// @ts-check
// The cube: eight vertices as buttons, each with the share of seeds solved as a ring.

import { tr } from "../language/tr.js";
import { whenGone } from "../stage/sync/lifecycle.js";

// Where a vertex stands, in percent: shapes to the right, loss upwards, imbalance backwards.
export function vertexAt(id) {
  const [shapes, loss, imbalance] = [...id].map(Number);
  return [16 + 47 * shapes + 22 * imbalance, 80 - 42 * loss - 24 * imbalance];
}

// The twelve edges: pairs of vertices that differ in one switch.
export function edgesOf(ids) {
  const differ = (a, b) => [...a].filter((c, i) => c !== b[i]).length;
  return ids.flatMap((a, i) =>
    ids
      .slice(i + 1)
      .filter(b => differ(a, b) === 1)
      .map(b => [a, b]),
  );
}

const RING = 2 * Math.PI * 22;
const HIDDEN = "001"; // the vertex behind the others: its edges are dashed

export default function cube({ parentElement, data, setTriggerValue }) {
  const C = (parentElement.cornerLabCube ??= mounted(parentElement));
  C.send = setTriggerValue;
  if (data) draw(C, data);
  return whenGone(parentElement, () => {
    delete parentElement.cornerLabCube;
  });
}

function mounted(root) {
  const node = document.createElement("div");
  node.className = "cube";
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", tr("The eight combinations of three switches"));
  root.append(node);
  return { node, send: () => {}, buttons: new Map() };
}

function draw(C, { vertices, switches, selected }) {
  if (!C.buttons.size) build(C, vertices, switches);
  for (const vertex of vertices) {
    const button = C.buttons.get(vertex.id);
    const share = vertex.share ?? 0;
    button.setAttribute("aria-pressed", String(vertex.id === selected));
    button.setAttribute("aria-label", vertex.say);
    button.querySelector(".share").style.strokeDasharray = `${share * RING} ${RING}`;
    button.querySelector("text").textContent = vertex.number;
    button.querySelector("small").textContent = vertex.note;
    button.classList.toggle("open", vertex.share === null);
  }
}

function build(C, vertices, switches) {
  const lines = edgesOf(vertices.map(c => c.id)).map(([a, b]) => {
    const [[x1, y1], [x2, y2]] = [vertexAt(a), vertexAt(b)];
    return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" class="${a === HIDDEN || b === HIDDEN ? "behind" : ""}"/>`;
  });
  C.node.innerHTML = `<svg class="edges" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">${lines.join("")}</svg>`;
  switches.forEach(({ name, label }) => {
    const axis = document.createElement("div");
    axis.className = `axis ${name}`;
    axis.textContent = label;
    C.node.append(axis);
  });
  for (const { id } of vertices) {
    const button = document.createElement("button");
    const [x, y] = vertexAt(id);
    button.type = "button";
    button.dataset.vertex = id;
    button.style.left = `${x}%`;
    button.style.top = `${y}%`;
    button.innerHTML = `<svg viewBox="0 0 52 52" aria-hidden="true"><circle cx="26" cy="26" r="22"/>
      <circle class="share" cx="26" cy="26" r="22" transform="rotate(-90 26 26)"/><text x="26" y="32"></text></svg><small></small>`;
    button.onclick = () => C.send("pick", id);
    C.node.append(button);
    C.buttons.set(id, button);
  }
}
