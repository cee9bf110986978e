/** A report of JSON has the data of an event at least once, and not once for each of its rules. */
import { describe, expect, it } from 'vitest';
import type { EventSnapshot } from '../../src/model/event.ts';
import { reporters as formats } from '../../src/report/formats/registry.generated.ts';
import type { ScanReport } from '../../src/report/reporter.ts';
import { makeEvent, makeMatch, makeRule, makeSummary, reportOf } from './sample-report.ts';

const RULES = 8;
const LARGE = 1_050_000;
const rules = Array.from({ length: RULES }, (_, i) => makeRule(`Rule ${i}`));
/** The rules may take so much each: their own metadata and the beginning of the value. */
const PER_RULE = 8_000;

/** `length`: of its command line. */
function processCreation(index: number, length: number, more: Partial<EventSnapshot> = {}): EventSnapshot {
  const CommandLine = 'evil x '.repeat(length / 'evil x '.length);
  return makeEvent(index, 1, '10:00:00.0000000', { Image: 'C:\\evil.exe', CommandLine }, more);
}

/** All rules match all events. */
function reportAbout(...events: EventSnapshot[]): ScanReport {
  const matches = events.flatMap((event) =>
    rules.map((_, rule) => {
      const value = String(event.data.CommandLine);
      return makeMatch(rule, event, [{ name: 'CommandLine', value, modifier: 'contains', pattern: 'evil' }]);
    }),
  );
  return reportOf({ rules, matches: () => matches, correlations: [], alerts: [], summary: makeSummary() });
}

// biome-ignore lint/suspicious/noExplicitAny: each format has a shape of its own.
type Line = any;

async function render(name: string, report: ScanReport): Promise<string> {
  const reporter = await formats.find((format) => format.name === name)!.load();
  await reporter.prepare?.({ lookback: false });
  let text = '';
  for (const piece of reporter.render(report, { width: 100, colour: false }))
    text += Buffer.from(piece as string).toString('utf8');
  return text;
}

async function linesOf(name: string, report: ScanReport): Promise<Line[]> {
  return (await render(name, report))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('an event of a megabyte that many rules match', () => {
  const report = reportAbout(processCreation(1, LARGE));

  it.each(formats.map(({ name }) => name))('%s: takes little more than the event takes once', async (name) => {
    const text = await render(name, report);
    expect(Buffer.byteLength(text)).toBeLessThan(2 * LARGE + RULES * PER_RULE);
  });

  it('the first line of JSON Lines has all of it, each further one says that it has no data', async () => {
    const [first, ...others] = (await linesOf('jsonl', report)).filter(({ kind }) => kind === 'match');
    expect(first.event.data.CommandLine).toHaveLength(LARGE);
    expect(first.fields[0].value).toHaveLength(LARGE);
    expect(first.event).not.toHaveProperty('dataOmitted');
    expect(others).toHaveLength(RULES - 1);
    for (const { event, fields } of others) {
      expect(event).toMatchObject({ id: first.event.id, EventID: 1, Computer: 'IEWIN7', dataOmitted: true });
      expect(event).not.toHaveProperty('data');
      expect(fields).toEqual([
        {
          name: 'CommandLine',
          value: first.fields[0].value.slice(0, 1_000),
          modifier: 'contains',
          pattern: 'evil',
          length: LARGE,
        },
      ]);
    }
  });

  it('a recovered record stays one', async () => {
    const lines = await linesOf('jsonl', reportAbout(processCreation(1, LARGE, { recovered: true })));
    for (const { event } of lines.filter(({ kind }) => kind === 'match')) expect(event.recovered).toBe(true);
  });

  it.each([
    ['splunk-hec', (line: Line) => line.event.event.dataOmitted === true, (line: Line) => line.event.event.data?.CommandLine],
    ['ecs', (line: Line) => line.labels.data_omitted === 'true', (line: Line) => line.winlog.event_data?.CommandLine],
    ['timesketch-jsonl', (line: Line) => line.omitted === 'data', (line: Line) => line.data_CommandLine],
  ] as const)('%s: the first document has all of it, the others say so', async (name, omits, commandLine) => {
    const [first, ...others] = await linesOf(name, report);
    expect(commandLine(first)).toHaveLength(LARGE);
    expect(omits(first)).toBe(false);
    expect(others).toHaveLength(RULES - 1);
    for (const line of others) expect([omits(line), commandLine(line)]).toEqual([true, undefined]);
  });
});

describe('every other event', () => {
  it('stands whole in each line: a script block of 28 kB', async () => {
    const lines = await linesOf('jsonl', reportAbout(processCreation(1, 28_000)));
    const matches = lines.filter(({ kind }) => kind === 'match');
    expect(matches).toHaveLength(RULES);
    for (const { event } of matches) expect(event.data.CommandLine).toHaveLength(28_000);
  });

  it('has its first line whole whatever came before: same record number in another file, same file with another record', async () => {
    const events = [
      processCreation(1, 1_400_000),
      processCreation(1, 1_400_000, { file: 'other.xml' }),
      processCreation(2, 1_400_000),
    ];
    for (const name of ['jsonl', 'splunk-hec']) {
      const lines = await linesOf(name, reportAbout(...events));
      const whole = lines
        .map((line) => line.event?.event ?? line.event)
        .filter((event) => event?.data !== undefined && !event.dataOmitted);
      expect(whole.map(({ file, index }) => [file, index])).toEqual(events.map(({ file, index }) => [file, index]));
    }
  });

  it('has its first line whole also where recovered records have no number of their own, and that of a record nearby', async () => {
    const recovered = (offset: number, name: string): EventSnapshot =>
      makeEvent(
        4,
        1,
        '10:00:00.0000000',
        { Image: name, CommandLine: `evil ${'x'.repeat(60_000)}` },
        { offset, recovered: true },
      );
    const events = Array.from({ length: 3 }, (_, i) => recovered(5_000 + 64_000 * i, `C:\\${i}.exe`));
    for (const name of ['jsonl', 'splunk-hec', 'ecs', 'timesketch-jsonl']) {
      const text = await render(name, reportAbout(...events));
      for (const { data } of events) expect(text, name).toContain(JSON.stringify(data.Image));
    }
  });
});
