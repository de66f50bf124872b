// @ts-check
// What a component hands over to be called when it is removed. Streamlit calls it too for data that were overtaken by
// newer ones while the module was still being imported: the component is on the page then, and in use, and has to stay.

/** @type {(parentElement: Node, end: () => void) => () => void} */
export function whenGone(parentElement, end) {
  return () => {
    if (!parentElement.isConnected) end();
  };
}
