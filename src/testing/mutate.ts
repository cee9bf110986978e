/**
 * Finds which small changes of rules their tests notice. In: passing tests, and the rules. Out: for each changed rule, whether
 * a test failed. Tests run as usual, with the same engine as in a scan.
 */
import { RulePool } from '../explain/rule-pool.ts';
import type { DetectionRule, SigmaRule } from '../model/rule.ts';
import { addTo, getOrInsert } from '../model/values/maps.ts';
import { mutantsOf } from './mutants.ts';
import { besideOf, runTests, type TestRunOptions } from './run-tests.ts';
import type { TestFile } from './test-file.ts';

export interface Survivor {
  readonly rule: DetectionRule;
  readonly change: string;
  readonly line: number;
}

export interface MutationRun {
  readonly mutants: number;
  readonly survivors: readonly Survivor[];
}

/** Only rules that a test file names are changed. Tests of correlations also notice changes of the rules that these refer to. */
export async function runMutants(
  files: readonly TestFile[],
  poolFor: (file: TestFile) => RulePool,
  options: TestRunOptions,
): Promise<MutationRun> {
  const survivors: Survivor[] = [];
  let mutants = 0;
  for (const [rule, own] of testsByRule(files, poolFor)) {
    for (const { rule: changed, change, span } of mutantsOf(rule)) {
      if (options.signal?.aborted) return { mutants, survivors };
      mutants++;
      const pools = new Map<RulePool, RulePool>();
      const withChanged = (pool: RulePool): RulePool => {
        const rules = pool.rules.map((one) => (sameRule(one, rule) ? changed : one));
        return new RulePool({ ...pool, rules, diagnostics: [], files: 0, documents: 0 });
      };
      const poolWith = (file: TestFile): RulePool => getOrInsert(pools, poolFor(file), withChanged);
      const { outcomes } = await runTests(own, poolWith, [], options);
      if (outcomes.every((one) => one.passed)) survivors.push({ rule, change, line: span.line });
    }
  }
  return { mutants, survivors };
}

function testsByRule(
  files: readonly TestFile[],
  poolFor: (file: TestFile) => RulePool,
): ReadonlyMap<DetectionRule, readonly TestFile[]> {
  const tests = new Map<DetectionRule, TestFile[]>();
  for (const file of files) {
    const pool = poolFor(file);
    const named =
      file.rules.length === 0
        ? pool.named(file.target ?? '')
        : file.rules.flatMap((path) => pool.inFile(besideOf(file.path, path)));
    for (const rule of named) {
      if (rule.kind !== 'detection') continue;
      const first = [...tests.keys()].find((one) => sameRule(one, rule)) ?? rule;
      addTo(tests, first, file);
    }
  }
  return tests;
}

/** Whether two objects are the same rule. A test file with its own values has its own copy of a rule. */
function sameRule(a: SigmaRule, b: SigmaRule): boolean {
  return a.head.path === b.head.path && a.head.span.line === b.head.span.line;
}
