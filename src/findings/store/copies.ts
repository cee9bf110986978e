/**
 * Finds matches that are copies of another match's record: from an EVTX and its export, a backup, or slack space. In: positions
 * of a store, in file order. Out: for each, whether it is a copy, and for the first match of a record, its copies. A match
 * costs eight bytes here, sixteen where there are copies. Refuses nothing; matches that were not compared because too many are
 * alike are counted. Only matches of one rule with the same EventRecordID and second are compared. Within one source the bytes
 * are compared, between sources also the fields (`same-record.ts`), because an export writes them differently. Records without
 * an EventRecordID are copies only where another source has all of their content: two equal lines in one log are two events,
 * also where a copy of that log has both.
 */
import { keyedSlot } from '../../bytes/keyed-slot.ts';
import type { EventSnapshot } from '../../model/event.ts';
import { uint32Column } from './columns.ts';
import { sameRecord } from './same-record.ts';

/** What is known about the match at a position. */
export interface CopySource {
  ruleAt(position: number): number;
  timeUsAt(position: number): number;
  /** The lowest 32 bits of the EventRecordID; 0 when there is none. */
  recordAt(position: number): number;
  /** A hash of {@link sameBytes}: equal for events that are written in the same bytes, apart from their place. */
  contentAt(position: number): number;
  /** The number of its source. */
  sourceAt(position: number): number;
  /** Equal for matches of the same event. */
  eventAt(position: number): number;
  eventOf(position: number): EventSnapshot;
  /** Asked where the hashes are equal. That alone proves nothing, because whoever writes a log can make them equal. */
  sameBytes(one: number, other: number): boolean;
}

const FIRST_SLOTS = 1024;
/**
 * Limit on different records with one rule, EventRecordID and second. Real logs have a few, where the log was cleared within
 * that second.
 */
const MAX_ALIKE = 64;
const MAX_TABLE_SHARE = 0.5;

export class Copies {
  readonly #source: CopySource;
  /** Hash of rule, record and second -> position of the first match plus 1; 0 where there is none. */
  #slots = new Uint32Array(FIRST_SLOTS);
  #used = 0;
  /** For each position: the first match of its record plus 1 for a copy, else 0. Empty until there is a copy. */
  readonly #firsts = uint32Column();
  /**
   * For each position, a position plus 1: for a first match its last copy, for the last copy the first copy, for other copies
   * the next one.
   */
  readonly #links = uint32Column();
  /** How many positions have been judged. */
  judged = 0;
  /** How many matched records are copies. */
  records = 0;
  /** How many matches count as separate records because too many are alike. */
  undecided = 0;
  /** Source and event of the last copy. With it, a record that several rules match is counted once. */
  #lastSource = -1;
  #lastEvent = -1;
  /** The two events compared last, and the result. The matches of one event follow each other. */
  #one = -1;
  #other = -1;
  #same = false;

  constructor(source: CopySource) {
    this.#source = source;
  }

  /** Judges the next match in file order: true when it is a copy of an earlier one. */
  judge(position: number): boolean {
    this.judged++;
    const first = this.#place(position);
    if (first < 0) return false;
    this.#link(first, position);
    const source = this.#source.sourceAt(position);
    const event = this.#source.eventAt(position);
    if (source !== this.#lastSource || event !== this.#lastEvent) this.records++;
    this.#lastSource = source;
    this.#lastEvent = event;
    return true;
  }

  isCopy(position: number): boolean {
    return position < this.#firsts.length && this.#firsts.at(position) > 0;
  }

  /** The copies of a first match, in file order. */
  *of(first: number): Generator<number> {
    const last = first < this.#links.length && !this.isCopy(first) ? this.#links.at(first) : 0;
    if (last === 0) return;
    let copy = this.#links.at(last - 1);
    for (; copy !== last; copy = this.#links.at(copy - 1)) yield copy - 1;
    yield last - 1;
  }

  /** The first match of the same record. -1 when there is none yet; this match is then remembered as the first. */
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
      this.undecided++;
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
    const numbered = source.recordAt(position) !== 0;
    const exported = numbered && source.sourceAt(first) !== here;
    if (!equal && !exported) return false;
    if (!numbered && source.sourceAt(this.#lastOf(first)) === here) return false;
    const one = source.eventAt(first);
    const other = source.eventAt(position);
    if (one !== this.#one || other !== this.#other) {
      this.#one = one;
      this.#other = other;
      this.#same =
        (equal && source.sameBytes(first, position)) || (exported && sameRecord(source.eventOf(first), source.eventOf(position)));
    }
    return this.#same;
  }

  #lastOf(first: number): number {
    const last = first < this.#links.length ? this.#links.at(first) : 0;
    return last === 0 ? first : last - 1;
  }

  #link(first: number, position: number): void {
    // Threads hand in their matches in any order: the first of a record may have come after its copy.
    this.#makeRoom(Math.max(first, position));
    const last = this.#links.at(first);
    this.#firsts.set(position, first + 1);
    this.#links.set(position, last === 0 ? position + 1 : this.#links.at(last - 1));
    if (last > 0) this.#links.set(last - 1, position + 1);
    this.#links.set(first, position + 1);
  }

  #makeRoom(position: number): void {
    while (this.#firsts.length <= position) {
      this.#firsts.push(0);
      this.#links.push(0);
    }
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
    return keyedSlot(
      this.#secondOf(position),
      keyedSlot(source.ruleAt(position), record === 0 ? source.contentAt(position) : record),
    );
  }

  /** Times are compared by the second, because exporters cut some or all digits of the fraction. */
  #secondOf(position: number): number {
    const timeUs = this.#source.timeUsAt(position);
    return Number.isNaN(timeUs) ? -1 : Math.floor(timeUs / 1e6);
  }
}
