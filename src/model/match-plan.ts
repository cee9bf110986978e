/**
 * The tables that the compiler makes and the matcher runs: every distinct question that rules ask of values (a predicate),
 * and per rule a small program over predicates. Typed arrays and two strings, so that a thread or a cache file takes it over
 * as one buffer and nothing is rebuilt before it is used.
 */

/** What a predicate asks, and how its answer is found. The order matters: all up to `guarded` are answered by a field's index. */
export const PREDICATE = {
  /** Lower-cased value equals, starts with, ends with, contains the literal. */
  equals: 0,
  startswith: 1,
  endswith: 2,
  contains: 3,
  /** Plain decimal text of the same value; the literal is the canonical decimal. */
  number: 4,
  /** Any text. */
  text: 5,
  /** A test of one value that cannot hold unless the lower-cased value contains the literal. */
  guarded: 6,
  /** A test of one value. */
  unguarded: 7,
  /** Absent, null or an empty array. */
  isNull: 8,
  /** Present; null counts. */
  exists: 9,
  /** Compared with another field of the event. */
  fieldref: 10,
} as const;

/**
 * Program nodes. Every node begins with its operation and the position after it, so that evaluation can leave early.
 * `some`/`every`: [op, end, leaf of the first, predicate ...]; leaves are numbered consecutively.
 * `or`/`and`: [op, end, node ...]. `not`: [op, end, node]. `use`: [op, end, position of a node that was written before].
 */
export const NODE = { some: 0, every: 1, or: 2, and: 3, not: 4, use: 5 } as const;

export interface MatchPlan {
  /** Field names; the first is '' and stands for keywords (every value of the event). */
  readonly fields: readonly string[];
  /** Field -> first predicate; predicates are numbered by field. One more entry than fields. */
  readonly fieldStart: Int32Array;
  /** Per predicate. */
  readonly field: Int32Array;
  readonly kind: Uint8Array;
  /** Literal: number of a text in `literals`, -1 for none. */
  readonly literal: Int32Array;
  /** Four (three: shifted up by a byte) consecutive characters of the literal, low bytes, and where they are in it. */
  readonly gram: Int32Array;
  readonly gramAt: Uint16Array;
  /** Index into `patterns` for the kinds that need one, -1 for the others. */
  readonly pattern: Int32Array;
  readonly patterns: readonly import('./rule.ts').Pattern[];
  /** Texts, one after the other, and where each begins (one more entry than texts). */
  readonly literals: string;
  readonly literalStart: Uint32Array;
  /** All programs; `programStart` per rule, -1 for rules that have none (correlations). */
  readonly program: Int32Array;
  readonly programStart: Int32Array;
  /** Anchors of rule r: `anchors[anchorStart[r] .. anchorStart[r + 1]]`, predicates of which one must hold. None: `always`. */
  readonly anchors: Int32Array;
  readonly anchorStart: Int32Array;
  /** 1: the rule has no anchors and is evaluated for every event of its sources. */
  readonly always: Uint8Array;
  /** EventIDs without which a rule cannot hold (fields `EventID` of its own event): CSR like anchors; `keyed` 1 when it has such a set. */
  readonly eventIds: Int32Array;
  readonly eventIdStart: Int32Array;
  readonly keyed: Uint8Array;
  /** Per leaf: rule value as written and modifiers, for evidence. Numbers of texts in `notes`. */
  readonly leafSource: Int32Array;
  readonly leafModifier: Int32Array;
  readonly notes: string;
  readonly noteStart: Uint32Array;
}
