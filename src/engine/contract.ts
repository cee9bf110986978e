/**
 * The contract between logs and the matcher: what the matcher wants to know of an event's values, and who may answer for it.
 *
 * A matcher makes a `Query` once for the events of a shape. A `Look` goes through the values of one event for it. What the look
 * does not know of a value it asks, as a place of the query; the answer is a list of numbers, which it may keep under the value:
 *
 *   let place = look.first(query);
 *   while (place !== DONE) place = look.learn(answerTo(place));
 *   // look.found: the candidates, a number per rule
 *
 * Example: rule 7 wants `Image|endswith: \cmd.exe`. The look asks for the place of `Image`, is told [7], and next time it adds 7
 * for the same bytes without asking. Then it asks which conditions on `CommandLine` the value there satisfies, and evaluates rule
 * 7 itself.
 *
 * A look may only find too much: each candidate is a rule that may hold, and those that it is not sure of are evaluated by the
 * matcher. `match/plain-look.ts` asks for every place; all others are acceleration (`src/accel`) and must find the same rules.
 */

import type { JsonWriter } from '../bytes/json-writer.ts';
import type { EventRecord, EventSink } from '../model/event.ts';
import type { MatchPlan } from '../model/match-plan.ts';
import type { TextFilter } from '../model/values/text-filter.ts';

/** Instead of a place: there is nothing left to ask. */
export const DONE = -1;
/** Instead of a slot: such events do not have the field. */
export const ABSENT = -1;
/** Instead of a slot: it takes more than one slot to say what the field is. */
export const UNCLEAR = -2;

/** What a matcher wants to know of the events of one shape. */
export interface Query {
  /**
   * By place: the slot whose value may make rules candidates; UNCLEAR for a field that is derived or lies in several slots, which
   * is asked for in each event.
   */
  readonly slots: Int32Array;
  /** By place: what the text there must hold to make any; null where every value has to be looked at. */
  readonly filters: readonly (TextFilter | null)[];
  /** By place: the same value has the same answer under the same key, whatever query. No other matcher has the key. */
  readonly keys: Int32Array;
  /** Candidates whatever the values are. */
  readonly always: Int32Array;
  /** By candidate: where its program begins in the plan of `conditions`. */
  readonly programs: Int32Array;
  /** What is needed to evaluate candidates, made when it is first asked for; null where only the matcher can. */
  conditions(): QueryConditions | null;
  /** Belongs to the looks of the matcher: what they have made of the query. */
  kept: unknown;
}

/** The fields that programs ask for. They are places behind those of the query: place `slots.length + i` is the i-th field. */
export interface QueryConditions {
  readonly plan: MatchPlan;
  /** By number of the field in `plan`: which of the fields below; 0 for one that no program of the query asks for. */
  readonly fields: Uint16Array;
  /** The slot of the field, ABSENT or UNCLEAR. */
  readonly slots: Int32Array;
  /** The same value satisfies the same predicates under the same key. */
  readonly keys: Int32Array;
}

/** Goes through the values of one event after the other. */
export interface Look {
  /** Begins with the event. Returns the first place that is to be answered, or DONE. */
  first(query: Query): number;
  /** Takes the answer: the candidates that the value at the place makes, or the predicates that it satisfies. Returns the next. */
  learn(numbers: Int32Array): number;
  /**
   * Once DONE: how many, then candidates; the complement of one that is certain to hold. In any order, some perhaps several times.
   * Valid until the next `first`.
   */
  readonly found: Int32Array;
}

/** Makes a thread faster and changes nothing else. */
export interface Accelerator {
  /** How to look at this event and at those that its reader shows in the same object; null: plainly. */
  look(event: EventRecord): Look | null;
  /** How to write values of this event and of those in the same object; null: as their text. */
  writer(event: EventRecord): ValueWriter | null;
  /** Memory that is better than any other to read logs into, or to keep places of values in; not cleared. Null: there is none left. */
  memory(bytes: number): Buffer | null;
  /** Reads descriptors of values into places, where these lie in its memory; null else. */
  descriptors(places: EvtxPlaces): DescriptorReader | null;
  /** Passes over records of a log that `sink` need not see, where it says so; `event` is what they are shown in. Null: none. */
  passer(event: EventRecord, sink: EventSink): Passer | null;
  /** Recognises records of a text log, whose values it puts into `values`. */
  knownRecords<Found>(format: 'json' | 'xml', values: ValuePlaces): KnownRecords<Found>;
  /** The same for JSON by its keys, beside its `knownRecords` of the same values. */
  knownKeys<Node>(values: ValuePlaces, known: KnownRecords<unknown>): KnownKeys<Node>;
}

/** Where the values of an EVTX record stand in its chunk, and what they are (`logs/evtx/values/record-values.ts`). */
export interface EvtxPlaces {
  readonly offsets: Int32Array;
  readonly heads: Int32Array;
}

export interface DescriptorReader {
  /**
   * Of `count` values, whose descriptors stand at `at`, whole inside of the chunk: puts their places from `number` on. The first
   * stands at `value`. Returns where the last ends.
   */
  read(chunk: Buffer, at: number, count: number, number: number, value: number): number;
  /** Which of those read last is BinXML that is not empty, counted from 0; -1: none, below -1: several. */
  readonly nested: number;
}

/** Passes over EVTX records like one that was shown, in which no rule can hold, and counts them. Without it all are shown. */
export interface Passer {
  /** Begins with a chunk. */
  open(chunk: Buffer): void;
  /**
   * Where the next record to be shown begins, from `at` on; `limit` is where records end. `shown`: where the one begins that was
   * shown last. For a chunk whose records so far were all good.
   */
  pass(at: number, limit: number, shown: number): number;
  /** How many it has passed over by that. */
  readonly passed: number;
  /** Tells the sink what it has passed over in the chunk. */
  close(): void;
}

/** Why events like one may be passed over; a sink adds what it wants to be told of them. */
export interface Passable {
  /** What must find nothing in them. */
  readonly queries: readonly Query[];
}

/** A sink that need not see every event. */
export interface PassingSink extends EventSink {
  /**
   * Of events with the shape, channel, provider, EventID and computer of this one, which was shown last, and with a time. Null:
   * they have to be shown.
   */
  passing(event: EventRecord): Passable | null;
  /** So many events like those were passed over, none earlier than `fromUs`, none later than `toUs`. */
  passed(passable: Passable, events: number, fromUs: number, toUs: number): void;
}

export function isPassing(sink: EventSink): sink is PassingSink {
  return typeof (sink as Partial<PassingSink>).passing === 'function';
}

export interface ValueWriter {
  /** Writes a single value as a JSON string, harmless to print. False, and nothing written, when it cannot or there is none. */
  write(slot: number, out: JsonWriter): boolean;
}

/** Where the values of a record of a text log stand, and how they are written (`logs/text/text-value.ts`). */
export interface ValuePlaces {
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly forms: Uint8Array;
  /** Slots of the same number hold the same bytes, in the same form; 0 says nothing. */
  readonly ids: Float64Array;
  count: number;
}

/**
 * Records that were scanned before, by what is the same in them. It never decides anything: what it recognises is what the scanner
 * would have found.
 */
export interface KnownRecords<Found> {
  /** The position after the record that was recognised last. */
  readonly after: number;
  /** Where that record first holds markup that was not looked at; -1: nowhere. */
  readonly markupAt: number;
  /** What was found out about the first record like the one at `start`; null for one that has to be scanned. */
  recognise(buffer: Buffer, start: number, end: number): Found | null;
  /** Keeps what was `found` about the record in [start, after), which was scanned, and whose values are `holes`. */
  learn(buffer: Buffer, start: number, after: number, holes: Holes, found: Found): void;
  /** Call when the bytes of the buffer have changed. */
  reset(): void;
  /** Call when what was found is worth nothing any more. */
  forget(): void;
}

/** Records that have the keys of one scanned before in another order. `Node` is the scanner's. */
export interface KnownKeys<Node> {
  /** Of the record that was recognised last: the node of its first key, and the position after it. */
  readonly first: Node | null;
  readonly after: number;
  /** The node at which records of these keys end; call when the record has just not been recognised as it is. */
  recognise(buffer: Buffer, start: number, end: number): Node | null;
  /** Keeps the keys of the record that ends at `node`, with so many values. */
  learn(node: Node, count: number): void;
  forget(): void;
}

/** Where the values of a scanned record stand, in the order of the bytes. Filled by scanners. */
export interface Holes {
  /** The scanner's own numbers. */
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
  /** False for a record that holds what cannot be said like this. */
  readonly learnable: boolean;
}
