import { Readable } from 'node:stream';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { keptWeight } from '../../src/logs/evtx/binxml/kept-weight.ts';
import { openSource, readSource } from '../../src/logs/open/open.ts';
import type { EventSink } from '../../src/model/event.ts';
import { ALL_TIMES, RangeScanner } from '../../src/scan/range-scanner.ts';
import { rules } from '../engine/match/random-rules.ts';
import { compiled, ruleText } from '../engine/match/rules.ts';
import { evtxLog, sub, TICKS, v } from '../logs/evtx/support/evtx-writer.ts';
import { mutate, Random } from '../logs/evtx/support/mutate.ts';
import { PLAIN, RECOVER } from '../logs/evtx/support/read.ts';
import { records } from './random-log.ts';
import { fillMemory, logOf as randomEvents, sieve, systemOf } from './support.ts';
import { damage, instancesOf, randomLog, withSlack } from './support-records.ts';
import {
  chunkOf,
  counted,
  expectSame,
  logOf,
  ODD,
  RecordScan,
  ruleSetOf,
  Scan,
  Scanners,
  type Scanning,
  type Spec,
  Sums,
  same,
  scanBoth,
  scanInTurns,
} from './support-skim.ts';

/** Holds for `evil` in Security only. */
const SECURITY = compiled(ruleText('a: {A: evil}\ncondition: a', 'product: windows, service: security'));
const ANYWHERE = compiled(ruleText('a: {A: evil}\ncondition: a'));
/** Kinds of records are few for each layout until everything is forgotten: what one test takes is nothing to the next. */
beforeEach(() => sieve.forget());

const seed = fc.nat(0x7fff_ffff);
const repeated = (log: Buffer, times: number): Buffer => Buffer.concat([log, ...counted(times, () => log.subarray(4096))]);

describe('random rules on random logs', () => {
  test('find the same in whatever blocks the log comes', () => {
    const sums = new Sums();
    const property = fc.property(rules, records, seed, (list, specs, from) => {
      const random = new Random(from);
      const log = randomEvents(counted(20, () => specs).flat());
      if (random.below(4) === 0) sieve.forget();
      if (random.below(8) === 0) fillMemory(random.below(500));
      const blocks = random.below(2) === 0 ? ODD : undefined;
      sums.add(
        same(scanBoth(log, ruleSetOf(list), { options: random.pick([PLAIN, RECOVER]), ...(blocks && { blocks }) }), `${from}`),
      );
    });
    fc.assert(property, { numRuns: 60 });
    expect(sums.matches).toBeGreaterThan(300);
    expect(sums.passed).toBeGreaterThan(0.05 * sums.records);
  });

  test('find the same in damaged logs', () => {
    const sums = new Sums();
    const property = fc.property(rules, records, seed, (list, specs, from) => {
      const random = new Random(from);
      const log = randomEvents(counted(6, () => specs).flat());
      const cut = log.subarray(0, 4096 + log.readUInt32LE(4096 + 48));
      const scanners = new Scanners(ruleSetOf(list));
      for (let time = 0; time < 6; time++) {
        const damaged = mutate(cut, [cut], random);
        const whole = Buffer.alloc(4096 + 65_536);
        damaged.copy(whole);
        sums.add(
          same(scanners.scan(repeated(whole, 1), { options: random.pick([PLAIN, RECOVER]), blocks: ODD }), `${from} ${time}`),
        );
      }
    });
    fc.assert(property, { numRuns: 40 });
    expect(sums.passed).toBeGreaterThan(200);
  });
});

describe('logs whose Channel, Computer, EventID and time change under one template', () => {
  const RULES = [
    compiled(ruleText('a: {A|contains: cmd}\ncondition: a', 'product: windows, service: security')),
    compiled(ruleText("a: {B: 'é'}\nb: {C: null}\ncondition: a or b")),
    compiled(ruleText('a: {A: nothing of it}\ncondition: a')),
  ];

  test('are the same with one scanner for all of them', () => {
    const random = new Random(11);
    const sums = new Sums();
    for (const ruleSet of RULES) {
      const scanners = new Scanners(ruleSet);
      for (let run = 0; run < 25; run++) {
        const log = repeated(randomLog(random, 1 + random.below(3), 80), random.below(3));
        sums.add(same(scanners.scan(log, { options: random.pick([PLAIN, RECOVER]), blocks: ODD }), `log ${run}`));
      }
    }
    expect(sums.passed).toBeGreaterThan(150);
    expect(sums.matches).toBeGreaterThan(100);
  });

  test('are the same when they are damaged', () => {
    const random = new Random(12);
    const sums = new Sums();
    for (const ruleSet of RULES) {
      const scanners = new Scanners(ruleSet);
      for (let run = 0; run < 40; run++) {
        const whole = chunkOf(randomSpecs(random, 50));
        const bytes = whole.finish();
        const damaged = Buffer.from(bytes);
        damage(damaged, whole.records, instancesOf(bytes, whole.records), random);
        const slack = withSlack(Buffer.from(bytes), whole.records, random);
        const log = evtxLog([bytes, damaged, bytes, slack, damaged]);
        sums.add(same(scanners.scan(log, { options: random.pick([PLAIN, RECOVER]), blocks: ODD }), `log ${run}`));
      }
    }
    expect(sums.passed).toBeGreaterThan(1000);
  });
});

/** Records of a few kinds, most of which are the same as the one before in most ways. */
function randomSpecs(random: Random, count: number): Spec[] {
  const literal = systemOf('Security', sub(3));
  let spec: Spec = {};
  return counted(count, () => {
    const { system, ...rest } = spec;
    const change = random.below(8);
    if (change === 0) spec = { ...spec, channel: random.pick(['Security', 'System', 'Application', 'security', '']) };
    if (change === 1) spec = { ...spec, computer: random.pick(['HOST', 'host', 'OTHER', 'y'.repeat(120), 'z'.repeat(250)]) };
    if (change === 2)
      spec = { ...spec, id: random.pick([1, 104, 1102, 1100, 4688, v.uint32(1102), v.string('1102'), v.nothing()]) };
    if (change === 3) spec = system === undefined ? { ...spec, system: literal } : rest;
    if (change === 4) spec = { ...spec, a: random.pick(['cmd', 'x', v.nothing(), v.uint32(5)]), b: random.pick(['é', 'y']) };
    if (change === 5) spec = { ...spec, time: random.pick([TICKS, 0n, TICKS + 7n, 1n << 63n, v.string('never'), v.nothing()]) };
    return spec;
  });
}

describe('events are counted by their own channel and computer', () => {
  test('where they alternate under one template', () => {
    const specs = counted(300, (i) => ({ channel: `C${i % 3}`, computer: `H${i % 5}` }));
    expectSame(scanBoth(logOf(specs), ANYWHERE), { matches: 0 });
  });

  test('where a channel has rules and another one has not', () => {
    const specs = counted(300, (i) => ({ channel: ['Security', 'System'][i % 2]!, a: i % 10 < 2 ? 'evil' : 'x' }));
    expectSame(scanBoth(logOf(specs), SECURITY, { blocks: ODD }), { matches: 30 });
  });

  test('where they stand in the templates', () => {
    const systems = [systemOf('Security', 'A'), systemOf('System', 'B'), systemOf('Security', sub(3)), systemOf(sub(2), 'A')];
    const specs = counted(400, (i) => ({ system: systems[i % 4]!, computer: `H${i % 3}`, a: i % 50 < 4 ? 'evil' : 'x' }));
    expectSame(scanBoth(logOf(specs), SECURITY), { matches: 16 });
  });

  test('where names are long, too long to be kept, or no strings', () => {
    const names = [
      'a'.repeat(112),
      'b'.repeat(113),
      'c'.repeat(1024),
      'd'.repeat(1025),
      v.sid(5, 18),
      v.nothing(),
      v.strings('e', 'f'),
    ];
    const specs = counted(140, (i) => ({ channel: names[(i >> 2) % 7]!, computer: names[i % 5]! }));
    expectSame(scanBoth(logOf(specs, 15), ANYWHERE), { passed: 0.1 });
  });

  test('where there are more of them than are counted', () => {
    const computers = counted(3600, (i) => ({ computer: `H${(i >> 1) % 1300}` }));
    expectSame(scanBoth(logOf(computers), ANYWHERE), { passed: 0.3 });
    // A layout has a few channels only.
    const systems = counted(30, (i) => systemOf(sub(2), `H${i}`));
    const channels = counted(3600, (i) => ({ system: systems[Math.floor(i / 120)]!, channel: `C${i >> 1}` }));
    expectSame(scanBoth(logOf(channels), ANYWHERE), { passed: 0.25 });
  });

  test('where there are more kinds of records than are kept', () => {
    const specs = counted(1200, (i) => ({ id: (i >> 3) % 150, channel: `C${i % 2}`, a: i % 97 === 0 ? 'evil' : 'x' }));
    expectSame(scanBoth(logOf(specs), ANYWHERE), { matches: 13, passed: 0.1 });
  });

  // Shows a fault of speed: -1 is kept at the channel's name for all layouts, not for the one with more kinds than are kept.
  test('and passed over where another layout of their channel has more kinds than are kept', () => {
    const other = systemOf(sub(2), 'OTHER');
    const many = counted(100, (i) => ({ id: i }));
    const changing = counted(900, (i) => ({ system: other, channel: ['Application', 'System'][i % 2]! }));
    expectSame(scanBoth(logOf([...changing.slice(0, 20), ...many, ...changing]), ANYWHERE), { passed: 0.8 });
  });
});

test('events outside of the time window are not matched, and counted all the same', () => {
  const specs = counted(300, (i) => ({ time: TICKS + BigInt((i % 30) * 10), a: i % 7 === 0 ? 'evil' : 'x' }));
  const fromUs = Number(TICKS / 10n) - 11_644_473_600_000_000 + 5;
  const times = { fromUs, toUs: fromUs + 10 };
  expectSame(scanBoth(logOf(specs), ANYWHERE, { times }), { passed: 0.9 });
  expectSame(scanBoth(logOf(specs), ANYWHERE, { times: { ...times, toUs: ALL_TIMES.toUs } }));
  // Nobody has looked at the values of any of these.
  expectSame(scanBoth(logOf(specs), ANYWHERE, { times: { fromUs: fromUs + 1e9, toUs: ALL_TIMES.toUs } }), {
    passed: 0.9,
    matches: 0,
  });
});

test('times that are not there, or no times, are read by the sink', () => {
  const times = [TICKS, v.nothing(), v.string('2019-05-11T17:58:23Z'), 1n << 63n, 0n, v.raw(0x11, Buffer.alloc(7)), v.uint64(5n)];
  expectSame(scanBoth(logOf(counted(300, (i) => ({ time: times[i % 7]! }))), ANYWHERE), { passed: 0.1 });
});

test('an EventID that is no unsigned number of two bytes is read by the sink', () => {
  const ids = [v.uint16(1102), v.uint32(1102), v.string('1102'), v.array(v.uint16(1102), v.uint16(1)), v.nothing(), v.uint16(1)];
  const specs = counted(300, (i) => ({ id: ids[i % 6]!, channel: 'Security' }));
  expectSame(scanBoth(logOf(specs), SECURITY), { passed: 0.1 });
});

test('events that cleared a log are kept', () => {
  const specs = counted(400, (i) => ({
    id: [1102, 104, 1100, 7][i % 4]!,
    channel: ['Security', 'System', 'Else'][i % 3]!,
    provider: i % 5 === 0 ? 'Driver' : 'Microsoft-Windows-Eventlog',
  }));
  // Any 104 and 1102 is handed on: which provider wrote it is not looked at before.
  const { skimmed } = expectSame(scanBoth(logOf(specs), ANYWHERE), { passed: 0.4 });
  expect((skimmed as { tally: { logCleared: unknown[] } }).tally.logCleared).toHaveLength(27 + 80);
  expectSame(scanBoth(logOf(specs), ANYWHERE, { times: { ...ALL_TIMES, toUs: 0 } }), { matches: 0, passed: 0.4 });
});

describe('behind damage', () => {
  /** Application on OTHER; one record in the middle of them is damaged, behind which Security on HOST comes. */
  const damagedChunk = (spoil: (bytes: Buffer, at: number, end: number) => void) => {
    const clean = counted(10, () => ({ channel: 'Application', computer: 'OTHER' }));
    const chunk = chunkOf([...clean, ...clean, { channel: 'Security', a: 'x' }]);
    const bytes = chunk.finish();
    spoil(bytes, chunk.records[19]!, chunk.records[20]!);
    const evil = counted(10, () => ({ channel: 'Security', a: 'evil' }));
    return evtxLog([chunkOf(clean).finish(), bytes, chunkOf(evil).finish()]);
  };

  // Shows a fault: `readRecord` remembers a Channel and Computer, for which `CHANNEL_NUMBER` and `COMPUTER_NUMBER` are not set.
  test('of a record header, channels and computers of the next chunk are their own', () => {
    expectSame(
      scanBoth(
        damagedChunk((bytes, at) => bytes.writeUInt32LE(0, at)),
        SECURITY,
      ),
      { matches: 10 },
    );
  });

  // Shows the same fault.
  test('of a record, channels and computers of the next records are their own', () => {
    const log = damagedChunk((bytes, at) => bytes.writeUInt32LE(0xffff_fff0, at + 34));
    expectSame(scanBoth(log, SECURITY), { matches: 10 });
  });

  test('stale records are only read where they are to be recovered', () => {
    const chunk = chunkOf(
      counted(60, (i) => ({ a: i % 10 === 0 ? 'evil' : 'x', channel: 'Security' })),
      100,
    );
    const bytes = chunk.finish();
    bytes.writeUInt32LE(0, chunk.records[30]!);
    // What stands behind is of an earlier use of the chunk.
    for (const at of chunk.records.slice(40)) bytes.writeUInt32LE(1, at + 8);
    const log = evtxLog([chunkOf(counted(20, () => ({ channel: 'Security' }))).finish(), bytes, bytes]);
    expectSame(scanBoth(log, SECURITY, { options: PLAIN }));
    expectSame(scanBoth(log, SECURITY, { options: RECOVER }), { passed: -1 });
  });
});

describe('on one thread', () => {
  const specs = counted(600, (i) => ({ channel: `C${i % 2}`, computer: `H${i % 3}`, a: i % 40 === 0 ? 'evil' : 'x' }));

  const other = compiled(ruleText('a: {B: y}\nb: {A: evil}\ncondition: a and b'));

  test('readers with rules of their own take turns, in the middle of chunks', () => {
    const random = new Random(21);
    let [handed, events] = [0, 0];
    for (let run = 0; run < 12; run++) {
      const lists = [randomSpecs(random, 300), specs.slice(0, 200), specs.slice(400), randomSpecs(random, 100)];
      const logs = lists.map((list) => logOf(list, 40));
      const sets = [ANYWHERE, other, SECURITY, ANYWHERE];
      const scans = logs.map((log, i) => new RecordScan(log, sets[i]!, i < 3));
      for (let step = 0; step < 600; step++) {
        for (let times = random.below(6); times > 0; times--) random.pick(scans).step();
        if (random.below(60) === 0) sieve.forget();
        // Of the catalog, when the next chunk is opened.
        if (random.below(60) === 0) keptWeight.charge(300_000);
      }
      const found = scans.map((scan) => scan.finish());
      expect(found).toEqual(logs.map((log, i) => new RecordScan(log, sets[i]!, false).finish()));
      for (const scan of scans.slice(0, 3)) handed += scan.handed;
      events += 700;
    }
    expect(handed).toBeLessThan(0.9 * events);
  });

  // Shows the same fault: what another reader has read is the last record, whose Channel and Computer have these numbers.
  test('a reader that passes over nothing takes turns with one that does', () => {
    const clean = counted(10, () => ({ channel: 'Application', computer: 'OTHER' }));
    const evil = counted(10, () => ({ channel: 'Security', a: 'evil' }));
    const log = evtxLog([chunkOf(clean).finish(), chunkOf(clean).finish(), chunkOf(evil).finish()]);
    const skim = new Scan(log, new RangeScanner(SECURITY, ALL_TIMES), true, { blocks: [4096 + 65_536, 65_536] });
    for (let i = 0; i < 2; i++) skim.push();
    const between = new Scan(logOf(evil), new RangeScanner(SECURITY, ALL_TIMES), false, {});
    expect(between.finish().matches).toBe(10);
    const { tally, matches } = skim.finish();
    expect(tally.channels).toEqual([
      ['Application', 20],
      ['Security', 10],
    ]);
    expect(tally.computers).toEqual([
      ['HOST', 10],
      ['OTHER', 20],
    ]);
    expect(matches).toBe(10);
  });

  test('a reader that passes over nothing reads the same log', () => {
    const changing = counted(2000, (i) => ({
      channel: ['Security', 'Application'][(i >> 5) % 2]!,
      computer: `H${(i >> 4) % 3}`,
      a: i % 9 ? 'x' : 'evil',
    }));
    expectSame(scanInTurns(logOf(changing, 48), SECURITY, { blocks: [4096, 65_536] }));
  });

  // Shows a fault: a layout's kinds are counted until everything is forgotten, not until another sink forgets them.
  test('kinds that a sink before had are no burden for the next', () => {
    const log = logOf(specs);
    for (let run = 0; run < 80; run++) expectSame(scanBoth(log, ANYWHERE));
  });

  test('everything is forgotten now and then', () => {
    const random = new Random(5);
    const scanners = new Scanners(ANYWHERE);
    for (let run = 0; run < 12; run++) {
      const distinct = counted(3000, (i) => ({ computer: `H${i % 4}`, a: i % 500 === 0 ? 'evil' : `x${run} ${i}` }));
      const forgetful: Scanning = { blocks: [65_536 + 4096, 65_536] };
      const log = run % 2 === 0 ? logOf(distinct) : logOf(specs);
      if (random.below(2) === 0) sieve.forget();
      if (random.below(2) === 0) fillMemory(random.below(3000));
      // Of the catalog, when the next chunk is opened.
      if (random.below(2) === 0) keptWeight.charge(300_000);
      expectSame(scanners.scan(log, forgetful), { passed: run % 2 === 0 ? 0 : 0.4 });
    }
  });
});

/** A sink that wants to be told, and fails. */
function failing(what: 'event' | 'sieves' | 'passed'): EventSink {
  const fail = (where: string) => {
    if (where === what) throw new TypeError(`a fault of ${what}`);
  };
  return {
    event: () => fail('event'),
    diagnostic: () => {},
    passing: {
      ...ALL_TIMES,
      sieves: () => {
        fail('sieves');
        return [];
      },
      passed: () => fail('passed'),
    },
  };
}

// Shows a fault: `GuardedSink` guards `event` only, and what `passing` throws becomes `input/unreadable`: reading failed.
test('errors of the sink are not taken for errors of reading', async () => {
  for (const what of ['event', 'sieves', 'passed'] as const) {
    const stdin = Readable.from([logOf(counted(50, () => ({})))]);
    const opened = await openSource({ kind: 'stdin', path: '-', size: null }, () => {}, { stdin });
    await expect(readSource(opened!, failing(what), PLAIN), what).rejects.toThrow(`a fault of ${what}`);
  }
});
