// @ts-check
// Whether a record can be played.
import { tr } from "../language/tr.js";
import { FORMAT, headerText } from "../stage/core/record.js";

// Why a record is not played, in a sentence; "" for one that is.
/** @type {(bytes: Uint8Array) => string} */
export function refusalOf(bytes) {
  const { format, title } = JSON.parse(headerText(bytes));
  if (format === FORMAT) return "";
  return tr(
    "“{title}” is a record of format {format}, and this player reads format {ours}: make the file again with the Corner Lab that trained it.",
    { title, format, ours: FORMAT },
  );
}
