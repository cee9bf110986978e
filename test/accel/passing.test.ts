/**
 * Passing over records against showing them all: matches, counts and faults of a range are the same, whatever its records are, in
 * whatever blocks it comes.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRules } from '../../src/engine/compile/compile.ts';
import type { Passable } from '../../src/engine/contract.ts';
import { plainThread, type ThreadContext } from '../../src/engine/thread-context.ts';
import { EvtxDecoder } from '../../src/logs/evtx/decoder.ts';
import { format } from '../../src/logs/evtx/format.ts';
import type { ReadOptions } from '../../src/model/reader.ts';
import type { SigmaRule } from '../../src/model/rule.ts';
import type { RuleSet } from '../../src/model/ruleset.ts';
import type { Instant } from '../../src/model/values/time.ts';
import type { Alike } from '../../src/scan/account/tally.ts';
import { ALL_TIMES, RangeScanner, type TimeFilter } from '../../src/scan/first-pass/range-scanner.ts';
import { resolveLogSource } from '../../src/sigma/logsource/resolve.ts';
import { rules } from '../engine/match/random-rules.ts';
import { compiled, ruleText } from '../engine/match/rules.ts';
import { el, HEADER, instance, sub, template, v } from '../logs/evtx/support/evtx-writer.ts';
import { mutate, Random } from '../logs/evtx/support/mutate.ts';
import { PLAIN, RECOVER } from '../logs/evtx/support/read.ts';
import { tries } from '../support/random.ts';
import { records } from './random-log.ts';
import { accelerator, fillMemory, logOf, memory, type RecordSpec, thread } from './support.ts';

const block = accelerator.memory(1 << 16)!;
const FREE_SPACE_AT = 48;
const ruleSetOf = (list: readonly SigmaRule[]): RuleSet => compileRules(list, (logsource) => resolveLogSource(logsource));

class CountingScanner extends RangeScanner {
  passedOver = 0;

  override passed(alike: Passable & Alike, events: number, from: Instant, to: Instant): void {
    this.passedOver += events;
    super.passed(alike, events, from, to);
  }
}

interface Scan {
  readonly options?: ReadOptions;
  readonly times?: TimeFilter;
  /** Blocks of this size, in the look's memory where it is not 0. */
  readonly size?: number;
}

function scan(log: Buffer, ruleSet: RuleSet, context: ThreadContext, { options = PLAIN, times = ALL_TIMES, size = 0 }: Scan) {
  const scanner = new CountingScanner(ruleSet, { read: options, times }, context);
  const blocks: string[] = [];
  scanner.start(
    'x',
    (bytes) => blocks.push(Buffer.from(bytes).toString('latin1')),
    () => false,
    format.partAt,
  );
  const decoder = new EvtxDecoder('x', scanner, options, context);
  for (let at = 0; at < log.length; ) {
    const piece = log.subarray(at, at + (size || log.length));
    if (size > 0) piece.copy(block);
    decoder.push(size > 0 ? block.subarray(0, piece.length) : piece);
    at += piece.length;
  }
  decoder.end();
  const result = scanner.finish(decoder.stats as never);
  return { told: { ...result, blocks }, passedOver: scanner.passedOver };
}

/** What is told is the same; how many records were passed over. */
function passedOver(log: Buffer, ruleSet: RuleSet, how: Scan, seed: string): number {
  const fast = scan(log, ruleSet, thread, how);
  const plain = scan(log, ruleSet, plainThread, { ...how, size: 0 });
  if (JSON.stringify(fast.told) !== JSON.stringify(plain.told)) expect(fast.told, seed).toEqual(plain.told);
  expect(plain.passedOver).toBe(0);
  return fast.passedOver;
}

const times = <T>(count: number, list: readonly T[]): T[] => Array.from({ length: count }, () => list).flat();
const seed = fc.nat(0x7fff_ffff);
/** Many in a chunk, where they are short. */
const small = (list: readonly RecordSpec[]): RecordSpec[] =>
  list.map((one) => ({ ...one, bytes: JSON.stringify(one.section).length < 20_000 ? 6000 : one.bytes }));

describe('passing over records', () => {
  test('tells the same as showing them all: random rules, random logs', () => {
    let passed = 0;
    const property = fc.property(rules, records, seed, (list, specs, from) => {
      const random = new Random(from);
      if (random.below(4) === 0) memory.forget();
      if (random.below(8) === 0) fillMemory(random.below(500));
      const how = { options: random.pick([PLAIN, RECOVER]), size: random.pick([0, 1 << 16, 40_000]) };
      passed += passedOver(logOf(times(16, small(specs))), ruleSetOf(list), how, `${from}`);
    });
    fc.assert(property, { numRuns: tries(20) });
    expect(passed).toBeGreaterThan(20);
  });

  test('tells the same of damaged logs', () => {
    let passed = 0;
    const property = fc.property(rules, records, seed, (list, specs, from) => {
      const random = new Random(from);
      const log = logOf(times(8, small(specs)));
      const cut = log.subarray(0, Math.min(log.length, HEADER + log.readUInt32LE(HEADER + FREE_SPACE_AT)));
      for (let time = 0; time < 6; time++) {
        const damaged = mutate(cut, [cut], random);
        passed += passedOver(damaged, ruleSetOf(list), { size: random.pick([0, 1 << 16]) }, `${from} ${time}`);
      }
    });
    fc.assert(property, { numRuns: tries(15) });
    expect(passed).toBeGreaterThan(20);
    // Its first record has no readable time, the others of its kind have one.
    fc.assert(property, { seed: 1443847952, numRuns: 1 });
  });

  const EVIL = compiled(ruleText('a: {A: evil}\ncondition: a', 'product: windows, service: security'));
  const section = instance(template(el('EventData', {}, el('Data', { Name: 'A' }, sub(0)))), v.string('good'));
  const good: RecordSpec = { channel: v.string('Security'), section, bytes: 500 };

  test('of the same kind, the first is shown and the others are counted', () => {
    const passed = passedOver(logOf(times(20, [good])), EVIL, {}, '');
    expect(passed).toBeGreaterThan(15);
    expect(passed).toBeLessThan(20);
  });

  test('the first and the last time keep their seventh digits, also where their records are passed over', () => {
    const first = 133_540_767_824_410_913n;
    const log = logOf([5n, 3n, 9n, 0n, 4n, 7n].map((after) => ({ ...good, ticks: first + after })));
    expect(passedOver(log, EVIL, {}, '')).toBeGreaterThan(2);
    expect(scan(log, EVIL, thread, {}).told.tally.times).toEqual({
      from: { timeUs: 1_709_603_182_441_091, hundredNs: 3 },
      to: { timeUs: 1_709_603_182_441_092, hundredNs: 2 },
    });
  });

  test('shows what a rule holds for, in the midst of others', () => {
    const evil = {
      ...good,
      section: instance(template(el('EventData', {}, el('Data', { Name: 'A' }, sub(0)))), v.string('evil')),
    };
    const log = logOf([...times(5, [good]), evil, ...times(5, [good])]);
    expect(scan(log, EVIL, thread, {}).told.matches).toBe(1);
    expect(passedOver(log, EVIL, {}, '')).toBeLessThan(10);
  });

  test('another EventID, Channel or Computer is another kind', () => {
    const others = [
      good,
      { ...good, eventId: v.uint16(2) },
      { ...good, channel: v.string('System') },
      { ...good, computer: 'B' },
    ];
    const passed = passedOver(logOf(times(5, others)), EVIL, {}, '');
    // A rule's first look at a kind may have something to ask.
    expect(passed).toBeGreaterThan(10);
    expect(passed).toBeLessThanOrEqual(16);
  });

  test('counts records without a channel or data as what they are', () => {
    const bare = { ...good, channel: v.nothing(), section: el('EventData', {}) };
    expect(passedOver(logOf(times(5, [good, bare])), EVIL, {}, '')).toBeGreaterThan(3);
  });

  test('a log that is cleared again and again is told of each time; with --from, all are shown', () => {
    const cleared = { ...good, provider: 'Microsoft-Windows-Eventlog', eventId: v.uint16(1102) };
    expect(passedOver(logOf(times(5, [cleared])), EVIL, {}, '')).toBe(0);
    expect(passedOver(logOf(times(5, [good])), EVIL, { times: { ...ALL_TIMES, fromUs: 0 } }, '')).toBe(0);
  });
});
