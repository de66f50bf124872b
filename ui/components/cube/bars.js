// @ts-check
// Single changes as bars: each row is a button that opens its experiment.
import { tr } from "../language/tr.js";

export default function bars({ parentElement, data, setTriggerValue }) {
  const B = (parentElement.cornerLabBars ??= begun(parentElement));
  B.send = setTriggerValue;
  if (data) fill(B, data);
}

function begun(root) {
  const node = document.createElement("div");
  node.className = "bars";
  root.append(node);
  return { node, send: () => {}, rows: new Map() };
}

function fill(B, { groups }) {
  if (!B.rows.size) groups.forEach(group => B.node.append(section(B, group)));
  for (const row of groups.flatMap(group => group.rows)) {
    const button = B.rows.get(row.id);
    button.setAttribute(
      "aria-label",
      tr("Open in the playground: {title}. {words}", { title: row.title, words: row.words }),
    );
    button.querySelector(".words").textContent = row.words;
    button.querySelector(".kept").style.width = `${100 * Math.min(row.kept, row.share)}%`;
    button.querySelector(".lost").style.width = `${100 * Math.max(0, row.share - row.kept)}%`;
  }
}

function section(B, { title, rows }) {
  const part = document.createElement("section");
  const head = document.createElement("h3");
  const list = document.createElement("ul");
  head.textContent = title;
  for (const { id, title } of rows) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.innerHTML =
      '<span class="title"></span><span class="track"><i class="kept"></i><i class="lost"></i></span><span class="words"></span>';
    button.querySelector(".title")?.append(title);
    button.onclick = () => B.send("open", id);
    item.append(button);
    list.append(item);
    B.rows.set(id, button);
  }
  part.append(head, list);
  return part;
}
