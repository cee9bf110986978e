/**
 * The tables that the compiler makes and the matcher runs: every distinct question that rules ask of values (a predicate), and
 * for each rule a small program over predicates. They are typed arrays and two strings, so that a thread or a cache file can
 * take them over as one buffer without rebuilding anything.
 */

/**
 * What a predicate asks, and how its answer is found. The order matters: kinds up to `guarded` are answered by the index of a
 * field.
 */
export const PREDICATE = {
  /** The value in lower case equals, starts with, ends with or contains the literal. */
  equals: 0,
  startswith: 1,
  endswith: 2,
  contains: 3,
  /** The value is plain decimal text for the same number. The literal is the canonical decimal. */
  number: 4,
  /** Any text. */
  text: 5,
  /** A test of one value that can only hold when the value in lower case contains the literal. */
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
  /** The gram: the low bytes of four characters in a row (of three, shifted up by a byte), and where in the literal these are. */
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
  /**
   * The anchors of rule r are `anchors[anchorStart[r] .. anchorStart[r + 1]]`: predicates of which at least one must hold for
   * the rule to hold. A rule without anchors has `always`.
   */
  readonly anchors: Int32Array;
  readonly anchorStart: Int32Array;
  /** 1: the rule has no anchors and is evaluated for every event of its sources. */
  readonly always: Uint8Array;
  /**
   * EventIDs of which an event must have one for the rule to hold (from the rule's own `EventID` items), stored like anchors.
   * `keyed` is 1 for a rule with such a set.
   */
  readonly eventIds: Int32Array;
  readonly eventIdStart: Int32Array;
  readonly keyed: Uint8Array;
  /** For each leaf, the rule's value as written and its modifiers, for evidence, as numbers of texts in `notes`. */
  readonly leafSource: Int32Array;
  readonly leafModifier: Int32Array;
  readonly notes: string;
  readonly noteStart: Uint32Array;
}
