/** The pages of `docs/lint/`, made from the lint rules themselves. A test keeps the files and this in step. */
import type { LintExample, LintRule } from '../../src/lint/lint-rule.ts';

const SEVERITY_WORDS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** `docs/lint/ID.md`. */
export function lintRulePage(rule: LintRule): string {
  const { aliases = [] } = rule;
  const parts = [
    `# ${rule.id}`,
    rule.summary,
    `Severity: **${SEVERITY_WORDS[rule.severity]}**${rule.convention === undefined ? '' : ' (only with `--sigmahq`)'}`,
    rule.why,
    `## Avoid\n\n${exampleText(rule.avoid)}`,
    `## Prefer\n\n${exampleText(rule.prefer)}`,
    `## Leave it out\n\n\`\`\`yaml\n# winnow-disable-next-line ${rule.id} -- why\n\`\`\`\n\nor for the whole file \`# winnow-disable ${rule.id}\`, or in \`.winnow.yml\`:\n\n\`\`\`yaml\nlint:\n    rules:\n        ${rule.id}: off\n\`\`\``,
  ];
  if (aliases.length > 0) {
    parts.push(
      `## Also known as\n\n${aliases.map((name) => `\`${name}\``).join(', ')}\n\nThese names of pySigma and of the SigmaHQ validators are accepted wherever an id is.`,
    );
  }
  return `${parts.join('\n\n')}\n`;
}

function exampleText(example: LintExample): string {
  if (typeof example === 'string') return `\`\`\`yaml\n${example.trimEnd()}\n\`\`\``;
  return Object.entries(example)
    .map(([path, text]) => `\`${path}\`\n\n\`\`\`yaml\n${text.trimEnd()}\n\`\`\``)
    .join('\n\n');
}

/** `docs/lint/README.md`. */
export function lintIndexPage(rules: readonly LintRule[], parserCodes: readonly ParserCode[]): string {
  const row = (rule: LintRule): string =>
    `| [${rule.id}](${rule.id}.md) | ${SEVERITY_WORDS[rule.severity]} | ${rule.summary.replaceAll('|', '\\|')} |`;
  const table = (chosen: readonly LintRule[]): string => `| id | severity | what |\n|---|---|---|\n${chosen.map(row).join('\n')}`;
  const aliases = rules
    .flatMap((rule) => (rule.aliases ?? []).map((alias) => ({ alias, id: rule.id })))
    .filter(({ alias }) => /Validator$/.test(alias))
    .sort((a, b) => (a.alias < b.alias ? -1 : 1));
  return `# What \`winnow lint\` finds

Every error and warning of the rule parser (\`rule/...\`), and the lint rules below. An **error** says that a rule is broken or can
never match, and is proven; a **warning** says that it hardly does what was meant; a **note** is worth knowing. Notes are shown with
\`--severity info\`. \`--fail-on\` says from which severity the run fails (errors when it is not given). \`--fix\` corrects what can be
corrected without changing what a rule matches.

The pages are made from the lint rules themselves, whose examples are also their tests.

${table(rules.filter((rule) => rule.convention === undefined))}

## Conventions of the SigmaHQ repository

Asked for with \`--sigmahq\`, or \`conventions: sigmahq\` in \`.winnow.yml\`.

${table(rules.filter((rule) => rule.convention !== undefined))}

## What the parser says

An error makes a rule unusable: the exit code is then 2, and no suppression hides it.

| code | severity | for example |
|---|---|---|
${parserCodes.map(({ code, severity, message }) => `| ${code} | ${SEVERITY_WORDS[severity]} | ${message.replaceAll('|', '\\|').replaceAll('<', '&lt;')} |`).join('\n')}

## Suppressions

| comment | silences |
|---|---|
| \`# winnow-disable-next-line ID, ID -- why\` | the next line |
| \`# winnow-disable-line ID\` | its own line |
| \`# winnow-disable ID\` | the file |

One that silences nothing is reported (\`unused-suppression\`).

## \`.winnow.yml\`

That of the working directory, or the nearest one above it: up to the root of the repository or your home folder, and not from a folder or
file of another user. \`--config FILE\` names another. A validator configuration of pySigma (\`validators\`, \`exclusions\`) is understood as well.

\`\`\`yaml
lint:
    conventions: sigmahq
    rules:
        covered-value: off
        duplicate-title: error
    ignore:
        - paths: ['deprecated/**']
          rules: [subsumed-rule]
    exclusions:
        5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60: [all_of_them_condition]
\`\`\`

## Names that users of pySigma know

| there | here |
|---|---|
${aliases.map(({ alias, id }) => `| ${alias} | [${id}](${id}.md) |`).join('\n')}
| DanglingConditionValidator | \`rule/dangling-selector\`, \`rule/unknown-selection\` |
| SigmahqStatusToHighValidator | not asked: its answer depends on the day |

Their snake_case names (\`all_of_them_condition\`) are accepted too.
`;
}

export interface ParserCode {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  /** A message of that code. */
  readonly message: string;
}
