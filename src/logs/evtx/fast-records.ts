// HOT: called for every record.
/**
 * The compiled short way through records (`src/wasm/assembly/records.ts`). In: a record's place. Out: its layout and values, and
 * what of System is known at once; null where only the long way says more.
 */
import { LAYOUTS, type ThreadMemory } from '../../wasm/thread-memory.ts';
import { catalog, type Layout, type Plan } from './binxml/catalog.ts';
import { VALUE_INDEX_MASK } from './binxml/fields.ts';
import { CHUNK_BYTES } from './limits.ts';
import type { RecordValues } from './values/record-values.ts';

/** Of `RecordValues.same`. */
const SAME_CHANNEL = 1;
const SAME_COMPUTER = 2;
const HAS_TIME = 4;

/** Of a record that `skim` came to. */
const NEW = 2;
const JUDGED = 3;

/** The layouts that the compiled code of this thread knows, by number, and the generation of the catalog that they are of. */
const layouts: Layout[] = [];
let generation = -1;

export class FastRecords {
  readonly #memory: ThreadMemory;
  readonly #values: RecordValues;
  /** By offset in the chunk: the chunk's stamp where a template is known, which `ChunkPlans` writes. */
  readonly stamps: Int32Array;
  /** Its number; -1 for one that takes the long way. */
  readonly #templates: Int32Array;
  /** Of the chunk that was opened. */
  #stamp = 0;
  /**
   * After `skim`: number of the layout, records passed over, where the next begins; is it of no known kind, or is it known what
   * holds for it?
   */
  number = -1;
  passed = 0;
  next = 0;
  isNew = false;
  isJudged = false;

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
    if (this.#memory.reader !== this || this.#stamp !== stamp) this.#turn(stamp);
    return this.#layoutOf(this.#memory.code.readRecord(start, end));
  }

  /**
   * Passes over records from `at` on, before `limit`, that are of a known kind and for which no rule holds. The layout of the
   * next one, which is read; null where there is none or the compiled code cannot read it.
   */
  skim(at: number, limit: number, stamp: number): Layout | null {
    if (this.#memory.reader !== this || this.#stamp !== stamp) this.#turn(stamp);
    this.#memory.skims++;
    this.number = this.#memory.code.skim(at, limit);
    const { reply } = this.#memory;
    this.passed = reply[3]!;
    this.next = reply[6]!;
    this.isNew = reply[7] === NEW;
    this.isJudged = reply[7] === JUDGED;
    return this.#layoutOf(this.number);
  }

  /** The layout `number`, of which compiled code has read a record; null for -1. */
  #layoutOf(number: number): Layout | null {
    if (number < 0) return null;
    const { reply, replyTime } = this.#memory;
    const layout = layouts[number]!;
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
    this.#forgetOld();
    const chunk = memory.chunkAddress(bytes);
    memory.code.openChunk(chunk, this.stamps.byteOffset, this.#templates.byteOffset, stamp, offsetsAt, headsAt);
    memory.reader = this;
  }

  /** Numbers of templates mean something else when the catalog has forgotten everything. */
  #forgetOld(): void {
    if (generation === catalog.generation) return;
    generation = catalog.generation;
    layouts.length = 0;
    this.#memory.code.forgetLayouts();
    // Kinds are kept by number of the layout.
    this.#memory.code.forgetKinds();
  }

  /**
   * Records with these templates, which are those of the layout, have this layout. `changed`: it had others before. The first
   * record of each template in a chunk comes here.
   */
  remember(layout: Layout, innermost: Plan, changed: boolean): void {
    this.#forgetOld();
    if (layout.number >= 0 && !changed) return;
    if (layout.number < 0) {
      if (layouts.length === LAYOUTS) return;
      layout.number = layouts.length;
      layouts.push(layout);
    }
    layout.channel = null;
    layout.computer = null;
    const { shape, outer, outerCount, nestedIndex, innerCount } = layout;
    const { eventId, time, channel, computer } = shape.system;
    this.#memory.code.rememberLayout(
      layout.number,
      innermost.id,
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

/** Instead of the index of a value: it takes more to say; it stands in the template. */
const UNCLEAR = -1;
const LITERAL = -2;

/** The index of the value that a slot is. */
function valueIn({ access, specials }: Layout, slot: number): number {
  if (slot < 0) return UNCLEAR;
  const code = access[slot]!;
  if (code >= 0) return code & VALUE_INDEX_MASK;
  const special = specials[~code]!;
  return special.literal !== null && special.needed.length === 0 ? LITERAL : UNCLEAR;
}
