/**
 * Parses the text of one rule file into documents. References to documents of other files are resolved later. Refuses each
 * faulty document by itself; a YAML syntax error refuses the whole file.
 */
import type { Diagnostic } from '../../../model/diagnostic.ts';
import type { RefusedRule, SigmaDocument } from '../../../model/rule.ts';
import { entryOf, type ParsedYaml, parseYaml, type YamlDocument, type YamlMap, type YamlNode } from '../../yaml/yaml.ts';
import { Faults, RuleText } from '../faults.ts';
import { isForeign, isForeignText } from '../foreign.ts';
import type { Placeholders } from '../placeholders.ts';
import { Collection, type Taken } from './collection.ts';
import { parseDocument } from './document.ts';
import { nodeName } from './scalars.ts';

/** A refused document. It keeps its name, because correlations may refer to it. */
export interface ParsedRefusal extends RefusedRule {
  readonly name?: string | undefined;
}

export interface ParsedFile {
  readonly path: string;
  readonly documents: readonly SigmaDocument[];
  readonly refused: readonly ParsedRefusal[];
  /** Errors and warnings of all its documents. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many documents there are. Empty ones and those that are only `action: reset` are not counted. */
  readonly count: number;
  /** `foreign`: YAML that was never meant as a Sigma rule. `nothing`: the file could not be read. */
  readonly holds: 'rules' | 'foreign' | 'nothing';
}

/** Limit on the characters of a rule file. SigmaHQ's largest has 40,000. */
const MAX_TEXT = 4 * 1024 * 1024;
const NO_PLACEHOLDERS: Placeholders = new Map();

/** A rule file as a YAML tree, for checks that also look at how a rule is written. */
export interface RuleTree {
  readonly source: RuleText;
  readonly yaml: ParsedYaml;
}

export function ruleTree(text: string, path: string): RuleTree {
  const source = new RuleText(path, text.startsWith('\ufeff') ? text.slice(1) : text);
  if (text.length <= MAX_TEXT) return { source, yaml: parseYaml(source.text) };
  const fault = { code: 'rule/too-large', message: `the file has more than ${MAX_TEXT} characters.`, at: 0 };
  return { source, yaml: { documents: [], fault, hasAliases: false } };
}

/** `isRuleFile`: the user says that this is a rule file. Without it, YAML that is not a Sigma rule is not a fault. */
export function parseFile(text: string, path: string, placeholders?: Placeholders, isRuleFile?: boolean): ParsedFile {
  return parseTree(ruleTree(text, path), placeholders, isRuleFile);
}

export function parseTree(
  { source, yaml }: RuleTree,
  placeholders: Placeholders = NO_PLACEHOLDERS,
  isRuleFile = true,
): ParsedFile {
  const { path } = source;
  if (!isRuleFile && (yaml.fault === null ? isForeign(yaml.documents) : isForeignText(source.text)))
    return { path, documents: [], refused: [], diagnostics: [], count: 0, holds: 'foreign' };
  if (yaml.fault !== null) {
    return refusedFile(source, yaml.fault.code.replace('rule/', ''), yaml.fault.at, yaml.fault.message, yaml.fault.hint);
  }
  const entries = takeDocuments(yaml.documents, source);
  refuseSharedIds(entries);
  const documents: SigmaDocument[] = [];
  const refused: ParsedRefusal[] = [];
  const used = new Set<YamlMap>();
  for (const { taken, faults } of entries) {
    if (taken.kind !== 'document' || faults.refused) continue;
    const document = parseDocument(taken.map, { faults, placeholders, patterns: 0 });
    if (document === null || faults.refused) continue;
    documents.push(document);
    if (taken.global !== null) used.add(taken.global);
  }
  for (const { root, taken, faults } of entries) {
    if (taken.kind === 'global' && !used.has(taken.map) && !faults.refused) {
      const message = 'no rule comes of this "action: global" document.';
      faults.error('unused-global', root.start, message, 'See the documents behind it.');
    }
    if (!faults.refused) continue;
    refused.push({ path, ...labels(taken.kind === 'nothing' ? root : taken.map), diagnostics: faults.diagnostics });
  }
  const diagnostics = entries.flatMap(({ faults }) => faults.diagnostics);
  if (isRuleFile && entries.length === 0) {
    const faults = new Faults(source);
    faults.warn('empty-file', 0, 'the file holds no rule.');
    diagnostics.push(...faults.diagnostics);
  }
  return { path, documents, refused, diagnostics, count: entries.length, holds: 'rules' };
}

interface Entry {
  readonly root: YamlNode;
  readonly taken: Taken;
  readonly faults: Faults;
}

/** The documents after `action` has been applied. Documents that are empty and have no fault are left out. */
function takeDocuments(documents: readonly YamlDocument[], source: RuleText): Entry[] {
  const entries: Entry[] = [];
  const collection = new Collection();
  for (const { root, faults: yamlFaults } of documents) {
    if (root === null) continue;
    const faults = new Faults(source);
    for (const fault of yamlFaults) faults.error(fault.code.replace('rule/', ''), fault.at, fault.message, fault.hint);
    let taken: Taken = { kind: 'nothing' };
    if (root.kind === 'map') taken = collection.take(root, faults);
    else faults.error('type', root.start, `a rule must be a map, not ${nodeName(root)}.`);
    if (taken.kind !== 'nothing' || faults.refused) entries.push({ root, taken, faults });
  }
  return entries;
}

/**
 * Spec: an id names one rule. Documents that get the same id from a global document could not be told apart in results and
 * references.
 */
function refuseSharedIds(entries: readonly Entry[]): void {
  if (entries.length < 2) return;
  const idOf = ({ taken }: Entry): string | undefined => {
    return taken.kind === 'document' ? labels(taken.map).id?.toLowerCase() : undefined;
  };
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const id = idOf(entry);
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  for (const entry of entries) {
    const id = idOf(entry);
    const own = labels(entry.root).id?.toLowerCase() === id;
    if (id === undefined || own || counts.get(id) === 1) continue;
    const message = `the document takes over the id ${id}, which another rule of this file has too.`;
    const hint = 'An id names one rule: give each document its own, and the global document none.';
    entry.faults.error('shared-id', entry.root.start, message, hint);
  }
}

function labels(node: YamlNode): { title?: string; id?: string; name?: string } {
  if (node.kind !== 'map') return {};
  const found: Record<string, string> = {};
  for (const key of ['title', 'id', 'name']) {
    const value = entryOf(node, key)?.value;
    if (value?.kind === 'scalar' && value.type !== 'null') found[key] = value.text;
  }
  return found;
}

function refusedFile(source: RuleText, code: string, at: number, message: string, hint?: string): ParsedFile {
  const faults = new Faults(source);
  faults.error(code, at, message, hint);
  const refusal = { path: source.path, diagnostics: faults.diagnostics };
  return { path: source.path, documents: [], refused: [refusal], diagnostics: faults.diagnostics, count: 1, holds: 'rules' };
}
