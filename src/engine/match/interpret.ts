/**
 * The slow reference evaluator: walks a rule's tree as it was parsed. In: a rule, an event, and the event source that serves the
 * rule's log source. Out: whether the rule holds. It uses no index, cache or short cut. The compiled matcher must always agree
 * with it.
 */

import { assertNever } from '../../model/errors.ts';
import { type EventRecord, type FieldValue, fieldValue } from '../../model/event.ts';
import type { EventSource } from '../../model/logsource.ts';
import type { Condition, Detection, DetectionItem, DetectionRule, Pattern } from '../../model/rule.ts';
import { foldCase } from '../../model/values/case.ts';
import { plainDecimal } from '../../model/values/decimal.ts';
import { allValues, mappedFieldValue, passesGate } from '../../sigma/logsource/fields.ts';
import { textsOf } from '../../sigma/logsource/values.ts';
import { compileTest } from '../../sigma/modifiers/modifiers.ts';
import { foldParts, partsMatch } from '../../sigma/modifiers/support/text-parts.ts';
import { compileRegex } from '../../sigma/regex/regex.ts';

/** What a rule can ask of an event. */
export interface EventView {
  /** The value of a rule field; undefined when the event has none. */
  field(name: string): FieldValue | undefined;
  /** Every value of the event, for keywords. */
  values(): readonly string[];
}

/** An event as an event source shows it. With null, every field is read under the event's own name. */
export function eventView(event: EventRecord, source: EventSource | null): EventView {
  return {
    field: (name) => (source === null ? fieldValue(event, name) : mappedFieldValue(event, source, name)),
    values: () => allValues(event),
  };
}

/** True when the rule holds for the event. With `source` null the log source is ignored. */
export function interpretRule(rule: DetectionRule, event: EventRecord, source: EventSource | null): boolean {
  if (source !== null && !passesGate(event, source)) return false;
  return interpretCondition(rule.condition, rule.selections, eventView(event, source));
}

export function interpretCondition(
  condition: Condition,
  selections: Readonly<Record<string, Detection>>,
  view: EventView,
): boolean {
  const selection = (name: string): boolean => {
    const detection = selections[name];
    return detection !== undefined && interpretDetection(detection, view);
  };
  switch (condition.kind) {
    case 'selection':
      return selection(condition.name);
    case 'selector':
      return condition.quantifier === 'all' ? condition.names.every(selection) : condition.names.some(selection);
    case 'not':
      return !interpretCondition(condition.of, selections, view);
    case 'and':
      return condition.of.every((part) => interpretCondition(part, selections, view));
    case 'or':
      return condition.of.some((part) => interpretCondition(part, selections, view));
    default:
      return assertNever(condition);
  }
}

export function interpretDetection(detection: Detection, view: EventView): boolean {
  switch (detection.kind) {
    case 'item':
      return interpretItem(detection, view);
    case 'all':
      return detection.of.every((part) => interpretDetection(part, view));
    case 'any':
      return detection.of.some((part) => interpretDetection(part, view));
    default:
      return assertNever(detection);
  }
}

/** Whether one field (or keyword list) matches any or all of its rule values, as `linking` says; `negated` inverts the result. */
export function interpretItem(item: DetectionItem, view: EventView): boolean {
  const holds = item.values.map(({ pattern }) => interpretPattern(pattern, item.field, view));
  const result = item.linking === 'all' ? holds.every((one) => one) : holds.some((one) => one);
  return item.negated ? !result : result;
}

/** Whether one rule value matches. `field` null means keywords: at least one value of the event must match. */
export function interpretPattern(pattern: Pattern, field: string | null, view: EventView): boolean {
  if (pattern.kind === 'any') return pattern.of.some((one) => interpretPattern(one, field, view));
  const value = field === null ? view.values() : view.field(field);
  switch (pattern.kind) {
    case 'null':
      return value === undefined || value === null || (typeof value !== 'string' && value.length === 0);
    case 'exists':
      return (value !== undefined) === pattern.value;
    case 'fieldref':
      return textsOf(value).some((left) => textsOf(view.field(pattern.field)).some((right) => comparesTo(pattern, left, right)));
    default:
      return textsOf(value).some((text) => interpretText(pattern, text));
  }
}

function comparesTo(pattern: Extract<Pattern, { kind: 'fieldref' }>, left: string, right: string): boolean {
  const [a, b] = pattern.cased ? [left, right] : [foldCase(left), foldCase(right)];
  switch (pattern.mode) {
    case 'equals':
      return a === b;
    case 'contains':
      return a.includes(b);
    case 'startswith':
      return a.startsWith(b);
    case 'endswith':
      return a.endsWith(b);
    default:
      return assertNever(pattern.mode);
  }
}

/** One pattern against one text value. */
export function interpretText(
  pattern: Exclude<Pattern, { kind: 'any' | 'null' | 'exists' | 'fieldref' }>,
  text: string,
): boolean {
  switch (pattern.kind) {
    case 'text':
      return pattern.cased ? partsMatch(pattern.parts, text) : partsMatch(foldParts(pattern.parts), foldCase(text));
    case 'number':
      return plainDecimal(text) === pattern.decimal;
    case 'boolean':
      return foldCase(text) === String(pattern.value);
    case 'regex':
      return compileRegex(pattern.source, pattern.flags).test(text);
    case 'test':
      return compileTest(pattern)(text);
    default:
      return assertNever(pattern);
  }
}
