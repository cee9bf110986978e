import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { compileRules } from '../../../src/engine/compile/compile.ts';
import { createMatcher } from '../../../src/engine/match/matcher.ts';
import type * as library from '../../../src/index.ts';
import { listSources, openSource, readSource } from '../../../src/logs/open/open.ts';
import type { EventRecord } from '../../../src/model/event.ts';
import type { DetectionRule } from '../../../src/model/rule.ts';
import type { RuleSet } from '../../../src/model/ruleset.ts';
import { resolveLogSource } from '../../../src/sigma/logsource/resolve.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { describeShared, projectRoot, shared } from '../../support/shared.ts';
import { SIGMAHQ, sigmahqRules } from '../../support/sigmahq.ts';
import { interpreterHits, matcherHits, usedDetections } from './rules.ts';

/** The reference evaluator takes milliseconds for a record: each 24th one is compared, all of them with WINNOW_FULL=1 (before a release). */
const STEP = process.env.WINNOW_FULL === '1' ? 1 : 24;

/** Threads need the built library: `npm test` builds it first. */
const built = join(projectRoot, 'dist', 'index.js');

/** Files with few records are many: by the index alone the first of each would be chosen. */
function isCompared(path: string, index: number): boolean {
  return Buffer.from(basename(path)).reduce((sum, byte) => sum + byte, index) % STEP === 0;
}

interface Compared {
  readonly records: number;
  readonly hits: number;
  readonly differences: string[];
  /** What the reference evaluator found of rules that are reported: file, record, title. */
  readonly wanted: string[];
}

describeShared(
  `on each ${STEP === 1 ? '' : `${STEP}th `}record of the corpus and with every SigmaHQ rule, the matcher finds what the reference evaluator finds`,
  () => {
    let ruleSet: RuleSet;
    let detections: DetectionRule[];
    let matcher: ReturnType<typeof createMatcher>;
    const cacheFolder = temporaryFolder();

    beforeAll(() => {
      const { rules } = sigmahqRules();
      ruleSet = compileRules(rules, (logsource) => resolveLogSource(logsource));
      detections = usedDetections(rules);
      matcher = createMatcher(ruleSet);
    });

    /** Compares the chosen records of a folder's logs: how many records and hits there were, and what differed. */
    async function compare(folder: string): Promise<Compared> {
      const result = { records: 0, hits: 0, differences: [] as string[], wanted: [] as string[] };
      const ignore = () => {};
      for (const source of listSources([shared('corpus', folder)], ignore)) {
        const opened = await openSource(source, ignore);
        if (opened === null) continue;
        const sink = {
          event: (event: EventRecord) => {
            if (!isCompared(source.path, event.index)) return;
            result.records++;
            const found = matcherHits(ruleSet, event, matcher);
            const wanted = interpreterHits(ruleSet, detections, event);
            result.hits += wanted.length;
            for (const { rule } of wanted) {
              if (!ruleSet.silent[rule]) result.wanted.push(`${source.path} ${event.index} ${ruleSet.rules[rule]!.title}`);
            }
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

    /** What a whole scan finds, in the same words. */
    async function scanned(folder: string, threads: number): Promise<string[]> {
      const { scan } = (await import(built)) as typeof library;
      const result = await scan({
        paths: [shared('corpus', folder)],
        rules: SIGMAHQ,
        times: { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY },
        window: '0',
        windowUs: 0,
        read: { recover: false, verify: false },
        keepCopies: true,
        threads,
        cacheFolder,
        version: 'test',
        clock: () => 0,
      });
      const hits = [...result.matches()]
        .filter(({ event }) => isCompared(event.file, event.index))
        .map(({ rule, event }) => `${event.file} ${event.index} ${result.rules[rule]!.title}`);
      result.close();
      return hits;
    }

    /** On any number of threads, a scan finds what the reference evaluator found, in that order. */
    async function expectOnThreads(folder: string, wanted: readonly string[]): Promise<void> {
      if (!existsSync(built)) return;
      for (const threads of STEP === 1 ? [1, 4] : [4])
        expect(await scanned(folder, threads), `${threads} threads`).toEqual(wanted);
    }

    test('evtx-attack-samples, also as a scan on several threads', async () => {
      const { records, hits, differences, wanted } = await compare('evtx-attack-samples');
      expect(differences).toEqual([]);
      await expectOnThreads('evtx-attack-samples', wanted);
      expect(records).toBeGreaterThan(5000 / STEP);
      expect(hits).toBeGreaterThan(700 / STEP);
    }, 900_000);

    test('regression, from EVTX and from JSON, all of them also as a scan on several threads', async () => {
      const { records, hits, differences, wanted } = await compare('regression');
      expect(differences).toEqual([]);
      if (STEP === 1) await expectOnThreads('regression', wanted);
      expect(records).toBeGreaterThan(300 / STEP);
      expect(hits).toBeGreaterThan(350 / STEP);
    }, 300_000);

    test('exports: Event XML in three forms, NXLog', async () => {
      // The same records as the attack samples', in another dress; the reference evaluator takes milliseconds for each.
      const { records, hits, differences } = await compare('exports');
      expect(differences).toEqual([]);
      expect(records).toBeGreaterThan(350 / STEP);
      expect(hits).toBeGreaterThan(50 / STEP);
    }, 300_000);
  },
);
