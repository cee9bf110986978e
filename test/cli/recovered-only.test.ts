/** A log whose live records are gone: what was recovered is counted and reported like any other event. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ChunkWriter, el, eventRecord, evtxLog, instance, sub, template, v } from '../logs/evtx/support/evtx-writer.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runWinnow } from './test-context.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const RULE = `title: T
logsource: {product: windows}
detection:
  selection: {n: [1, 2]}
  condition: selection
level: high
`;

it('a chunk without a header gives its records, and the exit code of a log that was read', async () => {
  const data = template(el('EventData', {}, el('Data', { Name: 'n' }, sub(0))));
  const chunk = new ChunkWriter(1);
  for (const n of [1, 2, 3]) chunk.record(eventRecord(1, instance(data, v.uint32(n)), BigInt(n)));
  const bytes = chunk.finish();
  bytes.fill(0, 0, 512);
  writeFileSync(at('log.evtx'), evtxLog([bytes]));
  writeFileSync(at('rule.yml'), RULE);
  const scan = async (...more: string[]) =>
    runWinnow(['scan', '--no-cache', '-r', at('rule.yml'), at('log.evtx'), '--lookback', '0', ...more], { columns: 200 });
  const { code, out, err } = await scan();
  expect(code).toBe(0);
  expect(out).toContain('2 of 3 events (');
  expect(out).not.toContain('gave no record');
  expect(err).toMatch(/^winnow: 3 records, /m);
  // A filter that selects nothing is a mistake here, too.
  expect((await scan('--from', '2999-01-01')).err).toContain('all events are older');
});
