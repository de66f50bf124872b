// @ts-check
// The kernel slides over the picture, row by row: how far it has come. Pure.

/** @typedef {{ at: number, pace: number, playing: boolean }} Slide `at`: cells it has been over; `pace`: a place in `PACES` */

// Cells a second.
export const PACES = [4, 16, 64, 256, 1024, 4096, 16384];

/** @type {(cells: number) => Slide} */
export function slideOver(cells) {
  const about = PACES.findIndex(pace => cells / pace <= 20); // a whole picture in 20 s or less
  return { at: 0, pace: about < 0 ? PACES.length - 1 : about, playing: true };
}

// `dt` in seconds; null once it has been over the whole picture.
/** @type {(slide: Slide, dt: number, cells: number) => Slide | null} */
export function slidOn(slide, dt, cells) {
  const at = slide.playing ? slide.at + dt * PACES[slide.pace] : slide.at;
  return at < cells ? { ...slide, at } : null;
}

// Without motion: to the end of the row that it is in.
/** @type {(slide: Slide, width: number, cells: number) => Slide | null} */
export function slidByRow(slide, width, cells) {
  const at = (Math.floor(slide.at / width) + 1) * width;
  return at < cells ? { ...slide, at, playing: false } : null;
}

/** @type {(slide: Slide, by: number) => Slide} */
export function slidFaster(slide, by) {
  return { ...slide, pace: Math.max(0, Math.min(PACES.length - 1, slide.pace + by)) };
}
