/** Logs through a sink whose reader may pass over events, and through the same sink that gets every one of them. */
import { expect } from 'vitest';
import { compileRules } from '../../src/engine/compile/compile.ts';
import type { EvtxDecoder } from '../../src/logs/evtx/decoder.ts';
import { format } from '../../src/logs/evtx/format.ts';
import { UnitReader } from '../../src/logs/evtx/unit-reader.ts';
import type { EventRecord, EventSink } from '../../src/model/event.ts';
import type { ReadStats } from '../../src/model/match.ts';
import type { ReadOptions } from '../../src/model/reader.ts';
import type { SigmaRule } from '../../src/model/rule.ts';
import type { RuleSet } from '../../src/model/ruleset.ts';
import { ALL_TIMES, RangeScanner, type TimeFilter } from '../../src/scan/range-scanner.ts';
import { resolveLogSource } from '../../src/sigma/logsource/resolve.ts';
import {
  CHUNK,
  ChunkWriter,
  el,
  evtxLog,
  HEADER,
  instance,
  type Node,
  type PartSpec,
  sub,
  type TemplateSpec,
  TICKS,
  template,
  type ValueSpec,
  v,
} from '../logs/evtx/support/evtx-writer.ts';
import { PLAIN } from '../logs/evtx/support/read.ts';
import { SYSTEM } from './support.ts';

export const counted = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
export const ruleSetOf = (list: readonly SigmaRule[]): RuleSet => compileRules(list, (logsource) => resolveLogSource(logsource));
/** Sizes that cut headers and chunks anywhere. */
export const ODD = [4096, 65_536, 1, 70_001, 65_535, 13];

export interface Scanning {
  readonly times?: TimeFilter;
  readonly options?: ReadOptions;
  /** Sizes of the blocks that the log comes in, over and over; left out: one block. */
  readonly blocks?: readonly number[];
}

/** What is said of an event, but its fields. */
const factsOf = ({ index, offset, channel, computer, provider, eventId, timeUs, recovered }: EventRecord): string =>
  JSON.stringify([index, offset, channel, computer, provider, eventId, timeUs, recovered]);

/** One log on its way through a scanner. */
export class Scan {
  /** Events that the sink was given, by offset. */
  readonly handed = new Map<number, string>();
  readonly #scanner: RangeScanner;
  readonly #decoder: EvtxDecoder;
  readonly #found: Buffer[] = [];
  readonly #log: Buffer;
  readonly #blocks: readonly number[];
  #at = 0;
  #pushed = 0;

  /** `scanner` may have scanned other logs before. */
  constructor(log: Buffer, scanner: RangeScanner, passes: boolean, { options = PLAIN, blocks = [log.length] }: Scanning) {
    this.#scanner = scanner;
    this.#log = log;
    this.#blocks = blocks;
    scanner.start('test.evtx', (block) => this.#found.push(Buffer.from(block)));
    const sink: EventSink = {
      passing: passes ? scanner.passing : null,
      event: (event) => {
        this.handed.set(event.offset, factsOf(event));
        scanner.event(event);
      },
      diagnostic: (one) => scanner.diagnostic(one),
    };
    this.#decoder = format.decoder('test.evtx', sink, options) as EvtxDecoder;
  }

  /** Reads the next block; false when there is none left. */
  push(): boolean {
    if (this.#at >= this.#log.length) return false;
    const size = this.#blocks[this.#pushed++ % this.#blocks.length]!;
    this.#decoder.push(this.#log.subarray(this.#at, this.#at + size));
    this.#at += size;
    return true;
  }

  finish() {
    while (this.push());
    this.#decoder.end();
    return resultOf(this.#scanner, this.#decoder.stats, this.#found);
  }
}

/** A log whose records are read one by one: readers of one thread may take turns in the middle of their chunks. */
export class RecordScan {
  handed = 0;
  readonly #scanner: RangeScanner;
  readonly #reader: UnitReader;
  readonly #found: Buffer[] = [];
  readonly #log: Buffer;
  #at = 0;

  constructor(log: Buffer, ruleSet: RuleSet, passes: boolean) {
    this.#scanner = new RangeScanner(ruleSet, ALL_TIMES);
    this.#scanner.start('test.evtx', (block) => this.#found.push(Buffer.from(block)));
    const passing = passes ? this.#scanner.passing : null;
    this.#reader = new UnitReader('test.evtx', { passing, diagnostic: (one) => this.#scanner.diagnostic(one) }, PLAIN);
    this.#log = log;
  }

  /** Gives the scanner the next record that is handed on, or opens the next chunk; false when there is none. */
  step(): boolean {
    if (this.#reader.next()) {
      this.handed++;
      this.#scanner.event(this.#reader.event);
      return true;
    }
    if (this.#at >= this.#log.length) return false;
    const end = this.#at === 0 ? HEADER : this.#at + CHUNK;
    this.#reader.open(this.#log.subarray(this.#at, end), this.#at);
    this.#at = end;
    return true;
  }

  finish(): object {
    while (this.step());
    this.#reader.tell();
    this.#reader.finish();
    return resultOf(this.#scanner, this.#reader.stats, this.#found);
  }
}

/** Everything that a scan gives: the order of names says in which order they were counted, which is nobody's business. */
function resultOf(scanner: RangeScanner, stats: ReadStats, found: readonly Buffer[]) {
  const { tally, ...rest } = scanner.finish(stats);
  const sorted = (counts: readonly (readonly [string, number])[]) => [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...rest,
    tally: { ...tally, channels: sorted(tally.channels), computers: sorted(tally.computers) },
    // Rules, records, times, computers, evidence, and the event as JSON.
    found: Buffer.concat(found).toString('latin1'),
  };
}

export interface Compared {
  /** What both ways gave should be the same; of the events that were handed on one by one, what both said. */
  readonly skimmed: object;
  readonly plain: object;
  readonly records: number;
  readonly matches: number;
  readonly passed: number;
}

/** Two scans of the same log, the first of which passes over events. */
function sides(skim: Scan, all: Scan): Compared {
  const [skimmed, plain] = [skim.finish(), all.finish()];
  const { records, recovered } = plain.stats as { records: number; recovered: number };
  return {
    skimmed: { ...skimmed, facts: [...skim.handed] },
    plain: { ...plain, facts: [...skim.handed.keys()].map((offset) => [offset, all.handed.get(offset)]) },
    records,
    matches: plain.matches,
    passed: records + recovered - skim.handed.size,
  };
}

/** A log both ways, one after the other. */
export function scanBoth(log: Buffer, ruleSet: RuleSet, scanning: Scanning = {}): Compared {
  const times = scanning.times ?? ALL_TIMES;
  return new Scanners(ruleSet, times).scan(log, scanning);
}

/** A log both ways, a block of the one and a block of the other: readers of one thread share what is known of templates. */
export function scanInTurns(log: Buffer, ruleSet: RuleSet, scanning: Scanning): Compared {
  const skim = new Scan(log, new RangeScanner(ruleSet, ALL_TIMES), true, scanning);
  const all = new Scan(log, new RangeScanner(ruleSet, ALL_TIMES), false, scanning);
  while (skim.push()) all.push();
  return sides(skim, all);
}

/** The same two scanners for log after log, as a worker thread has it: kinds of records that they know stay known. */
export class Scanners {
  readonly #skimming: RangeScanner;
  readonly #plain: RangeScanner;

  constructor(ruleSet: RuleSet, times: TimeFilter = ALL_TIMES) {
    this.#skimming = new RangeScanner(ruleSet, times);
    this.#plain = new RangeScanner(ruleSet, times);
  }

  scan(log: Buffer, scanning: Scanning = {}): Compared {
    const skim = new Scan(log, this.#skimming, true, scanning);
    while (skim.push());
    return sides(skim, new Scan(log, this.#plain, false, scanning));
  }
}

const DATA = template(el('EventData', {}, el('Data', { Name: 'A' }, sub(0)), el('Data', { Name: 'B' }, sub(1))));

export interface Spec {
  readonly system?: TemplateSpec;
  readonly id?: number | ValueSpec;
  readonly channel?: string | ValueSpec;
  readonly computer?: string | ValueSpec;
  readonly provider?: string;
  readonly a?: string | ValueSpec;
  readonly b?: string | ValueSpec;
  readonly section?: Node;
  readonly time?: bigint | ValueSpec;
}

const textValue = (value: string | ValueSpec) => (typeof value === 'string' ? v.string(value) : value);

/** A record: by default one of Application, of which no rule of these tests holds. */
export function recordOf({ system = SYSTEM, id = 1, channel = 'Application', computer = 'HOST', ...rest }: Spec): PartSpec {
  const { provider = 'Test', a = 'x', b = 'y', section, time = TICKS } = rest;
  return instance(
    system,
    v.string(provider),
    typeof id === 'number' ? v.uint16(id) : id,
    textValue(channel),
    textValue(computer),
    v.binxml(section ?? instance(DATA, textValue(a), textValue(b))),
    typeof time === 'bigint' ? v.filetime(time) : time,
    v.uint64(7n),
  );
}

/** A chunk of these records. */
export function chunkOf(specs: Iterable<Spec>, firstId = 1): ChunkWriter {
  const chunk = new ChunkWriter(firstId);
  for (const spec of specs) chunk.record(recordOf(spec));
  return chunk;
}

/** A log of these records, in chunks of `perChunk`. */
export function logOf(specs: readonly Spec[], perChunk = 100): Buffer {
  const chunks: Buffer[] = [];
  for (let i = 0; i < specs.length; i += perChunk) chunks.push(chunkOf(specs.slice(i, i + perChunk), i + 1).finish());
  return evtxLog(chunks);
}

/** Both ways are the same, and most of the events were passed over. */
export function expectSame(compared: Compared, { matches, passed = 0.5 }: { matches?: number; passed?: number } = {}): Compared {
  expect(compared.skimmed).toEqual(compared.plain);
  if (matches !== undefined) expect(compared.matches).toBe(matches);
  expect(compared.passed).toBeGreaterThan(passed * compared.records);
  return compared;
}

/** Without asserting how many: hostile logs may have nothing to pass over. */
export function same(compared: Compared, where: string): Compared {
  if (JSON.stringify(compared.skimmed) !== JSON.stringify(compared.plain)) {
    expect(compared.skimmed, where).toEqual(compared.plain);
  }
  return compared;
}

/** Of many logs. */
export class Sums {
  records = 0;
  passed = 0;
  matches = 0;

  add({ records, passed, matches }: Compared): void {
    this.records += records;
    this.passed += passed;
    this.matches += matches;
  }
}
