// HOT: asked for every event near a match, where a record was found twice.
/**
 * Recognises events that are one record in several places. In: an event of a known computer. Out: a number that all copies of
 * the record share, made of EventRecordID, EventID, channel and second. It is 0 for events without an EventRecordID, which
 * cannot be told apart.
 */
import { keyedSlot, mixed } from '../../bytes/keyed-slot.ts';
import { type EventRecord, recordNumber } from '../../model/event.ts';

const HIGH_BITS = 2 ** 32;
const LOW_MASK = 0x1fffff;
const LOW_FACTOR = 0x01000193;
const HIGH_FACTOR = 0x5bd1e995;

export function recordIdentity(event: EventRecord): number {
  const record = recordNumber(event) ?? 0;
  if (record === 0) return 0;
  const second = Number.isNaN(event.timeUs) ? 0 : Math.floor(event.timeUs / 1e6);
  if (event.channel !== lastChannel) {
    lastChannel = event.channel;
    lastHash = hashOf(lastChannel.toLowerCase());
  }
  let low = lastHash;
  let high = ~lastHash;
  // Bit operations take the lowest 32 bits of a number.
  for (const part of [record, record / HIGH_BITS, event.eventId, second]) {
    low = mixed(low ^ part, LOW_FACTOR);
    high = mixed(high ^ part, HIGH_FACTOR);
  }
  return (high & LOW_MASK) * HIGH_BITS + (low >>> 0) || 1;
}

/** Neighbouring events nearly always have the same channel. */
let lastChannel = '';
let lastHash = 0;

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), LOW_FACTOR);
  return hash;
}

/** The records that a collector has seen. Plain data, because it is sent between threads. */
export interface SeenList {
  readonly identities: Float64Array;
  readonly timesUs: Float64Array;
  readonly computers: Int32Array;
  readonly full: boolean;
}

/** Limit on the records told apart in all windows together: 40 MB. */
export const MAX_SEEN = 1 << 20;
const FIRST_SLOTS = 1 << 10;

/** The records near matches, each once. When there are too many, `full` is true and none are held. */
export class SeenRecords {
  readonly #limit: number;
  #identities = new Float64Array(FIRST_SLOTS);
  #timesUs = new Float64Array(FIRST_SLOTS);
  #computers = new Int32Array(FIRST_SLOTS);
  #used = 0;
  #full = false;

  constructor(limit = MAX_SEEN) {
    this.#limit = limit;
  }

  /** True when there were more records than fit. This does not depend on their order. */
  get full(): boolean {
    return this.#full;
  }

  add(computer: number, identity: number, timeUs: number): void {
    if (this.#full) return;
    const at = this.#slotOf(computer, identity);
    if (this.#identities[at] !== 0) return;
    if (this.#used === this.#limit) {
      this.#drop();
      return;
    }
    this.#identities[at] = identity;
    this.#timesUs[at] = timeUs;
    this.#computers[at] = computer;
    this.#used++;
    if (2 * this.#used > this.#identities.length) this.#grow();
  }

  list(): SeenList {
    const used = this.#identities.map((identity) => (identity === 0 ? 0 : 1));
    return {
      identities: this.#identities.filter((_, at) => used[at] === 1),
      timesUs: this.#timesUs.filter((_, at) => used[at] === 1),
      computers: this.#computers.filter((_, at) => used[at] === 1),
      full: this.#full,
    };
  }

  addAll({ identities, timesUs, computers, full }: SeenList): void {
    if (full) this.#drop();
    for (let i = 0; i < identities.length; i++) this.add(computers[i]!, identities[i]!, timesUs[i]!);
  }

  #slotOf(computer: number, identity: number): number {
    const mask = this.#identities.length - 1;
    let at = keyedSlot(identity / HIGH_BITS, (identity % HIGH_BITS) ^ computer);
    for (at &= mask; this.#identities[at] !== 0; at = (at + 1) & mask) {
      if (this.#identities[at] === identity && this.#computers[at] === computer) break;
    }
    return at;
  }

  #grow(): void {
    const { identities, timesUs, computers } = this.list();
    const slots = 2 * this.#identities.length;
    this.#identities = new Float64Array(slots);
    this.#timesUs = new Float64Array(slots);
    this.#computers = new Int32Array(slots);
    this.#used = 0;
    this.addAll({ identities, timesUs, computers, full: false });
  }

  #drop(): void {
    this.#full = true;
    this.#used = 0;
    this.#identities = new Float64Array(FIRST_SLOTS);
    this.#timesUs = new Float64Array(FIRST_SLOTS);
    this.#computers = new Int32Array(FIRST_SLOTS);
  }
}
