/**
 * Suggests what may be written at a place. In: a text, an offset, and the names that are known. Out: suggestions, and the start
 * of the word that they replace. Where any text may be written, as in a title, there are none.
 */
import { RULE_KEYS } from '../lint/facts/rule-keys.ts';
import { techniqueNames } from '../lint/knowledge/attack-names.ts';
import { PRODUCTS } from '../lint/knowledge/taxonomy.ts';
import { ATTACK_TACTICS } from '../model/attack-tactics.ts';
import { LEVELS, type LogSource, STATUSES } from '../model/rule.ts';
import { modifiers } from '../sigma/modifiers/registry.generated.ts';
import { CORRELATION_KEYS, CORRELATION_TYPES } from '../sigma/rule/parse/correlation.ts';
import { CASE_KEYS, FALSE_POSITIVE_KEYS, FILE_KEYS } from '../testing/test-file.ts';
import type { KnownName, KnownNames } from './known-names.ts';
import { type Cursor, cursorAt, documentAround, keysBelow, scalarBelow } from './outline.ts';
import { projectKeys, type Sections, tuningKeys } from './project-keys.ts';
import { keys, type Suggestion, words } from './suggestion.ts';

export interface Completion {
  /** The start of the word that a suggestion replaces. The word ends at the offset. */
  readonly start: number;
  readonly suggestions: readonly Suggestion[];
}

export type FileKind = 'rule' | 'test' | 'project' | 'tuning';

/** A rule that a correlation or a filter may refer to. */
export interface RuleName {
  readonly name: string;
  readonly title: string;
}

export interface CompletionContext {
  readonly sections: Sections;
  readonly names: KnownNames;
  readonly ruleNames: () => Iterable<RuleName>;
}

const LOG_SOURCE_KEYS = ['category', 'product', 'service', 'definition'];
const RELATED_TYPES = ['derived', 'obsolete', 'merged', 'renamed', 'similar'];
const SELECTION_NAMES = ['selection', 'filter_main_', 'filter_optional_', 'condition'];
const TAGS = [
  'detection.dfir',
  'detection.emerging-threats',
  'detection.threat-hunting',
  'tlp.clear',
  'tlp.green',
  'tlp.amber',
  'tlp.red',
];
const CONDITION_WORDS = ['and', 'or', 'not', '1 of ', 'all of ', 'them'];
const COMPARISONS = ['gte', 'gt', 'lte', 'lt', 'eq', 'neq', 'field'];

export function complete(kind: FileKind, text: string, offset: number, context: CompletionContext): Completion {
  const cursor = cursorAt(text, offset);
  if (kind === 'test') return at(cursor, testKeys(cursor));
  if (kind === 'project') return at(cursor, projectKeys(cursor, context.sections));
  if (kind === 'tuning') return at(cursor, tuningKeys(cursor));
  const document = documentAround(text, offset);
  const [top, second] = cursor.path;
  if (top === 'detection' || top === 'filter') return inDetection(cursor, top, document, context);
  if (top === 'correlation') return at(cursor, inCorrelation(cursor, context.ruleNames));
  if (top === 'logsource') {
    if (cursor.path.length === 1) return at(cursor, keys(LOG_SOURCE_KEYS));
    if (second === 'product' || second === 'category' || second === 'service')
      return at(cursor, words(context.names.logSourceNames(second, PRODUCTS), 'value'));
  }
  return at(cursor, atTop(cursor, document));
}

function at({ start }: Cursor, suggestions: readonly Suggestion[]): Completion {
  return { start, suggestions };
}

function atTop(cursor: Cursor, document: string): readonly Suggestion[] {
  const [key, below] = cursor.path;
  if (key === undefined) return keys(RULE_KEYS.filter((name) => !new RegExp(`^${name}:`, 'm').test(document)));
  if (key === 'related')
    return below === 'type' ? words(RELATED_TYPES, 'value') : below === undefined ? keys(['id', 'type']) : [];
  if (below !== undefined) return [];
  if (key === 'level') return words(LEVELS, 'value');
  if (key === 'status') return words(STATUSES, 'value');
  return key === 'tags' ? tags() : [];
}

function tags(): readonly Suggestion[] {
  const techniques = [...techniqueNames()].map(([id, name]) => ({ name: `attack.${id.toLowerCase()}`, detail: name }));
  return words([...ATTACK_TACTICS.map((name) => `attack.${name}`), ...techniques, ...TAGS], 'value');
}

function inCorrelation({ path: [, key, below], at }: Cursor, ruleNames: CompletionContext['ruleNames']): readonly Suggestion[] {
  if (key === undefined) return at === 'key' ? keys(CORRELATION_KEYS) : [];
  if (key === 'type') return words(Object.keys(CORRELATION_TYPES), 'value');
  if (key === 'condition' && below === undefined) return at === 'key' ? keys(COMPARISONS) : [];
  return key === 'rules' ? references(ruleNames()) : [];
}

function references(names: Iterable<RuleName>): readonly Suggestion[] {
  return [...names].map(({ name, title }) => ({ label: name, kind: 'reference', detail: title }));
}

function inDetection(cursor: Cursor, top: string, document: string, { names, ruleNames }: CompletionContext): Completion {
  const [, selection, key] = cursor.path;
  if (selection === undefined) return at(cursor, keys(top === 'filter' ? ['rules', ...SELECTION_NAMES] : SELECTION_NAMES));
  if (selection === 'condition') return inCondition(cursor, keysBelow(document, top));
  if (top === 'filter' && selection === 'rules') return at(cursor, references(ruleNames()));
  const logsource: LogSource = {
    product: scalarBelow(document, 'logsource', 'product'),
    category: scalarBelow(document, 'logsource', 'category'),
    service: scalarBelow(document, 'logsource', 'service'),
  };
  if (key !== undefined) return at(cursor, values(cursor, names.values(logsource, key)));
  if (cursor.at === 'value' || cursor.quote !== '') return at(cursor, []);
  const bar = cursor.word.lastIndexOf('|');
  if (bar < 0) return at(cursor, words(names.fields(logsource), 'field'));
  return { start: cursor.start + bar + 1, suggestions: modifierSuggestions(cursor.word) };
}

/** Modifiers that are not written before the place already. */
function modifierSuggestions(word: string): readonly Suggestion[] {
  const written = new Set(word.split('|').slice(1, -1));
  return modifiers.flatMap(({ name, aliases, summary }) =>
    written.has(name)
      ? []
      : [name, ...(aliases ?? [])].map((label): Suggestion => ({ label, kind: 'modifier', detail: summary })),
  );
}

function inCondition(cursor: Cursor, inside: readonly string[]): Completion {
  const selections = inside.filter((name) => !['condition', 'timeframe', 'rules'].includes(name));
  const patterns = new Set(selections.flatMap((name) => /^(.+_)[^_]+$/.exec(name)?.[1] ?? []));
  const found = [...selections, ...[...patterns].map((prefix) => `${prefix}*`)];
  const start = cursor.start + cursor.word.search(/[^\s()]*$/);
  return { start, suggestions: [...words(found, 'reference'), ...words(CONDITION_WORDS, 'word')] };
}

/**
 * Numbers and words are written without quotes. Everything else is written in single quotes, in which a backslash is an ordinary
 * character.
 */
function values(cursor: Cursor, names: readonly KnownName[]): readonly Suggestion[] {
  return names.map(({ name, detail }) => {
    const single = name.replaceAll("'", "''");
    const insert =
      cursor.quote === "'"
        ? single
        : cursor.quote === '"'
          ? JSON.stringify(name).slice(1, -1)
          : /^[\w.-]+$/.test(name)
            ? name
            : `'${single}'`;
    return { label: name, kind: 'value', detail, insert };
  });
}

function testKeys({ path, at }: Cursor): readonly Suggestion[] {
  if (path.length === 0) return keys(FILE_KEYS);
  if (path.length === 1 && path[0] === 'tests') return keys(CASE_KEYS);
  if (path.length === 1 && path[0] === 'falsepositives') return keys(FALSE_POSITIVE_KEYS);
  const key = path[1];
  return path[0] === 'tests' && (key === 'match' || key === 'in-log-source') && at === 'value'
    ? words(['true', 'false'], 'value')
    : [];
}
