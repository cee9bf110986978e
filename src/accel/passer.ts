// HOT: called between the records of every EVTX log that is scanned.
/**
 * Passes over EVTX records by compiled code (`wasm/assembly/passing.ts`). In: records of an unknown kind that were shown to the
 * sink. Out: their kinds, for the compiled code, and for the sink the number of records passed over.
 */
import type { Passable, Passer, PassingSink, Query } from '../engine/contract.ts';
import { RECORD_HEADER } from '../logs/evtx/chunk.ts';
import type { EvtxEvent } from '../logs/evtx/event.ts';
import { FILETIME_TYPE } from '../logs/evtx/values/value-types.ts';
import { filetimeHundredNs, filetimeUs } from '../model/values/time.ts';
import { indexOf, isConstant, type Plan, typeOf } from './evtx-look.ts';
import {
  ASK,
  CONSTANT,
  HANDED_ON,
  KIND_BYTES,
  KIND_COUNT,
  KIND_PLANS,
  KIND_SAME,
  KIND_TIME,
  PASSED_BYTES,
  PASSED_COUNT,
  PASSED_IS_NEW,
} from './layout.generated.ts';
import type { LookMemory } from './wasm/memory.ts';

/**
 * The earliest time starts as the latest possible one, and the latest as 0, so that the time of the first record replaces both.
 */
const NO_TIMES = [0xffff_ffff, 0xffff_ffff, 0, 0];

/** Where the memory counts records of one kind, and what the sink is told about them. */
interface Counted {
  readonly passable: Passable;
  readonly word: number;
}

export class CompiledPasser implements Passer {
  readonly #memory: LookMemory;
  readonly #event: EvtxEvent;
  readonly #sink: PassingSink;
  readonly #offsetsAt: number;
  readonly #headsAt: number;
  #chunk: Buffer = Buffer.alloc(0);
  #number = 0;
  #generation = -1;
  /** Where the record is that was shown because its kind is unknown; -1 when there is none. */
  #newAt = -1;
  /** Words in use in the area of kinds. */
  #top = 0;
  #counted: Counted[] = [];

  constructor(memory: LookMemory, event: EvtxEvent, sink: PassingSink) {
    this.#memory = memory;
    this.#event = event;
    this.#sink = sink;
    this.#offsetsAt = event.values.offsets.byteOffset;
    this.#headsAt = event.values.heads.byteOffset;
  }

  open(chunk: Buffer): void {
    const memory = this.#memory;
    this.#chunk = chunk;
    this.#number = ++memory.chunks;
    this.#generation = memory.generation;
    this.#newAt = -1;
    this.#top = PASSED_BYTES >> 2;
    this.#counted = [];
    memory.passedTimes.set(NO_TIMES);
  }

  get passed(): number {
    return this.#memory.kinds[PASSED_COUNT >> 2]!;
  }

  pass(at: number, limit: number, shown: number): number {
    const memory = this.#memory;
    // Kinds hold addresses of plans, which become invalid with the generation. Another reader of the thread may also have
    // overwritten the kinds.
    if (memory.generation !== this.#generation || memory.chunks !== this.#number) {
      this.close();
      this.open(this.#chunk);
    }
    const chunkAt = memory.chunkAddress(this.#chunk);
    if (shown === this.#newAt) this.#learn(chunkAt, shown);
    const next = memory.code.pass(chunkAt, this.#number, at, limit, this.#offsetsAt, this.#headsAt);
    this.#newAt = memory.kinds[PASSED_IS_NEW >> 2] === 0 ? -1 : next;
    return next;
  }

  close(): void {
    const { kinds, passedTimes, chunks } = this.#memory;
    if (chunks !== this.#number) return;
    const [fromLow = 0, fromHigh = 0, toLow = 0, toHigh = 0] = passedTimes;
    const from = { timeUs: filetimeUs(fromLow, fromHigh), hundredNs: filetimeHundredNs(fromLow, fromHigh) };
    const to = { timeUs: filetimeUs(toLow, toHigh), hundredNs: filetimeHundredNs(toLow, toHigh) };
    for (const { passable, word } of this.#counted) {
      const events = kinds[word]!;
      if (events > 0) this.#sink.passed(passable, events, from, to);
    }
    this.#counted = [];
  }

  /** From now on records of the same kind as the one at `at` may be passed over. The sink was shown that record. */
  #learn(chunkAt: number, at: number): void {
    const memory = this.#memory;
    const { layout, values } = this.#event;
    // The record's templates determine its layout only when all its values belong to these two templates.
    if (layout.outer === null || values.count !== layout.outerCount + layout.innerCount) return;
    const passable = this.#sink.passing(this.#event);
    if (passable !== null && !this.#isReady(passable.queries)) return;
    const { kinds } = memory;
    const kind = this.#top;
    const plans = kind + (KIND_BYTES >> 2);
    const count = passable?.queries.length ?? 0;
    if (plans + count > kinds.length) return;
    const { system } = layout.shape;
    const time = system.time < 0 ? ASK : indexOf(layout, values, system.time);
    let isClear = time >= 0 && typeOf(values, time) === FILETIME_TYPE;
    let word = kind + (KIND_SAME >> 2);
    for (const slot of [system.channel, system.computer, system.provider, system.eventId]) {
      const index = slot < 0 ? CONSTANT : indexOf(layout, values, slot);
      // Plans compare types, and types tell which values are null. Without a plan, only a value that does not depend on types is
      // the same in all records of the kind.
      if (index === ASK || (index === CONSTANT && count === 0 && slot >= 0 && !isConstant(layout, slot))) isClear = false;
      kinds[word++] = index;
      kinds[word++] = index < 0 ? 0 : values.offsets[index]!;
      kinds[word++] = index < 0 ? 0 : values.heads[index]!;
    }
    kinds[kind + (KIND_COUNT >> 2)] = 0;
    kinds[kind + (KIND_TIME >> 2)] = time;
    kinds[kind + (KIND_PLANS >> 2)] = passable !== null && isClear ? count : HANDED_ON;
    for (let i = 0; i < count; i++) kinds[plans + i] = planOf(passable!.queries[i]!)!.address;
    const end = at + this.#chunk.readUInt32LE(at + 4) - 4;
    const kindAt = kinds.byteOffset + 4 * kind;
    const { code } = memory;
    if (code.addKind(chunkAt, this.#number, at + RECORD_HEADER, end, this.#offsetsAt, this.#headsAt, kindAt) === 0) return;
    this.#top = plans + count;
    if (passable !== null && isClear) this.#counted.push({ passable, word: kind + (KIND_COUNT >> 2) });
  }

  /** Whether there is a plan for each of the queries. The look at the event has made them, unless there was no room. */
  #isReady(queries: readonly Query[]): boolean {
    const { layout } = this.#event;
    const { generation } = this.#memory;
    return queries.every((query) => {
      const plan = planOf(query);
      return plan !== undefined && plan.layout === layout && plan.generation === generation;
    });
  }
}

/** The plan used last. The cast holds because only looks of this accelerator use `kept`. */
function planOf({ kept }: Query): Plan | undefined {
  return (kept as Plan[] | null)?.[0];
}
