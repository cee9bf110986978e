/**
 * Which matches are of a record that is known already: an EVTX and its export, a backup, slack space. In: positions of a store, in
 * file order. Out: of each whether it is a copy, and of the first of a record its copies. A match costs eight bytes here, sixteen
 * where there are copies. Refuses nothing; what it did not compare because too much is alike is counted.
 *
 * Candidates are matches of one rule, one EventRecordID and one second. Within a source the bytes decide, between sources the
 * fields do (`same-record.ts`): an export writes them in another way. Records without an EventRecordID are copies only where
 * another source has all of their content: two equal lines of one log are two events, and so is the copy of both.
 */
import type { EventSnapshot } from '../../model/event.ts';
import { sameRecord } from './same-record.ts';

/** What is known of the match at a position. */
export interface CopySource {
  ruleAt(position: number): number;
  timeUsAt(position: number): number;
  /** EventRecordID, its lowest 32 bits; 0 when it has none. */
  recordAt(position: number): number;
  /** Equal where the event is written in the same bytes, its place left out. */
  contentAt(position: number): number;
  /** Number of its source. */
  sourceAt(position: number): number;
  /** Matches of one event have one. */
  eventAt(position: number): number;
  eventOf(position: number): EventSnapshot;
}

const FIRST_SLOTS = 1024;
/** Records of one rule, EventRecordID and second that differ: real logs have a handful, when the log was cleared within a second. */
const MAX_ALIKE = 64;
const MAX_TABLE_SHARE = 0.5;

export class Copies {
  readonly #source: CopySource;
  /** Positions of first matches, counted from 1, at the hash of rule, record and second; 0 where there is none. */
  #slots = new Uint32Array(FIRST_SLOTS);
  #used = 0;
  /** By position; empty until there is a copy. The first of its record, counted from 1, for a copy; else 0. */
  #firsts = new Uint32Array(0);
  /** By position, counted from 1: of a first its last copy, of the last the first copy, of others the next. */
  #links = new Uint32Array(0);
  #judged = 0;
  #records = 0;
  #undecided = 0;
  /** Source and event of the last copy: a record that several rules match is one. */
  #lastSource = -1;
  #lastEvent = -1;
  /** Events compared last, and what came out: the rules of an event follow each other. */
  #one = -1;
  #other = -1;
  #same = false;

  constructor(source: CopySource) {
    this.#source = source;
  }

  /** Positions judged so far. */
  get judged(): number {
    return this.#judged;
  }

  /** Matched records that are copies. */
  get records(): number {
    return this.#records;
  }

  /** Matches taken for records of their own, since too many are alike. */
  get undecided(): number {
    return this.#undecided;
  }

  /** The next match in file order: is it a copy of one before? */
  judge(position: number): boolean {
    this.#judged++;
    const first = this.#place(position);
    if (first < 0) return false;
    this.#link(first, position);
    const source = this.#source.sourceAt(position);
    const event = this.#source.eventAt(position);
    if (source !== this.#lastSource || event !== this.#lastEvent) this.#records++;
    this.#lastSource = source;
    this.#lastEvent = event;
    return true;
  }

  isCopy(position: number): boolean {
    return position < this.#firsts.length && this.#firsts[position]! > 0;
  }

  /** The copies of a first match, in file order. */
  *of(first: number): Generator<number> {
    const last = first < this.#links.length && !this.isCopy(first) ? this.#links[first]! : 0;
    if (last === 0) return;
    let copy = this.#links[last - 1]!;
    for (; copy !== last; copy = this.#links[copy - 1]!) yield copy - 1;
    yield last - 1;
  }

  /** The first match of the record; -1 when this is it, which is then remembered. */
  #place(position: number): number {
    if (this.#used >= this.#slots.length * MAX_TABLE_SHARE) this.#grow();
    const mask = this.#slots.length - 1;
    let alike = 0;
    let at = this.#hash(position) & mask;
    for (; this.#slots[at] !== 0; at = (at + 1) & mask) {
      const first = this.#slots[at]! - 1;
      if (!this.#alike(first, position)) continue;
      if (this.#isCopyOf(position, first)) return first;
      alike++;
      if (alike < MAX_ALIKE) continue;
      this.#undecided++;
      return -1;
    }
    this.#slots[at] = position + 1;
    this.#used++;
    return -1;
  }

  #isCopyOf(position: number, first: number): boolean {
    const source = this.#source;
    const here = source.sourceAt(position);
    const equal = source.contentAt(position) === source.contentAt(first);
    if (source.recordAt(position) === 0) return equal && source.sourceAt(this.#lastOf(first)) !== here;
    if (equal || source.sourceAt(first) === here) return equal;
    const one = source.eventAt(first);
    const other = source.eventAt(position);
    if (one !== this.#one || other !== this.#other) {
      this.#one = one;
      this.#other = other;
      this.#same = sameRecord(source.eventOf(first), source.eventOf(position));
    }
    return this.#same;
  }

  #lastOf(first: number): number {
    const last = first < this.#links.length ? this.#links[first]! : 0;
    return last === 0 ? first : last - 1;
  }

  #link(first: number, position: number): void {
    this.#makeRoom(position);
    const last = this.#links[first]!;
    this.#firsts[position] = first + 1;
    this.#links[position] = last === 0 ? position + 1 : this.#links[last - 1]!;
    if (last > 0) this.#links[last - 1] = position + 1;
    this.#links[first] = position + 1;
  }

  #makeRoom(position: number): void {
    if (position < this.#firsts.length) return;
    const firsts = new Uint32Array(Math.max(FIRST_SLOTS, 2 * position));
    firsts.set(this.#firsts);
    this.#firsts = firsts;
    const links = new Uint32Array(firsts.length);
    links.set(this.#links);
    this.#links = links;
  }

  #grow(): void {
    const slots = this.#slots;
    this.#slots = new Uint32Array(2 * slots.length);
    const mask = this.#slots.length - 1;
    for (const entry of slots) {
      if (entry === 0) continue;
      let at = this.#hash(entry - 1) & mask;
      while (this.#slots[at] !== 0) at = (at + 1) & mask;
      this.#slots[at] = entry;
    }
  }

  #alike(a: number, b: number): boolean {
    const source = this.#source;
    return (
      source.ruleAt(a) === source.ruleAt(b) &&
      source.recordAt(a) === source.recordAt(b) &&
      this.#secondOf(a) === this.#secondOf(b) &&
      (source.recordAt(a) !== 0 || source.contentAt(a) === source.contentAt(b))
    );
  }

  #hash(position: number): number {
    const source = this.#source;
    const record = source.recordAt(position);
    let hash = Math.imul(record === 0 ? source.contentAt(position) : record, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ source.ruleAt(position), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ this.#secondOf(position), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  /** Exporters cut the fraction of a second, some all of it. */
  #secondOf(position: number): number {
    const timeUs = this.#source.timeUsAt(position);
    return Number.isNaN(timeUs) ? -1 : Math.floor(timeUs / 1e6);
  }
}
