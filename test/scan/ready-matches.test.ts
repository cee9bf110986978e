/** Matches that are handed out while others are still looked for, against the order of all of them at the end. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MatchBlockWriter, MatchStore } from '../../src/findings/store/match-store.ts';
import { SPOOL_MEMORY_BYTES } from '../../src/findings/store/spool.ts';
import { INTERVAL_MS, ReadyMatches } from '../../src/scan/first-pass/ready-matches.ts';
import type { RangeTask } from '../../src/scan/threads/tasks.ts';
import { match } from '../findings/support.ts';
import { tries } from '../support/random.ts';

const RECORDS = 4;

function taskList(ranges: readonly number[]): RangeTask[] {
  const tasks = ranges.flatMap((count, file) => Array.from({ length: count }, (_, range) => ({ file, range })));
  return tasks.map((task, id) => ({
    ...task,
    id,
    name: `${task.file}.evtx`,
    found: null,
    format: 'evtx',
    bytes: { start: 0, end: 1 },
  }));
}

function block(task: RangeTask, found: readonly { index: number; rule: number }[]): Uint8Array {
  const writer = new MatchBlockWriter();
  for (const { index, rule } of found) writer.add(match(rule, 0, { file: task.name, index }));
  return Uint8Array.from(writer.take());
}

/** Of a task: which record matches which rule, in two blocks. */
const found = fc.array(fc.record({ index: fc.integer({ min: 0, max: RECORDS - 1 }), rule: fc.integer({ min: 0, max: 3 }) }), {
  maxLength: 8,
});

test('are the first in file order, each once, with the positions that they have in their files', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }).chain((ranges) => {
        const tasks = taskList(ranges);
        return fc.record({
          tasks: fc.constant(tasks),
          order: fc.shuffledSubarray(tasks),
          matches: fc.array(found, { minLength: tasks.length, maxLength: tasks.length }),
          cut: fc.integer({ min: 0, max: 8 }),
          keep: fc.boolean(),
          copies: fc.boolean(),
        });
      }),
      async ({ tasks, order, matches, cut, keep, copies }) => {
        const store = new MatchStore();
        const early: string[] = [];
        const taken: number[] = [];
        const place = (at: number) => `${store.recordIndexAt(at)} ${store.ruleAt(at)}`;
        const text = (at: number) => `${store.textAt(at).file} ${store.recordIndexAt(at)} ${store.ruleAt(at)}`;
        let now = 0;
        const ready = new ReadyMatches(
          store,
          tasks,
          () => (now += INTERVAL_MS),
          async (positions) => {
            for (const at of positions) {
              early.push(text(at));
              taken.push(at);
            }
          },
          keep,
          copies,
        );
        for (const task of order) {
          // Matches of one event may come in any order of rules.
          const own = matches[task.id]!.slice().sort((a, b) => a.index - b.index);
          for (const part of [own.slice(0, cut), own.slice(cut)]) {
            const from = store.size;
            store.appendSerialized(block(task, part), task);
            ready.added(task, from);
            await ready.handOver();
          }
          ready.read(task, RECORDS);
          await ready.handOver();
        }
        // As a scan does at its end, for those that were read.
        for (const task of order) {
          const before = order.filter(({ file, range }) => file === task.file && range < task.range);
          store.setFirstIndex(task, before.length * RECORDS);
        }
        // One match may be there several times: such are copies.
        if (!copies) store.leaveOutCopies();
        const all = [...store.positionsInFileOrder()];
        expect(taken).toEqual(all.slice(0, ready.taken));
        expect(early.map((one) => one.slice(one.indexOf(' ') + 1))).toEqual(taken.map(place));
        // What was taken is there only if it is kept; all the others are.
        for (const at of keep ? all : all.slice(ready.taken)) text(at);
        if (!keep) for (const at of taken) expect(() => text(at)).toThrow(/released/);
        // Nothing waits that could be told.
        const gap = tasks.findIndex((task) => !order.includes(task));
        const told = (gap < 0 ? tasks : tasks.slice(0, gap)).flatMap(({ id }) =>
          matches[id]!.map(({ index, rule }) => `${index} ${rule}`),
        );
        const tellable = copies ? told.length : new Set(told).size;
        expect(ready.taken).toBe(tellable);
      },
    ),
    { numRuns: tries(100) },
  );
});

test('do not wait when there are many bytes of them', async () => {
  const [task] = taskList([1]);
  const store = new MatchStore();
  let calls = 0;
  const ready = new ReadyMatches(
    store,
    [task!],
    () => 0,
    async (positions) => {
      for (const _ of positions) calls++;
    },
    false,
  );
  const large = match(0, 0, { file: task!.name, index: 0 });
  const writer = new MatchBlockWriter();
  writer.add({ ...large, event: { ...large.event, data: { Text: 'x'.repeat(SPOOL_MEMORY_BYTES / 2) } } });
  store.appendSerialized(writer.take(), task!);
  ready.added(task!, 0);
  ready.read(task!, 1);
  await ready.handOver();
  expect([calls, store.held]).toEqual([1, 0]);
});

test('wait a little, so that reading and printing do not take turns for every range', async () => {
  const [task] = taskList([1]);
  const store = new MatchStore();
  let now = 0;
  let calls = 0;
  const ready = new ReadyMatches(
    store,
    [task!],
    () => now,
    async (positions) => {
      calls++;
      expect([...positions]).toHaveLength(1);
    },
  );
  store.appendSerialized(block(task!, [{ index: 0, rule: 0 }]), task!);
  ready.added(task!, 0);
  ready.read(task!, 1);
  await ready.handOver();
  expect(calls).toBe(0);
  now = INTERVAL_MS;
  await ready.handOver();
  expect(calls).toBe(1);
});
