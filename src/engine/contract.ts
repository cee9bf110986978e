/**
 * The contract between logs and the matcher: what the matcher asks about the values of an event, and who may answer for it.
 *
 * A matcher makes one `Query` for all events of a shape. A `Look` goes through the values of one event and remembers what it
 * was told about earlier values. When it meets a value it knows nothing about, it returns the place of that value in the query.
 * The matcher answers with a list of numbers, which the look may remember for that value:
 *
 *   let place = look.first(query);
 *   while (place !== DONE) place = look.learn(answerTo(place));
 *   // look.found: the candidates, a number per rule
 *
 * Example: rule 7 has `Image|endswith: \cmd.exe`. The look returns the place of `Image` and is told [7]. The next time it meets
 * the same bytes it adds 7 without asking. Then it asks which conditions on `CommandLine` the value there satisfies, and
 * evaluates rule 7 itself.
 *
 * A look may find too many rules, never too few. A candidate is a rule that may hold; the matcher evaluates every candidate
 * that the look is not certain of. `match/plain-look.ts` asks about every place. All other looks are acceleration (`src/accel`)
 * and must find the same rules.
 */

import type { JsonWriter } from '../bytes/json-writer.ts';
import type { EventRecord, EventSink } from '../model/event.ts';
import type { MatchPlan } from '../model/match-plan.ts';
import type { TextFilter } from '../model/values/text-filter.ts';
import type { Instant } from '../model/values/time.ts';

/** Returned instead of a place: there is nothing left to ask. */
export const DONE = -1;
/** Stands for a slot: events of this shape do not have the field. */
export const ABSENT = -1;
/** Stands for a slot: the field is derived or lies in several slots. */
export const UNCLEAR = -2;

/** What a matcher asks about the events of one shape. */
export interface Query {
  /**
   * By place: the slot whose value may make rules candidates. UNCLEAR for a field that is derived or lies in several slots: the
   * matcher is asked about it in each event.
   */
  readonly slots: Int32Array;
  /**
   * By place: a filter for the texts that a value must hold to make any rule a candidate; null where every value has to be
   * looked at.
   */
  readonly filters: readonly (TextFilter | null)[];
  /**
   * By place: a key. The same value has the same answer under the same key in all queries of a matcher. No two matchers share a
   * key.
   */
  readonly keys: Int32Array;
  /** Rules that are candidates whatever the values are. */
  readonly always: Int32Array;
  /** By candidate: where its program begins in the plan of `conditions`. */
  readonly programs: Int32Array;
  /** What is needed to evaluate candidates; made when it is first asked for. Null when only the matcher can evaluate them. */
  conditions(): QueryConditions | null;
  /** Belongs to the looks: what they have prepared for this query. */
  kept: unknown;
}

/** The fields that programs ask about. Their places follow those of the query: place `slots.length + i` is the i-th field. */
export interface QueryConditions {
  readonly plan: MatchPlan;
  /** By number of the field in `plan`: its index in the arrays below; 0 for a field that no program of the query asks about. */
  readonly fields: Uint16Array;
  /** By field: its slot, ABSENT or UNCLEAR. */
  readonly slots: Int32Array;
  /** By field: a key. The same value satisfies the same predicates under the same key. */
  readonly keys: Int32Array;
}

/** Goes through the values of events, one event after the other. */
export interface Look {
  /** Starts with the event that its reader shows now. Returns the first place that the matcher has to answer, or DONE. */
  first(query: Query): number;
  /**
   * Takes the answer for the last place: the candidates that the value makes, or the predicates that it satisfies. Returns the
   * next place or DONE.
   */
  learn(numbers: Int32Array): number;
  /**
   * Valid after DONE, until the next `first`. First the count, then the candidates in any order, some perhaps several times. A
   * candidate that is certain to hold is given as its complement (`~candidate`).
   */
  readonly found: Int32Array;
}

/** A block of bytes, and where a word stands in it in any case, as UTF-16LE or with one byte a character. */
export interface WordBlock {
  readonly block: Buffer;
  /** True when the word stands in the bytes of the block from `start` to `end`. */
  standsIn(start: number, end: number): boolean;
}

/** Makes a thread faster without changing any result. */
export interface Accelerator {
  /** A look for this event and for all events that its reader shows in the same object. Null: use the plain look. */
  look(event: EventRecord): Look | null;
  /** A writer for values of this event and of all events in the same object. Null: write values as their text. */
  writer(event: EventRecord): ValueWriter | null;
  /** Memory that the accelerator reaches fastest, for blocks of logs or places of values. Not cleared. Null when none is left. */
  memory(bytes: number): Buffer | null;
  /** A reader of value descriptors for these places; null when the places do not lie in the accelerator's memory. */
  descriptors(places: EvtxPlaces): DescriptorReader | null;
  /**
   * Passes over records that `sink` says it need not see. `event` is the object in which the reader shows records. Null: show
   * all records.
   */
  passer(event: EventRecord, sink: EventSink): Passer | null;
  /** A block of so many bytes in which this word is looked for: ASCII letters and digits, at least two. Null when there is no room. */
  wordBlock(word: string, bytes: number): WordBlock | null;
  /** Recognises records of a text log and puts their values into `values`. */
  knownRecords<Found>(format: 'json' | 'xml', values: ValuePlaces): KnownRecords<Found>;
  /** Does the same for JSON by its keys, whatever their order. `known` recognises records for the same values. */
  knownKeys<Node>(values: ValuePlaces, known: KnownRecords<unknown>): KnownKeys<Node>;
}

/** Where the values of an EVTX record stand in its chunk, and their types (`logs/evtx/values/record-values.ts`). */
export interface EvtxPlaces {
  readonly offsets: Int32Array;
  readonly heads: Int32Array;
}

export interface DescriptorReader {
  /**
   * Reads `count` value descriptors at `at`, all inside the chunk, and stores the places of their values from index `number` on.
   * The first value stands at `value`. Returns where the last value ends.
   */
  read(chunk: Buffer, at: number, count: number, number: number, value: number): number;
  /** Which of the values read last is BinXML that is not empty, counted from 0. -1: none; below -1: several. */
  readonly nested: number;
}

/**
 * Passes over and counts EVTX records in which no rule can hold, because they are like a record that was shown. Without it all
 * records are shown.
 */
export interface Passer {
  /** Starts with a chunk. */
  open(chunk: Buffer): void;
  /**
   * Returns where the next record to be shown begins, from `at` on. `limit` is where the records end. `shown` is where the
   * record begins that was shown last. Call it only while all records of the chunk so far were good.
   */
  pass(at: number, limit: number, shown: number): number;
  /** How many records the last call of `pass` has passed over. */
  readonly passed: number;
  /** Tells the sink how many records of the chunk were passed over. */
  close(): void;
}

/** Why events like a given one may be passed over. A sink adds what it wants to be told about them. */
export interface Passable {
  /** Queries that must find nothing in such an event. */
  readonly queries: readonly Query[];
}

/** A sink that need not see every event. */
export interface PassingSink extends EventSink {
  /**
   * `event` was shown last. Says how events with the same shape, channel, provider, EventID and computer, and with a time, may
   * be passed over. Null: they have to be shown.
   */
  passing(event: EventRecord): Passable | null;
  /** Reports that `events` such events were passed over, none earlier than `from` and none later than `to`. */
  passed(passable: Passable, events: number, from: Instant, to: Instant): void;
}

export function isPassing(sink: EventSink): sink is PassingSink {
  return typeof (sink as Partial<PassingSink>).passing === 'function';
}

export interface ValueWriter {
  /**
   * Writes a single value as a JSON string that is safe to print. Returns false and writes nothing when it cannot or when there
   * is no value.
   */
  write(slot: number, out: JsonWriter): boolean;
}

/** Where the values of a record of a text log stand, and how they are written (`logs/text/text-value.ts`). */
export interface ValuePlaces {
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly forms: Uint8Array;
  /** By slot: two slots with the same number hold the same bytes in the same form. 0 says nothing. */
  readonly ids: Float64Array;
  count: number;
}

/**
 * Recognises records by the bytes they share with records that were scanned before. It only saves time: the scanner would have
 * found the same in every record that is recognised.
 */
export interface KnownRecords<Found> {
  /** The position after the record that was recognised last. */
  readonly after: number;
  /** Where that record first holds markup that was not looked at; -1 when there is none. */
  readonly markupAt: number;
  /** What was found about the first record that looked like the one at `start`; null for a record that has to be scanned. */
  recognise(buffer: Buffer, start: number, end: number): Found | null;
  /** Remembers what was `found` about the record in [start, after). It has been scanned, and its values are `holes`. */
  learn(buffer: Buffer, start: number, after: number, holes: Holes, found: Found): void;
  /** Call when the bytes of the buffer have changed. */
  reset(): void;
  /** Call when nothing that was found is valid any more. */
  forget(): void;
}

/** Recognises records with the keys of a record scanned before, in any order. `Node` is the scanner's type. */
export interface KnownKeys<Node> {
  /** Of the record that was recognised last: the node of its first key, and the position after it. */
  readonly first: Node | null;
  readonly after: number;
  /**
   * Returns the node at which records with these keys end. Call it only after `KnownRecords.recognise` has failed for the
   * record.
   */
  recognise(buffer: Buffer, start: number, end: number): Node | null;
  /** Remembers the keys of the record that ends at `node` and has `count` values. */
  learn(node: Node, count: number): void;
  forget(): void;
}

/** Where the values of a scanned record stand, in the order of the bytes. Filled by scanners. */
export interface Holes {
  /** The scanner's own numbers for kinds of values. */
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
  /** False when the record holds something that holes cannot describe. */
  readonly learnable: boolean;
}
