/** What machines read: SARIF against its schema, JUnit and JSON by parsers that are not ours. */
import { Validator } from '@cfworker/json-schema';
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { lintRules } from '../../src/lint/catalog.ts';
import { ruleText } from '../../src/lint/examples.ts';
import { lintFormats } from '../../src/lint/formats/registry.generated.ts';
import { lintTexts } from '../../src/lint/lint.ts';
import type { LintReport } from '../../src/lint/lint-report.ts';
import { testFormats } from '../../src/testing/formats/registry.generated.ts';
import type { TestOutcome } from '../../src/testing/run-tests.ts';
import type { TestReport } from '../../src/testing/test-report.ts';

const HOSTILE = 'rules/<b>&"%0A:,\u001b[31m.yml';

const asGiven = (path: string): string => path;

function report(inputs: readonly { path: string; text: string }[]): LintReport {
  const result = lintTexts(inputs);
  return { result, shown: result.findings, failOn: 'error', version: '1.2.3', colour: false, fixed: 0, repositoryPath: asGiven };
}

const TEXT = ruleText(
  'date: 2026/01/15',
  'level: high\ntitle2: "x]]>\\x01"',
  'tags:\n    - attack.discovery\n    - attack.discovery',
);
const two = report([
  { path: 'rules/a.yml', text: TEXT },
  { path: HOSTILE, text: 'title: "<script>\\e[31m"\nnonsense: true\n' },
]);

function written(format: string, of: LintReport): string {
  return [...lintFormats.find((one) => one.name === format)!.render(of)].join('');
}

describe('SARIF', () => {
  it('is valid against the schema of SARIF 2.1.0, for findings of every lint rule', () => {
    const inputs = lintRules.flatMap((rule) =>
      typeof rule.avoid === 'string'
        ? [{ path: `rules/${rule.id}.yml`, text: rule.avoid }]
        : Object.entries(rule.avoid).map(([path, text]) => ({ path: `${rule.id}/${path}`, text })),
    );
    // The schema is of draft 7.
    const validator = new Validator(sarifSchema as object, '7', false);
    for (const one of [report(inputs), two, report([])]) {
      expect(validator.validate(JSON.parse(written('sarif', one)))).toEqual({ valid: true, errors: [] });
    }
  });

  it('says where, what and how to correct it', () => {
    const [first] = JSON.parse(written('sarif', two)).runs[0].results;
    expect(first).toEqual({
      ruleId: 'date-format',
      ruleIndex: expect.any(Number),
      level: 'error',
      message: { text: '"2026/01/15" in "date" is not a date of the form YYYY-MM-DD. Write 2026-01-15.' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'rules/a.yml' },
            region: { startLine: 8, startColumn: 7, endLine: 8, endColumn: 17 },
          },
        },
      ],
      fixes: [
        {
          description: { text: 'write 2026-01-15' },
          artifactChanges: [
            {
              artifactLocation: { uri: 'rules/a.yml' },
              replacements: [
                {
                  deletedRegion: { startLine: 8, startColumn: 7, endLine: 8, endColumn: 17 },
                  insertedContent: { text: '2026-01-15' },
                },
              ],
            },
          ],
        },
      ],
    });
  });
});

describe('JUnit', () => {
  it('is well-formed whatever file names and rules hold', () => {
    expect(XMLValidator.validate(written('junit', two))).toBe(true);
  });

  it('has a suite per file and a failure per rule that reaches the threshold', () => {
    const parsed = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(written('junit', two));
    expect(parsed.testsuites).toMatchObject({ name: 'winnow lint', tests: '2', failures: '2' });
    expect(
      parsed.testsuites.testsuite.map((suite: { tests: string; failures: string }) => [suite.tests, suite.failures]),
    ).toEqual([
      ['1', '1'],
      ['1', '1'],
    ]);
  });
});

describe('help in SARIF', () => {
  it('shows for each rule what to avoid and what to write, and for the parser an example', () => {
    const { rules } = JSON.parse(written('sarif', two)).runs[0].tool.driver;
    const help = (id: string) => rules.find((rule: { id: string }) => rule.id === id).help;
    expect(help('date-format').markdown).toMatch(/Avoid:\n\n```yaml\n[\s\S]*```\n\nWrite:\n\n```yaml\n/);
    expect(help('date-format').text).toContain('"# winnow-disable-next-line date-format"');
    const parser = two.shown.find(({ code }) => code.startsWith('rule/'))!.code;
    expect(help(parser).text).toContain('The parser refuses such a rule');
    expect(help(parser).markdown).toContain('For example:\n\n```yaml\n');
  });
});

describe('Markdown', () => {
  it('is a table of what is shown, from the root of the repository', () => {
    const one = { ...report([{ path: 'a.yml', text: TEXT }]), repositoryPath: (path: string) => `sub/${path}` };
    expect(written('markdown', one).split('\n').slice(0, 5)).toEqual([
      '### Sigma rules: 1 error, 1 warning, 0 notes in 1 rule',
      '',
      '| where | severity | finding | what |',
      '|---|---|---|---|',
      '| sub/a.yml:8 | error | date-format | "2026/01/15" in "date" is not a date of the form YYYY-MM-DD. Write 2026-01-15. |',
    ]);
  });
  it('stays within what GitHub takes for a step, and says what is left out', () => {
    const finding = { ...two.shown[0]!, message: '@a#1|<b>'.repeat(200) };
    const text = written('markdown', { ...two, shown: Array.from({ length: 5000 }, () => finding) });
    expect(Buffer.byteLength(text)).toBeLessThan(500_000);
    expect(text).toMatch(/\n\d{4} more are not listed here\.\n$/);
  });
});

describe('annotations for GitHub', () => {
  it('keep each finding on one line and escape what separates properties', () => {
    const lines = written('github', two).trimEnd().split('\n');
    expect(lines).toHaveLength(two.shown.length + 1);
    expect(lines[0]).toBe(
      '::error file=rules/a.yml,line=8,col=7,endColumn=17,title=date-format::"2026/01/15" in "date" is not a date of the form YYYY-MM-DD. Write 2026-01-15.',
    );
    expect(lines.some((line) => line.includes('file=rules/<b>&"%250A%3A%2C'))).toBe(true);
  });
});

describe('JSON', () => {
  it('carries every finding and the totals', () => {
    const parsed = JSON.parse(written('json', two));
    expect(parsed.summary).toEqual({
      files: 2,
      documents: 2,
      refused: 1,
      error: 2,
      warning: expect.any(Number),
      info: 0,
      suppressed: 0,
      fixed: 0,
    });
    expect(parsed.findings[0]).toMatchObject({ id: 'date-format', severity: 'error', file: 'rules/a.yml', line: 8, column: 7 });
  });
});

describe('text', () => {
  it('shows no control character of a file name or a rule', () => {
    expect(written('text', two)).not.toMatch(/\u001b/);
  });
});

describe('every format', () => {
  const hostile =
    '\u001b]0;x\u0007\u009b31m\u202e\u200b\u2028\r\n::error file=a::b\n##vso[task.x]\n##[add-path]x</script>=cmd\ud800\0';
  const finding = {
    ...two.shown[0]!,
    message: hostile,
    hint: hostile,
    title: hostile,
    place: { file: hostile, line: 1, column: 1 },
  };
  const one = { ...two, shown: [finding], result: { ...two.result, findings: [finding], files: [] } };
  const outcome: TestOutcome = {
    file: hostile,
    line: 1,
    name: hostile,
    rule: hostile,
    rulePath: hostile,
    passed: false,
    unusable: false,
    message: hostile,
    hint: hostile,
  };
  const coverage = { rules: [], rulesWithTest: 0, selections: 0, selectionsSeen: 0 };
  const tests: TestReport = {
    outcomes: [outcome],
    coverage,
    version: '0',
    colour: false,
    verbose: true,
    showCoverage: true,
    repositoryPath: asGiven,
  };
  const texts = [
    ...lintFormats.map(({ name, render }) => [`lint ${name}`, [...render(one)].join('')] as const),
    ...testFormats.map(({ name, render }) => [`test ${name}`, [...render(tests)].join('')] as const),
  ];
  it.each(texts)('of %s is harmless on a terminal and in the log of a CI server, whatever rules hold', (name, text) => {
    expect(/(?!\n)[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e]|\p{Surrogate}/u.exec(text)).toBeNull();
    expect(/##\w*\[/.exec(text)).toBeNull();
    const commands = text.split('\n').filter((line) => /^\s*::.*::/.test(line));
    // Only the annotation itself.
    expect(commands.length).toBe(name.endsWith('github') ? 1 : 0);
  });
});
