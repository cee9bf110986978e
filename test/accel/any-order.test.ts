/** JSON whose keys come in ever different orders gives the matches, to the byte, of a scan that reads each record in its own. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAccelerator } from '../../src/accel/accelerator.ts';
import { compileRules } from '../../src/engine/compile/compile.ts';
import { ThreadContext } from '../../src/engine/thread-context.ts';
import { exporters } from '../../src/logs/exporters/registry.generated.ts';
import { JsonDecoder } from '../../src/logs/json/decoder.ts';
import type { RuleSet } from '../../src/model/ruleset.ts';
import { ALL_TIMES, RangeScanner } from '../../src/scan/first-pass/range-scanner.ts';
import { resolveLogSource } from '../../src/sigma/logsource/resolve.ts';
import { field, rules, value } from '../engine/match/random-rules.ts';
import { compiled, ruleText } from '../engine/match/rules.ts';
import { PLAIN } from '../logs/evtx/support/read.ts';
import { randomOf, shuffled, tries } from '../support/random.ts';

const thread = new ThreadContext(createAccelerator);

interface Scanned {
  readonly matches: number;
  readonly blocks: string[];
  readonly result: unknown;
  /** Events of which only the order of the fields was asked for, and events that were read a second time. */
  ordered: number;
  again: number;
}

function scan(text: string, ruleSet: RuleSet, anyOrder: boolean): Scanned {
  const blocks: string[] = [];
  const scanner = new RangeScanner(ruleSet, { read: PLAIN, times: ALL_TIMES }, thread);
  scanner.start('log', (block) => blocks.push(Buffer.from(block).toString('latin1')));
  const counts = { ordered: 0, again: 0 };
  const decoder = new JsonDecoder(
    'log',
    {
      anyOrder,
      event(event) {
        const { inOrder, fieldOrder } = event;
        if (inOrder && fieldOrder) {
          Object.assign(event, {
            inOrder: () => {
              counts.again++;
              return inOrder();
            },
            fieldOrder: () => {
              counts.ordered++;
              return fieldOrder();
            },
          });
        }
        scanner.event(event);
      },
      diagnostic: (diagnostic) => scanner.diagnostic(diagnostic),
    },
    thread,
  );
  decoder.push(Buffer.from(text));
  decoder.end();
  const result = scanner.finish(decoder.stats);
  return { matches: result.matches, blocks, result, ...counts };
}

function expectSame(text: string, ruleSet: RuleSet): Scanned {
  // First, while its keys are new to the thread.
  const any = scan(text, ruleSet, true);
  const own = scan(text, ruleSet, false);
  expect(any.blocks).toEqual(own.blocks);
  expect(any.result).toEqual(own.result);
  expect(own.ordered + own.again).toBe(0);
  return any;
}

function lines(records: readonly unknown[], count: number, seed: number): string {
  const random = randomOf(seed);
  return Array.from({ length: count }, (_, i) => JSON.stringify(shuffled(records[i % records.length], random))).join('\n');
}

const NXLOG = {
  EventTime: '2024-01-01 00:00:00',
  EventReceivedTime: '2024-01-01 00:00:01',
  '@timestamp': '2023-12-31T23:00:01Z',
  Hostname: 'PC1',
  SourceName: 'Microsoft-Windows-Sysmon',
  EventID: 1,
  RecordNumber: 7,
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  Image: 'C:\\a.exe',
  CommandLine: 'a.exe "é" -x',
  User: 'PC1\\ann',
  ParentImage: 'C:\\a.exe',
};
const FLAT = {
  TimeCreated: '2024-01-01T00:00:00Z',
  Channel: 'Security',
  Provider_Name: 'Microsoft-Windows-Security-Auditing',
  EventID: 4688,
  Computer: 'PC2',
  A: '1',
  B: null,
  CommandLine: 'cmd.exe',
};
const NESTED = {
  '@timestamp': '2024-03-05T09:06:22.441Z',
  log_name: 'Security',
  event_id: 4688,
  source_name: 'Microsoft-Windows-Security-Auditing',
  record_number: '7',
  computer_name: 'PC3',
  event_data: { A: 'b', NewProcessName: 'C:\\Windows\\cmd.exe', CommandLine: 'powershell', ProcessId: '0x3e7' },
};

const EVERYTHING = ruleText('selection: { EventID|exists: true }\ncondition: selection');

describe('records whose keys come in ever different orders', () => {
  test('give the matches of records read in their own order, for any rules', () => {
    const counts = { matches: 0, ordered: 0, again: 0 };
    const list = fc.array(
      fc
        .tuple(fc.constantFrom<Record<string, unknown>>(NXLOG, FLAT, NESTED), fc.dictionary(field, value, { maxKeys: 5 }))
        .map(([record, data]) =>
          record.event_data === undefined ? { ...record, ...data } : { ...record, event_data: { ...NESTED.event_data, ...data } },
        ),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(rules, list, fc.nat(), (random, records, seed) => {
        const ruleSet = compileRules(random, (logsource) => resolveLogSource(logsource));
        const { matches, ordered, again } = expectSame(lines(records, 60, seed), ruleSet);
        counts.matches += matches;
        counts.ordered += ordered;
        counts.again += again;
      }),
      { numRuns: tries(15) },
    );
    // Without matches, written orders and keywords nothing would have been compared.
    expect(counts.matches).toBeGreaterThan(150);
    expect(counts.ordered).toBeGreaterThan(150);
    expect(counts.again).toBeGreaterThan(7);
  });

  test.each(exporters.map(({ name, example }) => [name, example] as const))(
    'give the fields of %s in the order of each record',
    (_name, example) => {
      const text = lines([example], 60, 5);
      for (const rule of [EVERYTHING, ruleText('keywords: [a, e, 1, 0]\ncondition: keywords')]) {
        expectSame(text, compiled(rule));
      }
    },
  );

  test('are read once where a rule asks for fields, and again for the evidence of keywords', () => {
    const text = lines([NXLOG, FLAT, NESTED], 300, 1);
    const fields = expectSame(text, compiled(EVERYTHING));
    expect(fields.matches).toBe(300);
    expect(fields.ordered).toBeGreaterThan(200);
    expect(fields.again).toBe(0);
    const keywords = expectSame(text, compiled(ruleText("keywords: ['a.exe', PC]\ncondition: keywords")));
    expect(keywords.matches).toBeGreaterThan(100);
    expect(keywords.again).toBeGreaterThan(60);
  });
});
