/** The text of one rule file -> its documents, parsed but not yet resolved against those of other files. */
import type { Diagnostic } from '../model/diagnostic.ts';
import type { RefusedRule, SigmaDocument } from '../model/rule.ts';
import { Collection } from './collection.ts';
import { parseDocument } from './document.ts';
import { Faults, RuleText } from './faults.ts';
import type { Placeholders } from './placeholders.ts';
import { nodeName } from './scalars.ts';
import { entryOf, parseYaml, type YamlMap } from './yaml.ts';

/** A refused document, with the name that correlations may know it by. */
export interface ParsedRefusal extends RefusedRule {
  readonly name?: string | undefined;
}

export interface ParsedFile {
  readonly documents: readonly SigmaDocument[];
  readonly refused: readonly ParsedRefusal[];
  /** Errors and warnings of all its documents. */
  readonly diagnostics: readonly Diagnostic[];
  /** Documents that a rule was expected in: not `action: global` and `reset`, not empty ones. */
  readonly count: number;
}

/** Characters of a rule file. SigmaHQ's largest has 40,000. */
const MAX_TEXT = 4 * 1024 * 1024;
const NO_PLACEHOLDERS: Placeholders = new Map();

export function parseFile(text: string, path: string, placeholders: Placeholders = NO_PLACEHOLDERS): ParsedFile {
  const source = new RuleText(path, text.startsWith('\ufeff') ? text.slice(1) : text);
  if (text.length > MAX_TEXT) return refusedFile(source, 'too-large', 0, `the file has more than ${MAX_TEXT} characters.`);
  const yaml = parseYaml(source.text);
  if (yaml.fault !== null) {
    return refusedFile(source, yaml.fault.code.replace('rule/', ''), yaml.fault.at, yaml.fault.message, yaml.fault.hint);
  }
  const documents: SigmaDocument[] = [];
  const refused: ParsedRefusal[] = [];
  const diagnostics: Diagnostic[] = [];
  const collection = new Collection();
  let count = 0;
  for (const { root, faults: yamlFaults } of yaml.documents) {
    if (root === null) continue;
    const faults = new Faults(source);
    for (const fault of yamlFaults) faults.error(fault.code.replace('rule/', ''), fault.at, fault.message, fault.hint);
    let map: YamlMap | null = null;
    let document: SigmaDocument | null = null;
    if (root.kind !== 'map') faults.error('type', root.at, `a rule must be a map, not ${nodeName(root)}.`);
    else map = collection.take(root, faults);
    if (map !== null && !faults.refused) document = parseDocument(map, { faults, placeholders, patterns: 0 });
    diagnostics.push(...faults.diagnostics);
    if (map === null && !faults.refused) continue;
    count++;
    if (document !== null && !faults.refused) documents.push(document);
    else refused.push({ path, ...labels(map ?? root), diagnostics: faults.diagnostics });
  }
  return { documents, refused, diagnostics, count };
}

function labels(node: YamlMap | { kind: string }): { title?: string; id?: string; name?: string } {
  if (node.kind !== 'map') return {};
  const found: Record<string, string> = {};
  for (const key of ['title', 'id', 'name']) {
    const value = entryOf(node as YamlMap, key)?.value;
    if (value?.kind === 'scalar' && value.type !== 'null') found[key] = value.text;
  }
  return found;
}

function refusedFile(source: RuleText, code: string, at: number, message: string, hint?: string): ParsedFile {
  const faults = new Faults(source);
  faults.error(code, at, message, hint);
  const refusal = { path: source.path, diagnostics: faults.diagnostics };
  return { documents: [], refused: [refusal], diagnostics: faults.diagnostics, count: 1 };
}
