// Choosing a pattern in the atlas: by click, or with the arrow keys from point to point.
import { atlasScales, patternBeside, patternNear } from "./atlas.js";

// `S` is the stage's state, `deed` offers setPixels(p).
export function bindAtlas(S, deed) {
  const { pick } = S.ui;
  pick.addEventListener("click", ev => {
    const box = pick.getBoundingClientRect(), A = atlasScales(box.width, box.height, S.k, S.places, S.view.domain);
    deed.setPixels(patternNear(A, S.view.zs, ev.clientX - box.left, ev.clientY - box.top));
  });
  pick.addEventListener("keydown", ev => {
    if (ev.ctrlKey || ev.metaKey || ev.altKey || !(ev.key.startsWith("Arrow") || ev.key === "Home")) return;
    ev.preventDefault(); ev.stopPropagation();
    const to = ev.key === "Home" ? S.places.targets[0] : patternBeside(S.places, S.view.zs, S.pixels, ev.key);
    if (to >= 0) deed.setPixels(to);
  });
}
