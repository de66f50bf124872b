// @ts-check
// Icons of the transport, and the marks that tell right from wrong by shape.

const ICONS = {
  rewind: "M2 2h2v12H2zM14 2v12L5 8z",
  back: "M11 3v10L4 8zM12 3h2v10h-2z",
  step: "M5 3v10l7-5zM2 3h2v10H2z",
  play: "M4 2v12l10-6z",
  pause: "M3 2h4v12H3zM9 2h4v12H9z",
  undo: "M6 2 1 6.5 6 11V8h3a2.5 2.5 0 0 1 0 5H6v2h3a4.5 4.5 0 0 0 0-9H6z",
  redo: "M10 2l5 4.5L10 11V8H7a2.5 2.5 0 0 0 0 5h3v2H7a4.5 4.5 0 0 1 0-9h3z",
  lock: "M5 7V5a3 3 0 0 1 6 0v2h1v7H4V7zm1.5 0h3V5a1.5 1.5 0 0 0-3 0z",
};

export function iconOf(name) {
  return `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
}

export const MARKS = {
  right:
    '<svg viewBox="0 0 14 14" aria-hidden="true"><circle cx="7" cy="7" r="7" fill="currentColor"/><path d="M3.6 7.2 6 9.6l4.4-4.8" fill="none" stroke="var(--bg)" stroke-width="1.8"/></svg>',
  wrong: '<svg viewBox="0 0 14 14" aria-hidden="true"><path d="M7 0l7 7-7 7-7-7z" fill="currentColor"/></svg>',
  star: '<svg viewBox="0 0 14 14" aria-hidden="true"><path d="M7 .2l2 4.4 4.8.5-3.6 3.2 1 4.7L7 10.6 2.8 13l1-4.7L.2 5.1 5 4.6z" fill="currentColor"/></svg>',
  dot: '<svg viewBox="0 0 14 14" aria-hidden="true"><circle cx="7" cy="7" r="4" fill="currentColor"/></svg>',
};
