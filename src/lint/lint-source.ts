/**
 * Reads one file for lint. In: its text. Out: its YAML tree, its rules, and the documents that lint rules look at. Nothing here
 * depends on other files, so a source stays valid as long as its text. Refuses nothing.
 */
import type { Diagnostic } from '../model/diagnostic.ts';
import type { SigmaDocument } from '../model/rule.ts';
import type { CustomLogSources } from '../sigma/logsource/custom.ts';
import { isSigma } from '../sigma/rule/foreign.ts';
import { faultyFile } from '../sigma/rule/load.ts';
import { type ParsedFile, parseTree, type RuleTree, ruleTree } from '../sigma/rule/parse/parse-file.ts';
import type { Placeholders } from '../sigma/rule/placeholders.ts';
import { entryOf } from '../sigma/yaml/yaml.ts';
import { LintDocument, type LintFile } from './document.ts';

export interface LintInput {
  readonly path: string;
  readonly text: string;
  /** Why there is no text: the file cannot be read, or must not be. */
  readonly fault?: Diagnostic | undefined;
  /** False when the file was found by its name. YAML that is not a Sigma rule is then skipped. */
  readonly isRuleFile?: boolean | undefined;
  /** True when the file is read only because others refer to it. It gets no findings. */
  readonly isContext?: boolean | undefined;
}

/** The meaning of a file may depend on these options. */
export interface SourceOptions {
  /** Values for `expand`. A rule whose placeholders have none is checked as far as possible. */
  readonly values?: Placeholders | undefined;
  /** Log sources that the user has defined. */
  readonly logSources?: CustomLogSources | undefined;
  /** The time that counts as now; when left out, it is now. */
  readonly nowMs?: number | undefined;
}

export interface LintSource {
  readonly file: LintFile;
  readonly parsed: ParsedFile;
  readonly documents: readonly LintDocument[];
}

export function readLintSource({ path, text, fault, isRuleFile }: LintInput, options: SourceOptions = {}): LintSource {
  const tree = ruleTree(text, path);
  const parsed = fault === undefined ? parseTree(tree, options.values, isRuleFile) : faultyFile(path, fault);
  const documents = parsed.holds === 'rules' ? documentsOf(tree, parsed, options) : [];
  return { file: tree.source, parsed, documents };
}

/** The YAML documents of a file, each with the rule that the parser made of it. */
function documentsOf({ source, yaml }: RuleTree, parsed: ParsedFile, options: SourceOptions): readonly LintDocument[] {
  const rules = new Map<number, SigmaDocument>();
  for (const rule of parsed.documents) rules.set(rule.head.span.line, rule);
  const roots = yaml.documents.flatMap(({ root }) => (root?.kind === 'map' ? [root] : []));
  const isCollection = roots.some((root) => entryOf(root, 'action') !== undefined);
  // A document that is not a rule is refused without further checks: its keys are not misspelt keys of Sigma. In a file with
  // `action`, every document is part of a rule.
  const judged = isCollection ? roots : roots.filter((root) => isSigma(root.entries.map(({ key }) => key.text)));
  return judged.map((root) => {
    const rule = rules.get(source.span(root.start).line) ?? null;
    const { logSources, nowMs } = options;
    return new LintDocument(source, root, rule, { logSources, nowMs, isCollection, hasAliases: yaml.hasAliases });
  });
}
