import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HostNames } from '../../src/findings/host-names.ts';
import { ContextRing, visitRing } from '../../src/findings/lookback/context-ring.ts';
import { eventKindOf, linkKeysOf } from '../../src/findings/lookback/links/event-links.ts';
import { LookbackCollector } from '../../src/findings/lookback/lookback.ts';
import type { LookbackPlan } from '../../src/findings/lookback/lookback-plan.ts';
import { TimeSpans } from '../../src/findings/lookback/time-spans.ts';
import { snapshotRecord } from '../../src/findings/store/snapshot-record.ts';
import { type EventSnapshot, snapshotEvent } from '../../src/model/event.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { tries } from '../support/random.ts';
import { snapshot, TEN_OCLOCK_US } from './support.ts';

const WINDOW_US = 60e6;
const SYSMON = 'Microsoft-Windows-Sysmon/Operational';

function planOf(targets: readonly EventSnapshot[], computers: readonly string[] = [], copies = false): LookbackPlan {
  return {
    targets: targets.map((event) => ({ computer: event.Computer, timeUs: event.timeUs, anchors: [event] })),
    windowUs: WINDOW_US,
    window: '1m',
    computers,
    copies,
  };
}

function lookbacks(
  targets: readonly EventSnapshot[],
  events: readonly EventSnapshot[],
  computers: readonly string[] = [],
  copies = false,
) {
  const collector = new LookbackCollector(planOf(targets, computers, copies));
  for (const event of events) show(collector, event);
  return collector.finish(false);
}

/** What a reader does in two passes: shows the event, and gives it in full. */
function show(collector: LookbackCollector, event: EventSnapshot): void {
  collector.visit(snapshotRecord(event), event.file);
  collector.hold(snapshotEvent(snapshotRecord(event), event.file));
}

const reasons = (events: readonly { reason: string; event: EventSnapshot }[]) =>
  events.map(({ reason, event }) => `${(event.timeUs - TEN_OCLOCK_US) / 1e6} ${reason}`);

const event = fc.record({
  seconds: fc.integer({ min: 0, max: 200 }),
  computer: fc.constantFrom('PC1', 'pc1', 'PC1.corp', 'PC2', 'PC3'),
  eventId: fc.constantFrom(1, 3, 7, 19, 4242),
  user: fc.constantFrom('corp\\ann', 'ben', 'SYSTEM'),
});

describe('look-back', () => {
  test('puts what is tied to the match first: names, process, session, user, then what kind of event it is', () => {
    const guid = (n: number) => `{0000000${n}-0000-0000-0000-000000000001}`;
    const process = (seconds: number, index: number, n: number, parent: number, data: Record<string, string> = {}) =>
      snapshot(seconds, {
        index,
        channel: SYSMON,
        eventId: 1,
        data: { ProcessGuid: guid(n), ParentProcessGuid: guid(parent), User: 'pc1\\sam', Image: 'C:\\x.exe', ...data },
      });
    const matched = process(50, 0, 5, 4, { LogonId: '0x14591', User: 'PC1\\ann' });
    const events = [
      process(1, 1, 4, 1),
      process(2, 2, 7, 6, { LogonId: '0x14591' }),
      process(3, 3, 8, 6, { User: 'ANN' }),
      snapshot(4, { index: 4, channel: 'Security', eventId: 4624, data: { TargetLogonId: '0x14591', LogonType: '3' } }),
      snapshot(5, { index: 5, channel: 'Security', eventId: 4624, data: { TargetLogonId: '0x3e7', LogonType: '5' } }),
      snapshot(6, { index: 6, channel: 'Security', eventId: 4658, data: {} }),
      snapshot(7, { index: 7, channel: SYSMON, eventId: 7, data: { ProcessGuid: guid(5).toUpperCase() } }),
      matched,
      process(51, 8, 9, 5),
      process(52, 9, 10, 6, { User: 'ANN' }),
    ];
    const [lookback] = lookbacks([matched], events);
    expect(lookback!.events).toBe(7);
    expect([...lookback!.related].sort((a, b) => b.score - a.score).map(({ reason }) => reason)).toEqual([
      'parent process (ProcessGuid), process creation',
      'same LogonId, process creation',
      'same LogonId, logon',
      'same user, process creation',
      'same process (ProcessGuid), image loaded',
      'logon',
    ]);
    expect(reasons(lookback!.related)[0]).toBe('1 parent process (ProcessGuid), process creation');
    expect(reasons(lookback!.after)).toEqual(['51 child process (ProcessGuid), process creation']);
  });

  test('takes 0x728 of Security 4688 and 1832 of Sysmon for the same process', () => {
    const matched = snapshot(10, { index: 1, channel: SYSMON, eventId: 3, data: { ProcessId: '1832' } });
    const started = snapshot(9, {
      index: 2,
      channel: 'Security',
      eventId: 4688,
      data: { NewProcessId: '0x728', ProcessId: '0x4' },
    });
    expect(reasons(lookbacks([matched], [started])[0]!.related)).toEqual(['9 same process (id 1832), process creation']);
  });

  test('ties WMI events by the names inside them, and commands that mention those names', () => {
    const binding = snapshot(50, {
      index: 1,
      channel: SYSMON,
      eventId: 21,
      data: {
        Operation: 'Created',
        Consumer: ' "\\\\\\\\.\\\\ROOT\\\\subscription:CommandLineEventConsumer.Name=\\"BotConsumer23\\""',
        Filter: ' "__EventFilter.Name=\\"BotFilter82\\""',
      },
    });
    const events = [
      snapshot(40, { index: 2, channel: SYSMON, eventId: 19, data: { Name: ' "BotFilter82"', Operation: 'Created' } }),
      snapshot(41, { index: 3, channel: SYSMON, eventId: 20, data: { Name: ' "Other"', Operation: 'Created' } }),
      snapshot(42, { index: 4, channel: SYSMON, eventId: 1, data: { CommandLine: 'wmic CREATE Name="botconsumer23"' } }),
      snapshot(43, { index: 5, channel: SYSMON, eventId: 1, data: { CommandLine: 'notepad', Image: 'C:\\notepad.exe' } }),
      snapshot(60, { index: 6, channel: SYSMON, eventId: 1, data: { Image: 'C:\\Windows\\System32\\wbem\\scrcons.exe' } }),
      snapshot(70, { index: 7, channel: SYSMON, eventId: 19, data: { Name: ' "BotFilter82"', Operation: 'Deleted' } }),
    ];
    const [lookback] = lookbacks([binding], events);
    expect(reasons(lookback!.related)).toEqual([
      '40 WMI name "BotFilter82", WMI filter',
      '41 WMI consumer',
      '42 names "BotConsumer23", process creation',
      '43 process creation',
    ]);
    expect(reasons(lookback!.after)).toEqual([
      '60 runs WMI script consumers, process creation',
      '70 WMI name "BotFilter82", WMI filter',
    ]);
  });
});

describe('what every service shares', () => {
  const keys = (data: Record<string, string>) => {
    const record = snapshotRecord(snapshot(0, { eventId: 4688, data }));
    return linkKeysOf(record, eventKindOf(record)!).map(({ key }) => key);
  };

  test.each([
    ['SYSTEM', '0x3e7'],
    ['NT AUTHORITY\\LOCAL SERVICE', '0x3e5'],
    ['NT AUTHORITY\\NETWORK SERVICE', '0x3E4'],
    ['ANONYMOUS LOGON', '0x0'],
    ['Window Manager\\DWM-1', '-'],
    ['Font Driver Host\\UMFD-0', '-'],
    ['CORP\\PC1$', '0x3e7'],
  ])('ties no events: %s, session %s', (SubjectUserName, SubjectLogonId) => {
    expect(keys({ SubjectUserName, SubjectLogonId })).toEqual([]);
  });

  test('is not what a user is', () => {
    expect(keys({ SubjectUserName: 'CORP\\Ann', SubjectLogonId: '0x3E6' })).toEqual(['logon:3e6', 'user:ann']);
  });
});

describe('host names', () => {
  test('are the same in any case, and short and long where only one long name fits', () => {
    const hosts = new HostNames(['PC04.example.corp', 'pc04.EXAMPLE.corp.', 'SRV.a.corp', 'srv.b.corp', '10.0.0.1', '10.0.0.2']);
    const same = (a: string, b: string) => hosts.canonical(a) === hosts.canonical(b);
    expect([same('PC04', 'pc04.example.CORP'), same('srv', 'srv.a.corp'), same('10', '10.0.0.1'), same('PC05', 'pc05')]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

describe('a ring for streams', () => {
  test('gives look-back what reading the stream twice would give, in any order; with little room, or says that it does not', () => {
    let complete = 0;
    const little = fc.record({
      events: fc.integer({ min: 1, max: 40 }),
      times: fc.integer({ min: 1, max: 40 }),
      followed: fc.constantFrom(1, 9),
    });
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 80 }),
        fc.array(fc.nat(79), { maxLength: 5 }),
        fc.option(little, { freq: 3, nil: undefined }),
        (given, picks, limits) => {
          const events = given.map(({ seconds, computer, eventId, user }, index) =>
            snapshot(seconds, { index, computer, eventId, channel: SYSMON, data: { User: user } }),
          );
          // A stream comes in the order of time, as a rule.
          if (limits === undefined) events.sort((a, b) => a.timeUs - b.timeUs);
          const targets = events.filter((_, i) => picks.includes(i));
          const ring = new ContextRing(WINDOW_US, limits);
          for (const each of events) {
            ring.event(snapshotRecord(each), each.file);
            if (targets.includes(each)) ring.matched(snapshotRecord(each), each.file);
          }
          const context = ring.context();
          if (limits === undefined) expect(context.capped).toBe(false);
          if (context.capped) return;
          const collector = new LookbackCollector(planOf(targets));
          visitRing(structuredClone(context), collector);
          if (limits !== undefined && targets.length > 0) complete++;
          expect(collector.finish(false)).toEqual(lookbacks(targets, events));
        },
      ),
      { numRuns: tries(150) },
    );
    expect(complete).toBeGreaterThan(6);
  });

  test('counts a record that the stream has several times once, as reading it twice would', () => {
    let twice = 0;
    fc.assert(
      fc.property(
        fc.array(fc.nat(39), { minLength: 9, maxLength: 60 }),
        fc.array(fc.nat(39), { minLength: 2, maxLength: 5 }),
        (given, picks) => {
          // A number is a record: where it comes again, it is a copy.
          const events = given.map((record, index) => {
            const eventId = [1, 4242, 3, 4242][record % 4]!;
            const system = { EventRecordID: String(1 + record) };
            return { ...snapshot(record, { index, eventId, channel: SYSMON, system }), EventRecordID: 1 + record };
          });
          const targets = events.filter((_, i) => picks.includes(i));
          const ring = new ContextRing(WINDOW_US);
          for (const each of events) {
            ring.event(snapshotRecord(each), each.file);
            if (targets.includes(each)) ring.matched(snapshotRecord(each), each.file);
          }
          const collector = new LookbackCollector(planOf(targets, [], true));
          visitRing(structuredClone(ring.context()), collector);
          const counts = (all: ReturnType<typeof lookbacks>) => all.map(({ events }) => events);
          expect(counts(collector.finish(false))).toEqual(counts(lookbacks(targets, events, [], true)));
          if (targets.length > 0 && new Set(given).size < given.length) twice++;
        },
      ),
      { numRuns: 300 },
    );
    expect(twice).toBeGreaterThan(50);
  });

  test('says when it could not hold all that a match asked for', () => {
    const ring = new ContextRing(WINDOW_US, { times: 5 });
    for (let i = 0; i < 20; i++) ring.event(snapshotRecord(snapshot(i, { index: i, eventId: 4242 })), 'a');
    const last = snapshotRecord(snapshot(20, { index: 20, eventId: 4242 }));
    ring.event(last, 'a');
    ring.matched(last, 'a');
    const { computers, capped } = ring.context();
    expect([computers[0]!.timesUs.length, computers[0]!.events.length, capped]).toEqual([4, 1, true]);
  });

  test('takes from who holds most, so that a computer that talks does not cost others their past', () => {
    const ring = new ContextRing(WINDOW_US, { events: 100 });
    const show = (computer: string, seconds: number, index: number) => {
      const record = snapshotRecord(snapshot(seconds, { index, computer, channel: SYSMON }));
      ring.event(record, 'a');
      return record;
    };
    for (let i = 0; i < 5; i++) show('QUIET', i, i);
    for (let i = 0; i < 2000; i++) show('LOUD', 5 + i / 100, 5 + i);
    ring.matched(show('QUIET', 30, 2005), 'a');
    const { computers, capped } = ring.context();
    expect([computers.map(({ computer, events }) => [computer, events.length]), capped]).toEqual([[['QUIET', 6]], false]);
  });

  test('says when all of a computer that matches had to go', () => {
    const ring = new ContextRing(WINDOW_US, { events: 20 });
    const show = (computer: string, index: number) => {
      const record = snapshotRecord(snapshot(index / 100, { index, computer, channel: SYSMON }));
      ring.event(record, 'a');
      return record;
    };
    show('PC0', 0);
    for (let i = 1; i < 500; i++) show(`PC${i}`, i);
    ring.matched(show('PC0', 500), 'a');
    const { computers, capped } = ring.context();
    expect([computers.map(({ computer, events }) => [computer, events.length]), capped]).toEqual([[['PC0', 1]], true]);
  });

  test('goes on where one computer fills it alone and others have nothing to give', () => {
    const ring = new ContextRing(WINDOW_US, { events: 10, times: 10 });
    for (let i = 0; i < 60; i++) ring.event(snapshotRecord(snapshot(0, { index: i, eventId: 4242 })), 'a');
    for (let i = 0; i < 60; i++) ring.event(snapshotRecord(snapshot(0, { index: 60 + i, channel: SYSMON })), 'a');
    for (let i = 0; i < 60; i++) ring.event(snapshotRecord(snapshot(0, { index: i, computer: `PC${i}`, eventId: 4242 })), 'a');
    expect(ring.context()).toEqual({ computers: [], capped: false });
  });

  test('takes time that grows with events, not with computers or windows', () => {
    const ring = new ContextRing(WINDOW_US);
    const show = (computer: string, i: number, seconds: number) => {
      const record = snapshotRecord(snapshot(seconds, { index: i, computer, channel: SYSMON }));
      ring.event(record, 'a');
      return record;
    };
    const ms = cpuMs(() => {
      for (let i = 0; i < 40_000; i++) show(`PC${i}`, i, i / 1000);
      // Every match is far from the one before, and earlier.
      for (let i = 0; i < 6000; i++) ring.matched(show('PC', i, -i * 200), 'a');
    });
    // Five times what it takes on a slow machine.
    expect([ms < 3000, ring.context().capped]).toEqual([true, true]);
  }, 60_000);
});

describe('spans of time', () => {
  test('hold the times that one of the spans holds, however they come', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(60), fc.nat(8)), { maxLength: 12 }), (given) => {
        const spans = new TimeSpans();
        for (const [from, length] of given) spans.add(from, from + length);
        const times = Array.from({ length: 70 }, (_, time) => time);
        expect(times.filter((time) => spans.has(time))).toEqual(
          times.filter((time) => given.some(([from, length]) => time >= from && time <= from + length)),
        );
        expect(spans.givenUpUs).toBe(Number.NEGATIVE_INFINITY);
      }),
    );
  });

  test('give up the earliest beyond a number of them, and say up to when', () => {
    const spans = new TimeSpans(2);
    for (const from of [50, 10, 30]) spans.add(from, from + 5);
    expect([spans.has(12), spans.has(32), spans.has(52), spans.givenUpUs]).toEqual([false, true, true, 15]);
  });
});
