// @ts-check
// What the stage tells Python, and when: the first change at once, a burst of them only when it comes to rest.

/**
 * @param {(name: string, value: unknown) => void} send
 * @param {() => number} [now]
 */
export function reporter(send, now = () => performance.now()) {
  const waiting = new Map();
  const sent = new Map();
  const deliver = (name, value) => {
    waiting.delete(name);
    sent.set(name, { text: JSON.stringify(value), at: now() });
    send(name, value);
  };
  return {
    // `rest` in ms: 0 sends at once, otherwise after that long without a newer value.
    tell(name, value, rest = 0) {
      clearTimeout(waiting.get(name));
      if (sent.get(name)?.text === JSON.stringify(value)) {
        waiting.delete(name);
        return;
      }
      if (!rest) deliver(name, value);
      else
        waiting.set(
          name,
          setTimeout(() => deliver(name, value), rest),
        );
    },

    // Whether this was told just now: then the next change may wait for the burst to end.
    recent(name, within = 150) {
      return waiting.has(name) || now() - (sent.get(name)?.at ?? -Infinity) < within;
    },

    // Whether this is what was told last: then Python says nothing new by it.
    told(name, value) {
      return sent.get(name)?.text === JSON.stringify(value);
    },

    // What Python already knows needs no report.
    known(name, value) {
      clearTimeout(waiting.get(name));
      waiting.delete(name);
      sent.set(name, { text: JSON.stringify(value), at: now() });
    },

    stop() {
      for (const id of waiting.values()) clearTimeout(id);
      waiting.clear();
    },
  };
}
