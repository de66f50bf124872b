// @ts-check
// The switch of the language, at the top of every page, and what the browser is told of the one that is spoken.
import { TAG } from "./messages.js";

const YEAR = 31_536_000; // s
const COOKIE = "corner_lab_language"; // read by ui/server/readers.py

// `languages`: their names by code, the one that is spoken first. `choose` is told the code of another.
/** @type {(place: HTMLElement, languages: Record<string, string>, choose: (code: string) => void) => void} */
export function showLanguages(place, languages, choose) {
  document.documentElement.lang = TAG;
  const [, ...others] = Object.entries(languages);
  if (place.dataset.spoken === TAG) return;
  place.dataset.spoken = TAG;
  place.className = "languages";
  place.replaceChildren(
    ...others.map(([code, name]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.lang = code;
      button.textContent = name;
      button.addEventListener("click", () => {
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs https
        document.cookie = `${COOKIE}=${code}; path=/; max-age=${YEAR}; SameSite=Lax`;
        choose(code);
      });
      return button;
    }),
  );
}
