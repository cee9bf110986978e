/** The memory full, its tables crowded, its lists too long: what is forgotten is found out again, and every hit is right. */
import { describe, expect, test } from 'vitest';
import { compileRules } from '../../src/engine/compile/compile.ts';
import { createMatcher } from '../../src/engine/match/matcher.ts';
import { newEvtxState } from '../../src/logs/evtx/evtx-state.ts';
import type { DetectionRule } from '../../src/model/rule.ts';
import { resolveLogSource } from '../../src/sigma/logsource/resolve.ts';
import { compiled, interpreterHits, matcherHits, rulesOf, ruleText, usedDetections } from '../engine/match/rules.ts';
import { el, instance, opt, sub, type TemplateSpec, template, v } from '../logs/evtx/support/evtx-writer.ts';
import { Random } from '../logs/evtx/support/mutate.ts';
import { collidingValue } from './colliding.ts';
import { accelerator, fillMemory, foundDuring, logOf, memory, plainly, type RecordSpec, recordsOf, thread } from './support.ts';

const fieldName = (i: number): string => `F${i}`;
const fields = (count: number, value = sub): TemplateSpec =>
  template(el('EventData', {}, ...Array.from({ length: count }, (_, i) => el('Data', { Name: fieldName(i) }, value(i)))));

/** Runs, and says how often everything was forgotten. */
function forgetsDuring(run: () => void): number {
  const before = memory.generation;
  run();
  return memory.generation - before;
}

function counted<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

describe('the memory is full', () => {
  test('of values: 45,000 different ones, each of which has its rule', () => {
    const ruleSet = compiled(counted(20, (i) => ruleText(`a: {${fieldName(i)}|contains: 'x'}\ncondition: a`)).join('---\n'));
    const matcher = createMatcher(ruleSet, undefined, accelerator);
    const data = fields(20);
    const log = logOf(
      counted(2250, (event): RecordSpec => {
        return { section: instance(data, ...counted(20, (i) => v.string(`${20 * event + i}x`))), bytes: 1000 };
      }),
    );
    const forgets = forgetsDuring(() => {
      for (let pass = 0; pass < 2; pass++) {
        for (const event of recordsOf(log)) expect(matcherHits(ruleSet, event, matcher).length).toBe(20);
      }
    });
    expect(forgets).toBeGreaterThanOrEqual(2);
  });

  test('of their bytes: 9 MB', () => {
    const ruleSet = compiled(ruleText("a: {F0|contains: '7x'}\nb: {F0|fieldref: F1}\ncondition: a and b"));
    const matcher = createMatcher(ruleSet, undefined, accelerator);
    const data = fields(2);
    const value = (i: number) => v.string(`${i}x`.padStart(1000, 'y'));
    const log = logOf(counted(4600, (i) => ({ section: instance(data, value(i), value(i - (i % 4))), bytes: 4100 })));
    const forgets = forgetsDuring(() => {
      for (const event of recordsOf(log)) {
        const i = event.index;
        expect(matcherHits(ruleSet, event, matcher).length).toBe(i % 10 === 7 && i % 4 === 0 ? 1 : 0);
      }
    });
    expect(forgets).toBeGreaterThanOrEqual(1);
  });

  test('of lists: 1,100 values of 16 fields for 10 matchers', () => {
    const ruleSet = compiled(counted(16, (i) => ruleText(`a: {${fieldName(i)}|contains: '7x'}\ncondition: a`)).join('---\n'));
    const matchers = counted(10, () => createMatcher(ruleSet, undefined, accelerator));
    const data = fields(16);
    const log = logOf(counted(1100, (i) => ({ section: instance(data, ...counted(16, () => v.string(`${i}x`))), bytes: 500 })));
    const forgets = forgetsDuring(() => {
      for (const event of recordsOf(log)) {
        for (const matcher of matchers) {
          expect(matcherHits(ruleSet, event, matcher).length).toBe(event.index % 10 === 7 ? 16 : 0);
        }
      }
    });
    expect(forgets).toBeGreaterThanOrEqual(1);
  });

  test('of plans: events whose values have ever other types', () => {
    const text = [
      'a: {F0: null}\nb: {F1: yes}\ncondition: a and b',
      'a: {F2|exists: true}\nb: {F3|fieldref: F4}\ncondition: a and b',
      "a: {F5: ''}\nb: {F6|contains: es}\ncondition: a and not b",
    ]
      .map((detection) => ruleText(detection))
      .join('---\n');
    const ruleSet = compiled(text);
    const detections = usedDetections(rulesOf(text));
    const matcher = createMatcher(ruleSet, undefined, accelerator);
    const random = new Random(1);
    const keywords = createMatcher(compiled(ruleText('k: [es]\ncondition: k')), undefined, accelerator);
    const data = fields(300, opt);
    const value = () => [v.nothing(), v.string('yes'), v.uint16(1), v.string('')][random.below(4)]!;
    const log = logOf(counted(1600, () => ({ section: instance(data, ...counted(300, value)), bytes: 3400 })));
    const forgets = forgetsDuring(() => {
      for (const event of recordsOf(log)) {
        const wanted = interpreterHits(ruleSet, detections, event);
        for (let time = 0; time < 2; time++) expect(matcherHits(ruleSet, event, matcher)).toEqual(wanted);
        expect(matcherHits(ruleSet, event, keywords).length).toBe(1);
      }
    });
    expect(forgets).toBeGreaterThanOrEqual(1);
  });

  test('at any moment of looking at an event', () => {
    const text = counted(20, (i) => `a: {F0: same}\nb: {${fieldName(i + 1)}|contains: [x${i}, y]}\ncondition: a and b`)
      .map((detection) => ruleText(detection))
      .join('---\n');
    const ruleSet = compiled(text);
    const data = fields(21);
    const values = [v.string('same'), ...counted(20, (i) => v.string(i % 3 === 0 ? `x${i}` : 'z'))];
    const log = logOf([{ section: instance(data, ...values), bytes: 1000 }]);
    const forgets = forgetsDuring(() => {
      for (let leave = 0; leave < 1200; leave += 9) {
        // Knows of no value yet.
        const matcher = createMatcher(ruleSet, undefined, accelerator);
        for (const event of recordsOf(log)) {
          fillMemory(leave);
          for (let time = 0; time < 3; time++) {
            const found = matcherHits(ruleSet, event, matcher).map(({ rule }) => rule);
            expect(found, `${leave} words`).toEqual([0, 3, 6, 9, 12, 15, 18]);
          }
        }
      }
    });
    expect(forgets).toBeGreaterThan(50);
  });

  test('of values that only evaluating looks at', () => {
    const ruleSet = compiled(ruleText("a: {F0: same}\nb: {F1|contains: '7x'}\ncondition: a and b"));
    const matcher = createMatcher(ruleSet, undefined, accelerator);
    const data = fields(2);
    const log = logOf(counted(42_000, (i) => ({ section: instance(data, v.string('same'), v.string(`${i}x`)), bytes: 100 })));
    let last = -1;
    for (const event of recordsOf(log)) {
      const one = foundDuring(() => matcherHits(ruleSet, event, matcher));
      last = one.undecided;
    }
    expect(last).toBe(0);
  });
});

describe('hostile logs', () => {
  test('values that collide cost time only', () => {
    const ruleSet = compiled(ruleText("a: {F1: yes}\nb: {F0|contains: 'x'}\ncondition: a or b"));
    const matcher = createMatcher(ruleSet, undefined, accelerator);
    const data = fields(2);
    const log = logOf(
      counted(3000, (i) => {
        const values = [v.raw(0x01, collidingValue(i)), v.string(i % 3 === 0 ? 'yes' : 'no')];
        return { section: instance(data, ...values), bytes: 100 };
      }),
    );
    const forgets = forgetsDuring(() => {
      for (const event of recordsOf(log)) {
        const wanted = matcherHits(ruleSet, plainly(event));
        expect(matcherHits(ruleSet, event, matcher)).toEqual(wanted);
      }
    });
    // More than 1,024 with one hash are too many. None: `hashOf` is another one, and `colliding.ts` must follow.
    expect(forgets).toBeGreaterThanOrEqual(1);
  });

  test('layouts and EventIDs without end', () => {
    const text = ["a: {A|endswith: 'x'}\ncondition: a", 'a: {A: null}\ncondition: a', "a: {A|contains: 'yx'}\ncondition: not a"]
      .map((detection) => ruleText(detection))
      .join('---\n');
    const ruleSet = compiled(text);
    const detections = usedDetections(rulesOf(text));
    const matchers = counted(2, () => createMatcher(ruleSet, undefined, accelerator));
    const specs = counted(5200, (i): RecordSpec => {
      const data = template(el('EventData', {}, el('Data', { Name: i % 3 === 0 ? 'A' : `A${i}` }, sub(0)), el(`E${i}`)));
      return { eventId: v.uint16(i), section: instance(data, v.string(i % 2 === 0 ? 'yx' : 'y')), bytes: 600 };
    });
    const log = logOf(specs);
    const { catalog } = thread.own(newEvtxState);
    const { generation } = catalog;
    for (let pass = 0; pass < 2; pass++) {
      for (const event of recordsOf(log)) {
        if (pass > 0 && event.index > 800) break;
        const wanted = interpreterHits(ruleSet, detections, event);
        for (const matcher of matchers) expect(matcherHits(ruleSet, event, matcher)).toEqual(wanted);
      }
    }
    expect(catalog.generation).toBeGreaterThan(generation);
  });

  test('a record with as many values as there may be, of which a rule asks for the last', () => {
    const ruleSet = compiled(ruleText('a: {Last: yes}\nb: {None: null}\ncondition: a and b'));
    const matcher = createMatcher(ruleSet, undefined, accelerator);
    const last = 15_000;
    const data = template(
      el('EventData', {}, el('Data', { Name: 'Last' }, sub(last)), el('Data', { Name: 'None' }, opt(last - 1))),
    );
    const record = (text: string): RecordSpec => ({
      section: instance(data, ...counted(last, () => v.nothing()), v.string(text)),
      bytes: 60_500,
    });
    const log = logOf([record('yes'), record('no'), record('yes')]);
    const found = Array.from(recordsOf(log), (event) => matcherHits(ruleSet, event, matcher).length);
    expect(found).toEqual([1, 0, 1]);
  });
});

describe('an event that brings up more rules than the sieve has room for', () => {
  /** `count` times the rule of a detection. */
  const many = (count: number, detection: string): DetectionRule[] => {
    const [rule] = usedDetections(rulesOf(ruleText(detection)));
    return Array.from({ length: count }, () => rule!);
  };
  const data = fields(2);
  const log = logOf(
    counted(4, (i) => ({ section: instance(data, v.string('yes'), v.string(i % 2 === 0 ? 'yes' : 'no')), bytes: 100 })),
  );

  test.each([
    ['by one value', many(17_000, 'a: {F0: yes}\ncondition: a'), [17_000, 17_000, 17_000, 17_000]],
    [
      'by two values',
      [...many(9000, 'a: {F0: yes}\ncondition: a'), ...many(9000, 'a: {F1: yes}\ncondition: a')],
      [18_000, 9000, 18_000, 9000],
    ],
  ])('%s', (_, rules, wanted) => {
    const ruleSet = compileRules(rules, (logsource) => resolveLogSource(logsource));
    const matcher = createMatcher(ruleSet, undefined, accelerator);
    expect(Array.from(recordsOf(log), (event) => matcherHits(ruleSet, event, matcher).length)).toEqual(wanted);
  });
});

describe('more logs open at once than the memory has room for', () => {
  test('records are copied, and are those of their log', () => {
    const text = ['a: {F0: yes}\ncondition: a', 'a: {F0|fieldref: F1}\ncondition: a', "a: {F1: 'no'}\ncondition: not a"]
      .map((detection) => ruleText(detection))
      .join('---\n');
    const ruleSet = compiled(text);
    const detections = usedDetections(rulesOf(text));
    const matcher = createMatcher(ruleSet, undefined, accelerator);
    const data = fields(2);
    const random = new Random(7);
    const value = () => v.string(random.pick(['yes', 'no', 'YES', 'maybe']));
    const logs = counted(20, (i) =>
      logOf(counted(20, () => ({ computer: `HOST${i}`, section: instance(data, value(), value()), bytes: 100 }))),
    );
    let seen = 0;
    const verdicts = foundDuring(() => {
      const open = logs.map((log) => recordsOf(log));
      for (let i = 0; i < 20; i++) {
        const events = open.map((records) => records.next().value!);
        for (const [number, event] of events.entries()) {
          expect(event.computer).toBe(`HOST${number}`);
          expect(matcherHits(ruleSet, event, matcher)).toEqual(interpreterHits(ruleSet, detections, event));
          seen++;
        }
      }
      for (const records of open) records.return(undefined);
    });
    expect(seen).toBe(400);
    expect(verdicts.certain).toBeGreaterThan(400);
  });
});

test('two logs read side by side keep their own computers', () => {
  const data = fields(2);
  const logs = ['ONE', 'TWO'].map((computer) =>
    logOf(counted(4, () => ({ computer, section: instance(data, v.string('a'), v.string('b')), bytes: 100 }))),
  );
  const [one, two] = logs.map((log) => recordsOf(log));
  for (let i = 0; i < 2; i++) for (const records of [one!, two!]) records.next();
  const first = one!.next().value!;
  two!.next();
  // Of a record that the other log's reader has gone past since.
  expect(first.computer).toBe('ONE');
  expect(two!.next().value!.computer).toBe('TWO');
});
