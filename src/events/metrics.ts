/**
 * Counts what logs contain. In: the events of logs, in order. Out: for each file its span of time, the gaps in its record numbers
 * and its longest silence; the number of events of each channel and EventID, and of each computer; cleared logs. Names beyond a
 * limit are counted together as `(others)`.
 */

import { type EventRecord, type EventSnapshot, recordNumber, snapshotEvent } from '../model/event.ts';
import { isoFromUs } from '../model/values/time.ts';
import { clearedBy, isLogCleared } from '../scan/account/log-clears.ts';

/** Limits on the distinct names that are counted, on the gaps that are kept of a file, and on the clears that are kept. */
const MAX_NAMES = 100_000;
const MAX_GAPS = 20;
const MAX_CLEARS = 1000;
const REST = '(others)';

export interface Count {
  readonly name: string;
  events: number;
  fromUs: number;
  toUs: number;
}

/** EventRecordIDs that are missing between two records of a file. */
export interface RecordGap {
  readonly channel: string;
  readonly after: number;
  readonly before: number;
  readonly missing: number;
}

/** The longest time between two neighbouring events of a file. */
export interface Silence {
  readonly fromUs: number;
  readonly toUs: number;
}

export class FileMetrics {
  readonly file: string;
  events = 0;
  untimed = 0;
  fromUs = Number.NaN;
  toUs = Number.NaN;
  firstRecord: number | null = null;
  lastRecord: number | null = null;
  missing = 0;
  silence: Silence | null = null;
  /** The largest first. */
  readonly gaps: RecordGap[] = [];
  #lastUs = Number.NaN;
  /**
   * Channel and computer -> EventRecordID: the last one seen. Each log has its own numbers, and a file may have records of
   * several.
   */
  readonly #last = new Map<string, number>();

  constructor(file: string) {
    this.file = file;
  }

  /** How many logs the file has records of: each channel of each computer is one. */
  get logs(): number {
    return this.#last.size;
  }

  add(event: EventRecord): void {
    this.events++;
    this.#addTime(event.timeUs);
    const record = recordNumber(event);
    if (record !== null) this.#addRecord(event, record);
  }

  #addTime(timeUs: number): void {
    if (Number.isNaN(timeUs)) {
      this.untimed++;
      return;
    }
    if (!(this.fromUs <= timeUs)) this.fromUs = timeUs;
    if (!(this.toUs >= timeUs)) this.toUs = timeUs;
    const longest = this.silence === null ? 0 : this.silence.toUs - this.silence.fromUs;
    if (timeUs - this.#lastUs > longest) this.silence = { fromUs: this.#lastUs, toUs: timeUs };
    this.#lastUs = timeUs;
  }

  #addRecord({ channel, computer }: EventRecord, record: number): void {
    this.firstRecord = Math.min(this.firstRecord ?? record, record);
    this.lastRecord = Math.max(this.lastRecord ?? record, record);
    const key = `${channel}\n${computer}`;
    const after = this.#last.get(key);
    if (after === undefined && this.#last.size >= MAX_NAMES) return;
    this.#last.set(key, record);
    if (after === undefined || record <= after + 1) return;
    const missing = record - after - 1;
    this.missing += missing;
    this.gaps.push({ channel, after, before: record, missing });
    if (this.gaps.length <= MAX_GAPS) return;
    this.gaps.sort((a, b) => b.missing - a.missing);
    this.gaps.pop();
  }
}

class Counts {
  readonly #counts = new Map<string, Count>();

  add(name: string, timeUs: number): void {
    let count = this.#counts.get(name);
    if (count === undefined) {
      const known = this.#counts.size < MAX_NAMES ? name : REST;
      count = this.#counts.get(known) ?? { name: known, events: 0, fromUs: Number.NaN, toUs: Number.NaN };
      this.#counts.set(known, count);
    }
    count.events++;
    if (timeUs < count.fromUs || Number.isNaN(count.fromUs)) count.fromUs = timeUs;
    if (timeUs > count.toUs || Number.isNaN(count.toUs)) count.toUs = timeUs;
  }

  /** The most frequent first. */
  get sorted(): readonly Count[] {
    return [...this.#counts.values()].sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1));
  }
}

export class Metrics {
  readonly files: FileMetrics[] = [];
  readonly clears: EventSnapshot[] = [];
  /** How many clears are not kept. */
  moreClears = 0;
  readonly #eventIds = new Counts();
  readonly #computers = new Counts();

  add(event: EventRecord, file: string): void {
    let last = this.files.at(-1);
    if (last?.file !== file) {
      last = new FileMetrics(file);
      this.files.push(last);
    }
    last.add(event);
    this.#eventIds.add(`${event.channel}\n${event.eventId < 0 ? '' : event.eventId}`, event.timeUs);
    this.#computers.add(event.computer, event.timeUs);
    if (!isLogCleared(event)) return;
    if (this.clears.length < MAX_CLEARS) this.clears.push(snapshotEvent(event, file));
    else this.moreClears++;
  }

  get computers(): readonly Count[] {
    return this.#computers.sorted;
  }

  get eventIds(): readonly (Count & { readonly channel: string; readonly eventId: number | null })[] {
    return this.#eventIds.sorted.map((count) => {
      const [channel = '', id = ''] = count.name.split('\n');
      return { ...count, channel, eventId: id === '' ? null : Number(id) };
    });
  }
}

/** One object for each thing that was counted, with its `kind`. */
export function* metricsObjects({ files, eventIds, computers, clears, moreClears }: Metrics): Iterable<unknown> {
  for (const { file, events, untimed, fromUs, toUs, firstRecord, lastRecord, missing, gaps, silence } of files) {
    const longest = silence === null ? null : { from: iso(silence.fromUs), to: iso(silence.toUs) };
    const span = { from: iso(fromUs), to: iso(toUs), withoutTime: untimed };
    yield {
      kind: 'file',
      file,
      events,
      ...span,
      firstRecord,
      lastRecord,
      missingRecords: missing,
      gaps,
      longestSilence: longest,
    };
  }
  for (const { channel, eventId, events, fromUs, toUs } of eventIds)
    yield { kind: 'eventId', channel, EventID: eventId, events, from: iso(fromUs), to: iso(toUs) };
  for (const { name, events, fromUs, toUs } of computers)
    yield { kind: 'computer', computer: name, events, from: iso(fromUs), to: iso(toUs) };
  for (const event of clears) {
    const { file, EventRecordID, TimeCreated, Computer } = event;
    yield { kind: 'logCleared', file, EventRecordID, TimeCreated, Computer, ...clearedBy(event) };
  }
  if (moreClears > 0) yield { kind: 'moreLogCleared', events: moreClears };
}

export function iso(timeUs: number): string | null {
  return Number.isNaN(timeUs) ? null : isoFromUs(timeUs);
}
