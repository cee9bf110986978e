/** The figure in docs/developing/architecture.md is made from the imports. `npx vitest run test/structure -u` writes it anew. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../support/shared.ts';
import { importsBetweenParts } from './parts.ts';

/** Leaves out arrows that follow from others: a -> c where a -> b and b -> ... -> c. */
function reduced(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const reach = (from: string, seen = new Set<string>()): Set<string> => {
    for (const to of edges.get(from) ?? []) if (!seen.has(to)) reach(to, seen.add(to));
    return seen;
  };
  const lines: string[] = [];
  for (const [from, targets] of edges) {
    for (const to of targets) {
      if ([...targets].some((other) => other !== to && reach(other).has(to))) continue;
      lines.push(`  ${id(from)} --> ${id(to)}`);
    }
  }
  return lines.sort();
}

/** The folder may be deleted: the figure is the same with it and without. */
function withoutAcceleration(edges: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Set<string>> {
  const stays = (part: string): boolean => part !== 'accel' && part !== 'accelerator.generated.ts';
  return new Map([...edges].filter(([from]) => stays(from)).map(([from, to]) => [from, new Set([...to].filter(stays))]));
}

const id = (part: string): string => `${part.replace(/\W/g, '_')}["${part}"]`;

test('the figure of the architecture shows the imports', async () => {
  const path = join(projectRoot, 'docs/developing/architecture.md');
  const figure = ['```mermaid', 'flowchart TD', ...reduced(withoutAcceleration(importsBetweenParts())), '```'].join('\n');
  const page = readFileSync(path, 'utf8').replace(
    /(<!-- figure.*-->\n)[\s\S]*(<!-- \/figure -->)/,
    (_, a, b) => `${a}${figure}\n${b}`,
  );
  await expect(page).toMatchFileSnapshot(path);
});
