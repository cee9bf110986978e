/**
 * A Sigma rule as data, after parsing and after its modifiers have been applied. The reference evaluator, the compiler, lint
 * and explain all work on it. Plain objects that can be sent between threads. Terms are those of the Sigma specification 2.1.
 */

/** A place in rule text; lines and columns count from 1. */
export interface Span {
  readonly line: number;
  readonly column: number;
}

export type Level = 'informational' | 'low' | 'medium' | 'high' | 'critical';
export const LEVELS: readonly Level[] = ['informational', 'low', 'medium', 'high', 'critical'];

/** How a report with columns writes a level, there in capitals. Who filters by level may write it as well. */
export const SHORT_LEVELS: Readonly<Record<Level, string>> = {
  informational: 'info',
  low: 'low',
  medium: 'med',
  high: 'high',
  critical: 'crit',
};

/** Values of `status`, the most trusted first. */
export const STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const;

export interface LogSource {
  readonly product?: string | undefined;
  readonly category?: string | undefined;
  readonly service?: string | undefined;
  readonly definition?: string | undefined;
}

/** What every kind of Sigma document has. Unknown keys are kept in `custom`. */
export interface RuleHead {
  readonly title: string;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly level?: Level | undefined;
  readonly description?: string | undefined;
  readonly author?: string | undefined;
  readonly date?: string | undefined;
  readonly modified?: string | undefined;
  readonly tags: readonly string[];
  readonly references: readonly string[];
  readonly falsepositives: readonly string[];
  readonly fields: readonly string[];
  /** Top-level keys that the specification does not name, as parsed. */
  readonly custom: Readonly<Record<string, unknown>>;
  /** The file, as given on the command line; '' for rule text that has none. */
  readonly path: string;
  /** Where the document starts in that file. */
  readonly span: Span;
}

/** A piece of a text pattern: literal text, or one wildcard. */
export type TextPart = string | { readonly wildcard: '*' | '?' };

/**
 * What one rule value asks of one field value. For a field with several values, one that satisfies the pattern is enough; only
 * `null`, `exists` and `fieldref` look at the field as a whole.
 */
export type Pattern =
  /** Whole-value comparison; wildcards cross line breaks. `cased: false` compares `foldCase()` of both sides. */
  | { readonly kind: 'text'; readonly parts: readonly TextPart[]; readonly cased: boolean }
  /** An unquoted YAML number: equals plain decimal text of the same value. `decimal` is canonical (`-12.5`, no exponent, no
   *  leading or trailing zeros), `source` is the rule's own text. */
  | { readonly kind: 'number'; readonly decimal: string; readonly source: string }
  /** Equals the text true/false in any case. */
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** Holds for an absent field, an explicit null and an empty array. */
  | { readonly kind: 'null' }
  /** Presence; null and '' count as present. */
  | { readonly kind: 'exists'; readonly value: boolean }
  /** Unanchored search. `flags` is a subset of `ims`; a leading inline flag group has been moved into it. */
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
  /** Compares with another field of the same event; false when either side is absent. */
  | {
      readonly kind: 'fieldref';
      readonly field: string;
      readonly mode: 'equals' | 'contains' | 'startswith' | 'endswith';
      readonly cased: boolean;
    }
  /** A test that a modifier owns (cidr, gte, hour ...): `argument` is plain data, the modifier's file turns it into a test of
   *  one text value. */
  | { readonly kind: 'test'; readonly modifier: string; readonly argument: unknown }
  /** One rule value that a modifier turned into several (windash, base64offset): an OR group, also under `all`. */
  | { readonly kind: 'any'; readonly of: readonly Pattern[] };

/** One rule value: what was written and what it means. */
export interface DetectionValue {
  /** The value as written, for reports: `\system32\`, `4624`, `null`. */
  readonly source: string;
  readonly span: Span;
  readonly pattern: Pattern;
}

/** `Field|modifier|modifier: values`, or keywords when `field` is null. */
export interface DetectionItem {
  readonly kind: 'item';
  /** null: keywords, searched in every value of the event (unanchored text patterns). */
  readonly field: string | null;
  readonly modifiers: readonly string[];
  readonly values: readonly DetectionValue[];
  /** `all` under the modifier of that name, else `any`. */
  readonly linking: 'any' | 'all';
  /** The `neq` modifier: the negation of the whole item; true for an absent field. */
  readonly negated: boolean;
  readonly span: Span;
}

/** A selection's content: a map is `all` of its items, a list is `any` of its entries. */
export type Detection =
  | DetectionItem
  | { readonly kind: 'all'; readonly of: readonly Detection[]; readonly span: Span }
  | { readonly kind: 'any'; readonly of: readonly Detection[]; readonly span: Span };

/** A condition. Selectors (`1 of sel_*`) keep their text and are resolved to the selections that they name. */
export type Condition =
  | { readonly kind: 'selection'; readonly name: string }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | {
      readonly kind: 'selector';
      readonly quantifier: 'any' | 'all';
      /** As written: `selection_*`, `them`. */
      readonly pattern: string;
      /** The selections that it names, in document order. Empty only under `not` (with a warning). The selector is then false. */
      readonly names: readonly string[];
    };

/** The selections that a condition uses, also those of its selectors. `denied`: those below a `not`, however many, or only the others. */
export function namesIn(condition: Condition, denied?: boolean, isDenied = false): readonly string[] {
  switch (condition.kind) {
    case 'selection':
      return denied === undefined || denied === isDenied ? [condition.name] : [];
    case 'selector':
      return denied === undefined || denied === isDenied ? condition.names : [];
    case 'not':
      return namesIn(condition.of, denied, true);
    default:
      return condition.of.flatMap((part) => namesIn(part, denied, isDenied));
  }
}

/** True when there is a `not` anywhere in a condition. */
export function negates(condition: Condition): boolean {
  if (condition.kind === 'and' || condition.kind === 'or') return condition.of.some(negates);
  return condition.kind === 'not';
}

/** A rule over single events. */
export interface DetectionRule {
  readonly kind: 'detection';
  readonly head: RuleHead;
  readonly logsource: LogSource;
  readonly logsourceSpan: Span;
  readonly selections: Readonly<Record<string, Detection>>;
  /** The whole condition; a list of conditions has become one `or`. */
  readonly condition: Condition;
  /** As written, one entry per condition. */
  readonly conditionSource: readonly string[];
  readonly conditionSpan: Span;
  /** Titles of filters that have been ANDed to it; their selections are in `selections` under scoped names. */
  readonly filters: readonly string[];
}

export type CorrelationType =
  | 'event_count'
  | 'value_count'
  | 'value_sum'
  | 'value_avg'
  | 'value_percentile'
  | 'value_median'
  | 'temporal'
  | 'temporal_ordered';

export type CompareOperator = 'lt' | 'lte' | 'gt' | 'gte' | 'eq' | 'neq';

/** `condition:` of a correlation: bounds that must all hold, or (temporal types) an expression over rule names. */
export interface CorrelationCondition {
  readonly bounds: readonly { readonly operator: CompareOperator; readonly value: number }[];
  /** Fields of value_* types; several are distinct tuples (value_count). */
  readonly fields: readonly string[];
  /** The percentage of a value_percentile condition. */
  readonly percentile?: number | undefined;
  /** Extended condition of temporal types; selection names are rule references. */
  readonly expression?: Condition | undefined;
}

export interface CorrelationRule {
  readonly kind: 'correlation';
  readonly head: RuleHead;
  readonly type: CorrelationType;
  /** Names or ids as written; `resolve` has checked that each exists. */
  readonly rules: readonly string[];
  readonly groupBy: readonly string[];
  readonly timespanMs: number;
  /** As written: `9m`. */
  readonly timespan: string;
  readonly condition: CorrelationCondition;
  /** Alias -> rule reference -> field of that rule. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** True: the referenced rules raise their own matches as well. */
  readonly generate: boolean;
}

/** A `filter:` document: applied to the rules it names before they are compiled. */
export interface FilterRule {
  readonly kind: 'filter';
  readonly head: RuleHead;
  readonly logsource: LogSource;
  /** Rule ids or names; 'any' for all. */
  readonly rules: readonly string[] | 'any';
  readonly selections: Readonly<Record<string, Detection>>;
  readonly condition: Condition;
}

export type SigmaDocument = DetectionRule | CorrelationRule | FilterRule;
/** A rule after filters have been applied. */
export type SigmaRule = DetectionRule | CorrelationRule;

/** A rule (or document) that was refused, and why. Reported, never dropped silently. */
export interface RefusedRule {
  readonly path: string;
  readonly title?: string | undefined;
  readonly id?: string | undefined;
  readonly diagnostics: readonly import('./diagnostic.ts').Diagnostic[];
}

/** The result of `loadRules`: rules in the order of files, refused rules, and diagnostics (warnings included). */
export interface LoadedRules {
  readonly rules: readonly SigmaRule[];
  readonly refused: readonly RefusedRule[];
  readonly diagnostics: readonly import('./diagnostic.ts').Diagnostic[];
  /** How many rule files and documents were seen. */
  readonly files: number;
  readonly documents: number;
}
