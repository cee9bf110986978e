/**
 * Checks rules. In: rule texts and a configuration. Out: findings with place, reason and remedy, by file and line. They include
 * every error and warning of the parser, and those of the lint rules. Refuses nothing: text that is not a rule becomes a
 * finding.
 */
import { relative } from 'node:path';
import type { Diagnostic, Severity } from '../model/diagnostic.ts';
import type { SigmaDocument } from '../model/rule.ts';
import type { CustomLogSources } from '../sigma/logsource/custom.ts';
import { isSigma } from '../sigma/rule/foreign.ts';
import { faultyFile } from '../sigma/rule/load.ts';
import { type ParsedFile, parseTree, type RuleTree, ruleTree } from '../sigma/rule/parse/parse-file.ts';
import { FOREIGN, resolveFiles } from '../sigma/rule/parse-rules.ts';
import type { Placeholders } from '../sigma/rule/placeholders.ts';
import { didYouMean } from '../sigma/rule/suggest.ts';
import { entryOf } from '../sigma/yaml/yaml.ts';
import { type Baseline, KnownFindings } from './baseline.ts';
import { lintRuleNamed, lintRuleNames, lintRules } from './catalog.ts';
import { DEFAULT_CONFIG, type LintConfig } from './config.ts';
import { LintDocument, type LintFile, type LintSet } from './document.ts';
import { globMatcher } from './glob.ts';
import type { Finding, LintFix, LintRule } from './lint-rule.ts';
import { SAID_BY_LINT } from './parser-examples.ts';
import { type Suppression, suppressionsIn } from './suppressions.ts';

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

export interface LintOptions {
  readonly config?: LintConfig | undefined;
  /** Values for `expand`. A rule whose placeholders have none is checked as far as possible. */
  readonly values?: Placeholders | undefined;
  /** Log sources that the user has defined. */
  readonly logSources?: CustomLogSources | undefined;
  /** Findings that existed before. */
  readonly baseline?: Baseline | undefined;
}

export interface LintFinding extends Diagnostic {
  /** The title of the rule, where the document has one. */
  readonly title?: string | undefined;
  /** Its id, lower case. */
  readonly ruleId?: string | undefined;
  /** Where the faulty text ends, when that is known. */
  readonly end?: { readonly line: number; readonly column: number } | undefined;
  readonly fix?: LintFix | undefined;
}

export interface LintResult {
  /** In the order of the given files, then by place. */
  readonly findings: readonly LintFinding[];
  readonly files: readonly LintFile[];
  /** How many rule documents were read. */
  readonly documents: number;
  /** A sentence about files that are YAML but no Sigma rules, and were skipped. */
  readonly passedOver: string | undefined;
  /** How many documents the parser refused. */
  readonly refused: number;
  /** How many findings comments or the configuration suppress. */
  readonly suppressed: number;
  /** How many findings the baseline knows. */
  readonly known: number;
}

export function lintTexts(inputs: readonly LintInput[], options: LintOptions = {}): LintResult {
  const config = options.config ?? DEFAULT_CONFIG;
  const trees = inputs.map(({ path, text }) => ruleTree(text, path));
  const parsed = inputs.map(({ path, fault, isRuleFile }, i) =>
    fault === undefined ? parseTree(trees[i]!, options.values, isRuleFile) : faultyFile(path, fault),
  );
  const resolved = resolveFiles(parsed);
  const files: LintFile[] = [];
  const documents: LintDocument[] = [];
  const context = new Set<string>();
  let count = 0;
  for (const [at, tree] of trees.entries()) {
    if (parsed[at]!.holds !== 'rules') continue;
    if (inputs[at]!.isContext === true) context.add(tree.source.path);
    else {
      files.push(tree.source);
      count += parsed[at]!.count;
    }
    documents.push(...documentsOf(tree, parsed[at]!, options));
  }
  const set: LintSet = { documents };
  const collector = new Collector(files, set, context, config);
  for (const diagnostic of resolved.diagnostics) if (diagnostic.code !== FOREIGN) collector.parser(diagnostic);
  const own = documents.filter((document) => !context.has(document.file.path));
  for (const rule of lintRules) if (collector.isOn(rule)) runRule(rule, own, set, collector);
  const { findings, suppressed } = collector.finish();
  const known = new KnownFindings(options.baseline ?? new Map());
  const found = findings.filter((finding) => !known.take(finding));
  const refusals = new Set(found.filter(isRefusal).map(placeKey));
  return {
    findings: found,
    files,
    documents: count,
    passedOver: resolved.diagnostics.find((one) => one.code === FOREIGN)?.message,
    refused: resolved.refused.filter((one) => one.diagnostics.some((d) => isRefusal(d) && refusals.has(placeKey(d)))).length,
    suppressed,
    known: findings.length - found.length,
  };
}

/** Whether a finding means that the rule cannot be used. */
function isRefusal({ severity, code }: Diagnostic): boolean {
  return severity === 'error' && code.startsWith('rule/') && code !== NEEDS_VALUES;
}

function placeKey({ code, place, message }: Diagnostic): string {
  return JSON.stringify([code, place.file, place.line, place.column, message]);
}

function runRule(rule: LintRule, own: readonly LintDocument[], set: LintSet, collector: Collector): void {
  if (rule.check !== undefined) {
    for (const document of own) rule.check(document, (finding) => collector.add(rule, document, finding));
  }
  rule.checkSet?.(set, (document, finding) => collector.add(rule, document, finding));
}

/** The YAML documents of a file, each with the rule that the parser made of it. */
function documentsOf({ source, yaml }: RuleTree, parsed: ParsedFile, { logSources }: LintOptions): readonly LintDocument[] {
  const rules = new Map<number, SigmaDocument>();
  for (const rule of parsed.documents) rules.set(rule.head.span.line, rule);
  const roots = yaml.documents.flatMap(({ root }) => (root?.kind === 'map' ? [root] : []));
  const isCollection = roots.some((root) => entryOf(root, 'action') !== undefined);
  // A document that is not a rule is refused without further checks: its keys are not misspelt keys of Sigma. In a file with
  // `action`, every document is part of a rule.
  // every document is a part of one.
  const judged = isCollection ? roots : roots.filter((root) => isSigma(root.entries.map(({ key }) => key.text)));
  return judged.map((root) => {
    const rule = rules.get(source.span(root.start).line) ?? null;
    return new LintDocument(source, root, rule, { logSources, isCollection, hasAliases: yaml.hasAliases });
  });
}

/** The rule is fine, and its values are kept elsewhere. So this is not a fault. */
const NEEDS_VALUES = 'rule/placeholder';

interface Ignored {
  readonly test: (path: string) => boolean;
  readonly entry: LintConfig['ignore'][number];
  /** True when something that the entry is about was looked at. */
  readonly concerned: boolean;
  used: boolean;
}

function idOf(document: LintDocument): string {
  return document.scalar('id')?.text.toLowerCase() ?? '';
}

class Collector {
  readonly #config: LintConfig;
  readonly #order: ReadonlyMap<string, number>;
  readonly #documents = new Map<string, LintDocument[]>();
  readonly #suppressions = new Map<string, (Suppression & { used: boolean })[]>();
  readonly #ignored: readonly Ignored[];
  readonly #files: ReadonlyMap<string, LintFile>;
  readonly #context: ReadonlySet<string>;
  readonly #findings: LintFinding[] = [];
  #suppressed = 0;

  /** `context` has the paths of files that get no findings. */
  constructor(files: readonly LintFile[], set: LintSet, context: ReadonlySet<string>, config: LintConfig) {
    this.#config = config;
    this.#context = context;
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#order = new Map(files.map((file, i) => [file.path, i]));
    for (const document of set.documents) {
      const known = this.#documents.get(document.file.path);
      if (known === undefined) this.#documents.set(document.file.path, [document]);
      else known.push(document);
    }
    for (const file of files) {
      const found = suppressionsIn(file);
      if (found.length > 0)
        this.#suppressions.set(
          file.path,
          found.map((one) => ({ ...one, used: false })),
        );
    }
    this.#ignored = config.ignore.map((entry) => {
      const tests = entry.paths.map(globMatcher);
      const test = (path: string): boolean => tests.some((one) => one(path));
      const concerned = set.documents.some(
        (document) => test(this.#pathForGlobs(document.file.path)) && (entry.ids === null || entry.ids.has(idOf(document))),
      );
      return { entry, used: false, concerned, test };
    });
  }

  isOn(rule: LintRule): boolean {
    const severity = this.#config.severities.get(rule.id);
    if (severity !== undefined) return severity !== 'off';
    return rule.convention === undefined || this.#config.conventions;
  }

  add(rule: LintRule, document: LintDocument, finding: Finding): void {
    const start = document.spanOf(finding.at);
    const end = 'line' in finding.at || finding.at.kind === 'map' ? undefined : document.file.lines.span(finding.at.end);
    this.#push({
      code: rule.id,
      severity: this.#severity(rule, finding),
      message: finding.message,
      hint: finding.hint,
      place: { file: document.file.path, line: start.line, column: start.column },
      end: end !== undefined && end.line >= start.line ? end : undefined,
      fix: document.correctable ? finding.fix : undefined,
    });
  }

  #severity(rule: LintRule, finding: Finding): Severity {
    const configured = this.#config.severities.get(rule.id);
    return configured !== undefined && configured !== 'off' ? configured : (finding.severity ?? rule.severity);
  }

  parser(diagnostic: Diagnostic): void {
    if (SAID_BY_LINT.has(diagnostic.code)) return;
    const severity = this.#parserSeverity(diagnostic);
    if (severity !== 'off') this.#push({ ...diagnostic, severity });
  }

  #parserSeverity({ code, severity }: Diagnostic): Severity | 'off' {
    if (code === NEEDS_VALUES) return 'info';
    // An error that makes the rule unusable stays an error, whatever the configuration says.
    return severity === 'error' ? severity : (this.#config.severities.get(code) ?? severity);
  }

  #push(finding: LintFinding): void {
    if (this.#context.has(finding.place.file ?? '')) return;
    const document = this.#documentAt(finding);
    // A comment must not hide that a rule cannot be used, because nobody would notice. A configuration may, because it covers a
    // whole folder and is read by people.
    if ((!isRefusal(finding) && this.#isSuppressed(finding)) || this.#isIgnored(finding, document)) {
      this.#suppressed++;
      return;
    }
    const ruleId = document === undefined ? '' : idOf(document);
    this.#findings.push({ ...finding, title: document?.scalar('title')?.text, ruleId: ruleId === '' ? undefined : ruleId });
  }

  #documentAt(finding: LintFinding): LintDocument | undefined {
    const { file, line } = finding.place;
    const documents = this.#documents.get(file ?? '') ?? [];
    return documents.findLast((document) => document.spanOf(document.root).line <= (line ?? 1)) ?? documents[0];
  }

  #isSuppressed(finding: LintFinding): boolean {
    let suppressed = false;
    for (const one of this.#suppressions.get(finding.place.file ?? '') ?? []) {
      if (one.line !== null && one.line !== finding.place.line) continue;
      if ((lintRuleNamed(one.id)?.id ?? one.id) !== finding.code) continue;
      one.used = true;
      suppressed = true;
    }
    return suppressed;
  }

  #isIgnored(finding: LintFinding, document: LintDocument | undefined): boolean {
    const id = document === undefined ? '' : idOf(document);
    const path = this.#pathForGlobs(finding.place.file ?? '');
    let ignored = false;
    for (const one of this.#ignored) {
      if (one.entry.rules !== null && !one.entry.rules.has(finding.code)) continue;
      if (one.entry.ids !== null && !one.entry.ids.has(id)) continue;
      if (!one.test(path)) continue;
      one.used = true;
      ignored = true;
    }
    return ignored;
  }

  #pathForGlobs(path: string): string {
    const folder = this.#config.path.replace(/[^/\\]*$/, '');
    return (folder === '' ? path : relative(folder, path)).replaceAll('\\', '/').replace(/^\.\//, '');
  }

  finish(): { findings: readonly LintFinding[]; suppressed: number } {
    const unused = lintRuleNamed('unused-suppression')!;
    const unknown = lintRuleNamed('unknown-suppression')!;
    for (const [path, suppressions] of this.#suppressions) {
      for (const { id, used, at } of suppressions) {
        const known = lintRuleNamed(id) !== undefined || id.startsWith('rule/');
        const rule = known ? unused : unknown;
        if (used || !this.isOn(rule)) continue;
        this.#own(
          rule,
          path,
          this.#files.get(path)!.lines.span(at),
          known
            ? [`"${id}" has nothing to suppress here.`, 'Remove it.']
            : [`"${id}" is no lint rule.`, didYouMean(id, lintRuleNames())],
        );
      }
    }
    if (this.isOn(unused)) {
      for (const { used, concerned, entry } of this.#ignored) {
        // When only a part of a repository is linted, entries about other parts are not reported as unused.
        if (!used && concerned)
          this.#own(unused, this.#config.path, { line: entry.line, column: 1 }, ['this entry leaves nothing out.', 'Remove it.']);
      }
    }
    const rank = (path: string | undefined) => this.#order.get(path ?? '') ?? this.#order.size;
    const findings = this.#findings
      .map((finding, i) => ({ finding, i }))
      .sort(
        (a, b) =>
          rank(a.finding.place.file) - rank(b.finding.place.file) ||
          (a.finding.place.line ?? 0) - (b.finding.place.line ?? 0) ||
          (a.finding.place.column ?? 0) - (b.finding.place.column ?? 0) ||
          (a.finding.code < b.finding.code ? -1 : a.finding.code > b.finding.code ? 1 : a.i - b.i),
      )
      .map(({ finding }) => finding);
    return { findings, suppressed: this.#suppressed };
  }

  #own(
    rule: LintRule,
    file: string,
    span: { line: number; column: number },
    [message, hint]: readonly (string | undefined)[],
  ): void {
    const severity = this.#config.severities.get(rule.id);
    this.#findings.push({
      code: rule.id,
      severity: severity === undefined || severity === 'off' ? rule.severity : severity,
      message: message ?? '',
      hint,
      place: { file, ...span },
    });
  }
}
