/** `docs/explain.md` shows what the verb says. `npx vitest run test/explain/documentation.test.ts -u` writes it anew. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runWinnow } from '../cli/test-context.ts';
import { projectRoot } from '../support/shared.ts';

const page = join(projectRoot, 'docs', 'explain.md');
/** A command, and below it what it prints. */
const EXAMPLE = /(```sh\nwinnow )(.*)(\n```\n\n```text\n)[\s\S]*?(\n```)/g;

it('docs/explain.md shows what its commands print', async () => {
  const text = readFileSync(page, 'utf8');
  const examples = [...text.matchAll(EXAMPLE)].map((match) => match[2]!);
  expect(examples.length).toBeGreaterThanOrEqual(3);
  const printed = new Map<string, string>();
  for (const line of examples) {
    const { code, out } = await runWinnow(line.split(' '), { cwd: projectRoot });
    expect([line, code]).toEqual([line, 0]);
    printed.set(line, out.trimEnd());
  }
  const now = text.replace(
    EXAMPLE,
    (_, head: string, line: string, between: string, tail: string) => `${head}${line}${between}${printed.get(line)}${tail}`,
  );
  await expect(now).toMatchFileSnapshot(page);
});
