/** What surrounds the engine: streams, files, notes, exit codes. The engine is a hand-made result here. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CommandArgs } from '../../src/commands/command.ts';
import { type Command, EXIT } from '../../src/commands/command.ts';
import type { ScanFlags } from '../../src/commands/flags/scan-flags.ts';
import { runScan } from '../../src/commands/run/scan/run-scan.ts';
import type { ScanRequest } from '../../src/commands/run/scan/scan-request.ts';
import { command } from '../../src/commands/scan.ts';
import { UsageError } from '../../src/model/errors.ts';
import { formatNames } from '../../src/report/formats/names.generated.ts';
import { reporters } from '../../src/report/formats/registry.generated.ts';
import type { ScanReport } from '../../src/report/reporter.ts';
import { makeSummary, sampleReport } from '../report/sample-report.ts';
import { folderWith } from '../support/folder.ts';
import { runWinnow, type TestWorld } from './test-context.ts';

interface Setting extends TestWorld {
  readonly report?: ScanReport;
  /** Milliseconds that the engine takes. */
  readonly takesMs?: number;
  /** Matches that it tells while it runs. */
  readonly earlyMatches?: number;
}

/** `winnow scan ARGV` with an engine that finds the given report. */
async function scan(argv: readonly string[], { report = sampleReport, takesMs = 0, earlyMatches = 0, ...world }: Setting = {}) {
  let request: ScanRequest | null = null;
  let closed = 0;
  let now = 0;
  const verb: Command = {
    ...command,
    run: (context, args) =>
      runScan(context, args as CommandArgs<ScanFlags>, async (asked, _context, { onProgress, onMatches }) => {
        request = asked;
        const early = [...report.matchTexts()].slice(0, earlyMatches);
        if (earlyMatches > 0) await onMatches?.(early, report.rules);
        now += takesMs;
        onProgress({ bytesDone: 500, bytesTotal: 1000, events: 10, matches: 1 });
        const matchTexts = () => [...report.matchTexts()].slice(onMatches === undefined ? 0 : earlyMatches);
        return { ...report, matchTexts, close: () => closed++ };
      }),
  };
  const result = await runWinnow(['scan', ...argv], { commands: [verb], clock: () => now, ...world });
  return { ...result, request: request as ScanRequest | null, closed };
}

const withSummary = (more: Parameters<typeof makeSummary>[0]): ScanReport => ({ ...sampleReport, summary: makeSummary(more) });

let folder = '';
beforeEach(() => {
  folder = folderWith();
});

describe('winnow scan', () => {
  it('offers the formats that there are', () => {
    expect(reporters.map((reporter) => reporter.name)).toEqual([...formatNames]);
  });
  it('asks the engine for what the flags say', async () => {
    const { request } = await scan([
      'a',
      'b',
      '-r',
      'x',
      '--recover',
      '--from',
      '1970-01-01',
      '--to',
      '1970-01-02',
      '--threads',
      '2',
      '--lookback',
      '1h',
      '--no-cache',
    ]);
    expect(request).toMatchObject({
      paths: ['a', 'b'],
      rules: ['x'],
      values: [],
      reported: null,
      noCache: true,
      from: 0,
      to: 2 * 86_400e6 - 1,
      recover: true,
      verify: false,
      threads: 2,
      lookback: { text: '1h', ms: 3_600_000 },
    });
  });
  it('refuses a time span that ends before it begins', async () => {
    expect(await scan(['a', '--from', '2020-01-02', '--to', '2020-01-01'])).toMatchObject({
      code: EXIT.usage,
      err: 'winnow: --from is later than --to.\n',
    });
  });
  it('needs a path', async () => {
    expect(await scan([])).toMatchObject({ code: EXIT.usage, err: expect.stringContaining("missing required argument 'paths'") });
  });
  it('refuses an output whose ending no format has', async () => {
    expect(await scan(['a', '-o', 'report.xlsx'])).toMatchObject({
      code: EXIT.usage,
      err: expect.stringContaining('no format has files that end with ".xlsx" (.csv, .html'),
    });
  });
  it('prints the report to stdout and one line about speed to stderr, and closes the result', async () => {
    const { code, out, err, closed } = await scan(['a'], { takesMs: 2000 });
    expect([code, closed]).toEqual([EXIT.done, 1]);
    const terminal = await reporters.find(({ name }) => name === 'terminal')!.load();
    expect(out).toBe([...terminal.render(sampleReport, { width: 100, colour: false })].join(''));
    expect(err).toBe('winnow: 14 records, 35 kB in 2.0 s (17 kB/s)\n');
  });
  it('says nothing on stderr under --quiet, but errors when stdout is for machines', async () => {
    expect((await scan(['a', '-q'])).err).toBe('');
    expect((await scan(['a', '-q', '--format', 'jsonl'])).err).toBe(
      'winnow: rules/bad\u241b[31m.yml:14:5 error rule/unknown-modifier: "contians" is not a modifier. Did you mean "contains"?\n',
    );
  });
  it('tells problems on stderr when stdout is for machines', async () => {
    const { out, err } = await scan(['a', '--format', 'jsonl']);
    expect(out.trimEnd().split('\n')).toHaveLength(10);
    expect(
      err,
    ).toBe(`winnow: rules/bad\u241b[31m.yml:14:5 error rule/unknown-modifier: "contians" is not a modifier. Did you mean "contains"?
winnow: logs/Empty.evtx at 0x1000 warning evtx/chunk-checksum: The checksum is wrong.
winnow: 3 rules of 8 not used; the summary says why
winnow: 8 alerts (1 high, 1 medium, 1 low, 5 without level) from 7 matches and 1 correlation
winnow: 14 records, 35 kB in 0 s
`);
  });
  it('is not disturbed when nobody reads on: the exit code is the one that it would have had', async () => {
    expect(await scan(['a', '-q'], { closedAfter: 100 })).toMatchObject({ code: EXIT.done, out: '', err: '', closed: 1 });
    for (const more of [[], ['--lookback', '0', '-f', 'jsonl']]) {
      const ended = await scan(['a', '-q', '--fail-on', 'low', ...more], { closedAfter: 100, earlyMatches: 3 });
      expect([ended.code, ended.out]).toEqual([EXIT.findings, '']);
    }
  });
});

describe('a report that begins while the scan runs', () => {
  it('is the one that it would be', async () => {
    for (const format of formatNames) {
      const whole = (await scan(['a', '--format', format])).out;
      for (const more of [
        ['--lookback', '0'],
        ['--lookback', '9m'],
      ]) {
        expect((await scan(['a', '--format', format, ...more], { earlyMatches: 3 })).out).toBe(whole);
      }
    }
  });
  it('clears the progress line of the terminal that it is written to', async () => {
    let now = 0;
    const told: string[] = [];
    const drawing: Command = {
      ...command,
      run: (context, args) =>
        runScan(context, args as CommandArgs<ScanFlags>, async (_asked, { stderr }, { onProgress, onMatches }) => {
          const seen = (): string => (stderr as unknown as { text: string }).text;
          now += 1500;
          onProgress({ bytesDone: 500, bytesTotal: 1000, events: 10, matches: 1 });
          told.push(seen());
          await onMatches?.(sampleReport.matchTexts(), sampleReport.rules);
          told.push(seen());
          return { ...sampleReport, *matchTexts() {}, close: () => {} };
        }),
    };
    const argv = ['scan', 'a', '--format', 'jsonl', '--lookback', '0'];
    const { err } = await runWinnow(argv, { commands: [drawing], clock: () => now, isTTY: true });
    expect(err.startsWith('\r')).toBe(true);
    expect(told[0]).toContain('50%');
    expect(told[1]).toBe(`${told[0]}\r\u001b[K`);
  });
  it('leaves no file behind when the scan fails', async () => {
    const failing: Command = {
      ...command,
      run: (context, args) =>
        runScan(context, args as CommandArgs<ScanFlags>, async (_asked, _context, { onMatches }) => {
          await onMatches?.(sampleReport.matchTexts(), sampleReport.rules);
          throw new UsageError('no such rules');
        }),
    };
    const argv = ['scan', 'a', '--lookback', '0', '-o', 'r.jsonl'];
    const { code, err } = await runWinnow(argv, { commands: [failing], cwd: folder });
    expect([code, err, readdirSync(folder)]).toEqual([EXIT.usage, 'winnow: no such rules\n', []]);
  });
});

describe('--output', () => {
  it('writes a file, and says so', async () => {
    const { code, out, err } = await scan(['a', '--format', 'jsonl', '-o', 'r.jsonl'], { cwd: folder });
    expect([code, out]).toEqual([EXIT.done, '']);
    expect(err).toContain('winnow: wrote r.jsonl\n');
    expect(readdirSync(folder)).toEqual(['r.jsonl']);
    expect(readFileSync(join(folder, 'r.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(10);
  });
  it('does not replace a file, and does not even scan then', async () => {
    writeFileSync(join(folder, 'r.txt'), 'mine');
    expect(await scan(['a', '-o', 'r.txt'], { cwd: folder })).toMatchObject({
      code: EXIT.usage,
      err: 'winnow: --output r.txt exists. Add --force to replace it.\n',
      request: null,
    });
    expect((await scan(['a', '-o', 'r.txt', '--force'], { cwd: folder })).code).toBe(EXIT.done);
  });
  it('tells the format by its ending, unless --format does', async () => {
    const begins = async (...argv: string[]) => {
      await scan(['a', '--force', ...argv], { cwd: folder });
      return readFileSync(join(folder, argv[1] ?? ''), 'utf8').slice(0, 9);
    };
    expect([
      await begins('-o', 'r.html'),
      await begins('-o', 'r.CSV'),
      await begins('-o', 'r.md'),
      await begins('-o', 'r.json'),
      await begins('-o', 'r.jsonl'),
      await begins('-o', 'r.txt'),
      await begins('-o', 'report'),
      await begins('-o', 'r.html', '--format', 'csv'),
    ]).toEqual([
      '<!doctype',
      '\ufeffTimestam',
      '# winnow:',
      '[\n{"kind"',
      '{"kind":"',
      '1 inciden',
      '1 inciden',
      '\ufeffTimestam',
    ]);
  });
  it('has no colour in it on a terminal', async () => {
    await scan(['a', '-o', 'r.txt'], { cwd: folder, isTTY: true });
    expect(readFileSync(join(folder, 'r.txt'), 'utf8')).not.toContain('\u001b');
  });
  it('- is stdout', async () => {
    expect((await scan(['a', '-o', '-'])).out).toContain('1 incident on 1 computer');
  });
});

describe('colour', () => {
  const coloured = async (argv: string[], world: TestWorld) => (await scan(['a', ...argv], world)).out.includes('\u001b[');
  it('is used on a terminal only', async () => {
    expect([await coloured([], { isTTY: true }), await coloured([], {})]).toEqual([true, false]);
  });
  it('honours NO_COLOR, FORCE_COLOR, TERM=dumb and the flags', async () => {
    expect([
      await coloured([], { isTTY: true, env: { NO_COLOR: '1' } }),
      await coloured([], { isTTY: true, env: { NO_COLOR: '' } }),
      await coloured([], { isTTY: true, env: { TERM: 'dumb' } }),
      await coloured([], { env: { FORCE_COLOR: '1' } }),
      await coloured([], { isTTY: true, env: { FORCE_COLOR: '0' } }),
      await coloured(['--color'], { env: { NO_COLOR: '1' } }),
      await coloured(['--no-color'], { isTTY: true, env: { FORCE_COLOR: '1' } }),
    ]).toEqual([false, true, false, true, false, true, false]);
  });
});

describe('the progress line', () => {
  const shown = async (argv: string[], world: Setting) => (await scan(['a', ...argv], world)).err.includes('\r');
  it('is shown on a terminal after a second, and not otherwise', async () => {
    expect([
      await shown([], { isTTY: true, takesMs: 1500 }),
      await shown([], { isTTY: true, takesMs: 500 }),
      await shown([], { takesMs: 1500 }),
      await shown(['--no-progress'], { isTTY: true, takesMs: 1500 }),
      await shown(['--quiet'], { isTTY: true, takesMs: 1500 }),
    ]).toEqual([true, false, false, false, false]);
  });
});

describe('the exit code', () => {
  const code = async (argv: string[], report?: ScanReport) =>
    (await scan(['a', ...argv], report === undefined ? {} : { report })).code;
  const refused = { code: 'rule/yaml', severity: 'error', message: 'x', place: {} } as const;
  const unread = { code: 'input/missing', severity: 'error', message: 'x', place: {} } as const;
  const damage = { code: 'evtx/truncated', severity: 'warning', message: 'x', place: {} } as const;
  const nothingRead = { ...makeSummary().totals, records: 0 };
  it('is 1 only for findings at or above --fail-on', async () => {
    expect([await code([]), await code(['--fail-on', 'high']), await code(['--fail-on', 'critical'])]).toEqual([0, 1, 0]);
  });
  it('is 2 for a refused rule under --strict', async () => {
    expect([
      await code([], withSummary({ diagnostics: [refused] })),
      await code(['--strict'], withSummary({ diagnostics: [refused] })),
    ]).toEqual([0, 2]);
    expect(await code(['--strict'], withSummary({}))).toBe(0);
  });
  it('is 2 when no rule could be used', async () => {
    expect(await code([], withSummary({ rules: { ...makeSummary().rules, used: 0 } }))).toBe(2);
  });
  it('is 4 when a source could not be read, or nothing was; damage inside one is not that', async () => {
    expect([
      await code([], withSummary({ diagnostics: [unread] })),
      await code([], withSummary({ totals: nothingRead })),
      await code([], withSummary({ diagnostics: [damage] })),
    ]).toEqual([4, 4, 0]);
  });
  it('is 4 with --fail-on-damage when anything was damaged, empty or named like a log and is none', async () => {
    const code = async (more: Parameters<typeof makeSummary>[0]): Promise<number[]> => {
      const report = withSummary({ diagnostics: [], ...more });
      return [(await scan(['a'], { report })).code, (await scan(['a', '--fail-on-damage'], { report })).code];
    };
    const told = (code: string, severity: 'warning' | 'info') => [{ code, severity, message: 'm', place: { file: 'x.evtx' } }];
    expect(await code({})).toEqual([0, 0]);
    for (const one of ['input/empty', 'input/not-a-log', 'evtx/chunk-checksum', 'xml/truncated', 'json/syntax'])
      expect([one, ...(await code({ diagnostics: told(one, 'warning') }))]).toEqual([one, 0, 4]);
    for (const one of ['input/skipped', 'input/own-report'])
      expect([one, ...(await code({ diagnostics: told(one, 'info') }))]).toEqual([one, 0, 0]);
    expect(await code({ diagnostics: told('correlation/limit', 'warning') })).toEqual([0, 0]);
    const harmless = told('input/no-channel', 'warning').map((one) => ({ ...one, damage: false as const }));
    expect(await code({ diagnostics: harmless })).toEqual([0, 0]);
  });
  it('is 130 after an interruption, whatever was found', async () => {
    expect(await code(['--fail-on', 'low'], withSummary({ interrupted: true, diagnostics: [unread] }))).toBe(130);
  });
  it('tells that results are incomplete before it tells of findings', async () => {
    expect([
      await code(['--fail-on', 'low', '--strict'], withSummary({ diagnostics: [unread, refused] })),
      await code(['--fail-on', 'low', '--strict'], withSummary({ diagnostics: [refused] })),
    ]).toEqual([4, 2]);
  });
});
