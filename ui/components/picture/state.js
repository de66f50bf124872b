// @ts-check
// All that the page's picture knows, in one place, and how it begins.
import { epochAxis } from "../stage/canvas/axis.js";
import { playheadAt, SPEEDS } from "../stage/core/playhead.js";
import { undoStack } from "../stage/core/undo_stack.js";
import { blankBitmap } from "../stage/pictures/bitmap.js";
import { bitmapText } from "../stage/pictures/run_lengths.js";

/**
 * @import { EpochAxis } from "../stage/canvas/axis.js"
 * @import { Ui } from "../stage/canvas/dom.js"
 * @import { Palette } from "../stage/canvas/palette.js"
 * @import { Playhead, Speed } from "../stage/core/playhead.js"
 * @import { StageRecord } from "../stage/core/record.js"
 * @import { Hidden } from "../stage/network/forward.js"
 * @import { UndoStack } from "../stage/core/undo_stack.js"
 * @import { Bitmap } from "../stage/pictures/bitmap.js"
 * @import { Corner } from "../stage/pictures/matching.js"
 * @import { Shown } from "../stage/pictures/response.js"
 * @import { Slide } from "./core/slide.js"
 */

/**
 * @typedef {{ kind: string, seed: number, side: number }} Scene
 * @typedef {object} Drawn what can be undone
 * @property {string} text
 * @property {Scene | null} scene
 * @property {[number, number, string][] | null} corners
 * @property {number[] | null} [edit] the bench's weights where they were edited; as they are, if it is not there
 *
 * @typedef {{ id: string, name: string, numbers: number[] | null, hidden: Hidden, head: string, threshold: number, target: number[] }} Network
 *
 * @typedef {object} PictureHeader what Python tells, see ui/pages/picture_record.py
 * @property {string} session
 * @property {{ rev: number, text: string, scene: Scene | null, corners: [number, number, string][] | null }} picture
 * @property {{ rev: number, network: string, epoch: number | null, tolerance: number | null, map: Shown | null }} choice
 * @property {[string, string][]} kinds
 * @property {string} home the word of the scene that needs none in the address
 * @property {Network[]} networks
 * @property {{ id: string, title: string, growing: boolean, leads: boolean, epoch: number } | null} run
 * @property {{ pixels: number, home: number, weights: number[] | null, locks: number[], kernels: number, rev: number }} bench
 * @property {boolean} arriving
 *
 * @typedef {object} PictureState
 * @property {any} root
 * @property {HTMLElement} node
 * @property {Ui} ui
 * @property {Palette} P
 * @property {string} look
 * @property {Uint32Array[]} colours
 * @property {MediaQueryList} calm
 * @property {AbortController} life
 * @property {boolean} gone
 * @property {(name: string, value: unknown) => void} send
 * @property {PictureHeader | null} header
 * @property {string} headerText
 * @property {StageRecord | null} record
 * @property {EpochAxis} axis
 * @property {Playhead} playhead
 * @property {Speed} speed
 * @property {string} run
 * @property {number | null} grewTo its last epoch at the last news, null if it was over
 * @property {number | null} opensAt the epoch that a link names, until it is there
 * @property {string} choice which network
 * @property {number} choiceRev
 * @property {Network} network the one that is shown
 * @property {Float64Array} numbers its numbers, as the bench has them
 * @property {number} benchRev the last bench that Python has set
 * @property {Float32Array | null} edit the bench's weights, where they were edited
 * @property {number} scale what the colours reached before they were
 * @property {import("../stage/network/effective_kernel.js").KernelView} kernelView
 * @property {number} kernel which of several is large
 * @property {number | null} pointed the cell of the bench under the pointer
 * @property {import("../stage/bench/bench.js").SumView} sum what the bench last showed
 * @property {ReturnType<typeof import("../stage/sync/bench_request.js").benchRequests>} line to Python
 * @property {ReturnType<typeof import("../stage/sync/debounce.js").reporter>} reports over it
 * @property {Float64Array} zs of the 512
 * @property {number} rev of Python's picture
 * @property {Bitmap} bitmap
 * @property {Scene | null} scene what it is, if nobody has drawn into it
 * @property {Corner[] | null} corners
 * @property {string[]} names what each pattern is taken for, by the targets of `namesOf`
 * @property {string} namesOf
 * @property {boolean} stale the patterns are those of a picture before
 * @property {Uint16Array} indices
 * @property {Int32Array} counts
 * @property {UndoStack<Drawn>} past
 * @property {string} tool
 * @property {Shown} map
 * @property {number} tolerance in pixels, from a corner that is found to the true one
 * @property {number} cursor a cell
 * @property {number | null} hover
 * @property {number | null} anchor where a rectangle from the keyboard begins
 * @property {Slide | null} slide
 * @property {number} stop which error is shown
 * @property {number} asked
 * @property {number} before
 * @property {any} settling
 * @property {{ canvas: HTMLCanvasElement, context: any, image: ImageData | null, pixels: Uint32Array }} sheet
 * @property {Uint32Array} table
 * @property {Uint32Array} plain
 * @property {number} presses
 * @property {{ frames: number[], still: boolean, [name: string]: any }} stats
 */

/** @type {(root: any, node: HTMLElement, ui: Ui) => PictureState} */
export function pictureState(root, node, ui) {
  const later = /** @type {any} */ (null);
  const bitmap = blankBitmap(32, 32);
  return {
    root,
    node,
    ui,
    P: later,
    look: "",
    colours: [],
    calm: matchMedia("(prefers-reduced-motion: reduce)"),
    life: new AbortController(),
    gone: false,
    send: () => {},
    header: null,
    headerText: "",
    record: null,
    axis: epochAxis(1),
    playhead: playheadAt(0),
    speed: SPEEDS[5],
    run: "",
    grewTo: null,
    opensAt: null,
    choice: "bench",
    choiceRev: -1,
    network: later,
    numbers: new Float64Array(12),
    zs: new Float64Array(512),
    benchRev: -1,
    edit: null,
    scale: 0,
    kernelView: "alone",
    kernel: 0,
    pointed: null,
    sum: later,
    line: later,
    reports: later,
    rev: -1,
    bitmap,
    scene: null,
    corners: null,
    names: [],
    namesOf: "",
    stale: true,
    indices: new Uint16Array(bitmap.cells.length),
    counts: new Int32Array(512),
    past: undoStack(/** @type {Drawn} */ ({ text: bitmapText(bitmap), scene: null, corners: null, edit: null })),
    tool: "rectangle",
    map: "output",
    tolerance: 0,
    cursor: 0,
    hover: null,
    anchor: null,
    slide: null,
    stop: -1,
    asked: 0,
    before: 0,
    settling: undefined,
    sheet: { canvas: document.createElement("canvas"), context: null, image: null, pixels: new Uint32Array(0) },
    table: new Uint32Array(512),
    plain: new Uint32Array(512),
    presses: 0,
    stats: { frames: [], still: false },
  };
}
