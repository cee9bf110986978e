import { ruleText } from '../examples.ts';
import { correction, replaceScalar } from '../facts/edits.ts';
import { ATTACK_VERSION, GONE, TECHNIQUES } from '../knowledge/attack-techniques.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'attack-technique',
  severity: 'warning',
  summary: 'A technique of ATT&CK does not exist, or was revoked.',
  why:
    'Coverage maps look techniques up by number. T1086 has been T1059.001 since 2020; a number that was never given is counted nowhere. ' +
    'Numbers above those that winnow knows are taken for newer ones.',
  avoid: ruleText('tags:\n    - attack.discovery\n    - attack.t1086'),
  prefer: ruleText('tags:\n    - attack.discovery\n    - attack.t1059.001'),
  check(document, report) {
    for (const tag of document.scalars('tags')) {
      const technique = /^attack\.(t\d{4}(?:\.\d{3})?)$/.exec(tag.text)?.[1]?.toUpperCase();
      // Numbers below 1000 belong to the matrix for industrial control systems.
      if (technique === undefined || technique < 'T1' || technique > newest() || exists(technique)) continue;
      const successor = successors.get(technique);
      if (successor === undefined) {
        report({ at: tag, message: `ATT&CK ${ATTACK_VERSION} has no technique ${technique}.`, hint: parentHint(technique) });
        continue;
      }
      const edits = successor === '' ? null : replaceScalar(tag, `attack.${successor.toLowerCase()}`);
      report({
        at: tag,
        message: `ATT&CK has given up the technique ${technique}.`,
        hint: successor === '' ? 'Nothing took its place.' : `Write "attack.${successor.toLowerCase()}".`,
        fix: correction(`write "attack.${successor.toLowerCase()}"`, edits),
      });
    }
  },
};

const successors = new Map(GONE.map((line): [string, string] => [line.split(' ')[0]!, line.split(' ')[1] ?? '']));

let known: ReadonlySet<string> | null = null;

function exists(technique: string): boolean {
  known ??= new Set(TECHNIQUES.split(' ').flatMap(expand));
  return known.has(technique);
}

/** `1003.1-2,5` -> T1003, T1003.001, T1003.002, T1003.005. */
function expand(entry: string): readonly string[] {
  const [technique, subs = ''] = entry.split('.');
  const numbers = subs.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return range === '' ? [] : Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return [`T${technique}`, ...numbers.map((number) => `T${technique}.${String(number).padStart(3, '0')}`)];
}

function newest(): string {
  return `T${TECHNIQUES.slice(TECHNIQUES.lastIndexOf(' ') + 1)}`;
}

function parentHint(technique: string): string | undefined {
  const parent = technique.slice(0, 5);
  return parent !== technique && exists(parent) ? `${parent} itself exists.` : undefined;
}
