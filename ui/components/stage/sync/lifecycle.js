// @ts-check
// What a component hands over to be called when it is removed. Streamlit calls it too for data that were overtaken by
// newer ones while the module was still being imported: the component is on the page then, and in use, and has to stay.

/** @type {(parentElement: Node, end: () => void) => () => void} */
export function whenGone(parentElement, end) {
  return () => {
    if (!parentElement.isConnected) end();
  };
}

// Sent to the document once the stage stands as it is printed, and with null once that is over. Its detail: the words of a
// link to what shows, beside those of the run.
export const PRINTS = "corner-lab-prints";
