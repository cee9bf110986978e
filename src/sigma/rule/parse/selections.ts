/**
 * Parses the selections and the condition of a detection or a filter. Refuses a missing condition, and more selections than the
 * limit.
 */
import type { Condition, Detection, DetectionRule } from '../../../model/rule.ts';
import { entryOf, type YamlEntry, type YamlMap, type YamlScalar } from '../../yaml/yaml.ts';
import type { Faults } from '../faults.ts';
import { parseCondition } from './condition.ts';
import { parseSelection } from './detection.ts';
import type { ItemContext } from './item.ts';
import { nodeName } from './scalars.ts';

export type Selections = Pick<DetectionRule, 'selections' | 'condition' | 'conditionSource' | 'conditionSpan'>;

/** A key of Sigma 1 that is no longer used. pySigma reads it as a selection, which no condition can have meant. */
const TIMEFRAME = 'timeframe';
/** Limit on the selections of one document. The largest rule of SigmaHQ has 30. */
const MAX_SELECTIONS = 2000;

/**
 * `what` is the key that holds `map`; `reserved` are keys of `map` that are not selections; `outside` is a condition that
 * stands next to `what` instead of inside. null after a fault.
 */
export function parseSelections(
  map: YamlMap,
  what: string,
  reserved: readonly string[],
  context: ItemContext,
  outside?: YamlEntry,
): Selections | null {
  const { faults } = context;
  const conditions = conditionTexts(map, what, outside, context);
  const selections: Record<string, Detection> = Object.create(null);
  const names: string[] = [];
  for (const { key: name, value } of map.entries) {
    const { text: key, start: keyAt } = name;
    if (key === 'condition' || reserved.includes(key)) continue;
    if (key === TIMEFRAME) {
      faults.warn('timeframe', keyAt, '"timeframe" is not part of Sigma 2 and is ignored.', 'Write a correlation rule.');
      continue;
    }
    names.push(key);
    if (value.kind === 'scalar' && value.type === 'null') {
      faults.error('empty-selection', keyAt, `"${key}" is empty.`, strayHint(map, key, faults));
      continue;
    }
    const detection = parseSelection(key, value, context);
    if (detection !== null) selections[key] = detection;
  }
  if (conditions === null) return null;
  if (names.length === 0) {
    faults.error('no-selection', map.start, `"${what}" has no selection.`);
    return null;
  }
  if (names.length > MAX_SELECTIONS) {
    faults.error('too-large', map.start, `more than ${MAX_SELECTIONS} selections.`);
    return null;
  }
  const parsed: Condition[] = [];
  for (const { text, start: at } of conditions) {
    const condition = parseCondition(text, { names, noun: 'selection', selectors: true, faults, at });
    if (condition === null) return null;
    parsed.push(condition);
  }
  if (faults.refused) return null;
  return {
    selections,
    condition: parsed.length === 1 ? parsed[0]! : { kind: 'or', of: parsed },
    conditionSource: conditions.map(({ text }) => text),
    conditionSpan: faults.source.span(conditions[0]!.start),
  };
}

/** Spec, Condition: one text, or a list of texts of which one must hold. */
function conditionTexts(
  map: YamlMap,
  what: string,
  outside: YamlEntry | undefined,
  { faults }: ItemContext,
): readonly YamlScalar[] | null {
  const entry = entryOf(map, 'condition');
  const items = entry === undefined ? [] : entry.value.kind === 'list' ? entry.value.items : [entry.value];
  if (entry === undefined || items.length === 0) {
    const around = map.entries.find(({ value }) => entryOf(value, 'condition') !== undefined)?.key.text;
    const stray = outside ?? entryOf(around === undefined ? undefined : entryOf(map, around)?.value, 'condition');
    const place = outside === undefined ? `in "${around}"` : `beside "${what}"`;
    const hint =
      stray === undefined
        ? 'Add "condition: selection".'
        : `It stands ${place} (line ${faults.source.span(stray.key.start).line}): indent it as far as the selections.`;
    faults.error('no-condition', stray?.key.start ?? map.start, `"${what}" has no condition.`, hint);
    return null;
  }
  const texts: YamlScalar[] = [];
  for (const item of items) {
    if (item.kind === 'scalar' && item.type !== 'null') texts.push(item);
    else {
      faults.error('type', item.start, `a condition must be text, not ${nodeName(item)}.`);
      return null;
    }
  }
  return texts;
}

/** Keys after an empty selection with the same indentation were probably meant to be inside it. */
function strayHint({ entries }: YamlMap, name: string, { source }: Faults): string {
  const next = entries[entries.findIndex(({ key }) => key.text === name) + 1];
  if (next === undefined || next.key.text === 'condition') return 'Name at least one field.';
  return `Line ${source.span(next.key.start).line} ("${next.key.text}") is indented as far as "${name}": indent it further if it belongs to it.`;
}
