/** A scan whose regular expressions take long lets others have their turn in the middle of a log, and finds what it finds anyway. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scan } from '../../src/scan.ts';
import { ruleText } from '../engine/match/rules.ts';
import { ChunkWriter, el, eventRecord, evtxLog, instance, sub, template, v } from '../logs/evtx/support/evtx-writer.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();

const rule = join(folder, 'rule.yml');
writeFileSync(rule, ruleText("a: {n|startswith: 'b'}\nslow: {n|re: '(?:a|b)*a(?:a|b){999}c'}\ncondition: a and not slow"));

/** Each costs six million steps of the expression; a scan lets others have their turn after ten. */
const slow = (n: number): string => `b${n}${'abbaab'.repeat(1_000)}`;
const RECORDS = 5;

async function found(path: string): Promise<{ matched: string[]; records: number; turns: number }> {
  let turns = 0;
  const counting = setInterval(() => turns++, 0);
  const result = await scan({ paths: [path], rules: [rule], threads: 1, version: 'test' });
  clearInterval(counting);
  try {
    const matched = [...result.matches()].map(({ event }) => String(event.data.n).slice(0, 2));
    const { records, recovered } = result.summary.totals;
    return { matched, records: records + recovered, turns };
  } finally {
    result.close();
  }
}

const ids = Array.from({ length: RECORDS }, (_, i) => i + 1);

test('each record of a log is matched once', async () => {
  const path = join(folder, 'log.jsonl');
  const event = (n: number) => ({ EventID: 1, EventRecordID: n, Channel: 'c', Computer: 'pc', n: slow(n) });
  writeFileSync(path, ids.map((n) => `${JSON.stringify(event(n))}\n`).join(''));
  const { matched, records, turns } = await found(path);
  expect({ matched, records }).toEqual({ matched: ids.map((n) => `b${n}`), records: RECORDS });
  expect(turns).toBeGreaterThan(0);
});

test('so is each of a chunk that has lost its header, whose records have no place in the order', async () => {
  const data = template(el('EventData', {}, el('Data', { Name: 'n' }, sub(0))));
  const chunk = new ChunkWriter(1);
  for (const n of ids.slice(0, 4)) chunk.record(eventRecord(1, instance(data, v.string(slow(n))), BigInt(n)));
  const bytes = chunk.finish();
  bytes.fill(0, 0, 512);
  const path = join(folder, 'log.evtx');
  writeFileSync(path, evtxLog([bytes]));
  const { matched, records } = await found(path);
  expect({ matched: matched.sort(), records }).toEqual({ matched: ['b1', 'b2', 'b3', 'b4'], records: 4 });
});
