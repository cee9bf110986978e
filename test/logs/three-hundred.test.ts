/**
 * The same 300 events in every shape that is read. Each shape has a writer that does what the shipper does, and says what it loses;
 * a reader must give back all the rest, and rules must match as they do on what is left of the events.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMatcher, readSource } from '../../src/accelerated.ts';
import { compileRules } from '../../src/engine/compile/compile.ts';
import { listLogs, openSource } from '../../src/logs/open/open.ts';
import { plainEvent } from '../../src/logs/plain-event.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { type EventRecord, type EventSnapshot, snapshotEvent } from '../../src/model/event.ts';
import type { RuleSet } from '../../src/model/ruleset.ts';
import { resolveLogSource } from '../../src/sigma/logsource/resolve.ts';
import { loadRules } from '../../src/sigma/rule/load.ts';
import { comparable, comparableData, expectedOf, type LoggedEvent } from '../support/events/logged-event.ts';
import { the300 } from '../support/events/the-300.ts';
import { temporaryFolder } from '../support/folder.ts';
import { shapes } from '../support/shapes/all.ts';
import { hasShared, projectRoot } from '../support/shared.ts';
import { sigmahqRules } from '../support/sigmahq.ts';

const EVENTS = the300();
/** Beside SigmaHQ's rules, where they are there: one rule for each kind of log source that loses something on the way. */
const OWN_RULES = join(projectRoot, 'test/support/events/rules.yml');
const folder = temporaryFolder();

interface Read {
  readonly events: EventSnapshot[];
  readonly hits: string[][];
  readonly diagnostics: Diagnostic[];
}

let ruleSet: RuleSet;
let titles: readonly string[];
let matcher: ReturnType<typeof createMatcher>;
let matcherOfExpected: ReturnType<typeof createMatcher>;
beforeAll(() => {
  const rules = [...loadRules([OWN_RULES]).rules, ...(hasShared ? sigmahqRules().rules : [])];
  ruleSet = compileRules(rules, (logsource) => resolveLogSource(logsource));
  matcher = createMatcher(ruleSet);
  matcherOfExpected = createMatcher(ruleSet);
  titles = ruleSet.rules.map(({ id, title }) => id ?? title ?? '');
});

function hitsOf(event: EventRecord, matcher: ReturnType<typeof createMatcher>): string[] {
  const hits: string[] = [];
  matcher.match(event, (rule) => hits.push(titles[rule]!));
  return hits.sort();
}

async function readLog(file: string, content: string | Buffer): Promise<Read> {
  const path = join(folder, file.replaceAll(/[^\w.-]/g, '_'));
  writeFileSync(path, content);
  const read: Read = { events: [], hits: [], diagnostics: [] };
  const report = (diagnostic: Diagnostic): void => void read.diagnostics.push(diagnostic);
  const sink = {
    event: (event: EventRecord) => {
      read.events.push(snapshotEvent(event, ''));
      read.hits.push(hitsOf(event, matcher));
    },
    diagnostic: report,
  };
  for (const source of await listLogs([path], report)) {
    const opened = await openSource(source, report);
    if (opened !== null) await readSource(opened, sink, { recover: false, verify: false });
  }
  return read;
}

/** Most shapes keep most events as they are. */
const known = new Map<string, string[]>();

/** The hits of the event that the reader should see, which is made without any reader. */
function expectedHits({ system, data }: LoggedEvent): string[] {
  const fields = { ...expectedOf({ system, data }).data, ...system };
  const key = JSON.stringify(fields);
  const hits = known.get(key) ?? hitsOf(plainEvent(fields), matcherOfExpected);
  known.set(key, hits);
  return hits;
}

it('there are 300, of every kind that is asked for', () => {
  expect(EVENTS).toHaveLength(300);
  const ids = (channel: string): number[] =>
    [...new Set(EVENTS.filter(({ system }) => system.Channel === channel).map(({ system }) => Number(system.EventID)))].sort(
      (a, b) => a - b,
    );
  expect(ids('Microsoft-Windows-Sysmon/Operational')).toEqual(Array.from({ length: 29 }, (_, i) => i + 1));
  expect(ids('Security').length).toBeGreaterThan(30);
});

/** What the reader has of an event beside its fields: by this rules are chosen, and events are put in order. */
function headOf({ system }: ReturnType<typeof expectedOf>): unknown[] {
  const number = (text: string | undefined): number | null => (text === undefined ? null : Number(text));
  const { Channel = '', Provider_Name = '', Computer = '', EventID, EventRecordID, TimeCreated_SystemTime } = system;
  return [Channel, Provider_Name, number(EventID), Computer, number(EventRecordID), TimeCreated_SystemTime];
}

/** The first difference of each field of each kind of event. */
function differences(kept: readonly LoggedEvent[], found: readonly EventSnapshot[]): Record<string, unknown> {
  const differing: Record<string, unknown> = {};
  for (const [i, event] of kept.entries()) {
    const expected = expectedOf(event);
    const wanted: Record<string, unknown> = { ...expected.system, ...expected.data, head: headOf(expected) };
    const { system, data, Channel, Provider, EventID, Computer, EventRecordID, TimeCreated } = found[i]!;
    const { TimeCreated_SystemTime: time } = comparable({ TimeCreated_SystemTime: TimeCreated });
    const head = [Channel, Provider, EventID, Computer, EventRecordID, time];
    const read: Record<string, unknown> = { ...comparable(system), ...comparableData(data), head };
    for (const name of new Set([...Object.keys(wanted), ...Object.keys(read)])) {
      const pair = [wanted[name], read[name]];
      if (JSON.stringify(pair[0]) !== JSON.stringify(pair[1]))
        differing[`${event.system.Provider_Name} ${event.system.EventID} ${name}`] ??= pair;
    }
  }
  return differing;
}

describe('the same events', () => {
  it.each(shapes)('$name', async (shape) => {
    const kept = EVENTS.map((event) => shape.kept(event)).filter((event) => event !== null);
    const { events, hits, diagnostics } = await readLog(shape.file, shape.write(EVENTS));
    expect(events).toHaveLength(kept.length);
    expect(differences(kept, events)).toEqual({});
    expect(diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(hits).toEqual(kept.map(expectedHits));
  });
});

describe.skipIf(!hasShared)('docs/inputs.md', () => {
  it('has the table of shapes (`npx vitest run test/logs/three-hundred.test.ts -u` writes it)', async () => {
    const count = (events: readonly (LoggedEvent | null)[]): number =>
      events.reduce((sum, event) => sum + (event === null ? 0 : expectedHits(event).length), 0);
    const whole = count(EVENTS);
    expect(whole).toBeGreaterThan(300);
    const rows = shapes.map((shape) => {
      const kept = EVENTS.map((event) => shape.kept(event));
      return `| ${shape.name.replaceAll('|', '\\|')} | ${kept.filter((event) => event !== null).length} | ${count(kept)} | ${shape.lost} |`;
    });
    const head = [`| shape | events of 300 | matches of ${whole} | what is lost |`, '|---|---|---|---|'];
    const table = ['<!-- shapes -->', ...head, ...rows, '<!-- /shapes -->'].join('\n');
    const path = join(projectRoot, 'docs/inputs.md');
    const page = readFileSync(path, 'utf8').replace(/<!-- shapes -->[\s\S]*<!-- \/shapes -->/, () => table);
    expect(page).toContain(table);
    await expect(page).toMatchFileSnapshot(path);
  });
});
