import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeShared, shared } from '../../support/shared.ts';
import { decodeFile, PLAIN, RECOVER, VERIFY } from './support/read.ts';

interface Expected {
  readonly path: string;
  readonly file: string;
  readonly records: number;
}

function expectedRecords(set: string): Expected[] {
  const lines = readFileSync(shared('corpus', 'expected', `${set}-records.tsv`), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  return lines.map((line) => {
    const [file, records] = line.split('\t');
    return { file: file!, path: shared('corpus', set, file!), records: Number(records) };
  });
}

describeShared('the acceptance corpus', () => {
  const expected = () => ['regression', 'evtx-attack-samples'].flatMap(expectedRecords);

  it('has the live records that libevtx counts, file by file, and none is damaged', () => {
    const counted = (records: number, damaged: number) => ({ records, damaged });
    const found = expected().map(({ path, file, records }) => {
      let events = 0;
      const { stats } = decodeFile(path, PLAIN, () => events++);
      return { file, events, want: records, ...counted(stats.records, stats.damaged) };
    });
    expect(found.filter(({ events, records, want, damaged }) => events !== want || records !== want || damaged !== 0)).toEqual(
      [],
    );
    expect(found.reduce((sum, { records }) => sum + records, 0)).toBe(8493);
  });

  it('gives the same live records and marked ones besides when asked to recover', () => {
    let recovered = 0;
    const wrong: string[] = [];
    for (const { path, file, records } of expected()) {
      let live = 0;
      const { stats } = decodeFile(path, RECOVER, (event) => {
        if (event.recovered) recovered++;
        else if (event.index === live) live++;
      });
      if (live !== records || stats.records !== records) wrong.push(file);
    }
    expect(wrong).toEqual([]);
    expect(recovered).toBeGreaterThan(10_000);
  });

  it('has checksums that all match, as computed here', () => {
    const reported: string[] = [];
    const records = expected().reduce((sum, { path }) => {
      const { stats, diagnostics } = decodeFile(path, VERIFY, () => {});
      reported.push(...diagnostics.filter(({ code }) => code.endsWith('-checksum')).map(({ message }) => message));
      return sum + stats.records;
    }, 0);
    expect(records).toBe(8493);
    expect(reported).toEqual([]);
  });
});
