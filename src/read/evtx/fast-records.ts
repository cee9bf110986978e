// HOT: called for every record.
/**
 * The compiled short way through records (`src/wasm/assembly/records.ts`). In: a record's place. Out: its layout and values, and
 * what of System is known at once; null where only the long way says more.
 */
import type { ThreadMemory } from '../../wasm/thread-memory.ts';
import { catalog, type Layout, type Plan } from './catalog.ts';
import { VALUE_INDEX_MASK } from './fields.ts';
import { CHUNK_BYTES } from './limits.ts';
import type { RecordValues } from './record-values.ts';

/** Of `RecordValues.same`. */
const SAME_CHANNEL = 1;
const SAME_COMPUTER = 2;
const HAS_TIME = 4;

/** By number of the innermost template: the layout that the compiled code knows. */
const layouts: Layout[] = [];

export class FastRecords {
  readonly #memory: ThreadMemory;
  readonly #values: RecordValues;
  /** By offset in the chunk: the chunk's stamp where a template is known, which `ChunkPlans` writes. */
  readonly stamps: Int32Array;
  /** Its number; -1 for one that takes the long way. */
  readonly #templates: Int32Array;
  /** Of the chunk that was opened. */
  #stamp = 0;

  private constructor(memory: ThreadMemory, values: RecordValues, words: Int32Array) {
    this.#memory = memory;
    this.#values = values;
    this.stamps = words.subarray(0, CHUNK_BYTES);
    this.#templates = words.subarray(CHUNK_BYTES);
  }

  /** null when there is no room. */
  static create(memory: ThreadMemory | null, values: RecordValues): FastRecords | null {
    if (memory === null || !values.inMemory) return null;
    const words = memory.reserve(2 * CHUNK_BYTES);
    return words === null ? null : new FastRecords(memory, values, words);
  }

  /** The template at an offset of the chunk. */
  know(offset: number, plan: Plan): void {
    this.#templates[offset] = plan.dynamicNames.length === 0 ? plan.id : -1;
  }

  /** The layout of the BinXML in [start, end), while templates have this stamp. */
  read(start: number, end: number, stamp: number): Layout | null {
    const { code, reply, replyTime } = this.#memory;
    if (this.#memory.reader !== this || this.#stamp !== stamp) this.#turn(stamp);
    const template = code.readRecord(start, end);
    if (template < 0) return null;
    const layout = layouts[template]!;
    const values = this.#values;
    const same = reply[2]!;
    values.count = reply[0]!;
    values.eventId = reply[1]!;
    values.same = same;
    values.timeUs = (same & HAS_TIME) === 0 ? Number.NaN : replyTime[0]!;
    if ((same & SAME_CHANNEL) === 0) layout.channel = null;
    if ((same & SAME_COMPUTER) === 0) layout.computer = null;
    return layout;
  }

  #turn(stamp: number): void {
    const memory = this.#memory;
    const { offsetsAt, headsAt, bytes } = this.#values;
    this.#stamp = stamp;
    const chunk = memory.chunkAddress(bytes);
    memory.code.openChunk(
      chunk,
      this.stamps.byteOffset,
      this.#templates.byteOffset,
      stamp,
      layoutGeneration(),
      offsetsAt,
      headsAt,
    );
    memory.reader = this;
  }

  /** Records with these templates have this layout. */
  remember(layout: Layout, innermost: Plan): void {
    const { shape, outer, outerCount, nestedIndex, innerCount } = layout;
    const { eventId, time, channel, computer } = shape.system;
    layouts[innermost.id] = layout;
    layout.channel = null;
    layout.computer = null;
    this.#memory.code.rememberLayout(
      innermost.id,
      layoutGeneration(),
      outer!.id,
      outerCount,
      nestedIndex,
      innerCount,
      valueIn(layout, eventId),
      valueIn(layout, time),
      valueIn(layout, channel),
      valueIn(layout, computer),
    );
  }
}

/** The table of layouts is of zeros at first: generations there count from 1. */
function layoutGeneration(): number {
  return catalog.generation + 1;
}

/** The index of the value that a slot is; -1 when it takes more to say. */
function valueIn({ access }: Layout, slot: number): number {
  const code = slot < 0 ? -1 : access[slot]!;
  return code < 0 ? -1 : code & VALUE_INDEX_MASK;
}
