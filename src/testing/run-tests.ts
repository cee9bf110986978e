/**
 * Runs tests. In: test files and the rules that they test. Out: an outcome for each test, coverage, and what could not be used.
 * Each test runs the same engine as a scan, with only its rule and the rules that this one refers to.
 */
import { dirname, isAbsolute, join } from 'node:path';
import { explainCorrelation } from '../explain/correlation.ts';
import { Evaluation, type SelectionWatch } from '../explain/evaluate.ts';
import { smallestMiss } from '../explain/miss.ts';
import { type ChosenRules, RulePool } from '../explain/rule-pool.ts';
import { ruleVerdict } from '../explain/verdict.ts';
import { readLogs } from '../logs/open/read-logs.ts';
import { plainEvent, shapedEvent } from '../logs/plain-event.ts';
import { type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts';
import type { EventRecord } from '../model/event.ts';
import type { DetectionRule, SigmaRule } from '../model/rule.ts';
import { numberOf, sourcesOf } from '../model/ruleset.ts';
import { passesGate } from '../sigma/logsource/fields.ts';
import type { LogSourceOptions } from '../sigma/logsource/resolve.ts';
import { editDistance } from '../sigma/rule/suggest.ts';
import { type Coverage, CoverageRecorder } from './coverage.ts';
import type { TestCase, TestFile } from './test-file.ts';
import { UnexpectedMatch } from './unexpected-match.ts';

export interface TestOutcome {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  /** The title of the rule, or its name in the test file when there is no such rule. */
  readonly rule: string;
  readonly rulePath: string;
  readonly passed: boolean;
  /** True when the rule could not be used: the parser refused it, or no event log serves it. */
  readonly unusable: boolean;
  /** Set for a known false positive: whether it still matches. */
  readonly falsePositive?: 'matches' | 'gone' | undefined;
  /** Why it failed: what was expected, what was found, and the smallest reason. */
  readonly message: string;
  readonly hint?: string | undefined;
  /** How long it took. */
  readonly ms?: number | undefined;
}

export interface TestRun {
  readonly outcomes: readonly TestOutcome[];
  readonly coverage: Coverage;
  readonly diagnostics: readonly Diagnostic[];
}

export interface TestRunOptions {
  readonly logSources: LogSourceOptions;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since any fixed moment. */
  readonly clock?: (() => number) | undefined;
  /** Called for each test; false skips it. */
  readonly only?: ((test: string, rule: string) => boolean) | undefined;
}

/** `poolFor` gives the rules, read with the values of a test file. */
export async function runTests(
  files: readonly TestFile[],
  poolFor: (file: TestFile) => RulePool,
  coveredRules: readonly SigmaRule[],
  options: TestRunOptions,
): Promise<TestRun> {
  const recorder = new CoverageRecorder();
  const outcomes: TestOutcome[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const file of files) {
    if (options.signal?.aborted) break;
    const chosen = chooseRules(file, poolFor(file), options.logSources);
    for (const test of file.tests) {
      if (options.only?.(test.name, chosen.rules[0]?.head.title ?? '') === false) continue;
      const start = options.clock?.();
      const outcome = await runCase(file, test, chosen, recorder, diagnostics, options);
      outcomes.push(start === undefined ? outcome : { ...outcome, ms: options.clock!() - start });
    }
  }
  return { outcomes, coverage: recorder.result(coveredRules), diagnostics };
}

interface Chosen {
  readonly rules: readonly SigmaRule[];
  /** `rules` and those that they refer to, because a test of a correlation also uses the latter. */
  readonly reached: readonly SigmaRule[];
  readonly compiled: ChosenRules | null;
  /** Why nothing can be tested; '' when something can. */
  readonly fault: string;
}

function chooseRules(file: TestFile, pool: RulePool, logSources: LogSourceOptions): Chosen {
  const options = { ...logSources, optional: new Set([...(logSources.optional ?? []), ...file.optionalSources]) };
  const paths = file.rules.map((path) => besideOf(file.path, path));
  const inFiles = paths.flatMap((path) => pool.inFile(path));
  const { target } = file;
  const found =
    paths.length === 0 ? pool.named(target ?? '') : target === undefined ? RulePool.mainOf(inFiles) : namedAmong(inFiles, target);
  const refused = [...paths.flatMap((path) => pool.refusedIn(path)), ...(target === undefined ? [] : pool.refusedNamed(target))];
  const failed = (fault: string): Chosen => ({ rules: found, reached: found, compiled: null, fault });
  if (found.length === 0 && refused.length > 0)
    return failed(
      refused
        .flatMap((one) => one.diagnostics)
        .map(formatDiagnostic)
        .join('\n'),
    );
  if (found.length === 0)
    return failed(`no rule ${target === undefined ? `in ${file.rules.join(', ')}` : `"${target}"`}; -r adds rules`);
  const compiled = pool.choose(found, options);
  if (compiled.targets.length === 0) return failed(`the rule cannot be used: ${compiled.unused.join('; ')}`);
  const inUse = new Set(compiled.ruleSet.rules.map(({ path, title }) => JSON.stringify([path, title])));
  const reached = found.some((rule) => rule.kind === 'correlation')
    ? pool.rules.filter(({ head }) => inUse.has(JSON.stringify([head.path, head.title])))
    : found;
  return { rules: found, reached, compiled, fault: '' };
}

function namedAmong(rules: readonly SigmaRule[], target: string): readonly SigmaRule[] {
  return rules.filter(
    ({ head }) => head.name === target || head.id?.toLowerCase() === target.toLowerCase() || head.title === target,
  );
}

export function besideOf(testPath: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(testPath), path);
}

async function runCase(
  file: TestFile,
  test: TestCase,
  chosen: Chosen,
  recorder: CoverageRecorder,
  diagnostics: Diagnostic[],
  options: TestRunOptions,
): Promise<TestOutcome> {
  if (!test.isKnown) for (const rule of chosen.reached) recorder.tested(rule);
  const outcome = (passed: boolean, message: string, unusable = false, hint?: string): TestOutcome => ({
    file: file.path,
    line: test.line,
    name: test.name,
    rule: chosen.rules[0]?.head.title ?? file.target ?? file.rules.join(', '),
    rulePath: chosen.rules[0]?.head.path ?? '',
    passed,
    unusable,
    message,
    hint,
  });
  const { compiled } = chosen;
  if (compiled === null) return outcome(false, chosen.fault, true);
  const evaluation = new Evaluation(compiled.ruleSet, test.isKnown ? [] : watchesOf(compiled, chosen.reached, recorder));
  const unexpected = new UnexpectedMatch(test, chosen.reached, compiled);
  const { ruleSet } = compiled;
  let admitted = false;
  const add = (event: EventRecord, log: string): void => {
    admitted ||= ruleSet.sources.some((source) => passesGate(event, source));
    const before = evaluation.matches.length;
    evaluation.add(event, log);
    unexpected.look(event, evaluation.matches.slice(before));
  };
  const kept: EventRecord[] = [];
  const shapes = options.logSources.custom?.shapes;
  if (test.logs.length === 0) {
    for (const [index, fields] of test.events.entries()) {
      const event = shapedEvent(fields, shapes, { index }) ?? plainEvent({ ...file.defaults, ...fields }, { index });
      kept.push(event);
      add(event, 'events');
    }
  } else {
    const paths = test.logs.map((path) => besideOf(file.path, path));
    const read = await readLogs(paths, (event, log) => void add(event, log), options.signal, { shapes });
    const broken = read.diagnostics.find((one) => one.severity === 'error');
    if (broken !== undefined) return outcome(false, formatDiagnostic(broken));
    diagnostics.push(...read.diagnostics);
    if (read.events === 0) return outcome(false, `no event was read from ${test.logs.join(', ')}`);
  }
  const found = foundBy(evaluation, compiled);
  if (test.isKnown) return { ...outcome(true, ''), falsePositive: found.count > 0 ? 'matches' : 'gone' };
  if (!test.inLogSource && admitted) return outcome(false, 'an event of the test is one of the log source, which none was to be');
  if (!test.match && test.inLogSource && !admitted && !failsByLogSourceAlone(chosen.rules, compiled, kept)) {
    const hint = whyNot(test, found, chosen, compiled, evaluation, kept);
    return outcome(
      false,
      'no event of the test is one of the log source: it would pass whatever the rule says (`in-log-source: false` if that is meant)',
      false,
      hint,
    );
  }
  const fault = judge(test, found);
  if (fault === '') return outcome(true, '');
  const missing = test.match ? whyNot(test, found, chosen, compiled, evaluation, kept) : undefined;
  const reasons = [missing, unexpected.reason].filter((one) => one !== undefined);
  return outcome(false, fault, false, reasons.length === 0 ? undefined : reasons.join('\n'));
}

function watchesOf({ ruleSet }: ChosenRules, rules: readonly SigmaRule[], recorder: CoverageRecorder): readonly SelectionWatch[] {
  return rules
    .filter((rule): rule is DetectionRule => rule.kind === 'detection')
    .flatMap((definition): SelectionWatch[] => {
      const rule = numberOf(ruleSet, definition.head);
      return rule < 0 ? [] : [{ rule, definition, open: recorder.openSelections(definition) }];
    });
}

interface Found {
  /** Matches, or correlations that fired. */
  readonly count: number;
  /** Sorted indexes of the matching records; for correlations, those of all their evidence. */
  readonly records: readonly number[];
}

function foundBy(evaluation: Evaluation, { ruleSet, targets }: ChosenRules): Found {
  const isCorrelation = new Set(ruleSet.correlations.map((one) => one.rule));
  const wanted = new Set(targets);
  const matches = evaluation.matches.filter((match) => wanted.has(match.rule));
  const fired = targets.some((rule) => isCorrelation.has(rule))
    ? evaluation.correlations().filter((one) => wanted.has(one.rule))
    : [];
  const records = [
    ...matches.map((match) => match.event.index),
    ...fired.flatMap((one) => one.events.map((event) => event.index)),
  ];
  return { count: matches.length + fired.length, records: [...new Set(records)].sort((a, b) => a - b) };
}

/** '' when the test passes. */
function judge(test: TestCase, { count, records }: Found): string {
  if (!test.match) return count === 0 ? '' : `expected no match, found ${count} on ${recordsText(records)}`;
  if (count === 0) return 'expected a match, found none';
  if (test.count !== undefined && count !== test.count)
    return `expected ${test.count} matches, found ${count} on ${recordsText(records)}`;
  if (test.atLeast !== undefined && count < test.atLeast)
    return `expected at least ${test.atLeast} matches, found ${count} on ${recordsText(records)}`;
  const wanted = test.records === undefined ? undefined : [...test.records].sort((a, b) => a - b);
  if (wanted !== undefined && wanted.join() !== records.join())
    return `expected ${recordsText(wanted)}, found ${recordsText(records)}`;
  return '';
}

function recordsText(records: readonly number[]): string {
  return records.length === 1
    ? `record ${records[0]}`
    : `records ${records.slice(0, 20).join(', ')}${records.length > 20 ? ' ...' : ''}`;
}

/** For an expected match that is missing, the smallest reason over the events of the test. */
function whyNot(
  test: TestCase,
  found: Found,
  { rules }: Chosen,
  { ruleSet, targets }: ChosenRules,
  evaluation: Evaluation,
  events: readonly EventRecord[],
): string | undefined {
  const [rule] = rules;
  const [target] = targets;
  if (rule === undefined || target === undefined) return undefined;
  if (rule.kind === 'correlation') {
    if (found.count > 0) return undefined;
    const reasons = explainCorrelation(ruleSet, target, evaluation.matches).reasons.join('; ');
    const timeless = events.some((event) => Number.isNaN(event.timeUs));
    return timeless ? `${reasons}; an event without TimeCreated_SystemTime takes no part in a correlation` : reasons;
  }
  const sources = sourcesOf(ruleSet, target);
  const wanted = test.records === undefined ? events : events.filter((event) => test.records!.includes(event.index));
  const misses = wanted
    .map((event) => ({ event, verdict: ruleVerdict(rule, event, sources) }))
    .filter(({ verdict }) => !verdict.holds)
    .map(({ event, verdict }) => ({ event, miss: smallestMiss(verdict) }))
    .sort((a, b) => a.miss.misses.length - b.miss.misses.length);
  const nearest = misses.find(({ miss }) => miss.misses[0]?.kind !== 'log source') ?? misses[0];
  if (nearest === undefined) return undefined;
  return `record ${nearest.event.index}: ${nearest.miss.misses.map((one) => `${one.kind}: ${one.reason}`).join('; ')}`;
}

/** A channel name that differs from a known one in at most this many letters counts as misspelt. */
const MAX_SLIP = 3;

/**
 * True when an event satisfies the condition and fails only by its log source, so that the test checks the log source. False
 * when its channel is merely misspelt.
 */
function failsByLogSourceAlone(
  rules: readonly SigmaRule[],
  { ruleSet, targets }: ChosenRules,
  events: readonly EventRecord[],
): boolean {
  const sources = targets.flatMap((target) => sourcesOf(ruleSet, target));
  return events.some((event) => {
    const isMisspelt = sources.some(({ channels }) =>
      channels.some((name) => editDistance(name, event.channel.toLowerCase()) <= MAX_SLIP),
    );
    const holds = rules.some(
      (rule) => rule.kind === 'detection' && ruleVerdict(rule, event, sources).sources.some((source) => source.condition.holds),
    );
    return holds && (!isMisspelt || sources.some(({ channels }) => channels.includes(event.channel.toLowerCase())));
  });
}
