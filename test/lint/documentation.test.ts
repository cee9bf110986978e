/** `docs/lint/` is made from the lint rules. `npx vitest run test/lint/documentation.test.ts -u` writes it anew. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lintRuleNamed, lintRules } from '../../src/lint/catalog.ts';
import { parserExamples } from '../../src/lint/parser-examples.ts';
import { parseRules } from '../../src/sigma/rule/parse-rules.ts';
import { lintIndexPage, lintRulePage, type ParserCode } from '../docs/lint-pages.ts';
import { projectRoot } from '../support/shared.ts';

const folder = join(projectRoot, 'docs', 'lint');

function parserCodes(): readonly ParserCode[] {
  return parserExamples.map(({ code, text }) => {
    const found = parseRules(text, 'a.yml').diagnostics.find((one) => one.code === `rule/${code}`)!;
    return { code: found.code, severity: found.severity, message: `${found.message} ${found.hint ?? ''}`.trim() };
  });
}

it.each(lintRules.map((rule) => ({ id: rule.id, rule })))(
  'the page of $id says what the lint rule says',
  async ({ id, rule }) => {
    await expect(lintRulePage(rule)).toMatchFileSnapshot(join(folder, `${id}.md`));
  },
);

it('each page is in the list, and is that of a lint rule', async () => {
  await expect(lintIndexPage(lintRules, parserCodes())).toMatchFileSnapshot(join(folder, 'README.md'));
  // A page that is missing is written after this test, or fails the one above.
  const known = new Set(['README.md', ...lintRules.map((rule) => `${rule.id}.md`)]);
  expect(readdirSync(folder).filter((name) => !known.has(name))).toEqual([]);
});

it('every lint rule is one file of its id, and no name means two of them', () => {
  const files = readdirSync(join(projectRoot, 'src', 'lint', 'rules')).filter((name) => !name.includes('.generated.'));
  expect(files.sort()).toEqual(lintRules.map((rule) => `${rule.id}.ts`).sort());
  for (const rule of lintRules)
    for (const name of [rule.id, ...(rule.aliases ?? [])]) expect([name, lintRuleNamed(name)?.id]).toEqual([name, rule.id]);
});
