/**
 * Which YAML is no Sigma rule and was never meant to be one: workflows, compose files, sites, pipelines. In: what a file holds.
 * Out: whether nothing in it says Sigma. A rule with mistakes says so by what is left of it.
 */

import type { YamlDocument } from '../yaml/yaml.ts';
import { editDistance } from './suggest.ts';

/** A document with one of these at its top, be it with a slip of the pen, is one of Sigma. */
const SIGMA_KEYS = ['logsource', 'detection', 'correlation'];
/** The same, in text that is no YAML. */
const SIGMA_LINE = /^(?:logsource|detection|correlation)[ \t]*:/m;
/** Others have a title, too; but not with one of these. */
const WITH_TITLE = ['level', 'status', 'filter'];
/** What kind of thing a document describes, to Chainsaw, Kubernetes, Sentinel: no key of Sigma. */
const OF_OTHERS = ['kind', 'apiVersion'];

export function isSigma(keys: readonly string[]): boolean {
  if (keys.includes('action')) return true;
  if (keys.some((key) => SIGMA_KEYS.some((known) => isNear(key, known)))) return true;
  return keys.includes('title') && WITH_TITLE.some((key) => keys.includes(key)) && !OF_OTHERS.some((key) => keys.includes(key));
}

function isNear(key: string, known: string): boolean {
  return Math.abs(key.length - known.length) <= 1 && editDistance(key.toLowerCase(), known) <= 1;
}

/** True where no document of the file is one of Sigma. A file without documents is empty, not foreign. */
export function isForeign(documents: readonly YamlDocument[]): boolean {
  const roots = documents.flatMap(({ root }) => root ?? []);
  return roots.length > 0 && !roots.some((root) => root.kind === 'map' && isSigma(root.entries.map(({ key }) => key.text)));
}

export function isForeignText(text: string): boolean {
  return !SIGMA_LINE.test(text);
}
