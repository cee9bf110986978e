/**
 * Finds pairs of rules in which one provably finds everything that the other finds. In: all rules of a set. Out: the pairs.
 * Only rules with the same log source are compared. Literals that a match must contain keep the number of proofs small.
 */
import type { LintDocument, LintSet } from '../document.ts';
import { type Atom, atomsOf, type Formula, normalise } from '../logic/formula.ts';
import { Prover } from '../logic/proof.ts';
import { contextBy, groupBy } from './context-index.ts';
import { factsOf } from './rule-facts.ts';

export interface RulePair {
  /** The rule that finds less, or the same. */
  readonly narrow: LintDocument;
  /** Finds everything that `narrow` finds. */
  readonly wide: LintDocument;
  readonly same: boolean;
}

export interface Entry {
  readonly document: LintDocument;
  readonly formula: Formula;
  /** Field -> all literals of the rule for it, joined; '' for keywords. */
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

const cache = new WeakMap<LintSet, readonly RulePair[]>();

export function rulePairs(set: LintSet): readonly RulePair[] {
  let pairs = cache.get(set);
  if (pairs === undefined) {
    pairs = findPairs(set);
    cache.set(set, pairs);
  }
  return pairs;
}

function findPairs(set: LintSet): readonly RulePair[] {
  const own = new Set(set.own);
  const context = contextBy(set, logSourceOf);
  // The proof must not depend on the log source, so nothing is assumed about fields.
  const prover = new Prover(() => false);
  return [...groupBy(set.own, logSourceOf)].flatMap(([key, linted]) => {
    // The linted documents are the last ones.
    const group = [...(context.get(key) ?? []), ...linted].slice(-MAX_GROUP);
    return pairsIn(
      group.flatMap((document) => comparedRule(document) ?? []),
      own,
      prover,
    );
  });
}

/** Rules with the same log source are compared; undefined for what is no detection rule. */
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

/**
 * For each linted entry, in order, the entries that may be wider: those with a witness whose letters occur in the entry's texts.
 * Only the rarest group of letters of the rarest part is looked up, so that rules with nothing in common are never compared.
 */
function widerCandidates(group: readonly Entry[], own: ReadonlySet<LintDocument>): ReadonlyMap<number, readonly number[]> {
  const holders = new Map<string, Map<number, number[]>>();
  const candidates = new Map<number, number[]>();
  for (const [at, { document, texts }] of group.entries()) {
    if (!own.has(document)) continue;
    candidates.set(at, []);
    for (const [field, text] of texts) {
      const ofField = holders.get(field) ?? new Map<number, number[]>();
      holders.set(field, ofField);
      for (let i = 0; i + GRAM <= text.length; i++) {
        const gram = gramAt(text, i);
        const known = ofField.get(gram);
        if (known === undefined) ofField.set(gram, [at]);
        else if (known[known.length - 1] !== at) known.push(at);
      }
    }
  }
  const everybody = [...candidates.keys()];
  for (const [wide, { witnesses }] of group.entries()) {
    let narrow: readonly number[] = everybody;
    for (const part of witnesses) {
      const found = part.flatMap(({ field, text }) => rarestHolders(text, holders.get(field), everybody));
      if (found.length < narrow.length) narrow = found;
    }
    for (const one of new Set(narrow)) candidates.get(one)!.push(wide);
  }
  return candidates;
}

function rarestHolders(
  text: string,
  holders: ReadonlyMap<number, readonly number[]> | undefined,
  everybody: readonly number[],
): readonly number[] {
  let rarest = everybody;
  for (let i = 0; i + GRAM <= text.length && rarest.length > 0; i++) {
    const found = holders?.get(gramAt(text, i)) ?? [];
    if (found.length < rarest.length) rarest = found;
  }
  return rarest;
}

/** A number for the group of letters at `at`. Two groups may share a number, which only causes an unneeded comparison. */
function gramAt(text: string, at: number): number {
  let gram = 0;
  for (let i = at; i < at + GRAM; i++) gram = (Math.imul(gram, 31) + text.charCodeAt(i)) | 0;
  return gram;
}

/**
 * A cheap test that is never wrong when it says no: for each part, some alternative must occur in the texts of the narrow rule.
 */
function mayImply(narrow: Entry, wide: Entry): boolean {
  return wide.witnesses.every((part) => part.some(({ field, text }) => narrow.texts.get(field)?.includes(text) === true));
}

const entries = new WeakMap<LintDocument, Entry | null>();

/** What is compared of a rule, computed once; null for a rule that is not compared. */
export function comparedRule(document: LintDocument): Entry | null {
  let entry = entries.get(document);
  if (entry === undefined) {
    const facts = factsOf(document);
    entry = facts === null || facts.neverHolds || document.isRetired ? null : newEntry(document, normalise(facts.formula));
    entries.set(document, entry);
  }
  return entry;
}

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

/** For each conjunct whose alternatives all have a field and a text, these texts. */
function witnessesOf(formula: Formula): Entry['witnesses'] {
  return (formula.kind === 'and' ? formula.of : [formula]).flatMap((part): (readonly Witness[])[] => {
    const alternatives = part.kind === 'or' ? part.of : [part];
    const witnesses: Witness[] = [];
    for (const one of alternatives) {
      const atom = one.kind === 'and' ? one.of.find(isFieldText) : one;
      if (atom === undefined || !isFieldText(atom)) return [];
      witnesses.push({ field: atom.field!, text: longestLiteral(atom) });
    }
    return [witnesses];
  });
}

function isFieldText(formula: Formula): formula is Atom {
  if (formula.kind !== 'atom' || formula.field === null) return false;
  const { pattern } = formula;
  // A value that matches a number is written with the same digits, perhaps with others around them.
  if (pattern.kind === 'number') return /^\d+$/.test(pattern.decimal);
  return pattern.kind === 'text' && !pattern.cased && longestLiteral(formula) !== '';
}

function longestLiteral(atom: Atom): string {
  if (atom.pattern.kind === 'number') return atom.pattern.decimal;
  if (atom.pattern.kind !== 'text') return '';
  let longest = '';
  for (const part of atom.pattern.parts) if (typeof part === 'string' && part.length > longest.length) longest = part;
  return longest.toLowerCase();
}
