/**
 * Numbers every distinct question that rules ask of a field. In: a field and a pattern. Out: the columns of the match plan that
 * describe predicates. Refuses nothing: modifiers have validated the patterns.
 */
import type { MatchPlan } from '../../model/match-plan.ts';
import { PREDICATE } from '../../model/match-plan.ts';
import type { Pattern } from '../../model/rule.ts';
import { foldCase } from '../../model/values/case.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import { joinParts } from '../../sigma/modifiers/support/text-parts.ts';
import { requiredLiterals } from '../../sigma/regex/regex.ts';
import { GramCounts, gramAt, guardOf, shortGram } from './literal.ts';
import { TextPool } from './text-pool.ts';

export interface Predicate {
  readonly field: number;
  readonly kind: number;
  readonly literal: string | null;
  readonly pattern: Pattern | null;
}

type TextPattern = Extract<Pattern, { kind: 'text' }>;

function ofText(field: number, pattern: TextPattern): Predicate {
  const parts = joinParts(pattern.parts);
  const guarded = (): Predicate => guardedBy(field, pattern, guardOf(parts.filter((part) => typeof part === 'string')));
  const text = (kind: number, literal: string): Predicate =>
    pattern.cased ? guarded() : { field, kind, literal: foldCase(literal), pattern: null };
  const [a, b, c] = parts;
  if (parts.length === 1 && typeof a === 'string') return text(PREDICATE.equals, a);
  if (parts.length === 1 && isStar(a)) return { field, kind: PREDICATE.text, literal: null, pattern: null };
  if (parts.length === 2 && typeof a === 'string' && isStar(b)) return text(PREDICATE.startswith, a);
  if (parts.length === 2 && isStar(a) && typeof b === 'string') return text(PREDICATE.endswith, b);
  if (parts.length === 3 && isStar(a) && typeof b === 'string' && isStar(c)) return text(PREDICATE.contains, b);
  return guarded();
}

function isStar(part: unknown): boolean {
  return typeof part === 'object' && part !== null && (part as { wildcard: string }).wildcard === '*';
}

function guardedBy(field: number, pattern: Pattern, guard: string | null): Predicate {
  return { field, kind: guard === null ? PREDICATE.unguarded : PREDICATE.guarded, literal: guard, pattern };
}

/** The predicate of one pattern. `any` is not a predicate but an OR of several; `exists: false` is the negation of one. */
export function predicateOf(field: number, pattern: Exclude<Pattern, { kind: 'any' }>): Predicate {
  switch (pattern.kind) {
    case 'text':
      return ofText(field, pattern);
    case 'number':
      return { field, kind: PREDICATE.number, literal: pattern.decimal, pattern: null };
    case 'boolean':
      return { field, kind: PREDICATE.equals, literal: pattern.value ? 'true' : 'false', pattern: null };
    case 'null':
      return { field, kind: PREDICATE.isNull, literal: null, pattern: null };
    case 'exists':
      return { field, kind: PREDICATE.exists, literal: null, pattern: null };
    case 'regex':
      return guardedBy(field, pattern, guardOf(requiredLiterals(pattern.source, pattern.flags)));
    case 'fieldref':
      return { field, kind: PREDICATE.fieldref, literal: null, pattern };
    case 'test':
      return { field, kind: PREDICATE.unguarded, literal: null, pattern };
  }
}

/** The argument of a test is plain data that its modifier defines. It may hold a bigint, which JSON cannot. */
function patternKey(pattern: Pattern): string {
  return JSON.stringify(pattern, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
}

/** The columns of a match plan that describe predicates. */
export type PredicateColumns = Pick<
  MatchPlan,
  | 'fields'
  | 'fieldStart'
  | 'field'
  | 'kind'
  | 'literal'
  | 'gram'
  | 'gramAt'
  | 'pattern'
  | 'patterns'
  | 'literals'
  | 'literalStart'
>;

/** At least the number of kinds of predicates. */
const KINDS = 16;

export class PredicateTable {
  readonly #fields: string[] = [''];
  readonly #fieldNumber = new Map<string, number>();
  readonly #predicates: Predicate[] = [];
  /** For each field and kind: what is asked -> the number of the predicate. */
  readonly #known: Map<string, number>[] = [];

  /** The number of a rule field. Null stands for keywords. */
  field(name: string | null): number {
    if (name === null) return 0;
    return getOrInsert(this.#fieldNumber, name, () => this.#fields.push(name) - 1);
  }

  /** The number of a field that some rule asks of; -1 for any other field. */
  findField(name: string): number {
    return this.#fieldNumber.get(name) ?? -1;
  }

  /** The number of a predicate. It is valid until `finish`, which renumbers all of them. */
  intern(predicate: Predicate): number {
    const { field, kind, literal, pattern } = predicate;
    const list = field * KINDS + kind;
    this.#known[list] ??= new Map();
    const key = pattern === null ? (literal ?? '') : patternKey(pattern);
    return getOrInsert(this.#known[list], key, () => this.#predicates.push(predicate) - 1);
  }

  get(number: number): Predicate {
    return this.#predicates[number]!;
  }

  /** Renumbers the predicates by field and writes their columns. `renumbered[old]` is the new number. */
  finish(): { columns: PredicateColumns; renumbered: Int32Array } {
    const order = this.#predicates.map((_, i) => i).sort((a, b) => this.get(a).field - this.get(b).field || a - b);
    const count = order.length;
    const renumbered = new Int32Array(count);
    const columns = {
      fields: this.#fields,
      fieldStart: new Int32Array(this.#fields.length + 1),
      field: new Int32Array(count),
      kind: new Uint8Array(count),
      literal: new Int32Array(count).fill(-1),
      gram: new Int32Array(count),
      gramAt: new Uint16Array(count),
      pattern: new Int32Array(count).fill(-1),
      patterns: [] as Pattern[],
    };
    const literals = new TextPool();
    order.forEach((old, number) => {
      const predicate = this.get(old);
      renumbered[old] = number;
      columns.field[number] = predicate.field;
      columns.kind[number] = predicate.kind;
      if (predicate.literal !== null) columns.literal[number] = literals.add(predicate.literal);
      if (predicate.pattern !== null) columns.pattern[number] = columns.patterns.push(predicate.pattern) - 1;
      columns.fieldStart[predicate.field + 1] = number + 1;
    });
    // A field that only correlations or `fieldref` name has no predicates. Its range is empty and starts where the next one does.
    for (let f = 1; f <= this.#fields.length; f++) {
      columns.fieldStart[f] = Math.max(columns.fieldStart[f]!, columns.fieldStart[f - 1]!);
    }
    this.#fileGrams(columns, order);
    const { text, start } = literals.finish();
    return { columns: { ...columns, literals: text, literalStart: start }, renumbered };
  }

  #fileGrams(columns: Pick<PredicateColumns, 'fieldStart' | 'gram' | 'gramAt'>, order: readonly number[]): void {
    const counts = new GramCounts();
    for (let field = 0; field < this.#fields.length; field++) {
      counts.clear();
      const start = columns.fieldStart[field]!;
      const end = columns.fieldStart[field + 1]!;
      for (let p = start; p < end; p++) {
        const literal = gramLiteral(this.get(order[p]!));
        if (literal !== null && literal.length >= 4) counts.add(literal);
      }
      for (let p = start; p < end; p++) {
        const literal = gramLiteral(this.get(order[p]!));
        if (literal === null || literal.length < 3) continue;
        if (literal.length === 3) columns.gram[p] = shortGram(literal);
        else {
          const at = counts.rarestAt(literal);
          columns.gram[p] = gramAt(literal, at);
          columns.gramAt[p] = at;
        }
      }
    }
  }
}

/**
 * The literal whose gram finds the predicate. Null for equality, which is looked up by the whole text, and for predicates
 * without a literal.
 */
function gramLiteral(predicate: Predicate): string | null {
  return predicate.kind === PREDICATE.equals || predicate.kind === PREDICATE.number ? null : predicate.literal;
}
