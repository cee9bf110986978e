/** Mutated logs in every shape, and archives of them: nothing throws, and what is not read is said. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readLogs } from '../../src/logs/open/read-logs.ts';
import { snapshotEvent } from '../../src/model/event.ts';
import { the300 } from '../support/events/the-300.ts';
import { temporaryFolder } from '../support/folder.ts';
import { randomOf } from '../support/random.ts';
import { shapes } from '../support/shapes/all.ts';

const RUNS = Number(process.env.WINNOW_MUTATED_SHAPES ?? 5);
const SEED = Number(process.env.WINNOW_SEED ?? 20261130);
/** One of each section: Sysmon, audit, data without names, UserData, a script. */
const EVENTS = the300().filter((_, i) => [3, 130, 200, 230, 242].includes(i));

const folder = temporaryFolder();

function mutated(log: Buffer, below: (limit: number) => number): Buffer {
  let bytes = log;
  for (let changes = 1 + below(4); changes > 0; changes--) {
    const at = below(bytes.length);
    const kind = below(4);
    if (kind === 0) {
      bytes = Buffer.from(bytes);
      bytes[at] = below(256);
    } else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + below(200))]);
    else if (kind === 2)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(below(at + 1)).subarray(0, 300), bytes.subarray(at)]);
    else bytes = bytes.subarray(0, at);
  }
  return bytes;
}

it.each(shapes)('$name', { timeout: 3_600_000 }, async ({ write, file }) => {
  const whole = Buffer.from(write(EVENTS) as string);
  const random = randomOf(SEED);
  const below = (limit: number): number => Math.floor(random() * limit);
  const path = join(folder, file.replaceAll(/[^\w.-]/g, '_'));
  for (let run = 0; run < RUNS; run++) {
    const bytes = mutated(whole, below);
    if (bytes.length === 0) continue;
    writeFileSync(path, bytes);
    const ids: number[] = [];
    const { events, diagnostics, files } = await readLogs([path], (event) => {
      ids.push(snapshotEvent(event, '').index);
      return true;
    });
    expect(ids).toHaveLength(events);
    expect(events + diagnostics.length + files.length, bytes.toString('latin1')).toBeGreaterThan(0);
  }
});
