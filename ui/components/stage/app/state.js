// @ts-check
// The stage's state: everything that it keeps, set here at once. Bench, pictures and transport read it; `actions`,
// `load_record`, `render` and the clock in `main` change it.
import { playheadAt, SPEEDS } from "../core/playhead.js";
import { epochAt } from "../core/record.js";
import { benchRequests, postBench, say } from "../sync/bench_request.js";
import { reporter } from "../sync/debounce.js";
import { poller } from "../sync/poll.js";
import { pressKeeper } from "../sync/press.js";
import { isAway } from "../sync/reconnect.js";
import { playbackRate } from "../timeline/playback_rate.js";
import { plotsAtFirst } from "../timeline/series.js";

/**
 * @typedef {object} State
 *
 * The page.
 * @property {ShadowRoot} root
 * @property {HTMLElement} lab the stage's own element
 * @property {Record<string, any>} ui its elements by id, see `built`
 * @property {number} k how large everything is drawn: 1, more on a projector
 * @property {import("../canvas/palette.js").Palette} P the theme's colours, read before the first frame
 * @property {string} look the colours as text: what a theme is told from another by
 * @property {boolean} printing the page is being printed
 * @property {MediaQueryList} calm whether motion is to be reduced
 * @property {AbortController} life ends with the component, and all listeners with it
 * @property {string[] | null} shows the parts that are fitted to a frame; null for the whole stage
 * @property {boolean} gone the component was removed
 * @property {Set<import("../sync/sections.js").Section>} below what stands below the stage on the page
 *
 * What is played.
 * @property {import("../core/record.js").StageRecord} record null, as what follows from it, until the first has come
 * @property {string} headerText the header of the last record that came: equal text is no news
 * @property {string} recordId what drawn layers are kept by
 * @property {string} run the run that the playhead belongs to
 * @property {import("../canvas/axis.js").EpochAxis} axis
 * @property {import("../core/messages.js").Names} names
 * @property {import("../atlas/layout_distance.js").Places} places
 * @property {string} placesId
 * @property {Uint8Array} flags 1 where a pattern is a target
 * @property {number} startZ lowest z of a target at epoch 0
 * @property {import("../core/previous_run.js").PreviousRun | null} ghost the run before this one
 * @property {boolean} ghostShown
 *
 * The playhead.
 * @property {import("../core/playhead.js").Playhead} playhead
 * @property {import("../core/playhead.js").Speed} speed
 * @property {string | null} stopping the run that was asked to stop
 * @property {number} reached the last epoch that was seen: the ending is not told before
 * @property {number | null} opensAt the epoch that a link names, until the playhead rests there
 * @property {{ note(time: number, epoch: number, playing: boolean): number | null }} pace
 *
 * The bench.
 * @property {number} rev the last bench that Python has set
 * @property {number} pixels pattern index, 0 to 511
 * @property {Float32Array | null} edit weights that were changed by hand
 * @property {boolean} loaded whether they came whole, where there is no run
 * @property {Set<number>} locks indices of the numbers that training keeps, of those that give z
 * @property {boolean} locking a click on a weight locks it
 * @property {boolean} moving a weight is being dragged
 * @property {import("../network/effective_kernel.js").KernelView} kernelView
 * @property {number} kernel which of several is large on the bench; of a network with fewer it is the last
 * @property {number | null} pointed the cell under the pointer
 * @property {import("../core/undo_stack.js").UndoStack} past null before the first record
 *
 * Atlas and plots.
 * @property {"distance" | "curve" | "picture"} atlasView
 * @property {import("../pictures/scene_view.js").AtlasScene | null} scene what it shows "in a picture"
 * @property {number} hover the pattern under the pointer, or -1
 * @property {boolean} keyed the atlas has the keyboard's focus
 * @property {[number, number] | null} domain the z axis, as wide as edited weights have made it
 * @property {import("../timeline/series.js").PlotChoice[]} plots
 * @property {number | null} probed the epoch under the pointer
 * @property {boolean} focused a plot has the keyboard's focus
 *
 * Drawing.
 * @property {import("../core/frame_view.js").View} view null before the first frame; what the last frame shows
 * @property {{ weights: Float64Array, zs: Float64Array }} buffer
 * @property {{ z: number, xs: Float64Array, ys: Float64Array, domain: number[] }} show positions as they ease
 * @property {boolean} dirty something has changed
 * @property {boolean} others something that stands over the epochs has
 * @property {boolean} glanced only the epoch that is read off has
 * @property {boolean} snap the next frame does not ease
 * @property {number} shownRow
 * @property {object | null} drawn the view whose points are on the canvas
 * @property {object | null} placed the view that has arrived
 * @property {string | null} described the run whose pictures are in words
 * @property {number} asked the frame that was asked for, 0 for none
 * @property {number} before when the last frame was drawn, 0 at rest
 * @property {number} settled when positions will have arrived
 * @property {ReturnType<typeof setTimeout> | undefined} settling until the address is written
 * @property {{ run: string, python: string } | null} entry what the entry of the browser's history stands for, see `nextEntry`
 * @property {boolean} closing the page is about to be opened again, as it is
 * @property {boolean} popped a step through the history was made, and Python's answer is still to come
 * @property {() => void} retell writes the numbers of an open tooltip anew
 * @property {Record<string, any>} stats what tests and benchmarks read
 *
 * Python and the clock.
 * @property {(name: string, value: unknown) => void} toStreamlit fresh with every call of the component
 * @property {(name: string, value: unknown) => void} trigger the same
 * @property {ReturnType<typeof benchRequests>} line
 * @property {ReturnType<typeof reporter>} reports
 * @property {ReturnType<typeof poller>} asks
 * @property {ReturnType<typeof pressKeeper>} presses
 * @property {string | null} left a press that the page before has left, still to be made
 * @property {import("../core/progress.js").Waiting | null} since when what is waited for began
 * @property {ReturnType<typeof setTimeout> | undefined} ticking until the time it takes is told anew
 * @property {boolean} away the connection to the server is gone
 * @property {(rest: number) => void} report tells where the playhead is, after `rest` ms without a newer place
 * @property {(id: string) => void} press a button of the stage, once the bench's line has come to rest
 * @property {(others?: boolean) => void} wake draws a frame
 * @property {() => void} glance draws a frame in which only the epoch that is read off has changed
 */

/**
 * @param {{ root: ShadowRoot, lab: HTMLElement, ui: Record<string, any>, palette: State["P"],
 *   wake: (S: State, others?: boolean) => void, glance: (S: State) => void }} parts
 * @returns {State}
 */
export function createState({ root, lab, ui, palette, wake, glance }) {
  const later = /** @type {any} */ (null);
  /** @type {State} */
  const S = {
    root,
    lab,
    ui,
    k: 1,
    P: palette,
    look: "",
    printing: false,
    calm: matchMedia("(prefers-reduced-motion: reduce)"),
    life: new AbortController(),
    shows: null,
    gone: false,
    below: new Set(),
    record: later,
    headerText: "",
    recordId: "",
    run: "",
    axis: later,
    names: later,
    places: later,
    placesId: "",
    flags: new Uint8Array(512),
    startZ: 0,
    ghost: null,
    ghostShown: true,
    playhead: playheadAt(0),
    speed: SPEEDS[5],
    stopping: null,
    reached: 0,
    opensAt: null,
    pace: playbackRate(),
    rev: -1,
    pixels: 432,
    edit: null,
    loaded: false,
    locks: new Set(),
    locking: false,
    moving: false,
    pointed: null,
    kernelView: "alone",
    kernel: 0,
    past: later,
    atlasView: "distance",
    scene: null,
    hover: -1,
    keyed: false,
    domain: null,
    plots: plotsAtFirst(),
    probed: null,
    focused: false,
    view: later,
    buffer: { weights: new Float64Array(12), zs: new Float64Array(512) },
    show: { z: 0, xs: new Float64Array(512), ys: new Float64Array(512), domain: [-30, 7] },
    dirty: true,
    others: true,
    glanced: false,
    snap: true,
    shownRow: -1,
    drawn: null,
    placed: null,
    described: null,
    asked: 0,
    before: 0,
    settled: 0,
    settling: undefined,
    retell: () => {},
    entry: null,
    popped: false,
    closing: false,
    stats: {
      waits: true,
      still: false,
      frames: 0,
      draws: 0,
      longest: 0,
      atlas: 0,
      epoch: 0,
      playing: false,
      run: "",
      right: 0,
      z: 0,
      output: 0,
      pixels: 432,
      edited: false,
      pace: null,
      reading: null,
      ghost: null,
    },
    toStreamlit: () => {},
    trigger: () => {},
    line: benchRequests({
      post: told => postBench(S.record.header.session, S.rev, told),
      heard: say,
      otherwise: (name, value) => S.toStreamlit(name, value),
      cut: globalThis.cornerLab?.cut,
    }),
    reports: reporter(
      (name, value) =>
        S.record.header.guest || (name === "playhead" ? S.toStreamlit(name, value) : S.line.tell(name, value)),
    ),
    asks: poller(now => S.away || S.toStreamlit("ask", now)),
    report(rest) {
      if (!S.record) return;
      const { epoch, playing } = S.playhead;
      S.reports.tell("playhead", { run: S.record.header.run, epoch: epochAt(S.record, epoch), playing }, rest);
    },
    presses: pressKeeper({
      send: (id, sent) =>
        S.line.idle().then(() => {
          S.trigger("press", id);
          sent();
        }),
      ask: () => S.asks.heard(0),
      changed: () => wake(S, false),
    }),
    left: null,
    since: null,
    ticking: undefined,
    away: isAway(),
    press: id => S.presses.press(id, S.record.header.pressed, S.away),
    wake: others => wake(S, others),
    glance: () => glance(S),
  };
  return S;
}
