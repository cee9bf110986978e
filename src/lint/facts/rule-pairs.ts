/**
 * Finds pairs of rules in which one provably finds everything that the other finds. In: all rules of a set. Out: the pairs.
 * Only rules with the same log source are compared. A comparison of literals that a match must contain rules out most pairs, so
 * that few need a proof.
 */
import { addTo, remembered } from '../../model/values/maps.ts';
import type { LintDocument, LintSet } from '../document.ts';
import { type Atom, atomsOf, type Formula, normalise } from '../logic/formula.ts';
import { Prover } from '../logic/proof.ts';
import { contextBy, groupBy } from './context-index.ts';
import { factsOf } from './rule-facts.ts';

export interface RulePair {
  /** The rule that finds less, or the same. */
  readonly narrow: LintDocument;
  /** The rule that finds everything that `narrow` finds. */
  readonly wide: LintDocument;
  readonly same: boolean;
}

export interface Entry {
  readonly document: LintDocument;
  readonly formula: Formula;
  /** Field -> all literals that the rule has for it, joined. The field of keywords is ''. */
  readonly texts: ReadonlyMap<string, string>;
  /** For each part of the condition that must hold, its alternatives: each has a field and a text that the value must contain. */
  readonly witnesses: readonly (readonly Witness[])[];
}

interface Witness {
  readonly field: string;
  readonly text: string;
}

/** If one log source has more rules than this, not all are compared, because the pairs grow with the square of the rules. */
const MAX_GROUP = 4000;
/** How many wider rules are named for one rule. A thousand copies of one rule would make half a million pairs. */
const MAX_WIDER = 8;

export const rulePairs = remembered(findPairs);

function findPairs(set: LintSet): readonly RulePair[] {
  const own = new Set(set.own);
  const context = contextBy(set, logSourceOf);
  // The proof must not depend on the log source, so nothing is assumed about fields.
  const prover = new Prover(() => false);
  return [...groupBy(set.own, logSourceOf)].flatMap(([key, linted]) => {
    // The linted documents come last, so that the limit cuts off others first.
    const group = [...(context.get(key) ?? []), ...linted].slice(-MAX_GROUP);
    return pairsIn(
      group.flatMap((document) => comparedRule(document) ?? []),
      own,
      prover,
    );
  });
}

/** A key that rules with the same log source share; undefined for a document that is not a detection rule. */
function logSourceOf({ rule }: LintDocument): string | undefined {
  if (rule?.kind !== 'detection') return undefined;
  const { product, category, service } = rule.logsource;
  return JSON.stringify([product, category, service].map((name) => name?.toLowerCase() ?? null));
}

function pairsIn(group: readonly Entry[], own: ReadonlySet<LintDocument>, prover: Prover): RulePair[] {
  const pairs: RulePair[] = [];
  for (const [later, candidates] of widerCandidates(group, own)) {
    const narrow = group[later]!;
    let wider = 0;
    for (const earlier of candidates) {
      if (wider === MAX_WIDER) break;
      const wide = group[earlier]!;
      if (narrow === wide || !mayImply(narrow, wide) || !prover.implies(narrow.formula, wide.formula)) continue;
      const same = prover.implies(wide.formula, narrow.formula);
      // Of two equal rules, only the later one is reported as the narrow one.
      if (same && later < earlier) continue;
      pairs.push({ narrow: narrow.document, wide: wide.document, same });
      wider++;
    }
  }
  return pairs;
}

/** How many letters make one look-up key. */
const GRAM = 4;
/** How many look-up keys there are. Two groups of letters may share one, which only causes an unneeded comparison. */
const KEYS = 1 << 18;

/**
 * For each linted entry, in order, the entries that may be wider: those with a witness whose letters occur in the entry's texts.
 * Only the rarest group of letters of the rarest part is looked up, so that rules with nothing in common are never compared.
 */
function widerCandidates(group: readonly Entry[], own: ReadonlySet<LintDocument>): ReadonlyMap<number, readonly number[]> {
  const counts = new Uint32Array(KEYS);
  for (const { document, texts } of group) {
    if (own.has(document)) for (const [field, text] of texts) eachKey(field, text, (key) => counts[key]!++);
  }
  const everywhere: number[] = [];
  const widerAt = new Map<number, number[]>();
  for (const [wide, { witnesses }] of group.entries()) {
    const keys = rarestPart(witnesses, counts);
    if (keys === null) everywhere.push(wide);
    for (const key of keys ?? []) addTo(widerAt, key, wide);
  }
  const isLookedUp = new Uint8Array(KEYS);
  for (const key of widerAt.keys()) isLookedUp[key] = 1;
  const candidates = new Map<number, readonly number[]>();
  for (const [at, { document, texts }] of group.entries()) {
    if (!own.has(document)) continue;
    const found = new Set(everywhere);
    for (const [field, text] of texts) {
      eachKey(field, text, (key) => {
        if (isLookedUp[key] === 1) for (const wide of widerAt.get(key)!) found.add(wide);
      });
    }
    candidates.set(
      at,
      [...found].sort((a, b) => a - b),
    );
  }
  return candidates;
}

/**
 * The keys of the rarest part, one for each of its alternatives. A narrower rule has at least one of them. null when every part
 * has an alternative without a key.
 */
function rarestPart(parts: Entry['witnesses'], counts: Uint32Array): readonly number[] | null {
  let rarest: readonly number[] | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    const keys = part.map((witness) => rarestKey(witness, counts));
    const count = keys.reduce<number>((sum, key) => sum + (key === null ? Number.POSITIVE_INFINITY : counts[key]!), 0);
    if (count >= least) continue;
    least = count;
    rarest = keys.flatMap((key) => key ?? []);
  }
  return rarest;
}

/** null for a text that is too short. */
function rarestKey({ field, text }: Witness, counts: Uint32Array): number | null {
  let rarest: number | null = null;
  eachKey(field, text, (key) => {
    if (rarest === null || counts[key]! < counts[rarest]!) rarest = key;
  });
  return rarest;
}

/** A key for each group of letters of a field's text. */
function eachKey(field: string, text: string, visit: (key: number) => void): void {
  let ofField = 0;
  for (let i = 0; i < field.length; i++) ofField = (Math.imul(ofField, 31) + field.charCodeAt(i)) | 0;
  for (let i = 0; i + GRAM <= text.length; i++) {
    let key = ofField;
    for (let at = i; at < i + GRAM; at++) key = Math.imul(key ^ text.charCodeAt(at), 0x01000193);
    visit((key ^ (key >>> 15)) & (KEYS - 1));
  }
}

/**
 * A cheap test that is never wrong when it says no: for each part, some alternative must occur in the texts of the narrow rule.
 */
function mayImply(narrow: Entry, wide: Entry): boolean {
  return wide.witnesses.every((part) => part.some(({ field, text }) => narrow.texts.get(field)?.includes(text) === true));
}

/** The parts of a rule that are compared; null for a rule that is not compared. */
export const comparedRule = remembered((document: LintDocument): Entry | null => {
  const facts = factsOf(document);
  return facts === null || facts.neverHolds || document.isRetired ? null : newEntry(document, normalise(facts.formula));
});

function newEntry(document: LintDocument, formula: Formula): Entry {
  const texts = new Map<string, string>();
  for (const atom of atomsOf(formula)) {
    const field = atom.field ?? '';
    texts.set(field, `${texts.get(field) ?? ''}\n${textOf(atom)}`);
  }
  return { document, formula, texts, witnesses: witnessesOf(formula) };
}

function textOf(atom: Atom): string {
  const { pattern } = atom;
  if (pattern.kind === 'text')
    return pattern.parts.map((part) => (typeof part === 'string' ? part.toLowerCase() : '\t')).join('');
  return pattern.kind === 'number' ? pattern.decimal : JSON.stringify(pattern);
}

/**
 * The witnesses of each part of the condition that must hold. Parts with few witnesses come first, because they fail soonest;
 * parts without any are left out.
 */
function witnessesOf(formula: Formula): Entry['witnesses'] {
  return (formula.kind === 'and' ? formula.of : [formula])
    .flatMap((part) => {
      const witnesses = alternativesOf(part);
      return witnesses === null ? [] : [witnesses];
    })
    .sort((a, b) => a.length - b.length);
}

/** Witnesses of which a rule that implies the formula has at least one; null where that cannot be said. */
function alternativesOf(formula: Formula): readonly Witness[] | null {
  if (formula.kind === 'or') {
    const parts = formula.of.map(alternativesOf);
    return parts.includes(null) ? null : parts.flatMap((one) => one ?? []);
  }
  if (formula.kind === 'and') {
    const parts = formula.of.map(alternativesOf).filter((one) => one !== null);
    return parts.length === 0 ? null : parts.reduce((best, one) => (one.length < best.length ? one : best));
  }
  const witness = witnessOf(formula);
  return witness === null ? null : [witness];
}

/**
 * A text for a field. A rule with an atom that implies this one has that text among its literals for the field. null where this
 * cannot be said.
 */
function witnessOf(formula: Formula): Witness | null {
  if (formula.kind !== 'atom' || formula.field === null) return null;
  const text = witnessText(formula);
  return text === '' ? null : { field: formula.field, text };
}

function witnessText(atom: Atom): string {
  const { pattern } = atom;
  // A value that matches a number is written with the same digits, perhaps with others around them.
  if (pattern.kind === 'number') return /^\d+$/.test(pattern.decimal) ? pattern.decimal : '';
  // A regular expression is implied only by the same expression, and a reference to a field only by the same reference.
  if (pattern.kind === 'regex' || pattern.kind === 'fieldref') return textOf(atom);
  if (pattern.kind !== 'text') return '';
  let longest = '';
  for (const part of pattern.parts) if (typeof part === 'string' && part.length > longest.length) longest = part;
  return longest.toLowerCase();
}
