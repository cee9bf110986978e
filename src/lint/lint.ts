/**
 * Checks rules. In: rule texts and a configuration. Out: findings with place, reason and remedy, by file and line. They include
 * every error and warning of the parser, and those of the lint rules. Refuses nothing: text that is not a rule becomes a
 * finding.
 */
import { relative } from 'node:path';
import type { Diagnostic, Severity } from '../model/diagnostic.ts';
import { groupBy } from '../model/values/maps.ts';
import { FOREIGN, resolveFiles } from '../sigma/rule/parse-rules.ts';
import { didYouMean } from '../sigma/rule/suggest.ts';
import { type Baseline, KnownFindings } from './baseline.ts';
import { lintRuleNamed, lintRuleNames, lintRules } from './catalog.ts';
import { DEFAULT_CONFIG, type LintConfig } from './config.ts';
import type { LintDocument, LintFile, LintSet } from './document.ts';
import { itemsOf } from './facts/items.ts';
import { factsOf } from './facts/rule-facts.ts';
import { globMatcher } from './glob.ts';
import type { Finding, LintFix, LintRule } from './lint-rule.ts';
import { type LintInput, type LintSource, readLintSource, type SourceOptions } from './lint-source.ts';
import { SAID_BY_LINT } from './parser-examples.ts';
import { type Suppression, suppressionsIn } from './suppressions.ts';

export interface LintOptions extends SourceOptions {
  readonly config?: LintConfig | undefined;
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
  const read = (wanted: boolean): LintSource[] =>
    inputs.filter(({ isContext }) => (isContext === true) === wanted).map((input) => readLintSource(input, options));
  return lintSources(read(false), contextOf(read(true)), options);
}

/**
 * Files that are read only because others refer to them. As long as this object is the same, what was found out about it is kept.
 */
export interface LintContext {
  readonly sources: readonly LintSource[];
  readonly documents: readonly LintDocument[];
  /** Files with rules. */
  readonly paths: ReadonlySet<string>;
}

export function contextOf(sources: readonly LintSource[]): LintContext {
  const withRules = sources.filter(({ parsed }) => parsed.holds === 'rules');
  return {
    sources,
    documents: sources.flatMap(({ documents }) => documents),
    paths: new Set(withRules.map(({ file }) => file.path)),
  };
}

/** Checks files that have been read before: in an editor only one of many changes. */
export function lintSources(given: readonly LintSource[], context: LintContext, options: LintOptions = {}): LintResult {
  const config = options.config ?? DEFAULT_CONFIG;
  const own = given.filter(({ parsed }) => parsed.holds === 'rules');
  const set: LintSet = { context: context.documents, own: own.flatMap(({ documents }) => documents) };
  // Rules of the context matter only to documents that refer to others.
  const refers = set.own.some(({ kind }) => kind !== 'detection');
  const others = refers ? context.sources : context.sources.filter(({ parsed }) => parsed.holds !== 'rules');
  const resolved = resolveFiles([...given, ...others].map(({ parsed }) => parsed));
  const files = own.map(({ file }) => file);
  const collector = new Collector(files, set.own, context.paths, config);
  for (const diagnostic of resolved.diagnostics) if (diagnostic.code !== FOREIGN) collector.parser(diagnostic);
  const rules = lintRules.filter((rule) => collector.isOn(rule));
  // All checks of a document run before those of the next, because many of them use the same facts about its rule.
  for (const document of set.own) {
    const facts = factsOf(document);
    for (const rule of rules) {
      const report = (finding: Finding): void => collector.add(rule, document, finding);
      rule.check?.(document, report);
      if (facts !== null) rule.checkDetection?.(facts, report, document);
      if (rule.checkItem !== undefined) for (const item of itemsOf(document)) rule.checkItem(item, report, document);
    }
  }
  for (const rule of rules) rule.checkSet?.(set, (document, finding) => collector.add(rule, document, finding));
  const { findings, suppressed } = collector.finish();
  const known = new KnownFindings(options.baseline ?? new Map());
  const found = findings.filter((finding) => !known.take(finding));
  const refusals = new Set(found.filter(isRefusal).map(placeKey));
  return {
    findings: found,
    files,
    documents: own.reduce((sum, { parsed }) => sum + parsed.count, 0),
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

/** The code for placeholders without values. The values may be kept elsewhere, so the rule counts as usable. */
const NEEDS_VALUES = 'rule/placeholder';

interface Ignored {
  readonly test: (path: string) => boolean;
  readonly entry: LintConfig['ignore'][number];
  /** True when the run has checked a document that the entry is about. */
  readonly concerned: boolean;
  used: boolean;
}

function idOf(document: LintDocument): string {
  return document.scalar('id')?.text.toLowerCase() ?? '';
}

class Collector {
  readonly #config: LintConfig;
  readonly #order: ReadonlyMap<string, number>;
  readonly #documents: ReadonlyMap<string, readonly LintDocument[]>;
  readonly #suppressions = new Map<string, (Suppression & { used: boolean })[]>();
  readonly #ignored: readonly Ignored[];
  readonly #files: ReadonlyMap<string, LintFile>;
  readonly #context: ReadonlySet<string>;
  readonly #findings: LintFinding[] = [];
  #suppressed = 0;

  /** `context` has the paths of files that get no findings. */
  constructor(files: readonly LintFile[], own: readonly LintDocument[], context: ReadonlySet<string>, config: LintConfig) {
    this.#config = config;
    this.#context = context;
    this.#documents = groupBy(own, ({ file }) => file.path);
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#order = new Map(files.map((file, i) => [file.path, i]));
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
      const concerned = own.some(
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
