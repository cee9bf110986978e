/** What look-back reads again of a range: only the chunks whose times it wants, and with them the same as with all. */
import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ThreadContext } from '../../src/engine/thread-context.ts';
import { LookbackCollector } from '../../src/findings/lookback/lookback.ts';
import type { LookbackPlan } from '../../src/findings/lookback/lookback-plan.ts';
import { formatOf } from '../../src/logs/open/open.ts';
import type { EventRecord, EventSnapshot } from '../../src/model/event.ts';
import { snapshotEvent } from '../../src/model/event.ts';
import { ALL_TIMES, type RangeResult, RangeScanner } from '../../src/scan/first-pass/range-scanner.ts';
import { runTask } from '../../src/scan/first-pass/run-tasks.ts';
import { cutStretches, NO_STRETCHES } from '../../src/scan/first-pass/stretches.ts';
import { SourceContextReader } from '../../src/scan/look-back/context-reader.ts';
import { supplyFrom } from '../../src/scan/look-back/read-context.ts';
import type { ReadPart } from '../../src/scan/look-back/read-part.ts';
import { WorkerPool } from '../../src/scan/threads/pool.ts';
import { type RangeTask, readTask, SharedProgress } from '../../src/scan/threads/tasks.ts';
import { thread } from '../../src/thread.ts';
import { compiled, ruleText } from '../engine/match/rules.ts';
import { CHUNK, ChunkWriter, el, evtxLog, HEADER, instance, sub, template, v } from '../logs/evtx/support/evtx-writer.ts';
import { PLAIN } from '../logs/evtx/support/read.ts';
import { SYSTEM } from '../logs/evtx/support/system.ts';
import { temporaryFolder } from '../support/folder.ts';
import { tries } from '../support/random.ts';

const folder = temporaryFolder();

const SYSMON = 'Microsoft-Windows-Sysmon';
/** 2020-01-01, in 100 ns since 1601. */
const START = 132_223_104_000_000_000n;
const DATA = template(el('EventData', {}, el('Data', { Name: 'User' }, sub(0)), el('Data', { Name: 'CommandLine' }, sub(1))));
/** Nothing in these logs matches, so that records are passed over. */
const RULES = compiled(ruleText('selection: { CommandLine: nothing-like-it }\ncondition: selection'));

interface Written {
  readonly minute: number;
  readonly computer: string;
  readonly user: string;
}

function writeLog(chunks: readonly (readonly Written[])[], text = 'cmd'): string {
  let id = 1;
  const log = evtxLog(
    chunks.map((records) => {
      const chunk = new ChunkWriter(id);
      for (const { minute, computer, user } of records) {
        const section = v.binxml(instance(DATA, v.string(user), v.string(text)));
        const time = v.filetime(START + BigInt(minute) * 600_000_000n);
        const channel = v.string(`${SYSMON}/Operational`);
        chunk.record(
          instance(SYSTEM, v.string(SYSMON), v.uint16(1), channel, v.string(computer), section, time, v.uint64(BigInt(id++))),
        );
      }
      return chunk.finish();
    }),
  );
  const path = join(folder, 'log.evtx');
  writeFileSync(path, log);
  return path;
}

function tasksOf(path: string, rangeBytes: number, file = 0): RangeTask[] {
  const ranges = formatOf('evtx').ranges(statSync(path).size, rangeBytes, Buffer.alloc(0));
  return ranges.map((bytes, range) => ({ id: range, file, range, name: path, found: null, format: 'evtx', bytes }));
}

function scanned(task: RangeTask, context: ThreadContext, read = PLAIN): RangeResult {
  const scanner = new RangeScanner(RULES, { read, times: ALL_TIMES }, context);
  const run = runTask(
    scanner,
    task,
    new SharedProgress(),
    () => {},
    () => false,
  );
  for (;;) {
    const step = run.next();
    if (step.done === true) return step.value;
  }
}

function partsOf(path: string, rangeBytes: number, context: ThreadContext, file = 0): ReadPart[] {
  let firstIndex = 0;
  return tasksOf(path, rangeBytes, file).map((task) => {
    const { tally, stretches, stats } = scanned(task, context);
    const part = { source: { path, kind: 'file' as const, size: null }, task, tally, stretches, firstIndex };
    firstIndex += stats.records;
    return part;
  });
}

class CountingCollector extends LookbackCollector {
  visited = 0;
  override visit(event: EventRecord, file: string, firstIndex = 0): void {
    this.visited++;
    super.visit(event, file, firstIndex);
  }
}

async function readAgain(parts: readonly ReadPart[], plan: LookbackPlan, context: ThreadContext) {
  const collector = new CountingCollector(plan);
  const reader = new SourceContextReader({
    parts,
    rings: [],
    read: PLAIN,
    thread: context,
    pool: new WorkerPool(0),
    signal: undefined,
  });
  const { capped } = await reader.read(plan, collector);
  return {
    found: collector.partial(),
    events: collector.finish(capped).map(({ events }) => events),
    capped,
    visited: collector.visited,
  };
}

function eventsIn(path: string): EventSnapshot[] {
  const events: EventSnapshot[] = [];
  const sink = { event: (event: EventRecord) => void events.push(snapshotEvent(event, path)), diagnostic: () => {} };
  for (const task of tasksOf(path, Number.MAX_SAFE_INTEGER)) readTask(task, sink, PLAIN, thread);
  return events;
}

const written = fc.record({
  minute: fc.nat(300),
  computer: fc.constantFrom('PC1', 'PC1', 'PC2'),
  user: fc.constantFrom('ann', 'ben'),
});
/** Most chunks have neighbouring times, as in a real log. */
const chunk = fc
  .record({ base: fc.nat(3000), records: fc.array(written, { minLength: 1, maxLength: 8 }), isLocal: fc.boolean() })
  .map(({ base, records, isLocal }) =>
    records.map((one) => ({ ...one, minute: isLocal ? base + (one.minute % 5) : one.minute })),
  );

describe('stretches of an EVTX log', () => {
  test('give look-back the same events as the whole log, and fewer of the others', async () => {
    let visited = 0;
    let all = 0;
    const log = fc.record({
      chunks: fc.array(chunk, { minLength: 1, maxLength: 12 }),
      targets: fc.array(fc.nat(100), { minLength: 1, maxLength: 2 }),
      chunksPerRange: fc.constantFrom(3, 100),
      copies: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(log, async ({ chunks, targets, chunksPerRange, copies }) => {
        const path = writeLog(chunks);
        const events = eventsIn(path);
        const plan: LookbackPlan = {
          targets: targets
            .map((number) => events[number % events.length]!)
            .map((event) => ({ computer: event.Computer, timeUs: event.timeUs, anchors: [event] })),
          windowUs: 9 * 60e6,
          window: '9m',
          computers: ['PC1', 'PC2'],
          copies,
        };
        const parts = partsOf(path, chunksPerRange * CHUNK, thread);
        expect(parts.every(({ stretches }) => stretches.length > 0)).toBe(true);
        const some = await readAgain(parts, plan, thread);
        const whole = await readAgain(
          parts.map((part) => ({ ...part, stretches: NO_STRETCHES })),
          plan,
          thread,
        );
        expect([some.found, some.capped]).toEqual([whole.found, whole.capped]);
        visited += some.visited;
        all += whole.visited;
      }),
      { numRuns: tries(20) },
    );
    expect(visited).toBeGreaterThan(0);
    expect(visited).toBeLessThan(0.7 * all);
  });

  test('are those of chunks: where each begins, its first record, its times', () => {
    const at = (minute: number): Written => ({ minute, computer: 'PC1', user: 'ann' });
    const path = writeLog([[at(5), at(3), at(4)], [at(9)]]);
    const [task] = tasksOf(path, 1e9);
    const us = (minute: number): number => Date.UTC(2020, 0, 1, 0, minute) * 1000;
    expect([...scanned(task!, thread).stretches]).toEqual([HEADER, 0, us(3), us(5), HEADER + CHUNK, 3, us(9), us(9)]);
  });

  test('are none where a range is damaged or leftovers are read: a record may then need another chunk', () => {
    const path = writeLog([[{ minute: 1, computer: 'PC1', user: 'ann' }], [{ minute: 2, computer: 'PC1', user: 'ann' }]]);
    const [task] = tasksOf(path, 1e9);
    expect(scanned(task!, thread).stretches.length).toBeGreaterThan(0);
    expect(scanned(task!, thread, { ...PLAIN, recover: true }).stretches).toEqual(NO_STRETCHES);
    const log = evtxLog([new ChunkWriter(1).record(el('Event', {})).finish()]);
    // The record's signature.
    log.fill(0xff, HEADER + 512, HEADER + 516);
    writeFileSync(path, log);
    const result = scanned(tasksOf(path, 1e9)[0]!, thread);
    expect(result.diagnostics.length).toBeGreaterThan(0);
    expect(result.stretches).toEqual(NO_STRETCHES);
  });

  test('are given up where a scan has so many ranges that they would take much memory', () => {
    const stretches = new Float64Array(4 * 128);
    expect(cutStretches(stretches, 8_192)).toBe(stretches);
    expect(cutStretches(stretches, 8_193)).toBe(NO_STRETCHES);
  });
});

describe('stretches that stand in several files', () => {
  const near = fc.record({ minute: fc.nat(8), computer: fc.constant('PC1'), user: fc.constantFrom('ann', 'ben') });
  const logs = fc.record({
    chunks: fc.array(fc.array(near, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 }),
    target: fc.nat(100),
    // For each further file: which of its chunks comes first, and which has another text.
    files: fc.array(fc.record({ first: fc.nat(5), changed: fc.option(fc.nat(5)) }), { minLength: 1, maxLength: 4 }),
  });

  test('are read once, and what look-back finds is the same', async () => {
    let visited = 0;
    let all = 0;
    await fc.assert(
      fc.asyncProperty(logs, async ({ chunks, target, files }) => {
        const first = join(folder, 'copy-0.evtx');
        copyFileSync(writeLog(chunks), first);
        const changed = readFileSync(writeLog(chunks, 'dir'));
        const paths = [first];
        for (const { first: rotation, changed: other } of files) {
          const log = readFileSync(first);
          const parts = chunks.map((_, i) =>
            (i === other ? changed : log).subarray(HEADER + i * CHUNK, HEADER + (i + 1) * CHUNK),
          );
          const at = rotation % parts.length;
          const path = join(folder, `copy-${paths.length}.evtx`);
          writeFileSync(path, Buffer.concat([log.subarray(0, HEADER), ...parts.slice(at), ...parts.slice(0, at)]));
          paths.push(path);
        }
        const events = eventsIn(first);
        const event = events[target % events.length]!;
        const plan: LookbackPlan = {
          targets: [{ computer: 'PC1', timeUs: event.timeUs, anchors: [event] }],
          windowUs: 9 * 60e6,
          window: '9m',
          computers: ['PC1'],
          copies: true,
        };
        const parts = paths.flatMap((path, file) => partsOf(path, 100 * CHUNK, thread, file));
        const some = await readAgain(parts, plan, thread);
        const whole = await readAgain(
          parts.map((part) => ({ ...part, stretches: NO_STRETCHES })),
          plan,
          thread,
        );
        // How often a record was seen differs, of course.
        const told = ({ found: { before, after }, events: counts, capped }: typeof some) => ({ before, after, counts, capped });
        expect(told(some)).toEqual(told(whole));
        visited += some.visited;
        all += whole.visited;
      }),
      { numRuns: tries(20) },
    );
    expect(visited).toBeLessThan(0.6 * all);
  });

  test('and are left to the reader of the look-back where a file is gone', async () => {
    const path = writeLog([[{ minute: 1, computer: 'PC1', user: 'ann' }]]);
    const [first, gone] = [join(folder, 'first.evtx'), join(folder, 'gone.evtx')];
    for (const copy of [first, gone]) copyFileSync(path, copy);
    const parts = [first, gone].flatMap((copy, file) => partsOf(copy, CHUNK * 100, thread, file));
    const [event] = eventsIn(first);
    const targets = [{ computer: 'PC1', timeUs: event!.timeUs, anchors: [] }];
    const plan = { targets, windowUs: 60e6, window: '1m', computers: ['PC1'], copies: true };
    expect(await readAgain(parts, plan, thread)).toMatchObject({ capped: false, visited: 1 });
    rmSync(gone);
    expect(await readAgain(parts, plan, thread)).toMatchObject({ capped: true, visited: 1 });
  });
});

test('an event at the end of a chunk is given in full, though the log has a header before its chunks', () => {
  const records = Array.from({ length: 60 }, (_, i) => ({ minute: i, computer: 'PC1', user: 'ann' }));
  // Long enough for the last record to begin in the last 4 KB of the chunk.
  const path = writeLog([records, records], 'x'.repeat(400));
  const events = eventsIn(path);
  const last = events[59]!;
  expect(last.offset).toBeGreaterThan(CHUNK);
  expect(last.offset).toBeLessThan(HEADER + CHUNK);
  const held: EventSnapshot[] = [];
  const collector = { wantedIn: () => new Set([last.offset]), hold: (event: EventSnapshot) => held.push(event) };
  const [task] = tasksOf(path, 1e9);
  expect(supplyFrom({ task: task!, firstIndex: 0 }, collector as unknown as LookbackCollector, PLAIN, thread)).toBe(true);
  expect(held.map(({ offset, data }) => ({ offset, data }))).toEqual([{ offset: last.offset, data: last.data }]);
});
