// The ten patterns nearest to the wrong side: the most wrong first, then the right ones by what they have left.
import { signed } from "./format.js";
import { attribute } from "./bench.js";
import { picturePath } from "./picture.js";

export const NEAREST = 10;

// Signed distance to the threshold, negative on the wrong side; ties by index. NaN comes first: it is wrong for everybody.
export function nearestWrong(zs, flags, threshold, many = NEAREST) {
  const best = [], left = new Float64Array(many);
  for (let i = 0; i < 512; i++) {
    const own = flags[i] ? zs[i] - threshold : threshold - zs[i], d = own === own ? own : -Infinity;
    if (best.length === many && d >= left[many - 1]) continue;
    let at = Math.min(best.length, many - 1);
    for (; at > 0 && left[at - 1] > d; at--) { left[at] = left[at - 1]; best[at] = best[at - 1]; }
    left[at] = d; best[at] = i;
  }
  return best;
}

export function bindNearest(ui, deed) {
  ui.near.addEventListener("click", ev => {
    const button = ev.target.closest("button");
    if (button) deed.setPixels(Number(button.dataset.pattern));
  });
}

export function showNearest(ui, view) {
  const { zs, flags, threshold } = view, list = nearestWrong(zs, flags, threshold);
  list.forEach((pattern, i) => {
    const button = ui.near.children[i], z = zs[pattern], right = flags[pattern] ? z > threshold : z < threshold;
    attribute(button, "data-pattern", String(pattern));
    attribute(button, "aria-label", `pattern ${pattern}${flags[pattern] ? ", target" : ""}, z ${signed(z)}, ${right ? "right" : "wrong"}: put on the bench`);
    attribute(button, "class", `thumb${flags[pattern] ? " target" : ""}${right ? "" : " wrong"}`);
    attribute(button, "aria-current", pattern === view.pixels ? "true" : "false");
    attribute(button.querySelector("path"), "d", picturePath(pattern));
  });
}
