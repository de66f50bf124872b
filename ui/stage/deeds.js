// Everything people can do, for bench, atlas and transport alike: what it changes in the state `S`, and what it reports.
import { epochAt, lastEpoch, rowAt, weightsAt } from "./record.js";
import { playheadAt, steppedEpoch } from "./player.js";
import { put } from "./bench.js";

export function deeds(S) {
  const report = rest => S.record && S.reports.tell("playhead", { run: S.record.header.run, epoch: epochAt(S.record, S.playhead.epoch), playing: S.playhead.playing }, rest);
  const weightsNow = () => S.edit ?? weightsAt(S.record, rowAt(S.record, S.playhead.epoch));
  const dropEdit = () => { if (S.edit) { S.edit = null; S.reports.tell("weights", null); } };
  const pause = () => { if (S.playhead.playing) { S.playhead = playheadAt(epochAt(S.record, S.playhead.epoch)); report(0); } };
  const seek = (epoch, rest) => {
    dropEdit();
    S.playhead = playheadAt(Math.max(0, Math.min(lastEpoch(S.record), epoch)));
    report(rest); S.wake();
  };
  S.report = report;
  return {
    pixels: () => S.pixels,
    setPixels(p) { if (p !== S.pixels) { S.pixels = p; S.reports.tell("pixels", p, S.reports.recent("pixels") ? 120 : 0); S.wake(); } },
    weight: i => weightsNow()[i],
    setWeight(i, value) {
      pause();
      S.edit ??= Float64Array.from(weightsNow());
      S.edit[i] = value; S.moving = true; S.wake();
    },
    weightsDone(how) { S.moving = false; if (S.edit) S.reports.tell("weights", [...S.edit], how === "key" ? 250 : 0); S.wake(); },
    tell(message) { put(S.ui.told, message); },
    toggle() {
      if (S.playhead.playing) { pause(); S.wake(); return; }
      dropEdit();
      const over = !S.record.header.growing && epochAt(S.record, S.playhead.epoch) >= lastEpoch(S.record);
      S.playhead = playheadAt(over ? 0 : epochAt(S.record, S.playhead.epoch), true);
      report(0); S.wake();
    },
    step(by, rest) { seek(steppedEpoch(S.record, S.playhead.epoch, by), rest); },
    seek,
    speed(choice) { S.speed = choice; },
    axis: () => S.axis,
    runs: () => Boolean(S.record) && (S.record.rows > 1 || S.record.header.growing),
    last: () => lastEpoch(S.record),
    view: () => S.view,
    probe(epoch) { if (S.probed !== epoch) { S.probed = epoch; S.glance(); } },
    glance: () => S.glance(),
    redraw: () => S.wake(),
    scale: () => S.k,
    press(id) { if (S.edit) S.reports.tell("weights", [...S.edit]); else if (S.record.rows > 1) report(0); S.press(id); },
    back() { dropEdit(); S.wake(); S.ui.play.focus(); },
  };
}
