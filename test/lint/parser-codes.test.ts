/** Every fault that the parser knows is reported by lint, and documented. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintTexts } from '../../src/lint/lint.ts';
import { NOT_OF_RULE_TEXT, parserExamples, SAID_BY_LINT } from '../../src/lint/parser-examples.ts';
import { parseRules } from '../../src/sigma/rule/parse-rules.ts';
import { projectRoot } from '../support/shared.ts';

/** The codes that the sources of the parser name. */
function codesInSource(): readonly string[] {
  const sigma = join(projectRoot, 'src', 'sigma');
  const codes = new Set<string>();
  for (const folder of ['modifiers', 'rule', 'yaml']) {
    for (const file of readdirSync(join(sigma, folder), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const text = readFileSync(join(sigma, folder, file), 'utf8');
      for (const match of text.matchAll(
        /(?:error|warn|ault)\(\s*'([a-z]+(?:-[a-z]+)*)'|code: '(?:rule\/)?([a-z]+(?:-[a-z]+)*)'/g,
      )) {
        codes.add(match[1] ?? match[2]!);
      }
    }
  }
  return [...codes].filter((code) => !NOT_OF_RULE_TEXT.has(code)).sort();
}

describe('the faults of the parser', () => {
  it('each have an example', () => {
    expect(parserExamples.map((one) => one.code).sort()).toEqual(codesInSource());
  });

  it.each(parserExamples)('rule/$code is reported by lint with its place', ({ code, text }) => {
    const own = `rule/${code}`;
    const parser = parseRules(text, 'a.yml').diagnostics.filter((one) => one.code === own);
    expect(parser.length).toBeGreaterThan(0);
    const found = lintTexts([{ path: 'a.yml', text }]).findings.filter((one) => one.code === own);
    if (SAID_BY_LINT.has(own)) expect(found).toEqual([]);
    else expect(found[0]?.place).toEqual({ file: 'a.yml', line: expect.any(Number), column: expect.any(Number) });
  });
});
