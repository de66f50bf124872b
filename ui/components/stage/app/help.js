// @ts-check
// The help overlay: what can be done, and with which keys.
import { joinedSentences, tr } from "../../language/tr.js";

/** @type {[string, [string, string][]][]} */
const KEYS = [
  [
    tr("Pixels"),
    [
      [tr("click, drag"), tr("toggle, paint")],
      [tr("arrows, space"), tr("move, toggle")],
    ],
  ],
  [
    tr("Weights"),
    [
      [tr("drag sideways"), tr("change; with shift ten times finer")],
      [tr("arrows"), tr("0.1 up or down; with shift 1")],
      [tr("type, enter"), tr("set a value")],
      [tr("double-click"), "0"],
      ["L", tr("lock: keeps its value in training")],
    ],
  ],
  [
    tr("Several kernels"),
    [
      [tr("click"), tr("show one large")],
      [tr("arrows, home, end"), tr("from one to the next, to the first, to the last")],
    ],
  ],
  [tr("Bench"), [["Ctrl+Z, Ctrl+Shift+Z", tr("undo, redo")]]],
  [
    tr("Words"),
    [
      [tr("hover, click, tap"), tr("what a word or a number says here")],
      [tr("arrows, escape"), tr("from word to word, close")],
    ],
  ],
  [
    tr("Atlas"),
    [
      [tr("click"), tr("put a pattern on the bench")],
      [tr("arrows, home"), tr("from point to point, to the target")],
    ],
  ],
  [
    tr("Time"),
    [
      [tr("space"), tr("play, pause")],
      [tr("left, right"), tr("one epoch; with shift ten")],
      [tr("home, end"), tr("first, last epoch")],
    ],
  ],
];

// What only training heeds.
const TRAINS = ["L"];

const row = ([keys, what]) =>
  `<tr${TRAINS.includes(keys) ? ' class="online"' : ""}><td><kbd>${keys}</kbd></td><td>${what}</td></tr>`;

const ONLINE = tr("Then let Keras train, and scrub through what it did. Every word is in the {link}glossary{end}.", {
  link: '<a href="glossary" target="_blank" rel="noopener">',
  end: "</a>",
});

export const HELP = `
<dialog id="helpBox" aria-labelledby="helpName">
  <form method="dialog"><h2 id="helpName">${tr("Help")}</h2><button class="tool" aria-label="${tr("Close help")}">${tr("Close")}</button></form>
  <p>${joinedSentences([tr("Change a pixel or a weight and see what follows."), `<span class="online">${ONLINE}</span>`])}</p>
  <table>${KEYS.map(([name, rows]) => `<tbody><tr><th colspan="2" scope="rowgroup">${name}</th></tr>${rows.map(row).join("")}</tbody>`).join("")}</table>
</dialog>`;
