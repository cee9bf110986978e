/** What the application of the HTML report computes, without a browser. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpretRule } from '../../../src/engine/match/interpret.ts';
import { plainEvent } from '../../../src/logs/plain-event.ts';
import { axisTicks } from '../../../src/report/html/app/data/axis-ticks.ts';
import { Details } from '../../../src/report/html/app/data/details.ts';
import { type Report, reportOf } from '../../../src/report/html/app/data/model.ts';
import { matcherOf, parseQuery, termText } from '../../../src/report/html/app/data/query.ts';
import { silencingFilter } from '../../../src/report/html/app/data/silence.ts';
import { hashOf, START, stateOf } from '../../../src/report/html/app/data/state.ts';
import { timeScale } from '../../../src/report/html/app/data/time-scale.ts';
import { PageCollector } from '../../../src/report/html/collect-page.ts';
import { partsOf } from '../../../src/report/html/page-data.ts';
import { parseRules } from '../../../src/sigma/rule/parse-rules.ts';
import { caseReport, HOSTILE, PAYLOAD } from './case-report.ts';

function collected(): Report {
  const report = caseReport();
  const collector = new PageCollector(report);
  const events = report.incidents.flatMap((incident, i) => [...incident.events()].map((event) => collector.event(i, event)));
  const split = events.map(partsOf);
  const details = new Details();
  details.add(split.map((event) => JSON.stringify(event.details)).join('\n'));
  details.complete();
  return reportOf({ head: collector.head(), events: split.map(({ facts }) => facts) }, details);
}

describe('the search line', () => {
  it('has words, phrases, fields, and a minus for what is not wanted', () => {
    expect(parseQuery('mimikatz -"two words" Image:cmd.exe -rule:"a \\"b\\"" C:\\Windows')).toEqual([
      { without: false, field: '', value: 'mimikatz' },
      { without: true, field: '', value: 'two words' },
      { without: false, field: 'image', value: 'cmd.exe' },
      { without: true, field: 'rule', value: 'a "b"' },
      { without: false, field: '', value: 'c:\\windows' },
    ]);
    expect(parseQuery('  "" - ')).toEqual([{ without: false, field: '', value: '-' }]);
  });
  it('reads back every term that the page writes', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.boolean(), (value, without) => {
        expect(parseQuery(termText('rule', value, without))).toEqual([{ without, field: 'rule', value: value.toLowerCase() }]);
      }),
      { seed: 1 },
    );
  });
  it('asks fields of the report and of the event', () => {
    const report = collected();
    const found = (query: string): number => report.events.filter(matcherOf(query, report)).length;
    expect(found('')).toBe(report.events.length);
    expect(found('host:dc01')).toBe(3);
    expect(found('event:4624 address:10.0.0.5')).toBe(3);
    expect(found('parentimage:wmiprvse')).toBe(1);
    expect(found('tag:t1059 -whoami')).toBe(1);
    expect(found('level:related')).toBe(1);
    expect(found('level:critical')).toBeGreaterThan(0);
    expect(found('level:CRIT')).toBe(found('level:critical'));
    expect(found('constructor:x')).toBe(0);
  });
  it('finds ids by the digits that a terminal shows', () => {
    const report = collected();
    const found = (query: string) => report.events.filter(matcherOf(query, report));
    const [event] = report.events.filter(({ hits }) => hits.length > 0);
    expect(found(`id:${event!.id.slice(0, 7)}`)).toEqual([event]);
    expect(found(`alert:${event!.hits[0]!.alert.slice(0, 7)}`)).toContain(event);
    expect(found(`incident:${report.head.incidents[event!.incident]!.id.slice(0, 7)}`)).toContain(event);
  });
  it('has payloads decoded, and searches in them', () => {
    const report = collected();
    const found = report.events.filter(matcherOf('"what the consumer runs, in clear"', report));
    expect(found.length).toBeGreaterThan(1);
    for (const event of found) expect(report.details(event).decoded?.map(({ text }) => text)).toContain(PAYLOAD);
  });
});

describe('words in details', () => {
  it('are found the same before and after the details are parsed', () => {
    const parsed = collected();
    for (const event of parsed.events) parsed.contains(event, '');
    const values = parsed.events
      .flatMap((event) => Object.entries(parsed.details(event).data))
      .map(([name, value]) => `${name}=${value}`);
    const texts = [HOSTILE, PAYLOAD, ...values].flatMap((text) => [
      text,
      text.slice(1),
      text.slice(-5),
      text.slice(3, 9),
      `${text}x`,
    ]);
    // Of most values, another part each: a report is read for every text.
    const tried = texts.filter((_, i) => i < 10 || i % 7 === 0);
    for (const text of new Set(tried.map((each) => each.toLowerCase()))) {
      const fresh = collected();
      expect([text, fresh.events.map((event) => fresh.contains(event, text))]).toEqual([
        text,
        parsed.events.map((event) => parsed.contains(event, text)),
      ]);
    }
  });
});

describe('the address of the page', () => {
  it('holds the whole state', () => {
    const state = {
      ...START,
      query: 'a&b="c" #',
      levels: ['high', 'low'],
      host: 'Ä',
      fromUs: 1,
      toUs: 2,
      related: false,
      order: 'time' as const,
      local: true,
      tab: 'wmi',
      event: 'e',
      stars: ['a', 'b'],
      user: 'u',
      tactic: 't',
    };
    expect(stateOf(hashOf(state))).toEqual(state);
    expect(hashOf(START)).toBe('#');
    expect(stateOf('')).toEqual(START);
    expect(stateOf('#from=x&to=-1&order=sideways')).toEqual(START);
  });
});

describe('the time scale', () => {
  it('collapses what is empty, keeps the order, and finds a time again', () => {
    const day = 86_400_000_000;
    const { stretches, x, us } = timeScale([0, 60e6, 700 * day, 700 * day + 30e6], 500);
    expect(stretches.map(({ fromUs, toUs }) => [fromUs, toUs])).toEqual([
      [0, 60e6],
      [700 * day, 700 * day + 30e6],
    ]);
    expect(x(0)).toBe(0);
    expect(x(700 * day + 30e6)).toBeCloseTo(500);
    expect(x(30e6)).toBeLessThan(x(60e6));
    expect(us(x(30e6))).toBe(30e6);
  });
  it('has a place for every time, whatever the times are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 2 ** 50 }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 50, max: 3000 }),
        (times, width) => {
          const { x } = timeScale(times, width);
          const sorted = [...times].sort((a, b) => a - b);
          const places = sorted.map(x);
          expect(places.every((place, i) => place >= (places[i - 1] ?? 0) && place <= width + 1e-6)).toBe(true);
        },
      ),
      { seed: 1 },
    );
  });
  it('is empty without times', () => {
    expect(timeScale([], 100).stretches).toEqual([]);
  });
});

describe('the filter that would silence a match', () => {
  it('is a Sigma filter that silences that event and no other, whatever is in its values', () => {
    const id = '0f06a3a5-6a09-413f-8743-e6cf35561297';
    const rule = { ...collected().head.rules[0]!, id, title: `x: # "${HOSTILE}` };
    const value = 'C:\\*\\a?\\\\b.exe';
    const fields = [{ name: 'Image (NewProcessName)', value, words: null, ranges: [], patterns: [] }];
    const own = `title: T\nid: ${id}\nlogsource: {product: windows, category: process_creation}\ndetection: {s: {Image|startswith: 'C:'}, condition: s}`;
    const { rules, diagnostics } = parseRules(`${own}\n---\n${silencingFilter(rule, fields, 'WS01')}`, 'rules.yml');
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const filtered = rules.find((each) => each.kind === 'detection')!;
    const matches = (Image: string, Computer = 'WS01'): boolean => interpretRule(filtered, plainEvent({ Image, Computer }), null);
    expect(matches(value)).toBe(false);
    expect(matches(value.replace('?', 'b'))).toBe(true);
    expect(matches(value, 'WS02')).toBe(true);
  });
  it('is not offered where a filter could not name the rule', () => {
    const rule = { ...collected().head.rules[0]!, id: null, name: null };
    expect(silencingFilter(rule, [], 'WS01')).toBeNull();
  });
});

describe('what the page embeds', () => {
  it('has a subscription as a chain, and who logged on from where', () => {
    const { head } = collected();
    expect(head.subscriptions).toMatchObject([
      {
        host: 'WS01.corp.example',
        filter: { name: 'Updater' },
        consumer: { name: 'UpdaterRun', type: 'Command Line' },
        processes: [{}],
      },
    ]);
    expect(head.logons).toEqual([{ from: '10.0.0.5', to: 'DC01.corp.example', type: '3', count: 3, failed: 0, users: ['eve'] }]);
    expect(head.tactics).toEqual(['execution', 'persistence', 'lateral-movement']);
  });
});

describe('the times below the timeline', () => {
  const ticks = (...times: string[]): string[] =>
    axisTicks(
      timeScale(
        times.map((time) => Date.parse(time) * 1000),
        900,
      ),
      900,
      (us) => new Date(us / 1000).toISOString().slice(0, 19).replace('T', ' '),
    ).map(({ text }) => text);

  it('say the day or the year where it is another than to their left', () => {
    expect(ticks('2019-01-20T07:00:50Z', '2019-02-16T10:03:17Z', '2020-03-01T10:03:17Z')).toEqual([
      '2019-01-20 07:00:50',
      '02-16 10:03:17',
      '2020-03-01 10:03:17',
    ]);
  });
  it('say it once within a day, and nothing twice', () => {
    expect(ticks('2019-01-20T07:00:50Z', '2019-01-20T07:00:50Z')).toEqual(['2019-01-20 07:00:50']);
    const [first, ...others] = ticks('2019-01-20T07:00:00Z', '2019-01-20T07:20:00Z', '2019-01-20T07:40:00Z');
    expect(first).toBe('2019-01-20 07:00:00');
    expect(others.length).toBeGreaterThan(1);
    for (const other of others) expect(other).toMatch(/^\d\d:\d\d:\d\d$/);
  });
});
