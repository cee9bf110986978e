import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LookbackCollector } from '../../src/findings/lookback/lookback.ts';
import type { LookbackPlan } from '../../src/findings/lookback/lookback-plan.ts';
import { snapshotRecord } from '../../src/findings/store/snapshot-record.ts';
import type { EventRecord, EventSnapshot, FieldValue } from '../../src/model/event.ts';
import { tries } from '../support/random.ts';
import { plainLookbacks } from './plain-lookback.ts';
import { snapshot } from './support.ts';

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';
const WINDOW_US = 60e6;

const few = (...texts: string[]) => fc.option(fc.constantFrom(...texts), { nil: undefined });
const guid = few('{0000000A-0000-0000-0000-000000000001}', '{0000000a-0000-0000-0000-000000000001}', '{B}', '{C}', '-');
const processId = few('1832', '0x728', '12', '0xc', '4');
const session = few('0x3e7', '0x1', '1', '0x2');
const user = few('PC1\\ann', 'ANN', 'ben', 'SYSTEM', 'PC1$');
const wmiName = few(' "Bot"', 'bot', 'Net', 'x');
const text = few('wmic name=BOT', 'net use', 'Set-WmiInstance __EventFilter', 'notepad', 'NET and bot');
const image = few('C:\\Windows\\System32\\wbem\\scrcons.exe', 'C:\\x.exe', 'C:\\WMIC.exe', 'C:\\WmiPrvSE.exe');

const data = fc.record({
  ProcessGuid: guid,
  ParentProcessGuid: guid,
  ProcessId: processId,
  ParentProcessId: processId,
  NewProcessId: processId,
  LogonId: session,
  LogonGuid: guid,
  SubjectLogonId: session,
  TargetLogonId: session,
  LogonType: few('3', '5'),
  User: user,
  SubjectUserName: user,
  TargetUserName: fc.oneof(user, fc.constant<FieldValue>(['ann', null, 'ben'])),
  Name: wmiName,
  Consumer: few('CommandLineEventConsumer.Name="Bot"', 'x'),
  Filter: few('__EventFilter.Name="Net"', 'x'),
  CommandLine: text,
  Image: image,
  ParentImage: image,
});

const event = fc.record({
  // Few times, so that many events have the same.
  seconds: fc.oneof(
    fc.integer({ min: 0, max: 12 }).map((ten) => ten * 10),
    fc.integer({ min: 0, max: 130 }),
  ),
  computer: fc.constantFrom('PC1', 'PC1', 'pc1.corp', 'PC2'),
  file: fc.constantFrom('a.evtx', 'a.evtx', 'b.evtx'),
  kind: fc.constantFrom(
    ...[1, 1, 1, 3, 7, 13, 19, 20, 21].map((eventId) => ({ channel: SYSMON, eventId })),
    ...[4624, 4624, 4625, 4648, 4688, 4688, 4999].map((eventId) => ({ channel: 'Security', eventId })),
  ),
  data,
});

/** Many events of few sorts at few times: lists are full, and places in files decide. */
const crowded = fc.record({
  seconds: fc.constantFrom(0, 10, 20),
  computer: fc.constant('PC1'),
  file: fc.constantFrom('b.evtx', 'a.evtx'),
  kind: fc.constantFrom({ channel: SYSMON, eventId: 1 }, { channel: SYSMON, eventId: 7 }, { channel: SYSMON, eventId: 20 }),
  data: fc.record({
    ProcessGuid: few('{A}', '{B}'),
    ParentProcessGuid: few('{A}', '{B}'),
    User: few('ann', 'ben'),
    Name: few('Bot', 'bot', 'Net'),
    CommandLine: few('net and bot', 'bot'),
    ProcessId: few('12', '13', '14', '15'),
  }),
});

const given = fc.record({
  events: fc.oneof(fc.array(event, { maxLength: 120 }), fc.array(crowded, { minLength: 60, maxLength: 120 })).map((all) =>
    all.map(({ seconds, computer, file, kind, data: fields }, index) => {
      const present = Object.entries(fields).filter((pair): pair is [string, FieldValue] => pair[1] !== undefined);
      return snapshot(seconds, { index: index + 1, computer, file, ...kind, data: Object.fromEntries(present) });
    }),
  ),
  /** Records of each target. */
  picks: fc.array(fc.array(fc.nat(119), { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
  order: fc.array(fc.nat(), { minLength: 120, maxLength: 120 }),
  threads: fc.integer({ min: 1, max: 3 }),
  limits: fc.record({ rows: fc.constantFrom(1, 2, 7, 1000), signatures: fc.constantFrom(1, 5, 1000) }),
});

function planOf(events: readonly EventSnapshot[], picks: readonly (readonly number[])[]): LookbackPlan {
  const targets = picks
    .map((numbers) => [...new Set(numbers)].filter((number) => number < events.length).map((number) => events[number]!))
    .map((anchors) => anchors.filter(({ Computer }) => Computer === anchors[0]!.Computer))
    .filter((anchors) => anchors.length > 0)
    .map((anchors) => ({
      computer: anchors[0]!.Computer,
      timeUs: Math.max(...anchors.map(({ timeUs }) => timeUs)),
      anchors,
    }));
  return { targets, windowUs: WINDOW_US, window: '1m', computers: ['PC1.corp', 'PC2'], copies: false };
}

/** As readers show it that know the hash of a record's values. */
function hashed(event: EventSnapshot): EventRecord {
  const { file, index, offset, ...content } = event;
  const text = JSON.stringify(content);
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Object.assign(snapshotRecord({ ...event }), { content: hash });
}

/** With its EventRecordID among its fields, where a reader has it. */
function numbered(event: EventSnapshot): EventSnapshot {
  return { ...event, system: { ...event.system, EventRecordID: `${event.index + 1}` } };
}

describe('look-back', () => {
  test('finds what comparing every target with every event finds, in any order, in batches, in one thread or several', () => {
    fc.assert(
      fc.property(given, ({ events, picks, order, threads, limits }) => {
        const plan = planOf(events, picks);
        const collectors = Array.from({ length: threads }, () => new LookbackCollector(plan, limits));
        const shuffled = [...events.keys()].sort((a, b) => order[a]! - order[b]! || a - b);
        shuffled.forEach((number, i) => {
          const each = events[number]!;
          collectors[i % threads]!.visit(snapshotRecord(each), each.file);
        });
        const [first, ...others] = collectors;
        for (const other of others) first!.absorb(structuredClone(other.partial()));
        const wanted = events.filter(({ file, offset }) => first!.wantedIn(file)?.has(offset) === true);
        for (const each of wanted) first!.hold(each);
        const result = first!.finish(false);
        const found = result.map(({ events: count, related, after }) => ({ events: count, related, after }));
        expect(found).toEqual(plainLookbacks(plan, events));
        for (const { related, from, to } of result)
          for (const { event } of related) expect(event.TimeCreated! >= from && event.TimeCreated! <= to).toBe(true);
        const near = ({ timeUs }: EventSnapshot) => plan.targets.some((one) => Math.abs(one.timeUs - timeUs) <= WINDOW_US);
        expect(events.map(({ timeUs }) => first!.wants(timeUs, timeUs))).toEqual(events.map(near));
      }),
      { numRuns: tries(150) },
    );
  });

  test('counts and shows a record once where several files have it, in any order, in one thread or several', () => {
    const copied = fc.record({ isHashed: fc.boolean(), given, copies: fc.array(fc.nat(2), { minLength: 120, maxLength: 120 }) });
    fc.assert(
      fc.property(copied, ({ isHashed, given: { events: without, picks, order, threads, limits }, copies }) => {
        const events = without.map(numbered);
        // Behind the originals in the order of files: those are shown.
        const all = events.flatMap((event, i): EventSnapshot[] => [
          event,
          ...Array.from({ length: copies[i]! }, (_, n) => ({ ...event, file: `z${n}.xml`, offset: 7 * i, index: i })),
        ]);
        const plan = { ...planOf(events, picks), copies: true };
        const collectors = Array.from({ length: threads }, () => new LookbackCollector(plan, limits));
        const shuffled = [...all.keys()].sort((a, b) => order[a % 120]! - order[b % 120]! || b - a);
        shuffled.forEach((number, i) => {
          const each = all[number]!;
          collectors[i % threads]!.visit(isHashed ? hashed(each) : snapshotRecord(each), each.file);
        });
        const [first, ...others] = collectors;
        for (const other of others) first!.absorb(structuredClone(other.partial()));
        for (const each of events) first!.hold(each);
        const found = first!.finish(false).map(({ events: count, related, after }) => ({ events: count, related, after }));
        expect(first!.countsCopies).toBe(false);
        expect(found).toEqual(plainLookbacks(plan, events));
      }),
      { numRuns: tries(100) },
    );
  });

  test('counts every place where there are more records than can be told apart, whatever the threads', () => {
    const target = numbered(snapshot(30, { index: 500 }));
    const events = Array.from({ length: 20 }, (_, i) => numbered(snapshot(i, { index: i + 1 })));
    const copies = events.map((event) => ({ ...event, file: 'z.xml' }));
    const plan = { ...planOf([target], [[0]]), copies: true };
    const counted = (seen: number, threads: number): readonly [number, boolean] => {
      const collectors = Array.from({ length: threads }, () => new LookbackCollector(plan, { seen }));
      [...events, ...copies, target].forEach((each, i) => void collectors[i % threads]!.visit(snapshotRecord(each), each.file));
      const [first, ...others] = collectors;
      for (const other of others) first!.absorb(structuredClone(other.partial()));
      return [first!.finish(false)[0]!.events, first!.countsCopies];
    };
    for (const threads of [1, 2, 3]) {
      expect(counted(21, threads)).toEqual([20, false]);
      expect(counted(20, threads)).toEqual([40, true]);
    }
  });
});
