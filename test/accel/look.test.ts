/**
 * The look by compiled code against the plain ways: an event that it is for, the same event with the plain look, and
 * the reference evaluator find the same, whatever is remembered of which values.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRules } from '../../src/engine/compile/compile.ts';
import { createMatcher } from '../../src/engine/match/matcher.ts';
import type { EvtxEvent } from '../../src/logs/evtx/event.ts';
import { type EventSnapshot, snapshotEvent } from '../../src/model/event.ts';
import type { SigmaRule } from '../../src/model/rule.ts';
import { resolveLogSource } from '../../src/sigma/logsource/resolve.ts';
import { rules } from '../engine/match/random-rules.ts';
import { type Hit, interpreterHits, matcherHits, usedDetections } from '../engine/match/rules.ts';
import { HEADER } from '../logs/evtx/support/evtx-writer.ts';
import { mutate, Random } from '../logs/evtx/support/mutate.ts';
import { tries } from '../support/random.ts';
import { records } from './random-log.ts';
import { accelerator, fillMemory, foundDuring, logOf, memory, plainly, recordsOf } from './support.ts';

const PASSES = 3;
/** In a chunk's header. */
const FREE_SPACE_AT = 48;
/** Of the look's memory, for chunks that do not have to be copied. */
const blocks = [memory.reserve(1 << 16), memory.reserve(1 << 16)];

/** Two rule sets, each with a matcher of all rules and one of every other: all with one memory. */
class Comparison {
  hits = 0;
  readonly #random: Random;
  readonly #sets;

  constructor(ruleSets: readonly (readonly SigmaRule[])[], random: Random) {
    this.#random = random;
    this.#sets = ruleSets.map((list) => {
      const ruleSet = compileRules(list, (logsource) => resolveLogSource(logsource));
      const everyOther = (rule: number) => rule % 2 === 0;
      return {
        ruleSet,
        detections: usedDetections(list),
        matchers: [
          { matcher: createMatcher(ruleSet, undefined, accelerator), wanted: () => true },
          { matcher: createMatcher(ruleSet, everyOther, accelerator), wanted: everyOther },
        ],
      };
    });
  }

  /** All matchers on one event, with what they remember, in any order. */
  check(event: EvtxEvent): void {
    const random = this.#random;
    if (random.below(16) === 0) memory.forget();
    // In the middle of an event, too, what is remembered must be forgotten.
    if (random.below(40) === 0) fillMemory(random.below(500));
    const plain = plainly(event);
    for (const { ruleSet, detections, matchers } of random.below(2) === 0 ? this.#sets : [...this.#sets].reverse()) {
      const all = interpreterHits(ruleSet, detections, event);
      this.hits += all.length;
      for (const { matcher, wanted } of random.below(2) === 0 ? matchers : [...matchers].reverse()) {
        const expected = all.filter(({ rule }) => wanted(rule));
        same(matcherHits(ruleSet, event, matcher), expected);
        if (random.below(2) === 0) same(matcherHits(ruleSet, plain, matcher), expected);
      }
    }
  }
}

function same(found: readonly Hit[], expected: readonly Hit[]): void {
  // `expect` costs more than matching.
  if (JSON.stringify(found) !== JSON.stringify(expected)) expect(found).toEqual(expected);
}

const snapshotsOf = (log: Buffer): EventSnapshot[] => Array.from(recordsOf(log), (event) => snapshotEvent(event, 'x'));

/** Reads logs side by side, a record of one and then of another, several times over, and calls back with each event. */
function readTogether(logs: readonly Buffer[], random: Random, look: (event: EvtxEvent) => void): void {
  const alone = logs.map(snapshotsOf);
  for (let pass = 0; pass < PASSES; pass++) {
    const open = logs.map((log, i) => ({
      records: recordsOf(log, { inMemory: random.below(2) === 0 ? blocks[i] : null }),
      alone: alone[i]!,
    }));
    while (open.length > 0) {
      // Several move on before one is looked at.
      const moved = open.filter(() => random.below(3) > 0);
      const there = moved.flatMap((one) => {
        const { value, done } = one.records.next();
        if (done !== true) return [{ event: value, alone: one.alone }];
        open.splice(open.indexOf(one), 1);
        return [];
      });
      if (random.below(2) === 0) there.reverse();
      for (const { event, alone: snapshots } of there) {
        expect(snapshotEvent(event, 'x')).toEqual(snapshots[event.index]);
        look(event);
      }
    }
  }
}

const seed = fc.nat(0x7fff_ffff);

describe('rules on EVTX', () => {
  test('are found by compiled code, by the matcher alone and by the reference evaluator: the same', () => {
    let hits = 0;
    const verdicts = foundDuring(() => {
      const property = fc.property(rules, rules, records, records, seed, (one, other, first, second, from) => {
        const random = new Random(from);
        const comparison = new Comparison([one, other], random);
        readTogether([logOf(first), logOf(second)], random, (event) => comparison.check(event));
        hits += comparison.hits;
      });
      fc.assert(property, { numRuns: tries(20) });
    });
    // Rules and events that never meet would prove nothing.
    expect(hits).toBeGreaterThan(90);
    expect(verdicts.certain).toBeGreaterThan(90);
    expect(verdicts.undecided).toBeGreaterThan(4);
    expect(verdicts.taught).toBeGreaterThan(60);
  });

  test('are found in damaged logs, too', () => {
    let seen = 0;
    const property = fc.property(rules, rules, records, seed, (one, other, list, from) => {
      const random = new Random(from);
      const comparison = new Comparison([one, other], random);
      const log = logOf(list);
      // Where the records are: the rest of a chunk is empty.
      const cut = log.subarray(0, Math.min(log.length, HEADER + log.readUInt32LE(HEADER + FREE_SPACE_AT)));
      for (let time = 0; time < 8; time++) {
        const damaged = mutate(cut, [cut], random);
        for (const event of recordsOf(damaged, { damaged: true, inMemory: random.below(2) === 0 ? blocks[0] : null })) {
          comparison.check(event);
          seen++;
        }
      }
    });
    fc.assert(property, { numRuns: tries(10) });
    expect(seen).toBeGreaterThan(20);
  });
});
