/** What belongs to a thread is handed down: contexts, and matchers of one context, do not disturb each other. */
import { expect, test } from 'vitest';
import { createMatcher } from '../../src/engine/match/matcher.ts';
import { memoOf } from '../../src/engine/match/values/value-memo.ts';
import { ThreadContext } from '../../src/engine/thread-context.ts';
import { format as evtx } from '../../src/logs/evtx/format.ts';
import { format as json } from '../../src/logs/json/format.ts';
import type { EventRecord } from '../../src/model/event.ts';
import { Atom } from '../../src/model/values/atom.ts';
import { ChunkWriter, el, eventRecord, evtxLog, instance, sub, template, v } from '../logs/evtx/support/evtx-writer.ts';
import { compiled, matcherHits, ruleText } from './match/rules.ts';

const OPTIONS = { recover: false, verify: false };

test('a part is made once for a context', () => {
  const make = () => ({});
  const [one, other] = [new ThreadContext(), new ThreadContext()];
  expect(one.own(make)).toBe(one.own(make));
  expect(one.own(make)).not.toBe(other.own(make));
});

test('an accelerator is made when it is first asked for', () => {
  let made = 0;
  const thread = new ThreadContext(() => {
    made++;
    return null;
  });
  expect(made).toBe(0);
  expect([thread.accelerator, thread.accelerator, made]).toEqual([null, null, 1]);
});

test('matchers remember what they know of a value side by side', () => {
  const atom = new Atom('a');
  const owners = [0, 1, 2].map(() => ({ gone: false }));
  const memos = owners.map((owner) => memoOf(atom, owner));
  for (let pass = 0; pass < 3; pass++) expect(owners.map((owner) => memoOf(atom, owner))).toEqual(memos);
  for (const [i, owner] of owners.entries()) expect(memoOf(atom, owner)).toBe(memos[i]);
});

test('memos of matchers that are gone are dropped', () => {
  const atom = new Atom('a');
  for (let i = 0; i < 100; i++) memoOf(atom, { gone: true });
  memoOf(atom, { gone: false });
  let count = 0;
  for (let memo = atom.memo as { next: unknown } | null; memo !== null; memo = memo.next as typeof memo) count++;
  expect(count).toBe(1);
});

test('logs read in turns in two contexts, by two matchers each, are matched as alone', () => {
  const data = template(el('EventData', {}, el('Data', { Name: 'A' }, sub(0))));
  const chunk = new ChunkWriter();
  for (let i = 0; i < 50; i++) chunk.record(eventRecord(1, instance(data, v.string(`value ${i % 5}`)), BigInt(i + 1)));
  const logs = [
    { format: evtx, bytes: evtxLog([chunk.finish()]) },
    {
      format: json,
      bytes: Buffer.from(
        Array.from({ length: 50 }, (_, i) => JSON.stringify({ Channel: 'System', EventID: 1, A: `value ${i % 5}` })).join('\n'),
      ),
    },
  ];
  const ruleSets = ['1', '2'].map((digit) => compiled(ruleText(`a: {A|endswith: '${digit}'}\ncondition: a`)));
  const threads = [new ThreadContext(), new ThreadContext()].map((thread) => ({
    thread,
    matchers: ruleSets.map((ruleSet) => createMatcher(ruleSet, undefined, thread.accelerator)),
  }));
  for (const { format, bytes } of logs) {
    const hits = threads.map(() => [0, 0]);
    for (const [t, { thread, matchers }] of threads.entries()) {
      const event = (one: EventRecord): void => {
        for (const [m, matcher] of matchers.entries()) hits[t]![m]! += matcherHits(ruleSets[m]!, one, matcher).length;
      };
      const decoder = format.decoder('log', { event, diagnostic: () => {} }, OPTIONS, thread);
      decoder.push(bytes);
      decoder.end();
    }
    expect(hits).toEqual([
      [10, 10],
      [10, 10],
    ]);
  }
});
