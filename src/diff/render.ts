/**
 * Prints a comparison of rules as text, Markdown (for a pull request) or JSON. In: the comparison. Out: pieces of text that are
 * harmless to print.
 */
import type { SigmaRule } from '../model/rule.ts';
import { markdownText, printedJson, printedPieces, visibleText } from '../report/sanitize.ts';
import type { MatchDiff, MatchesDiff } from './diff-matches.ts';
import type { KeyChange, Relation, RuleChange, RuleDiff } from './diff-rules.ts';

export interface DiffReport {
  readonly rules: RuleDiff;
  /** null where no log was given. */
  readonly logs: MatchesDiff | null;
  readonly version: string;
}

export const DIFF_FORMATS = ['text', 'markdown', 'json'] as const;
export type DiffFormat = (typeof DIFF_FORMATS)[number];

export function renderDiff(report: DiffReport, format: DiffFormat): Iterable<string> {
  if (format === 'json') return [`${printedJson(dataOf(report), 2)}\n`];
  return printedPieces(format === 'markdown' ? markdown(report) : text(report));
}

/** How many records are named for one rule. */
const MAX_PLACES = 10;
/** Characters shown of one value. */
const MAX_SHOWN = 120;

const FINDS: Readonly<Record<Relation, string>> = {
  same: 'finds the same (proven)',
  more: 'finds all that it found, and may find more (proven)',
  less: 'finds nothing that it did not find, and may find less (proven)',
  open: 'whether it finds the same is not proven',
};

function* text({ rules, logs }: DiffReport): Iterable<string> {
  for (const change of rules.changes) {
    yield `${change.kind} ${visibleText(nameOf(ruleOf(change)))}\n`;
    if (change.kind === 'changed') {
      for (const key of change.keys) yield `  ${visibleText(keyText(key))}\n`;
      yield `  ${FINDS[change.finds]}\n`;
    }
    const found = logs?.matches.find((one) => one.rule === ruleOf(change));
    if (found !== undefined) yield* matchLines(found);
  }
  for (const found of dependents({ rules, logs })) {
    yield `depends ${visibleText(nameOf(found.rule))}\n`;
    yield* matchLines(found);
  }
  yield `${totals(rules)}${logs === null ? '' : `, compared on ${logs.events} events`}\n`;
}

function* matchLines({ before, after, gained, lost }: MatchDiff): Iterable<string> {
  yield `  matches: ${before} before, ${after} now\n`;
  if (gained.length > 0) yield `  gained: ${visibleText(placesText(gained))}\n`;
  if (lost.length > 0) yield `  lost: ${visibleText(placesText(lost))}\n`;
}

function* markdown({ rules, logs }: DiffReport): Iterable<string> {
  yield `### Rules: ${totals(rules)}\n\n`;
  if (rules.changes.length === 0) return;
  yield `| rule | change | finds |${logs === null ? '' : ' before | now | gained | lost |'}\n|---|---|---|${logs === null ? '' : '---|---|---|---|'}\n`;
  for (const change of rules.changes) {
    const keys = change.kind === 'changed' ? change.keys.map(({ key }) => markdownText(key)).join(', ') : change.kind;
    const finds = change.kind === 'changed' ? FINDS[change.finds] : '';
    const found = logs?.matches.find((one) => one.rule === ruleOf(change));
    yield `| ${markdownText(ruleOf(change).head.title)} | ${keys} | ${finds} |${logs === null ? '' : countCells(found)}\n`;
  }
  for (const found of dependents({ rules, logs }))
    yield `| ${markdownText(found.rule.head.title)} | stands on a changed rule | |${countCells(found)}\n`;
  for (const found of logs?.matches ?? []) {
    if (found.gained.length === 0 && found.lost.length === 0) continue;
    yield `\n**${markdownText(found.rule.head.title)}**\n\n`;
    if (found.gained.length > 0) yield `- gained: ${markdownText(placesText(found.gained))}\n`;
    if (found.lost.length > 0) yield `- lost: ${markdownText(placesText(found.lost))}\n`;
  }
}

function countCells(found: MatchDiff | undefined): string {
  return found === undefined ? ' | | | |' : ` ${found.before} | ${found.after} | ${found.gained.length} | ${found.lost.length} |`;
}

function dataOf({ rules, logs, version }: DiffReport): object {
  const matchesOf = (rule: SigmaRule) => {
    const found = logs?.matches.find((one) => one.rule === rule);
    return found === undefined ? null : { before: found.before, after: found.after, gained: found.gained, lost: found.lost };
  };
  return {
    kind: 'diff',
    version,
    changes: rules.changes.map((change) => ({
      change: change.kind,
      rule: identity(ruleOf(change)),
      keys: change.kind === 'changed' ? change.keys : [],
      finds: change.kind === 'changed' ? change.finds : null,
      matches: matchesOf(ruleOf(change)),
    })),
    dependents: [...dependents({ rules, logs })].map(({ rule }) => ({ rule: identity(rule), matches: matchesOf(rule) })),
    unchanged: rules.unchanged,
    events: logs?.events ?? null,
  };
}

function identity({ head }: SigmaRule): object {
  return { id: head.id ?? null, title: head.title, path: head.path };
}

/** Unchanged rules that depend on a changed one. */
function dependents({ rules, logs }: Pick<DiffReport, 'rules' | 'logs'>): readonly MatchDiff[] {
  const own = new Set(rules.changes.map(ruleOf));
  return logs?.matches.filter(({ rule }) => !own.has(rule)) ?? [];
}

function ruleOf(change: RuleChange): SigmaRule {
  return change.kind === 'removed' ? change.before : change.after;
}

function nameOf({ head }: SigmaRule): string {
  return `${head.title} (${head.path})`;
}

function keyText({ key, before, after }: KeyChange): string {
  if (key.startsWith('selection ')) return `${key}: ${before === null ? 'new' : after === null ? 'removed' : 'changed'}`;
  if (before === null) return `${key}: new, ${short(after!)}`;
  return after === null ? `${key}: removed, was ${short(before)}` : `${key}: ${short(before)} -> ${short(after)}`;
}

function short(value: string): string {
  return value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}...` : value;
}

function placesText(places: readonly string[]): string {
  const more = places.length > MAX_PLACES ? ` and ${places.length - MAX_PLACES} more` : '';
  return `${places.slice(0, MAX_PLACES).join('; ')}${more}`;
}

function totals({ changes, unchanged }: RuleDiff): string {
  const count = (kind: RuleChange['kind']): number => changes.filter((one) => one.kind === kind).length;
  return `${count('changed')} changed, ${count('added')} added, ${count('removed')} removed, ${unchanged} unchanged`;
}
