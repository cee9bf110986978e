/**
 * Passing over records for which no rule holds (`src/wasm/assembly/skim.ts`). In: records that the sink has had, of kinds that
 * were not known. Out: these kinds, for the compiled code; what it has counted, for the sink.
 */
import type { Passing } from '../../model/event.ts';
import { newSieveKey } from '../../model/sieve.ts';
import { MOST_COUNTED, type ThreadMemory, threadMemory } from '../../wasm/thread-memory.ts';
import type { BinXml } from './binxml/binxml.ts';
import { catalog, type Layout } from './binxml/catalog.ts';
import type { EvtxEvent } from './event.ts';
import type { FastRecords } from './fast-records.ts';

const HANDED_ON = -1;
/** Instead of a number of views. */
const OUTSIDE = -2;
/** Words in front of a kind's views. */
const KIND_HEADER = 4;
/** Instead of an address. */
const NO_ROOM = 0;

/** Names whose records are counted, with their numbers from 1 on. */
class Names {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    if (this.#names.length + 1 >= MOST_COUNTED) return HANDED_ON;
    this.#names.push(name);
    this.#numbers.set(name, this.#names.length);
    return this.#names.length;
  }

  /** What was counted since it was asked for last. */
  take(counts: Int32Array): [string, number][] {
    const taken: [string, number][] = [];
    this.#names.forEach((name, i) => {
      const events = counts[i + 1]!;
      if (events > 0) taken.push([name, events]);
      counts[i + 1] = 0;
    });
    return taken;
  }
}

/** Of the thread: for whom records are counted, and by which names. Nobody is kept alive by it for longer than a block. */
let owner: Passing | null = null;
let ownerId = 0;
let channels = new Names();
let computers = new Names();

/** Numbers of those who were told of records, from 1 on. */
const ids = new WeakMap<Passing, number>();
let lastId = 0;

function idOf(passing: Passing): number {
  let id = ids.get(passing);
  if (id === undefined) {
    id = ++lastId;
    ids.set(passing, id);
  }
  return id;
}

export class Skimmer {
  readonly #memory: ThreadMemory;
  readonly #fast: FastRecords;
  readonly #binxml: BinXml;
  readonly #event: EvtxEvent;
  readonly #passing: Passing;
  readonly #id: number;
  /** Of the catalog, when the last record was read. */
  #generation = -1;

  private constructor(memory: ThreadMemory, fast: FastRecords, binxml: BinXml, event: EvtxEvent, passing: Passing) {
    this.#memory = memory;
    this.#fast = fast;
    this.#binxml = binxml;
    this.#event = event;
    this.#passing = passing;
    this.#id = idOf(passing);
  }

  /** null where all records are wanted, or there is no compiled code. */
  static create(binxml: BinXml, event: EvtxEvent, passing: Passing | null | undefined): Skimmer | null {
    const memory = threadMemory();
    if (memory === null || binxml.fast === null || passing == null) return null;
    binxml.fast.isNew = false;
    return new Skimmer(memory, binxml.fast, binxml, event, passing);
  }

  /** After `skim`: records passed over, and where the next begins. */
  get passed(): number {
    return this.#fast.passed;
  }

  get next(): number {
    return this.#fast.next;
  }

  /** Is it known of the next one what holds for it? */
  get isJudged(): boolean {
    return this.#fast.isJudged;
  }

  /** The layout of the next record that is wanted; null where others must say what comes next. */
  skim(at: number, limit: number): Layout | null {
    if (ownerId !== this.#id) this.#own();
    owner = this.#passing;
    const fast = this.#fast;
    // The sink has had the record by now. What another reader of the thread has read since may have taken its place.
    if (fast.isNew && this.#memory.reader === fast && this.#generation === catalog.generation) this.#learn(fast.number);
    const layout = this.#binxml.skim(at, limit);
    this.#generation = catalog.generation;
    return layout;
  }

  #own(): void {
    if (owner !== null) tell(this.#memory, owner);
    ownerId = this.#id;
    channels = new Names();
    computers = new Names();
    this.#memory.code.turnSkim(this.#passing.fromUs, this.#passing.toUs, newSieveKey(), newSieveKey());
  }

  /** Tells the sink what was counted. */
  tell(): void {
    if (ownerId !== this.#id) return;
    tell(this.#memory, this.#passing);
    owner = null;
  }

  /** Learns of what kind the record under the cursor is. */
  #learn(number: number): void {
    const memory = this.#memory;
    const channel = channels.numberOf(this.#event.channel);
    const computer = computers.numberOf(this.#event.computer);
    if (memory.code.countAs(number, channel, computer) !== 0 || channel === HANDED_ON) return;
    const words = this.#kind(channel);
    if (words === null) return;
    const kind = words.includes(NO_ROOM, KIND_HEADER) ? 0 : memory.put(words);
    if (kind === 0) {
      // There is room in an empty heap, for the next of its kind.
      memory.forget();
      return;
    }
    memory.code.addKind(number, kind);
  }

  /** The record's kind as `assembly/skim.ts` has it; null while it cannot be told. */
  #kind(channel: number): number[] | null {
    const memory = this.#memory;
    const event = this.#event;
    const sieves = this.#passing.sieves(event);
    if (sieves === null || !sieves.every(({ programs }) => memory.hasRoomFor(bytesOf(programs)))) {
      return [0, event.eventId, channel, HANDED_ON];
    }
    const words = [0, event.eventId, channel, sieves.length];
    for (const sieve of sieves) {
      const plan = event.sifter?.planFor(sieve) ?? 0;
      // Nobody has looked at the values of a record outside of the time window.
      if (plan === 0) return this.#isOutside(event.timeUs) ? [0, event.eventId, channel, OUTSIDE] : null;
      words.push(plan, memory.putAlways(sieve.always), memory.putPrograms(sieve.programs), sieve.id);
    }
    return words;
  }

  #isOutside(timeUs: number): boolean {
    return timeUs < this.#passing.fromUs || timeUs > this.#passing.toUs;
  }
}

/** What `putPrograms` takes for each, with something to spare. */
function bytesOf(programs: Int32Array): number {
  return 16 * programs.length;
}

function tell({ passedByChannel, passedByComputer, passedTimes, code }: ThreadMemory, passing: Passing): void {
  const byChannel = channels.take(passedByChannel);
  if (byChannel.length === 0) return;
  passing.passed(byChannel, computers.take(passedByComputer), passedTimes[0]!, passedTimes[1]!);
  code.forgetTimes();
}
