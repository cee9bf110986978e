import { beforeAll, expect, test } from 'vitest';
import { compileRules } from '../../src/compile/compile.ts';
import { resolveLogSource } from '../../src/logsource/resolve.ts';
import { createMatcher } from '../../src/match/matcher.ts';
import type { EventRecord } from '../../src/model/event.ts';
import type { DetectionRule } from '../../src/model/rule.ts';
import type { RuleSet } from '../../src/model/ruleset.ts';
import { listSources, openSource, readSource } from '../../src/read/open.ts';
import { loadRules } from '../../src/rule/load.ts';
import { describeShared, shared } from '../support/shared.ts';
import { interpreterHits, matcherHits, usedDetections } from './rules.ts';

describeShared(
  'on every record of the corpus and with every SigmaHQ rule, the matcher finds what the reference evaluator finds',
  () => {
    let ruleSet: RuleSet;
    let detections: DetectionRule[];
    let matcher: ReturnType<typeof createMatcher>;

    beforeAll(() => {
      const { rules } = loadRules([shared('corpus', 'sigmahq')]);
      ruleSet = compileRules(rules, (logsource) => resolveLogSource(logsource));
      detections = usedDetections(rules);
      matcher = createMatcher(ruleSet);
    });

    /** Compares every `step`th record of a folder's logs: how many records and hits there were, and what differed. */
    async function compare(folder: string, step: number): Promise<{ records: number; hits: number; differences: string[] }> {
      const result = { records: 0, hits: 0, differences: [] as string[] };
      const ignore = () => {};
      for (const source of listSources([shared('corpus', folder)], ignore)) {
        const opened = await openSource(source, ignore);
        if (opened === null) continue;
        const sink = {
          event: (event: EventRecord) => {
            if (result.records++ % step > 0) return;
            const found = matcherHits(ruleSet, event, matcher);
            const wanted = interpreterHits(ruleSet, detections, event);
            result.hits += wanted.length;
            if (JSON.stringify(found) === JSON.stringify(wanted)) return;
            const titles = (hits: typeof found) => hits.map(({ rule }) => ruleSet.rules[rule]!.title).join(', ');
            result.differences.push(`${source.path} ${event.index}: found ${titles(found)}; wanted ${titles(wanted)}`);
          },
          diagnostic: ignore,
        };
        await readSource(opened, sink, { recover: false, verify: false });
      }
      return result;
    }

    test('evtx-attack-samples', async () => {
      const { records, hits, differences } = await compare('evtx-attack-samples', 1);
      expect(differences).toEqual([]);
      expect(records).toBeGreaterThan(7000);
      expect(hits).toBeGreaterThan(2000);
    }, 300_000);

    test('regression, from EVTX and from JSON', async () => {
      const { records, hits, differences } = await compare('regression', 1);
      expect(differences).toEqual([]);
      expect(records).toBeGreaterThan(400);
      expect(hits).toBeGreaterThan(700);
    }, 300_000);

    test('exports: Event XML in three forms, NXLog', async () => {
      // The same records as the attack samples', in another dress; the reference evaluator takes milliseconds for each.
      const { records, hits, differences } = await compare('exports', 5);
      expect(differences).toEqual([]);
      expect(records).toBeGreaterThan(100);
      expect(hits).toBeGreaterThan(20);
    }, 300_000);
  },
);
