// @ts-check
// What a file holds folded up: gzip, as text in base64.

/** @type {(text: string) => Promise<Uint8Array>} */
export async function unfolded(text) {
  const bytes = Uint8Array.from(atob(text), sign => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
