// @ts-check
// What *Link* offers beside the link itself: parts of the stage for a slide or a page, as an address and as a frame.
import { tr } from "../../language/tr.js";
import { put } from "../canvas/dom.js";
import { embedAddress, frameMarkup, PART_NAMES, PARTS } from "./parts.js";

/**
 * @import { Actions } from "../app/actions.js"
 * @import { Ui } from "../canvas/dom.js"
 */

const AT_FIRST = ["bench", "atlas"];
// By the ends of their elements' ids.
const COPIED = { Address: tr("The address is copied."), Frame: tr("The frame is copied.") };

const partBox = name =>
  `<label><input type="checkbox" name="part" value="${name}"${AT_FIRST.includes(name) ? " checked" : ""}> ${PART_NAMES[name]}</label>`;
const copyField = (name, label, copies, rows) =>
  `<div class="copied"><label for="share${name}">${label}</label><button class="tool" type="button" id="copy${name}">${copies}</button></div>
    <textarea id="share${name}" readonly rows="${rows}" spellcheck="false"></textarea>`;

export const SHARE = `
<div class="share" id="share" popover role="dialog" aria-labelledby="shareName">
  <form><h2 id="shareName">${tr("Parts of this in a slide or a page")}</h2>
    <fieldset><legend class="sr">${tr("Parts")}</legend>${PARTS.map(partBox).join("")}</fieldset>
    ${copyField("Address", tr("Address"), tr("Copy address"), 2)}${copyField("Frame", tr("Frame"), tr("Copy frame"), 5)}
    <p id="shareTold" role="status"></p></form>
</div>`;

// `actions` offers addressed(): the address says all now. The link itself is copied by the tool, see `bindTools`.
/** @type {(ui: Ui, actions: Actions) => void} */
export function bindShare(ui, actions) {
  const { share, copyLink } = ui;
  if (!share.showPopover) return; // an old browser: the link is copied, as ever
  const boxes = /** @type {HTMLInputElement[]} */ ([...share.querySelectorAll("[name=part]")]);
  const write = () => {
    const parts = boxes.filter(box => box.checked).map(box => box.value);
    const address = embedAddress(location.href, parts);
    ui.shareAddress.value = parts.length ? address : "";
    ui.shareFrame.value = parts.length ? frameMarkup(address, parts) : "";
    for (const button of [ui.copyAddress, ui.copyFrame]) button.disabled = !parts.length;
    put(ui.shareTold, parts.length ? "" : tr("Choose at least one part."));
  };
  share.addEventListener("change", write);
  share.addEventListener("keydown", ev => ev.stopPropagation());
  for (const name of Object.keys(COPIED))
    ui[`copy${name}`].addEventListener("click", async () => {
      const field = ui[`share${name}`];
      try {
        await navigator.clipboard.writeText(field.value);
        put(ui.shareTold, COPIED[name]);
      } catch {
        field.select(); // no permission, or not a secure page
        put(ui.shareTold, tr("Press Ctrl+C to copy it."));
      }
    });
  copyLink.setAttribute("aria-haspopup", "dialog");
  share.addEventListener("beforetoggle", ev => {
    if (ev.newState === "closed" && share.contains(share.getRootNode().activeElement)) copyLink.focus();
  });
  copyLink.addEventListener("click", () => {
    actions.addressed();
    write();
    share.showPopover();
    placeShare(share, copyLink);
    boxes[0].focus({ preventScroll: true });
  });
}

// Above the tool, within the window.
/** @type {(share: HTMLElement, tool: HTMLElement) => void} */
function placeShare(share, tool) {
  const of = tool.getBoundingClientRect();
  const { width, height } = share.getBoundingClientRect();
  const left = Math.max(8, Math.min(document.documentElement.clientWidth - width - 8, of.right - width));
  const below = of.bottom + 8 + height <= innerHeight - 8;
  share.style.left = `${left}px`;
  share.style.top = `${below ? of.bottom + 8 : Math.max(8, of.top - 8 - height)}px`;
}
