/** Describes what lint can find, for `--list` and `--explain ID`. In: nothing, or an id. Out: text. Refuses an unknown id. */
import { lintRuleNamed, lintRuleNames, lintRules } from '../../../lint/catalog.ts';
import type { LintExample, LintRule } from '../../../lint/lint-rule.ts';
import { parserExamples } from '../../../lint/parser-examples.ts';
import type { Severity } from '../../../model/diagnostic.ts';
import { UsageError } from '../../../model/errors.ts';
import { parseRules } from '../../../sigma/rule/parse-rules.ts';
import { didYouMean } from '../../../sigma/rule/suggest.ts';

const PARSER = 'rule/';

/** One line each: id, severity, what is found. */
export function lintRuleList(): string {
  const own = lintRules.map(({ id, severity, convention, summary }) => [
    id,
    convention === undefined ? nameOf(severity) : 'convention',
    summary,
  ]);
  const parser = parserExamples.map(({ code, text }) => {
    const found = parserFault(code, text);
    return [`${PARSER}${code}`, nameOf(found.severity), `For example: ${found.message}`];
  });
  const rows = [...own, ...parser];
  const width = Math.max(...rows.map(([id]) => id!.length));
  return rows.map(([id, severity, summary]) => `${id!.padEnd(width)}  ${severity!.padEnd(10)}  ${summary}\n`).join('');
}

/** Why a finding matters, what to avoid and what to write. */
export function lintRuleText(id: string): string {
  const rule = lintRuleNamed(id);
  if (rule !== undefined) return pageOf(rule);
  const example = parserExamples.find(({ code }) => code === id || `${PARSER}${code}` === id);
  if (example === undefined) {
    const names = [...lintRuleNames(), ...parserExamples.map(({ code }) => `${PARSER}${code}`)];
    throw new UsageError(`"${id}" is no id of lint. ${didYouMean(id, names) ?? '`winnow lint --list` names them.'}`);
  }
  const { severity, message, hint } = parserFault(example.code, example.text);
  const said = [message, hint].filter(Boolean).join(' ');
  return `${PARSER}${example.code} (${nameOf(severity)}, of the rule parser)\n\n${said}\n\nFor example:\n\n${indented(example.text)}`;
}

function pageOf({ id, severity, summary, why, aliases = [], avoid, prefer }: LintRule): string {
  const known = aliases.length === 0 ? '' : `\nElsewhere: ${aliases.join(', ')}\n`;
  return `${id} (${nameOf(severity)})\n\n${summary}\n\n${why}\n\nAvoid:\n\n${exampleText(avoid)}\nWrite:\n\n${exampleText(prefer)}${known}`;
}

function exampleText(example: LintExample): string {
  if (typeof example === 'string') return indented(example);
  return Object.entries(example)
    .map(([name, text]) => `  # ${name}\n${indented(text)}`)
    .join('');
}

function indented(text: string): string {
  return `${text.trimEnd().replace(/^(?=.)/gm, '  ')}\n`;
}

function parserFault(code: string, text: string) {
  return parseRules(text, '').diagnostics.find((one) => one.code === `${PARSER}${code}`)!;
}

function nameOf(severity: Severity): string {
  return severity === 'info' ? 'note' : severity;
}
