/**
 * Parses the keys that all Sigma documents share: title, level, tags and so on. Refuses a document without a title, and field
 * names of another taxonomy. Any other fault here does not change what the rule detects: it is a warning, and the value is left
 * out.
 */
import { LEVELS, type Level, type LogSource, type RuleHead, type Span, STATUSES } from '../../../model/rule.ts';
import { entryOf, type YamlMap, yamlToData } from '../../yaml/yaml.ts';
import type { Faults } from '../faults.ts';
import { didYouMean } from '../suggest.ts';
import { nodeName, textOf, textsOf } from './scalars.ts';

const TEXT_KEYS = new Set(['title', 'id', 'name', 'status', 'description', 'author', 'date', 'modified', 'level', 'taxonomy']);
const LIST_KEYS = new Set(['tags', 'references', 'falsepositives', 'fields']);
/** Keys that are read elsewhere. All others are kept in `custom`. */
const OTHER_KEYS = new Set(['logsource', 'detection', 'correlation', 'generate', 'filter', 'action']);

const SELECTING_KEYS = ['product', 'category', 'service'] as const;
const LOG_SOURCE_KEYS = [...SELECTING_KEYS, 'definition'] as const;

const NOTHING: Readonly<Record<string, unknown>> = Object.freeze(Object.create(null) as Record<string, unknown>);

export function parseHead(map: YamlMap, faults: Faults): RuleHead {
  const texts = new Map<string, string>();
  const lists = new Map<string, readonly string[]>();
  // A null prototype, because its keys come from files that we do not control. It is null for most rules, which have no such
  // keys.
  let custom: Record<string, unknown> | null = null;
  for (const { key: name, value } of map.entries) {
    const key = name.text;
    if (TEXT_KEYS.has(key)) {
      const text = textOf(map, key, faults, 'metadata');
      if (text !== undefined) texts.set(key, text);
    } else if (LIST_KEYS.has(key)) lists.set(key, textsOf(map, key, faults, 'metadata'));
    else if (!OTHER_KEYS.has(key)) {
      custom ??= Object.create(null) as Record<string, unknown>;
      custom[key] = yamlToData(value);
    }
  }
  const title = texts.get('title') ?? '';
  const status = texts.get('status');
  const level = texts.get('level');
  const taxonomy = texts.get('taxonomy');
  if (title === '') faults.error('no-title', map.start, 'the document has no title.', 'Add "title: ...".');
  if (status !== undefined && !STATUSES.some((one) => one === status)) {
    const at = entryOf(map, 'status')!.value.start;
    faults.warn('unknown-status', at, `"${status}" is not a status.`, didYouMean(status, STATUSES));
  }
  if (taxonomy !== undefined) {
    checkTaxonomy(map, taxonomy, faults);
    custom ??= Object.create(null) as Record<string, unknown>;
    custom.taxonomy = taxonomy;
  }
  return {
    title,
    id: texts.get('id'),
    name: texts.get('name'),
    description: texts.get('description'),
    author: texts.get('author'),
    date: texts.get('date'),
    modified: texts.get('modified'),
    status,
    level: level === undefined ? undefined : levelOf(map, level, faults),
    tags: lists.get('tags') ?? [],
    references: lists.get('references') ?? [],
    falsepositives: lists.get('falsepositives') ?? [],
    fields: lists.get('fields') ?? [],
    custom: custom ?? NOTHING,
    path: faults.source.path,
    span: faults.source.span(map.start),
  };
}

function levelOf(map: YamlMap, level: string, faults: Faults): Level | undefined {
  const { start: at } = entryOf(map, 'level')!.value;
  const known = LEVELS.find((one) => one === level.toLowerCase());
  if (known !== undefined && known !== level) {
    // pySigma reads levels in any case too.
    faults.warn('level-case', at, `"${level}" must be written in lower case.`, `Write "${known}".`);
  }
  if (known === undefined) {
    const hint = didYouMean(level, LEVELS) ?? `Levels are ${LEVELS.join(', ')}.`;
    faults.warn('unknown-level', at, `"${level}" is not a level.`, hint);
  }
  return known;
}

/** In another taxonomy a field name means something else. Such a rule must not run as if its names were Sigma's. */
function checkTaxonomy(map: YamlMap, taxonomy: string, faults: Faults): void {
  if (taxonomy.toLowerCase() === 'sigma') return;
  const at = entryOf(map, 'taxonomy')!.value.start;
  faults.error('taxonomy', at, `the rule's field names are those of the taxonomy "${taxonomy}", not of Sigma.`);
}

/** null after a fault. */
export function parseLogSource(map: YamlMap, faults: Faults): { logsource: LogSource; span: Span } | null {
  const entry = entryOf(map, 'logsource');
  if (entry === undefined) {
    const stray = map.entries.find(({ key }) => SELECTING_KEYS.some((one) => one === key.text));
    const hint =
      stray === undefined
        ? 'Add "logsource:" with a product, category or service.'
        : `"${stray.key.text}" stands at the top (line ${faults.source.span(stray.key.start).line}): put it below "logsource:", indented.`;
    faults.error('no-logsource', stray?.key.start ?? map.start, 'the document has no logsource.', hint);
    return null;
  }
  const { value } = entry;
  if (value.kind !== 'map') {
    faults.error('type', value.start, `"logsource" must be a map, not ${nodeName(value)}.`);
    return null;
  }
  const logsource: { -readonly [K in keyof LogSource]: LogSource[K] } = {};
  for (const key of LOG_SOURCE_KEYS) {
    const text = textOf(value, key, faults);
    if (text) logsource[key] = text;
  }
  if (!logsource.product && !logsource.category && !logsource.service) {
    const near = value.entries.map(({ key }) => didYouMean(key.text, SELECTING_KEYS)).find((one) => one !== undefined);
    const message = 'the logsource names no product, category or service.';
    faults.error('no-logsource', value.start, message, near ?? 'Name at least one of them.');
    return null;
  }
  return { logsource, span: faults.source.span(value.start) };
}
