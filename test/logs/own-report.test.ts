/** What winnow writes is never read as a log. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { listSources, openSource } from '../../src/logs/open/open.ts';
import { isOwnReport, reportIn } from '../../src/logs/open/own-report.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { reporters } from '../../src/report/formats/registry.generated.ts';
import { runWinnow } from '../cli/test-context.ts';
import { makeSummary, reportOf, rules, sampleReport } from '../report/sample-report.ts';
import { folderWith } from '../support/folder.ts';

let folder = '';
beforeEach(() => {
  folder = folderWith();
});

const nothing = reportOf({ rules, matches: () => [], correlations: [], alerts: [], summary: makeSummary() });

async function written(name: string, report = sampleReport, colour = false): Promise<string> {
  const reporter = await reporters.find((one) => one.name === name)!.load();
  await reporter.prepare?.({ lookback: true });
  let text = '';
  for (const piece of reporter.render(report, { width: 100, colour })) text += Buffer.from(piece as string).toString('utf8');
  return text;
}

describe('a report', () => {
  it.each(reporters.map(({ name }) => name))(
    'of a scan (%s) is told, whole, without its end, or when nothing was found',
    async (name) => {
      const text = await written(name);
      // Of one object per match, no match is an empty file, which is no log. Hayabusa's columns are told as hayabusa's.
      for (const one of [text, text.slice(0, Math.max(300, text.length / 3)), await written(name, nothing)])
        expect([one.slice(0, 80), one === '' || reportIn(Buffer.from(one)) !== null]).toEqual([one.slice(0, 80), true]);
    },
  );
  it('of the other verbs in JSON is told, and SARIF', async () => {
    const rule = 'rules/wmi_filter_bound.yml';
    for (const argv of [
      ['lint', rule, '-f', 'json'],
      ['lint', rule, '-f', 'sarif', '--severity', 'info'],
      ['test', rule, '-f', 'json'],
      ['explain', rule, 'fixtures/wmi-subscription.jsonl', '-f', 'json'],
      ['search', 'sync.cmd', 'fixtures/wmi-subscription.jsonl', '-f', 'jsonl'],
      ['metrics', 'fixtures/wmi-subscription.jsonl', '-f', 'jsonl'],
      ['logons', 'fixtures/wmi-subscription.jsonl', '-f', 'jsonl'],
    ]) {
      const { out } = await runWinnow(argv);
      expect([argv, isOwnReport(Buffer.from(out))]).toEqual([argv, true]);
    }
  });
  it('that jq has laid out anew is told', async () => {
    expect(isOwnReport(Buffer.from(JSON.stringify(JSON.parse(await written('json')), null, 2)))).toBe(true);
  });
  it('in a scanned folder is passed over and said, by its content, also packed and under the name of a log', async () => {
    const report = await written('jsonl');
    writeFileSync(join(folder, 'a.evtx'), report);
    writeFileSync(join(folder, 'b.json.gz'), gzipSync(report));
    writeFileSync(join(folder, 'c.json'), '{"EventID":1,"Channel":"Security","kind":"match"}\n');
    const seen: Diagnostic[] = [];
    const listed = listSources([folder], (one) => seen.push(one));
    expect(listed.map(({ path }) => path)).toEqual([join(folder, 'c.json')]);
    expect(seen.map(({ code, severity, place }) => [code, severity, place.file])).toEqual([
      ['input/own-report', 'info', join(folder, 'a.evtx')],
      ['input/own-report', 'info', join(folder, 'b.json.gz')],
    ]);
  });
  it('that is named itself is refused with the reason', async () => {
    const path = join(folder, 'report.jsonl');
    writeFileSync(path, await written('jsonl'));
    const seen: Diagnostic[] = [];
    expect(await openSource(listSources([path], () => {})[0]!, (one) => seen.push(one))).toBeNull();
    expect(seen).toMatchObject([
      { code: 'input/own-report', severity: 'error', message: 'it is a report of winnow, not an event log.' },
    ]);
  });
});

describe('a log', () => {
  it('is no report, whatever its events hold', () => {
    for (const log of [
      '{"kind":"match","EventID":1}',
      '{"EventID":1,"kind":"match","rule":{}}',
      '<Event><System/></Event># winnow: ',
      '[{"kind":"summary","EventID":4}]',
    ])
      expect([log, isOwnReport(Buffer.from(log))]).toEqual([log, false]);
  });
});
