// @ts-check
// What goes on for as long as somebody visits, whichever page is open.
import { keepEntries } from "./stage/sync/entries.js";

export default function visit() {
  keepEntries();
}
