/** SARIF 2.1.0 (OASIS), the format of GitHub code scanning and similar tools. */
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Severity } from '../../model/diagnostic.ts';
import { printedJson } from '../../report/sanitize.ts';
import { lintRuleNamed } from '../catalog.ts';
import type { LintFinding, LintResult } from '../lint.ts';
import type { LintFormat, LintReport } from '../lint-report.ts';
import type { LintExample, LintRule } from '../lint-rule.ts';
import { parserExamples } from '../parser-examples.ts';

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

export const lintFormat: LintFormat = {
  name: 'sarif',
  render,
};

function* render({ result, shown, version, repositoryPath }: LintReport): Iterable<string> {
  const ids = [...new Set(shown.map((finding) => finding.code))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'winnow', semanticVersion: version, rules: ids.map(ruleDescriptor) } },
        columnKind: 'utf16CodeUnits',
        results: shown.map((finding) => sarifResult(finding, ids.indexOf(finding.code), result, repositoryPath)),
      },
    ],
  };
  yield `${printedJson(log, 2)}\n`;
}

function ruleDescriptor(id: string): object {
  const rule = lintRuleNamed(id);
  if (rule === undefined) return { id, shortDescription: { text: 'A fault that the rule parser found.' }, help: parserHelp(id) };
  return {
    id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.why },
    help: lintHelp(rule),
    defaultConfiguration: { level: LEVELS[rule.severity] },
  };
}

/** What code scanning shows beside a finding. */
function lintHelp({ id, why, avoid, prefer }: LintRule): object {
  const markdown = `${why}\n\nAvoid:\n\n${exampleBlocks(avoid)}\nWrite:\n\n${exampleBlocks(prefer)}\n${switchOff(id)}`;
  return { text: `${why} ${switchOff(id)}`, markdown };
}

function switchOff(id: string): string {
  return `Where it does not apply: "# winnow-disable-next-line ${id}" above the line.`;
}

function parserHelp(id: string): object | undefined {
  const example = parserExamples.find(({ code }) => `rule/${code}` === id);
  const text = 'The parser refuses such a rule, or a part of it: no tool can say what it matches.';
  return example === undefined ? { text } : { text, markdown: `${text} For example:\n\n${exampleBlocks(example.text)}` };
}

function exampleBlocks(example: LintExample): string {
  const files: readonly [string, string][] = typeof example === 'string' ? [['', example]] : Object.entries(example);
  return files.map(([name, text]) => `${name === '' ? '' : `${name}:\n\n`}\`\`\`yaml\n${text.trimEnd()}\n\`\`\`\n`).join('\n');
}

function sarifResult(
  finding: LintFinding,
  ruleIndex: number,
  { files }: LintResult,
  repositoryPath: LintReport['repositoryPath'],
): object {
  const { code, severity, message, hint, place, end, fix } = finding;
  const uri = artifactUri(repositoryPath(place.file ?? ''));
  const region = {
    startLine: place.line ?? 1,
    startColumn: place.column ?? 1,
    ...(end === undefined ? {} : { endLine: end.line, endColumn: end.column }),
  };
  const lines = files.find((file) => file.path === place.file)?.lines;
  const replacements =
    fix === undefined || lines === undefined
      ? []
      : fix.edits.map((edit) => {
          const from = lines.span(edit.start);
          const to = lines.span(edit.end);
          return {
            deletedRegion: { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column },
            insertedContent: { text: edit.text },
          };
        });
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: hint === undefined ? message : `${message} ${hint}` },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region } }],
    ...(replacements.length === 0
      ? {}
      : { fixes: [{ description: { text: fix!.title }, artifactChanges: [{ artifactLocation: { uri }, replacements }] }] }),
  };
}

/** Relative paths stay relative to the repository; each part is percent-encoded. */
function artifactUri(path: string): string {
  if (isAbsolute(path)) return pathToFileURL(path).href;
  // A lone surrogate cannot be percent-encoded. A file name on Windows may have one.
  const whole = path.replace(/\p{Surrogate}/gu, '\ufffd');
  return whole.replaceAll('\\', '/').replace(/^\.\//, '').split('/').map(encodeURIComponent).join('/');
}
