// @ts-check
// The help overlay: what can be done, and with which keys.

/** @type {[string, [string, string][]][]} */
const KEYS = [
  [
    "Pixels",
    [
      ["click, drag", "toggle, paint"],
      ["arrows, space", "move, toggle"],
    ],
  ],
  [
    "Weights",
    [
      ["drag sideways", "change; with shift ten times finer"],
      ["arrows", "0.1 up or down; with shift 1"],
      ["type, enter", "set a value"],
      ["double-click", "0"],
      ["L", "lock: keeps its value in training"],
    ],
  ],
  [
    "Several kernels",
    [
      ["click", "show one large"],
      ["arrows, home, end", "from one to the next, to the first, to the last"],
    ],
  ],
  ["Bench", [["Ctrl+Z, Ctrl+Shift+Z", "undo, redo"]]],
  [
    "Words",
    [
      ["hover, click, tap", "what a word or a number says here"],
      ["arrows, escape", "from word to word, close"],
    ],
  ],
  [
    "Atlas",
    [
      ["click", "put a pattern on the bench"],
      ["arrows, home", "from point to point, to the target"],
    ],
  ],
  [
    "Time",
    [
      ["space", "play, pause"],
      ["left, right", "one epoch; with shift ten"],
      ["home, end", "first, last epoch"],
    ],
  ],
];

// What only training heeds.
const TRAINS = ["L"];

const row = ([keys, what]) =>
  `<tr${TRAINS.includes(keys) ? ' class="online"' : ""}><td><kbd>${keys}</kbd></td><td>${what}</td></tr>`;

export const HELP = `
<dialog id="helpBox" aria-labelledby="helpName">
  <form method="dialog"><h2 id="helpName">Help</h2><button class="tool" aria-label="Close help">Close</button></form>
  <p>Change a pixel or a weight and see what follows. <span class="online">Then let Keras train, and scrub through what it did. Every word is in the <a href="glossary" target="_blank" rel="noopener">glossary</a>.</span></p>
  <table>${KEYS.map(([name, rows]) => `<tbody><tr><th colspan="2" scope="rowgroup">${name}</th></tr>${rows.map(row).join("")}</tbody>`).join("")}</table>
</dialog>`;
