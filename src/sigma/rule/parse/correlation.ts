/**
 * Parses a `correlation:` document. `resolve.ts` later checks whether the rules that it names exist. Refuses unknown keys (a
 * mistyped `group-by` would put everything into one group), and unknown types, operators and timespans.
 */

import {
  type CompareOperator,
  type CorrelationCondition,
  type CorrelationRule,
  type CorrelationType,
  namesIn,
} from '../../../model/rule.ts';
import { durationMs } from '../../../model/values/time.ts';
import { entryOf, type YamlMap, type YamlNode } from '../../yaml/yaml.ts';
import type { Faults } from '../faults.ts';
import { didYouMean } from '../suggest.ts';
import { parseCondition } from './condition.ts';
import { parseHead } from './head.ts';
import { nodeName, scalarsOf, textOf } from './scalars.ts';
import { yamlDecimal } from './value.ts';

/** What the condition of a type needs besides its bounds. */
interface TypeShape {
  readonly field: 'none' | 'one' | 'several';
  readonly percentile?: true;
  /** True when the condition may be absent, or may be an expression over rules. */
  readonly temporal?: true;
}
/** Every value of `type`, and what it needs. */
export const CORRELATION_TYPES: Readonly<Record<CorrelationType, TypeShape>> = {
  event_count: { field: 'none' },
  value_count: { field: 'several' },
  value_sum: { field: 'one' },
  value_avg: { field: 'one' },
  value_median: { field: 'one' },
  value_percentile: { field: 'one', percentile: true },
  temporal: { field: 'none', temporal: true },
  temporal_ordered: { field: 'none', temporal: true },
};
/** Keys of `correlation`. */
export const CORRELATION_KEYS = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate'];
const OPERATORS: readonly CompareOperator[] = ['lt', 'lte', 'gt', 'gte', 'eq', 'neq'];
const MAX_RULES = 1000;

/** null after a fault. */
export function parseCorrelation(map: YamlMap, faults: Faults): CorrelationRule | null {
  const head = parseHead(map, faults);
  const body = entryOf(map, 'correlation')!.value;
  if (body.kind !== 'map') {
    faults.error('type', body.start, `"correlation" must be a map, not ${nodeName(body)}.`);
    return null;
  }
  for (const { text, start } of body.entries.map(({ key }) => key)) {
    if (!CORRELATION_KEYS.includes(text))
      faults.error('correlation', start, `"${text}" is not a key of a correlation.`, didYouMean(text, CORRELATION_KEYS));
  }
  const type = correlationType(body, faults);
  const timespan = parseTimespan(body, faults);
  if (type === null || timespan === null) return null;
  const listed = namesOf(body, 'rules', faults);
  const condition = parseBody(body, type, listed, faults);
  if (condition === null) return null;
  const rules = listed.length > 0 || !condition.expression ? listed : [...new Set(namesIn(condition.expression))];
  if (rules.length === 0) faults.error('correlation', body.start, 'the correlation names no rules.', 'Add "rules: [...]".');
  if (rules.length > MAX_RULES) faults.error('too-large', body.start, `more than ${MAX_RULES} rules in one correlation.`);
  const aliases = parseAliases(body, faults);
  const rule: CorrelationRule = {
    kind: 'correlation',
    head,
    type,
    rules,
    groupBy: namesOf(body, 'group-by', faults),
    ...timespan,
    // Spec, temporal: without a condition, all rules must match.
    condition: condition.bounds.length > 0 || condition.expression ? condition : withAll(condition, rules.length),
    aliases,
    generate: parseGenerate(map, body, faults),
  };
  return faults.refused ? null : rule;
}

function withAll(condition: CorrelationCondition, count: number): CorrelationCondition {
  return { ...condition, bounds: [{ operator: 'gte', value: count }] };
}

function correlationType(body: YamlMap, faults: Faults): CorrelationType | null {
  const text = textOf(body, 'type', faults);
  if (text !== undefined && Object.hasOwn(CORRELATION_TYPES, text)) return text as CorrelationType;
  const known = Object.keys(CORRELATION_TYPES);
  const at = entryOf(body, 'type')?.value.start ?? body.start;
  const near = text === undefined ? undefined : didYouMean(text, known);
  const message = text === undefined ? 'the correlation has no type.' : `"${text}" is not a correlation type.`;
  faults.error('correlation', at, message, near ?? `Types are ${known.join(', ')}.`);
  return null;
}

/** Warns of `5M`: it is read as five months, as in pySigma, but its author probably meant five minutes. */
function warnOfUnit(timespan: string, at: number, faults: Faults): void {
  const unit = timespan.at(-1)!;
  const name = { w: 'weeks', M: 'months', y: 'years' }[unit];
  if (name === undefined) return;
  const hint = unit === 'M' ? `Minutes are "${timespan.slice(0, -1)}m"; write months in days.` : 'Write it in days.';
  faults.warn('timespan-unit', at, `"${timespan}" is read as ${name}; the specification has s, m, h and d only.`, hint);
}

function parseTimespan(body: YamlMap, faults: Faults): { timespan: string; timespanMs: number } | null {
  const timespan = textOf(body, 'timespan', faults);
  const at = entryOf(body, 'timespan')?.value.start ?? body.start;
  const hint = 'Write a number and a unit: 30s, 9m, 1h, 7d.';
  if (timespan === undefined) {
    faults.error('correlation', at, 'the correlation has no timespan.', hint);
    return null;
  }
  const milliseconds = durationMs(timespan);
  if (milliseconds !== null && milliseconds > 0) {
    warnOfUnit(timespan, at, faults);
    return { timespan, timespanMs: milliseconds };
  }
  faults.error('timespan', at, `"${timespan}" is not a timespan.`, hint);
  return null;
}

/** A name or a list of names, each once. */
function namesOf(body: YamlMap, key: string, faults: Faults): readonly string[] {
  const value = entryOf(body, key)?.value;
  if (value === undefined) return [];
  return [...new Set(scalarsOf(value, key, faults).map((scalar) => scalar.text))];
}

function parseBody(body: YamlMap, type: CorrelationType, rules: readonly string[], faults: Faults): CorrelationCondition | null {
  const value = entryOf(body, 'condition')?.value;
  const shape = CORRELATION_TYPES[type];
  if (value === undefined) {
    if (shape.temporal) return { bounds: [], fields: [] };
    faults.error('no-condition', body.start, `a correlation of type ${type} needs a condition.`, 'Add "condition: {gte: 10}".');
    return null;
  }
  if (value.kind === 'map') return parseBounds(value, type, shape, faults);
  if (value.kind === 'scalar' && value.type === 'string' && shape.temporal)
    return parseExpression(value.text, value.start, rules, faults);
  const message = `the condition of a correlation of type ${type} must be a map, not ${nodeName(value)}.`;
  faults.error('correlation', value.start, message, 'Write "condition: {gte: 10}".');
  return null;
}

function parseBounds(map: YamlMap, type: CorrelationType, shape: TypeShape, faults: Faults): CorrelationCondition | null {
  const bounds: { operator: CompareOperator; value: number }[] = [];
  let fields: readonly string[] = [];
  let percentile: number | undefined;
  for (const { key: name, value } of map.entries) {
    const key = name.text;
    const operator = OPERATORS.find((one) => one === key);
    if (operator !== undefined) {
      const number = numberOf(value);
      if (number === null) faults.error('correlation', value.start, `"${key}" needs a number, not ${nodeName(value)}.`);
      else bounds.push({ operator, value: number });
    } else if (key === 'field') {
      fields = scalarsOf(value, 'field', faults).map((scalar) => scalar.text);
    } else if (key === 'percentile' && shape.percentile) {
      const number = numberOf(value);
      if (number === null || number < 0 || number > 100)
        faults.error('correlation', value.start, '"percentile" is a number from 0 to 100.');
      else percentile = number;
    } else {
      const hint = didYouMean(key, [...OPERATORS, 'field']);
      faults.error('correlation', name.start, `"${key}" does not belong in a condition of type ${type}.`, hint);
    }
  }
  if (bounds.length === 0 && !faults.refused)
    faults.error('correlation', map.start, 'the condition compares nothing.', 'Add one of lt, lte, gt, gte, eq, neq.');
  checkFields(map, type, shape, fields, percentile, faults);
  return faults.refused ? null : { bounds, fields, percentile };
}

function checkFields(
  map: YamlMap,
  type: CorrelationType,
  shape: TypeShape,
  fields: readonly string[],
  percentile: number | undefined,
  faults: Faults,
): void {
  if (shape.field === 'none' && fields.length > 0)
    faults.error('correlation', map.start, `type ${type} counts events: it takes no "field".`);
  if (shape.field !== 'none' && fields.length === 0) faults.error('correlation', map.start, `type ${type} needs a "field".`);
  if (shape.field === 'one' && fields.length > 1)
    faults.error('correlation', map.start, `type ${type} takes one field, not ${fields.length}.`);
  const hint = 'Add "percentile: 95" beside the bound on the value.';
  if (shape.percentile && percentile === undefined)
    faults.error('correlation', map.start, `type ${type} needs a "percentile".`, hint);
}

function numberOf(node: YamlNode): number | null {
  if (node.kind !== 'scalar' || node.type === 'null' || node.type === 'boolean') return null;
  const decimal = /^[-+.\d]/.test(node.text) ? yamlDecimal(node.text) : null;
  return decimal === null || node.text === '' ? null : Number(decimal);
}

/**
 * pySigma's extended conditions. Every rule of the list must occur in the expression, because otherwise it would have no
 * effect.
 */
function parseExpression(text: string, at: number, rules: readonly string[], faults: Faults): CorrelationCondition | null {
  const words = text.match(/[\w-]+/g) ?? [];
  const names = rules.length > 0 ? rules : [...new Set(words.filter((word) => !['and', 'or', 'not'].includes(word)))];
  const expression = parseCondition(text, { names, noun: 'rule', selectors: false, faults, at });
  if (expression === null) return null;
  const used = namesIn(expression);
  const unused = names.filter((name) => !used.includes(name));
  if (unused.length > 0) {
    faults.error('correlation', at, `the condition does not use ${unused.map((name) => `"${name}"`).join(', ')} of "rules".`);
    return null;
  }
  return { bounds: [], fields: [], expression };
}

/** Parses `aliases`. `resolve.ts` checks whether they name rules of the correlation. */
function parseAliases(body: YamlMap, faults: Faults): CorrelationRule['aliases'] {
  const value = entryOf(body, 'aliases')?.value;
  const aliases: Record<string, Record<string, string>> = Object.create(null);
  if (value === undefined) return aliases;
  if (value.kind !== 'map') {
    faults.error('type', value.start, `"aliases" must be a map, not ${nodeName(value)}.`);
    return aliases;
  }
  for (const { key, value: fields } of value.entries) {
    const alias = key.text;
    if (fields.kind !== 'map') {
      faults.error('type', fields.start, `the alias "${alias}" must map rules to fields.`, 'Write "alias: {rule: Field}".');
      continue;
    }
    const ofRule: Record<string, string> = Object.create(null);
    for (const { key: rule, value: field } of fields.entries) {
      if (field.kind === 'scalar' && field.type !== 'null') ofRule[rule.text] = field.text;
      else faults.error('type', field.start, `the alias "${alias}" needs a field name for "${rule.text}".`);
    }
    aliases[alias] = ofRule;
  }
  return aliases;
}

/** The specification's schema has `generate` next to `correlation`; pySigma reads it inside. Both are accepted. */
function parseGenerate(document: YamlMap, body: YamlMap, faults: Faults): boolean {
  let generate: boolean | null = null;
  for (const value of [entryOf(document, 'generate')?.value, entryOf(body, 'generate')?.value]) {
    if (value === undefined) continue;
    if (value.kind !== 'scalar' || value.type !== 'boolean') {
      faults.error('type', value.start, `"generate" must be true or false, not ${nodeName(value)}.`);
      continue;
    }
    const wanted = value.text.toLowerCase() === 'true';
    if (generate !== null && generate !== wanted) {
      faults.error('correlation', value.start, '"generate" is given twice and differs.', 'Keep the one under "correlation".');
    }
    generate = wanted;
  }
  return generate ?? false;
}
