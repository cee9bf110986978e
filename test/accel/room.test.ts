/** What takes room in the memory of the looks, and what must not: it never grows, and fills up for all logs and rules of the thread. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createMatcher } from '../../src/engine/match/matcher.ts';
import { openEvtx } from '../../src/logs/evtx/index.ts';
import type { RuleSet } from '../../src/model/ruleset.ts';
import { compiled, matcherHits, ruleText } from '../engine/match/rules.ts';
import { el, instance, sub, template, type ValueSpec, v } from '../logs/evtx/support/evtx-writer.ts';
import { accelerator, logOf, memory, recordsOf } from './support.ts';

const counted = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const data = template(el('EventData', {}, el('Data', { Name: 'A' }, sub(0)), el('Data', { Name: 'B' }, sub(1))));

test('logs opened one after the other leave room in the memory', () => {
  const log = logOf(counted(4, () => ({ section: instance(data, v.string('a'), v.string('b')), bytes: 100 })));
  for (let i = 0; i < 30; i++) {
    const opened = openEvtx(log);
    for (const record of opened) expect(record.computer).toBe('HOST');
    opened.close();
  }
  expect(memory.reserve(4)).not.toBe(null);
});

/** Rules whose programs do not fit: most of them nobody runs. */
function tooLarge(): RuleSet {
  const ruleSet = compiled(ruleText('a: {A: same}\nb: {B: b}\ncondition: a and b'));
  const program = new Int32Array(5 << 20);
  program.set(ruleSet.plan.program);
  return { ...ruleSet, plan: { ...ruleSet.plan, program } };
}

test('rules whose programs do not fit into the memory do not make every event forget everything', () => {
  const large = tooLarge();
  const matcher = createMatcher(large, undefined, accelerator);
  const log = logOf(counted(100, (i) => ({ section: instance(data, v.string('same'), v.string(`${i % 2}`)), bytes: 100 })));
  const before = memory.generation;
  for (const event of recordsOf(log)) matcherHits(large, event, matcher);
  expect(memory.generation - before).toBeLessThan(10);
});

test('rules that do not fit cost no room for each event', () => {
  expect(roomTakenBy(tooLarge(), v.string('x'))).toBeLessThan(5000);
});

test('what a value brings up that is too long to be kept takes no room', () => {
  expect(roomTakenBy(compiled(ruleText("a: {B|contains: 'x'}\ncondition: a")), v.string('x'.repeat(1100)))).toBeLessThan(5000);
});

/** Bytes of the memory's heap that 1,000 events with this value take when all that can be remembered is. */
function roomTakenBy(ruleSet: RuleSet, value: ValueSpec): number {
  const matcher = createMatcher(ruleSet, undefined, accelerator);
  const log = logOf(counted(1010, () => ({ section: instance(data, v.string('same'), value), bytes: 2300 })));
  let before = 0;
  for (const event of recordsOf(log)) {
    matcherHits(ruleSet, event, matcher);
    if (event.index === 9) before = memory.put([]);
  }
  return memory.put([]) - before;
}

test('rule sets that nobody uses any more are not kept by the memory', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const log = logOf([{ section: instance(data, v.string('b'), v.string('x')), bytes: 100 }]);
  const use = () => {
    const ruleSet = compiled(ruleText('a: {A: b}\nb: {B: c}\ncondition: a or b'));
    const matcher = createMatcher(ruleSet, undefined, accelerator);
    for (const event of recordsOf(log)) matcherHits(ruleSet, event, matcher);
    return new WeakRef(ruleSet.plan);
  };
  const plans = counted(40, use);
  await nextTurn();
  collect();
  // The last may still be on the stack.
  expect(plans.filter((plan) => plan.deref() !== undefined).length).toBeLessThanOrEqual(2);
});

test('readers whose tables are in the memory are those that are kept for the next log', () => {
  const log = logOf(counted(2, () => ({ section: instance(data, v.string('a'), v.string('b')), bytes: 100 })));
  const open = counted(30, () => recordsOf(log));
  for (const records of open) records.next();
  // Those opened last found no room, and are the first to be done.
  for (const records of open.reverse()) records.return(undefined);
  expect(recordsOf(log).next().value!.values.inGivenMemory).toBe(true);
});
