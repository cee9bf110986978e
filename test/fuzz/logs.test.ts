import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { listLogs } from '../../src/logs/open/open.ts';
import { tar, zip } from '../logs/archives/make-archives.ts';
import { folderWith } from '../support/folder.ts';
import { fuzzArchives, fuzzTables } from './logs.ts';

const SEED = 20_261_130;
const COUNT = Number(process.env.FUZZ_COUNT ?? 150);

it('reads damaged tables without a crash or a hang', { timeout: 3_600_000 }, () => {
  const { inputs, events, faults } = fuzzTables(COUNT * 4, SEED);
  expect(inputs).toBe(COUNT * 4);
  expect(events).toBeGreaterThan(COUNT);
  expect(faults).toBeGreaterThan(COUNT / 10);
});

it('reads damaged archives without a crash or a hang', { timeout: 3_600_000 }, async () => {
  const { inputs, events, faults } = await fuzzArchives(COUNT, SEED);
  expect(inputs).toBe(COUNT);
  expect(events).toBeGreaterThan(COUNT);
  expect(faults).toBeGreaterThan(COUNT / 2);
});

it('bombs are refused: a member of four GiB in some bytes, a thousand archives in each other', { timeout: 120_000 }, async () => {
  const folder = folderWith();
  const said: string[] = [];
  const listed = async (bytes: Buffer): Promise<number> => {
    writeFileSync(join(folder, 'x'), bytes);
    return (await listLogs([join(folder, 'x')], ({ code }) => void said.push(code))).length;
  };
  let nested: Buffer = zip([{ path: 'a.jsonl', content: '{"EventID":1,"Channel":"Security"}\n' }]);
  for (let depth = 0; depth < 1000; depth++)
    nested = depth % 2 === 0 ? gzipSync(tar([{ path: 'x', content: nested }])) : zip([{ path: 'x', content: nested }]);
  expect(await listed(nested)).toBe(0);
  expect(await listed(zip([{ path: 'a.jsonl', content: `{"EventID":1,"Channel":"Security"}\n`, size: 0xffff_fff0 }]))).toBe(0);
  expect(said).toEqual(['input/archive', 'input/archive']);
});
