/** A log that changes while it is scanned: what was found first is read, and what is lost is said. */
import { appendFileSync, renameSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { FileSource, foundFile } from '../../src/logs/open/byte-source.ts';
import { formatDiagnostic } from '../../src/model/diagnostic.ts';
import { TASK_BYTES } from '../../src/scan/threads/tasks.ts';
import { scan } from '../../src/scan.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);

const LINE = `{"EventID":1,"Channel":"Security","Computer":"PC","@timestamp":"2024-01-01T00:00:00Z","Image":"${'a'.repeat(900)}"}\n`;
const LINES = Math.ceil((3 * TASK_BYTES) / LINE.length);
const log = LINE.repeat(LINES);

beforeAll(() => {
  writeFileSync(
    at('rule.yml'),
    `title: T\nlogsource:\n  product: windows\n  service: security\ndetection:\n  selection:\n    EventID: 4624\n  condition: selection\n`,
  );
});

/** Scans a log of three ranges and changes it after the first. */
async function run(change: (path: string) => void): Promise<{ records: number; bytes: number; diagnostics: string[] }> {
  const path = at('log.jsonl');
  writeFileSync(path, log);
  let changed = false;
  const result = await scan(
    { paths: [path], rules: [at('rule.yml')], windowUs: 0, threads: 1 },
    {
      onProgress() {
        if (!changed) change(path);
        changed = true;
      },
    },
  );
  result.close();
  const { diagnostics, totals } = result.summary;
  const told = diagnostics.map((diagnostic) => formatDiagnostic(diagnostic).replaceAll(folder, '.'));
  return { records: totals.records, bytes: totals.bytes, diagnostics: told };
}

describe('a log that changes while it is scanned', () => {
  test('not at all', async () => {
    expect(await run(() => {})).toEqual({ records: LINES, bytes: log.length, diagnostics: [] });
  });

  test('it is cut', async () => {
    for (const size of [0, 2 * TASK_BYTES]) {
      const { records, bytes, diagnostics } = await run((path) => truncateSync(path, size));
      expect(diagnostics.filter((line) => !line.includes('json/'))).toEqual([
        `./log.jsonl error input/changed: the file became shorter while it was read: it gave ${bytes} of its ${log.length} bytes. What stood behind is lost to this scan.`,
      ]);
      expect(records).toBeCloseTo(bytes / LINE.length, -1);
      expect(records).toBeLessThan(LINES);
    }
  });

  test('it is renamed, and another file gets its name', async () => {
    const rotated = await run((path) => {
      renameSync(path, `${path}.1`);
      writeFileSync(path, LINE);
    });
    expect(rotated).toEqual({
      records: LINES,
      bytes: log.length,
      diagnostics: [
        './log.jsonl warning input/changed: another file was put in its place while it was read. The one that was found first was read. Scan again for the new one.',
      ],
    });
  });

  test('it is replaced by a file of the same length', async () => {
    const { records, diagnostics } = await run((path) => {
      writeFileSync(`${path}.new`, Buffer.alloc(log.length));
      renameSync(`${path}.new`, path);
    });
    expect([records, diagnostics.length]).toEqual([LINES, 1]);
  });

  test('it is deleted: all of it is read, nothing is to be said', async () => {
    expect(await run((path) => rmSync(path))).toEqual({ records: LINES, bytes: log.length, diagnostics: [] });
  });

  test('it grows', async () => {
    expect(await run((path) => appendFileSync(path, LINE))).toEqual({
      records: LINES,
      bytes: log.length,
      diagnostics: [
        `./log.jsonl warning input/changed: the file became longer while it was read: of the ${LINE.length} bytes that were added at most one record was read. Scan a copy of it, or scan again.`,
      ],
    });
  });

  test('it is written to', async () => {
    const { records, diagnostics } = await run((path) => utimesSync(path, new Date(), new Date(Date.now() + 5000)));
    expect([records, diagnostics]).toEqual([
      LINES,
      [
        './log.jsonl warning input/changed: the file was written to while it was read: records may be missing or damaged. Scan a copy of it, or scan again.',
      ],
    ]);
  });
});

test('a file that is opened by its name must be the one that was found', () => {
  writeFileSync(at('a'), 'a');
  const found = foundFile(statSync(at('a')));
  new FileSource(at('a'), found).close();
  writeFileSync(at('b'), 'b');
  renameSync(at('b'), at('a'));
  expect(() => new FileSource(at('a'), found)).toThrow('another file of this name');
});
