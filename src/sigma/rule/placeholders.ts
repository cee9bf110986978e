/**
 * Reads values for `expand`. In: a YAML map from the name of a placeholder to one value or a list. Out: the values, and
 * diagnostics for entries that are neither.
 */
import type { Diagnostic } from '../../model/diagnostic.ts';
import { parseYaml } from '../yaml/yaml.ts';
import { Faults, RuleText } from './faults.ts';
import { nodeName, textsOf } from './parse/scalars.ts';

/** Name of a placeholder (without percent signs) -> its values as Sigma text. */
export type Placeholders = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the text of a values file.
 *
 * @example
 * loadPlaceholders('Administrators: [adm-1, adm-2]\nServers: srv*').values.get('Servers') // ['srv*']
 */
export function loadPlaceholders(text: string, path = ''): { values: Placeholders; diagnostics: readonly Diagnostic[] } {
  const faults = new Faults(new RuleText(path, text));
  const values = new Map<string, readonly string[]>();
  const { documents, fault } = parseYaml(text);
  if (fault !== null) faults.error('values', fault.at, fault.message, fault.hint);
  for (const { root, faults: own } of documents) {
    for (const one of own) faults.error('values', one.at, one.message, one.hint);
    if (root === null) continue;
    if (root.kind !== 'map') {
      const message = `a values file is a map from name to values, not ${nodeName(root)}.`;
      faults.error('values', root.start, message, 'Write "name: [value, ...]".');
      continue;
    }
    for (const { key } of root.entries) values.set(key.text.replace(/^%(.+)%$/, '$1'), textsOf(root, key.text, faults));
  }
  return { values, diagnostics: faults.diagnostics };
}
