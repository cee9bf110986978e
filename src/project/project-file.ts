/**
 * Reads project files. In: the text of a `winnow.yml`. Out: its entries, texts with their places. Refuses keys that mean nothing,
 * all of them at once. What the entries mean as flags is decided by the verb that has them (`commands/settings.ts`).
 *
 *   rules: [sigma/rules/windows, our-rules]   # paths are relative to this file
 *   values: values.yml
 *   logsources: logsources.yml
 *   tune: tuning.yml
 *   scan:                                     # flags of a verb, by their long names
 *     min-level: medium
 *   lint:                                     # what lint checks; `lint/config.ts` reads it
 *     rules: {covered-value: off}
 */

import { readNamedFile } from '../files/read-file.ts';
import type { Place } from '../model/diagnostic.ts';
import { didYouMean } from '../sigma/rule/suggest.ts';
import { entryOf, type YamlEntry, type YamlNode } from '../sigma/yaml/yaml.ts';
import { YamlReader } from './yaml-reader.ts';

/** Keys that apply to every verb that has the flag of this name. */
export const SHARED = ['rules', 'values', 'logsources', 'tune'];
/** Keys of a file that is only a configuration of lint, in the older form or pySigma's. */
const OF_LINT = ['conventions', 'ignore', 'exclude', 'exclusions', 'validators', 'config'];

/** The verbs that have a section. `rules` has none: its flags are those of scan. */
export const SECTIONS = [
  'scan',
  'triage',
  'timeline',
  'search',
  'show',
  'dump',
  'metrics',
  'logons',
  'explain',
  'diff',
  'lint',
  'test',
];

export interface ProjectEntry {
  /** null: for every verb. */
  readonly verb: string | null;
  /** The long name of a flag. */
  readonly name: string;
  readonly values: readonly string[];
  readonly place: Place;
}

/** `shownPath` is what faults name. Throws a UsageError for a file that cannot be read. */
export function readProject(path: string, shownPath: string): readonly ProjectEntry[] {
  return parseProject(readNamedFile(path, `the project file ${shownPath}`), shownPath);
}

export function parseProject(text: string, path: string): readonly ProjectEntry[] {
  const reader = new YamlReader(text, path, 'project/entry');
  const { root } = reader;
  const entries = root === null || isOnlyOfLint(root) ? [] : entriesIn(root, reader);
  reader.end();
  return entries;
}

/** True for the older form of a configuration of lint, whose keys stand at the top. */
export function isOnlyOfLint(root: YamlNode): boolean {
  if (root.kind !== 'map') return false;
  if ([...SHARED, ...SECTIONS].some((key) => key !== 'rules' && key !== 'test' && entryOf(root, key) !== undefined)) return false;
  return OF_LINT.some((key) => entryOf(root, key) !== undefined) || entryOf(root, 'rules')?.value.kind === 'map';
}

/** True when some key is one of a project file. */
export function isProject(root: YamlNode): boolean {
  return [...SHARED, ...SECTIONS].some((key) => entryOf(root, key) !== undefined);
}

const BELOW_VERB = ' Flags stand below the name of their verb: "scan: {min-level: high}".';

function entriesIn(root: YamlNode, reader: YamlReader): readonly ProjectEntry[] {
  return reader.entries(root, [...SHARED, ...SECTIONS], BELOW_VERB).flatMap((entry) => {
    if (SHARED.includes(entry.key.text)) return entryWith(null, entry, reader);
    if (entry.value.kind === 'scalar' && entry.value.type === 'null') return [];
    return (reader.map(entry.value)?.entries ?? [])
      .filter(({ key }) => entry.key.text !== 'lint' || !isLintSetting(key.text))
      .flatMap((flag) => entryWith(entry.key.text, flag, reader));
  });
}

const isLintSetting = (key: string): boolean => key === 'rules' || OF_LINT.includes(key);

function entryWith(verb: string | null, { key, value }: YamlEntry, reader: YamlReader): ProjectEntry {
  const place = reader.place(key);
  if (value.kind !== 'map') return { verb, name: key.text, values: reader.texts(value).map(({ text }) => text), place };
  const meant = verb === 'lint' ? didYouMean(key.text, ['rules', ...OF_LINT]) : undefined;
  reader.fault(key, `"${key.text}" takes a text or a list of texts.`, meant);
  return { verb, name: key.text, values: [], place };
}
