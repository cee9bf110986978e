/** Rules that SigmaHQ has replaced, beside those that replaced them: what `diff` proves of such a pair holds on events made for it. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { diffRules } from '../../src/diff/diff-rules.ts';
import { eventView, interpretCondition } from '../../src/engine/match/interpret.ts';
import { findFiles } from '../../src/files/find-files.ts';
import { itemsIn } from '../../src/lint/facts/items.ts';
import { plainEvent } from '../../src/logs/plain-event.ts';
import type { DetectionRule, Pattern } from '../../src/model/rule.ts';
import { resolveLogSource } from '../../src/sigma/logsource/resolve.ts';
import { parseRules } from '../../src/sigma/rule/parse-rules.ts';
import { tries } from '../support/random.ts';
import { describeShared, shared } from '../support/shared.ts';

const CURRENT = ['rules', 'rules-emerging-threats', 'rules-threat-hunting', 'rules-compliance', 'rules-dfir'];
const RETIRED = ['deprecated', 'unsupported'];

function detections(folders: readonly string[]): readonly DetectionRule[] {
  const paths = folders.map((folder) => shared('corpus', 'sigmahq', folder));
  return findFiles(paths, 'rules', (name) => name.endsWith('.yml')).flatMap(({ path }) => {
    const text = readFileSync(path, 'utf8');
    return parseRules(text, path).rules.flatMap((rule) => (rule.kind === 'detection' ? [rule] : []));
  });
}

const idsOf = (rule: DetectionRule): readonly string[] =>
  [...JSON.stringify(rule.head.custom.related ?? []).matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id!.toLowerCase());
const logSource = ({ logsource: { product, category, service } }: DetectionRule): string =>
  JSON.stringify([product, category, service]);

/** By `related` of either, or by title; of one log source, because nothing is proven otherwise. */
function versions(): readonly (readonly [DetectionRule, DetectionRule])[] {
  const current = detections(CURRENT);
  return detections(RETIRED).flatMap((before) => {
    const [id, related] = [before.head.id?.toLowerCase() ?? '', idsOf(before)];
    const next = current.filter(
      (after) =>
        related.includes(after.head.id?.toLowerCase() ?? '') ||
        idsOf(after).includes(id) ||
        after.head.title === before.head.title,
    );
    return next.filter((after) => logSource(after) === logSource(before)).map((after) => [before, after] as const);
  });
}

/** A text that the pattern matches, and where it must stand: 0 at the beginning, 2 at the end, 1 anywhere. */
function witness(pattern: Pattern): { readonly text: string; readonly at: 0 | 1 | 2 } | null {
  switch (pattern.kind) {
    case 'text': {
      const { parts } = pattern;
      const text = parts.map((part) => (typeof part === 'string' ? part : part.wildcard === '?' ? 'x' : '')).join('');
      return { text, at: typeof parts[0] === 'string' ? 0 : typeof parts.at(-1) === 'string' ? 2 : 1 };
    }
    case 'number':
      return { text: pattern.decimal, at: 0 };
    case 'boolean':
      return { text: String(pattern.value), at: 0 };
    case 'any':
      return pattern.of[0] === undefined ? null : witness(pattern.of[0]);
    default:
      return null;
  }
}

/** Field -> for each of its items the texts of its values. */
function textsByField(
  rules: readonly DetectionRule[],
): ReadonlyMap<string, readonly (readonly { text: string; at: number }[])[]> {
  const fields = new Map<string, { text: string; at: number }[][]>();
  for (const item of rules.flatMap((rule) => Object.values(rule.selections).flatMap((one) => [...itemsIn(one)]))) {
    const texts = item.values.flatMap(({ pattern }) => witness(pattern) ?? []);
    const field = item.field ?? 'Keyword';
    if (texts.length > 0) fields.set(field, [...(fields.get(field) ?? []), texts]);
  }
  return fields;
}

/** Events in which fields have values of one rule, of both, of neither, or none. */
function events(rules: readonly DetectionRule[]): fc.Arbitrary<Record<string, string | undefined>> {
  const fields = [...textsByField(rules)].map(([field, items]): [string, fc.Arbitrary<string | undefined>] => {
    const some = items.map((texts) =>
      fc.oneof(
        fc.constantFrom(...texts).map((one) => [one]),
        fc.constant(texts.length > 6 ? texts.slice(0, 1) : texts),
      ),
    );
    const joined = fc
      .subarray(some, { minLength: 1, maxLength: Math.min(3, some.length) })
      .chain((own) => fc.tuple(...own))
      .map((lists) =>
        lists
          .flat()
          .sort((a, b) => a.at - b.at)
          .map(({ text }) => text)
          .join(''),
      );
    return [field, fc.oneof({ weight: 8, arbitrary: joined }, fc.constantFrom(undefined, '', 'other', 'C:\\other.exe'))];
  });
  return fc.record(Object.fromEntries(fields));
}

describeShared('the history of SigmaHQ', () => {
  const EVENTS = tries(40);

  it('agrees with plain evaluation of both versions', () => {
    const pairs = versions();
    const counts: Record<string, number> = { same: 0, more: 0, less: 0, open: 0 };
    let differing = 0;
    for (const [before, after] of pairs) {
      const now = { ...after, head: { ...after.head, id: before.head.id } };
      const [change] = diffRules([before], [now]).changes;
      const finds = change === undefined ? 'same' : change.kind === 'changed' ? change.finds : 'open';
      counts[finds]!++;
      const resolution = resolveLogSource(before.logsource);
      const sources = [null, ...(resolution.kind === 'sources' ? resolution.sources : [])];
      const [gains, loses] = [new Set<string>(), new Set<string>()];
      for (const fields of fc.sample(events([before, after]), { numRuns: EVENTS, seed: 17 })) {
        const event = plainEvent(fields);
        for (const source of sources) {
          const view = eventView(event, source);
          const [old, next] = [before, after].map((rule) => interpretCondition(rule.condition, rule.selections, view));
          if (next && !old) gains.add(JSON.stringify(fields));
          if (old && !next) loses.add(JSON.stringify(fields));
        }
      }
      if (gains.size + loses.size > 0) differing++;
      const wrong = [
        ...(finds === 'same' || finds === 'less' ? gains : []),
        ...(finds === 'same' || finds === 'more' ? loses : []),
      ];
      expect([before.head.path, after.head.path, finds, wrong.slice(0, 3)]).toEqual([
        before.head.path,
        after.head.path,
        finds,
        [],
      ]);
    }
    expect(pairs.length).toBeGreaterThanOrEqual(30);
    // Events that tell the versions apart were made, and something was proven.
    expect(differing).toBeGreaterThan(30);
    expect(counts.same! + counts.more! + counts.less!).toBeGreaterThan(5);
  });
});
