/**
 * Parses a `filter:` document. Spec, Filters. Refuses filters without rules, without selections, or without exactly one
 * condition.
 */
import { type FilterRule, negates } from '../../../model/rule.ts';
import { entryOf, type YamlMap } from '../../yaml/yaml.ts';
import { parseHead, parseLogSource } from './head.ts';
import type { ItemContext } from './item.ts';
import { nodeName, scalarsOf } from './scalars.ts';
import { parseSelections } from './selections.ts';

/** null after a fault. */
export function parseFilter(map: YamlMap, context: ItemContext): FilterRule | null {
  const { faults } = context;
  const head = parseHead(map, faults);
  const source = parseLogSource(map, faults);
  const body = entryOf(map, 'filter')!.value;
  if (body.kind !== 'map') {
    faults.error('type', body.start, `"filter" must be a map, not ${nodeName(body)}.`);
    return null;
  }
  const rules = filterRules(body, context);
  const condition = entryOf(body, 'condition')?.value;
  if (condition?.kind === 'list') {
    faults.error('type', condition.start, 'a filter has one condition, not a list.', 'Join them with "or".');
    return null;
  }
  const parsed = parseSelections(body, 'filter', ['rules'], context);
  if (source === null || rules === null || parsed === null || faults.refused) return null;
  if (!negates(parsed.condition)) {
    const hint = 'To suppress what the selection names, write "not selection".';
    const message = 'the condition is ANDed to the rules as it stands: only what it matches is kept.';
    faults.warn('filter-condition', body.start, message, hint);
  }
  return { kind: 'filter', head, logsource: source.logsource, rules, selections: parsed.selections, condition: parsed.condition };
}

function filterRules(body: YamlMap, { faults }: ItemContext): readonly string[] | 'any' | null {
  const entry = entryOf(body, 'rules');
  const names = entry === undefined ? [] : scalarsOf(entry.value, 'rules', faults).map((scalar) => scalar.text);
  if (names.length === 0) {
    faults.error('filter', body.start, 'the filter names no rules.', 'Add "rules:" with ids or names, or "any".');
    return null;
  }
  return entry?.value.kind === 'scalar' && names[0]?.toLowerCase() === 'any' ? 'any' : names;
}
