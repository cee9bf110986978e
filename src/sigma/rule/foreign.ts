/**
 * Recognises YAML that was never meant as a Sigma rule: workflows, compose files, web sites, pipelines. In: the documents of a
 * file. Out: true when nothing in them belongs to Sigma. A rule with mistakes still has enough keys of Sigma, and is not taken
 * for such a file.
 */

import type { YamlDocument } from '../yaml/yaml.ts';
import { editDistance } from './suggest.ts';

/** A document with one of these keys at its top, even if mistyped, is meant for Sigma. */
const SIGMA_KEYS = ['logsource', 'detection', 'correlation'];
/** The same for text that is not valid YAML. */
const SIGMA_LINE = /^(?:logsource|detection|correlation)[ \t]*:/m;
/** A title alone says nothing, because other formats have titles as well. Together with one of these it is Sigma. */
const WITH_TITLE = ['level', 'status', 'filter'];
/** With these keys Chainsaw, Kubernetes and Sentinel say what kind of thing a document describes. Sigma has neither of them. */
const OF_OTHERS = ['kind', 'apiVersion'];

export function isSigma(keys: readonly string[]): boolean {
  if (keys.includes('action')) return true;
  if (SIGMA_KEYS.some((known) => hasNear(keys, known))) return true;
  return keys.includes('title') && WITH_TITLE.some((key) => keys.includes(key)) && !OF_OTHERS.some((key) => keys.includes(key));
}

/**
 * True when a document is surely a rule, so that it may be rewritten. A title and a level are not enough: other formats have them
 * too.
 */
export function isSurelySigma(keys: readonly string[]): boolean {
  const has = (known: string): boolean => hasNear(keys, known);
  const isRule = has('correlation') || (has('logsource') && (has('detection') || has('filter')));
  return isRule && !OF_OTHERS.some((key) => keys.includes(key));
}

/** True for the key itself, which is looked for first, and for a slip of one letter. */
function hasNear(keys: readonly string[], known: string): boolean {
  if (keys.includes(known)) return true;
  return keys.some((key) => Math.abs(key.length - known.length) <= 1 && editDistance(key.toLowerCase(), known) <= 1);
}

/** True when no document of the file is meant for Sigma. A file without documents is empty, not foreign. */
export function isForeign(documents: readonly YamlDocument[]): boolean {
  const roots = documents.flatMap(({ root }) => root ?? []);
  return roots.length > 0 && !roots.some((root) => root.kind === 'map' && isSigma(root.entries.map(({ key }) => key.text)));
}

export function isForeignText(text: string): boolean {
  return !SIGMA_LINE.test(text);
}
