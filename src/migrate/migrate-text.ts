/**
 * Rewrites rules of Sigma 1 that count or relate events (`| count() by ...`, `| near ...`, `timeframe`) as base rules and
 * correlations of Sigma 2. In: the text of a rule file. Out: the text, rewritten with as few edits as possible, and which rules
 * are left as they were, with the reason. Refuses what has no equivalent, and changes nothing in a file whose result could not be
 * used.
 */

import { LintDocument } from '../lint/document.ts';
import { removeEntry, replaceScalar } from '../lint/facts/edits.ts';
import { applyEdits } from '../lint/fix.ts';
import type { TextEdit } from '../lint/lint-rule.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { namesIn } from '../model/rule.ts';
import { durationMs } from '../model/values/time.ts';
import { Faults, type RuleText } from '../sigma/rule/faults.ts';
import { isForeign } from '../sigma/rule/foreign.ts';
import { parseCondition } from '../sigma/rule/parse/condition.ts';
import { parseFile, ruleTree } from '../sigma/rule/parse/parse-file.ts';
import { entryOf, type YamlEntry, type YamlMap, type YamlScalar } from '../sigma/yaml/yaml.ts';
import { correlationLines } from './correlation-text.ts';
import { type Draft, layoutOf, referenceTo, writeDocument } from './new-document.ts';
import { type OldAggregation, parseOldCondition } from './old-condition.ts';

export interface MigrateOptions {
  /** The timespan of rules that have no `timeframe`; null: such rules are left as they are. */
  readonly timespan: string | null;
}

export interface Migration {
  /** The text of the file, rewritten where `migrated` is not 0. */
  readonly text: string;
  /** How many rules are rewritten. */
  readonly migrated: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Why a rule is left as it is. */
class Refused extends Error {
  readonly code: string;
  readonly at: number;
  readonly hint: string | undefined;

  constructor(code: string, at: number, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.at = at;
    this.hint = hint;
  }
}

/** Most files have no such condition and no `timeframe`, and need not be parsed. */
const OLD = /^[ \t]+["']?timeframe["']?[ \t]*:|\|\s*(?:count|min|max|avg|sum|near)\b/im;

export function migrateText(text: string, path: string, options: MigrateOptions): Migration {
  const none: Migration = { text, migrated: 0, diagnostics: [] };
  if (!OLD.test(text)) return none;
  const { source, yaml } = ruleTree(text, path);
  if (yaml.fault !== null || isForeign(yaml.documents)) return none;
  const roots = yaml.documents.flatMap(({ root }) => (root?.kind === 'map' ? [root] : []));
  const context = {
    isCollection: roots.some((root) => entryOf(root, 'action') !== undefined),
    hasAliases: yaml.hasAliases,
  };
  const diagnostics: Diagnostic[] = [];
  const edits: TextEdit[] = [];
  let migrated = 0;
  for (const root of roots) {
    try {
      const made = migrateDocument(new LintDocument(source, root, null, context), root, options);
      if (made.length > 0) migrated++;
      edits.push(...made);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const place = { file: path, ...source.span(error.at) };
      diagnostics.push({ code: error.code, severity: 'warning', message: error.message, hint: error.hint, place });
    }
  }
  if (edits.length === 0) return { ...none, diagnostics };
  const mark = text.slice(0, text.length - source.text.length);
  const result = mark + applyEdits(source.text, edits);
  const fault = faultOf(result, path);
  if (fault !== null) return { ...none, diagnostics: [...diagnostics, { ...fault, place: { file: path } }] };
  return { text: result, migrated, diagnostics };
}

/** Why the result could not be used; null when it can be. */
function faultOf(text: string, path: string): Diagnostic | null {
  const fault = parseFile(text, path).diagnostics.find((one) => one.severity === 'error' && !LATER.has(one.code));
  if (fault === undefined) return null;
  return {
    ...fault,
    code: 'migrate/result',
    severity: 'warning',
    message: `the file has another error, so nothing is rewritten: ${fault.message}`,
  };
}
/** Errors that do not count: values may be given later, and rules that are left as they were may still have an aggregation. */
const LATER: ReadonlySet<string> = new Set(['rule/placeholder', 'rule/aggregation']);

function migrateDocument(document: LintDocument, root: YamlMap, options: MigrateOptions): TextEdit[] {
  const detection = document.entry('detection')?.value;
  const entry = entryOf(detection, 'condition');
  if (detection?.kind !== 'map' || entry === undefined) return [];
  const timeframe = entryOf(detection, 'timeframe');
  const conditions = document.scalars('detection', 'condition');
  const parsed = conditions.map((one) => parseOldCondition(one.text));
  const at = parsed.findIndex((one) => one !== null);
  const old = parsed[at];
  if (old === undefined || old === null) return timeframe === undefined ? [] : removed(document, timeframe);
  const condition = conditions[at]!;
  if (old.kind === 'unknown') throw new Refused('migrate/condition', condition.start, old.reason);
  if (conditions.length > 1) {
    const hint = 'Write a rule for each condition.';
    throw new Refused('migrate/several-conditions', condition.start, 'one of several conditions counts events.', hint);
  }
  if (document.isCollectionPart) {
    const hint = 'Write the rules without "action" first.';
    throw new Refused('migrate/collection', condition.start, 'correlations take nothing over from "action" documents.', hint);
  }
  if (!document.correctable) throw layoutFault(condition.start, 'the file has YAML aliases');
  const timespan = timespanOf(timeframe, condition, options);
  return rewrite(document, root, { old, condition, detection, timeframe, timespan });
}

interface Parts {
  readonly old: Exclude<OldAggregation, { kind: 'unknown' }>;
  readonly condition: YamlScalar;
  readonly detection: YamlMap;
  readonly timeframe: YamlEntry | undefined;
  readonly timespan: string;
}

function rewrite(document: LintDocument, root: YamlMap, parts: Parts): TextEdit[] {
  const { old, condition, detection, timeframe, timespan } = parts;
  const names = detection.entries.map(({ key }) => key.text).filter((name) => name !== 'condition' && name !== 'timeframe');
  const used = selectionsOf(old.search, names, condition, document.file);
  const shorter = replaceScalar(condition, old.search);
  const layout = layoutOf(document, root, detection);
  if (shorter === null || layout === null) throw layoutFault(condition.start, 'the rule is not written in lines');
  const edits = [...shorter, ...(timeframe === undefined ? [] : removed(document, timeframe))];
  const drafts: Draft[] = [];
  const base = referenceTo(document, root, layout);
  edits.push(...base.edits);
  const rules = [base.reference];
  for (const { name, negated } of old.kind === 'near' ? old.near : []) {
    const selection = entryOf(detection, name);
    if (negated) {
      const message = `"near ... not ${name}" asks for the absence of an event, which no correlation of Sigma 2 does.`;
      throw new Refused('migrate/absence', condition.start, message);
    }
    if (selection === undefined || !names.includes(name)) {
      throw new Refused('migrate/unknown-selection', condition.start, `"${name}" is not a selection of this document.`);
    }
    const draft: Draft = { suffix: name, body: { kind: 'selection', selection } };
    drafts.push(draft);
    rules.push(layout.idOf(draft));
    if (!used.has(name)) edits.push(...removed(document, selection));
  }
  drafts.push({
    suffix: 'Correlation',
    body: { kind: 'correlation', lines: correlationLines(old, rules, timespan, layout.indent) },
  });
  const text = drafts.map((draft) => writeDocument(document, root, draft, layout)).join('');
  edits.push({ start: layout.end, end: layout.end, text: layout.lead + text });
  return edits;
}

function timespanOf(timeframe: YamlEntry | undefined, condition: YamlScalar, { timespan }: MigrateOptions): string {
  if (timeframe === undefined) {
    if (timespan !== null) return timespan;
    const message = 'the rule has no timeframe: it looks at all that is searched, which no correlation of Sigma 2 does.';
    throw new Refused('migrate/no-timespan', condition.start, message, 'Say over how long: --timespan 1h.');
  }
  const text = timeframe.value.kind === 'scalar' ? timeframe.value.text : '';
  const milliseconds = durationMs(text);
  if (milliseconds !== null && milliseconds > 0) return text;
  throw new Refused(
    'migrate/timeframe',
    timeframe.value.start,
    `"${text}" is not a timeframe.`,
    'Write a number and a unit: 5m.',
  );
}

/** The selections that the search before the `|` uses. */
function selectionsOf(search: string, names: readonly string[], { start }: YamlScalar, file: RuleText): ReadonlySet<string> {
  const faults = new Faults(file);
  const condition = parseCondition(search, { names, noun: 'selection', selectors: true, faults, at: start });
  if (condition === null)
    throw new Refused('migrate/condition', start, faults.diagnostics[0]!.message, faults.diagnostics[0]!.hint);
  return new Set(namesIn(condition));
}

function removed(document: LintDocument, entry: YamlEntry): TextEdit[] {
  const edits = removeEntry(document, entry);
  if (edits === null) throw layoutFault(entry.key.start, `"${entry.key.text}" shares its lines`);
  return edits;
}

function layoutFault(at: number, what: string): Refused {
  return new Refused('migrate/layout', at, `${what}, so that it cannot be rewritten by itself.`, 'Write one key a line.');
}
