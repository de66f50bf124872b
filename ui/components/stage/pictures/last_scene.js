// @ts-check
// The picture that was last drawn on the page Pictures, for this tab: the atlas shows it too.

const LAST_SCENE = "corner-lab-picture";

/** @typedef {{ text: string, corners: [number, number, string][] | null }} LastScene */

/** @type {(scene: LastScene) => void} */
export function rememberScene({ text, corners }) {
  try {
    sessionStorage.setItem(LAST_SCENE, JSON.stringify({ text, corners }));
  } catch {
    /* storage is off or full */
  }
}

// What was stored may be anything: null for what is none. That its text is a picture is for `bitmapOf` to say.
/** @type {() => LastScene | null} */
export function rememberedScene() {
  try {
    const { text, corners } = JSON.parse(sessionStorage.getItem(LAST_SCENE) ?? "null") ?? {};
    return typeof text === "string" ? { text, corners: areCorners(corners) ? corners : null } : null;
  } catch {
    return null;
  }
}

/** @type {(corners: unknown) => boolean} */
function areCorners(corners) {
  const isWhole = n => Number.isInteger(n) && n >= 0 && n < 256;
  return (
    Array.isArray(corners) &&
    corners.every(one => Array.isArray(one) && isWhole(one[0]) && isWhole(one[1]) && typeof one[2] === "string")
  );
}
