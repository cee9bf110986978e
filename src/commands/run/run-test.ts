/** The work of `winnow test`: finds tests and rules, runs them, writes the outcomes. */
import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { RulePool } from '../../explain/rule-pool.ts';
import { readTextFile } from '../../files/read-file.ts';
import { repositoryPaths } from '../../files/repository.ts';
import { type Diagnostic, formatDiagnostic } from '../../model/diagnostic.ts';
import { InputError, messageOf, UsageError } from '../../model/errors.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import { printedLines, visibleLines, visibleText } from '../../report/sanitize.ts';
import { findRuleFiles } from '../../sigma/files/visit-rule-files.ts';
import { loadRules, type Placeholders } from '../../sigma/rule/load.ts';
import { runBaseline } from '../../testing/baseline.ts';
import { findTests, type TestFiles } from '../../testing/discover.ts';
import { testFormats } from '../../testing/formats/registry.generated.ts';
import { initTest } from '../../testing/init-test.ts';
import { KnownEvents } from '../../testing/known-events.ts';
import { type MutationRun, runMutants } from '../../testing/mutate.ts';
import { parseRegression } from '../../testing/regression.ts';
import { besideOf, runTests, type TestOutcome } from '../../testing/run-tests.ts';
import { parseTestFile, type TestFile } from '../../testing/test-file.ts';
import { type CommandArgs, type CommandContext, EXIT, type ExitCode } from '../command.ts';
import type { TestFlags } from '../flags/test-flags.ts';
import { openOutput } from '../output/output-file.ts';
import { coloured, fromHere } from '../output/terminal.ts';
import { tell } from '../output/told.ts';
import { logFiles, rulesIn } from './files-read.ts';
import { readLogSourceOptions, readValues } from './rule-context.ts';
import { runOnChange } from './run-on-change.ts';

export async function runTest(context: CommandContext, args: CommandArgs<TestFlags>): Promise<ExitCode> {
  const { operands, flags } = args;
  if (flags.watch && (flags.init !== null || flags.output !== null))
    throw new UsageError('--watch prints outcomes again and again: leave out --init and --output.');
  if (flags.init !== null) return await runInit(context, flags.init, flags);
  if (operands.length === 0) throw new UsageError('name the tests: files or folders of tests and rules.');
  if (!flags.watch) return await runOnce(context, args);
  await runOnChange(
    () => watchedPaths(context.cwd, args),
    context.signal,
    async (changed) => {
      if (changed !== null) await context.stderr.write(`\n${visibleText(relative(context.cwd, changed))} has changed\n`);
      try {
        await runOnce(context, args);
      } catch (error) {
        // What is wrong now may be right after the next change.
        if (!(error instanceof UsageError || error instanceof InputError)) throw error;
        await context.stderr.write(`winnow: ${visibleLines(error.message)}\n`);
      }
    },
  );
  return EXIT.interrupted;
}

/** Operands, what tests name, and files that say what rules mean. */
function watchedPaths(cwd: string, { operands, flags }: CommandArgs<TestFlags>): readonly string[] {
  const given = [...operands, ...flags.rules, ...flags.values, ...flags.logsources].map((path) => fromHere(cwd, path));
  const { files } = readTests(findTests(given));
  const named = files.flatMap((file) =>
    [...file.rules, ...file.tests.flatMap(({ logs }) => logs)].map((one) => besideOf(file.path, one)),
  );
  return [...given, ...named];
}

async function runOnce(context: CommandContext, { operands, flags, settings }: CommandArgs<TestFlags>): Promise<ExitCode> {
  const { cwd } = context;
  const paths = operands.map((path) => fromHere(cwd, path));
  const output = await openOutput(context, flags, () => [...filesOfTests(cwd, paths, flags), ...(settings?.files ?? [])]);
  const testFiles = findTests(paths);
  const found = readTests(testFiles);
  const values = readValues(cwd, flags.values);
  const logSources = readLogSourceOptions(cwd, flags);
  const extra = flags.rules.map((path) => fromHere(cwd, path));
  const { own, faults } = ownRulePaths(paths, found.files);
  const pools = new Pools([...own, ...extra], values);
  const only =
    flags.run.length === 0
      ? undefined
      : (test: string, rule: string) => flags.run.some((text) => test.includes(text) || rule.includes(text));
  const options = { logSources, signal: context.signal, clock: context.clock, only };
  const ownRules = new Set(own.map((path) => resolve(path)));
  const covered = pools.plain.rules.filter((rule) => ownRules.has(resolve(rule.head.path)));
  const run = await runTests(found.files, (file) => pools.for(file), covered, options);
  const outcomes = [...found.broken, ...run.outcomes];
  if (flags.baseline !== null) {
    const { plain } = pools;
    const known = new KnownEvents(found.files, plain, logSources);
    const wanted = { ...options, maxHits: flags.maxHits, known };
    outcomes.push(...(await runBaseline(fromHere(cwd, flags.baseline), plain, plain.rules, wanted)));
  }
  const report = {
    outcomes,
    coverage: run.coverage,
    version: context.version,
    colour: output === null && coloured(context, flags),
    verbose: flags.verbose,
    showCoverage: flags.coverage || flags.requireTests,
    repositoryPath: repositoryPaths(cwd),
  };
  const mutation =
    flags.mutate && outcomes.every((one) => one.passed)
      ? await runMutants(found.files, (file) => pools.for(file), options)
      : null;
  const format = testFormats.find((one) => one.name === flags.format)!;
  const pieces = format.render(report);
  await output.save(pieces);
  if (mutation !== null) await context.stdout.write(printedLines(mutationText(mutation)));
  else if (flags.mutate) await context.stderr.write('winnow test: rules are changed only when every test passes.\n');
  const told = [...testFiles.faults, ...faults].filter((one) => one.severity !== 'error');
  await tell(context, [...told, ...run.diagnostics]);
  if (context.signal.aborted) return EXIT.interrupted;
  if (outcomes.length === 0 && flags.passWithNoTests) return EXIT.done;
  if (outcomes.length === 0) {
    await context.stderr.write('winnow test: no test was found.\n');
    return EXIT.findings;
  }
  if (outcomes.some((one) => one.unusable)) return EXIT.ruleUnusable;
  const uncovered = flags.requireTests && run.coverage.rulesWithTest < run.coverage.rules.length;
  const { selections, selectionsSeen } = run.coverage;
  const tooFew = flags.minCoverage !== null && selectionsSeen * 100 < selections * flags.minCoverage;
  if (tooFew)
    await context.stderr.write(
      `winnow test: ${selectionsSeen} of ${selections} selections held in a test, wanted are ${flags.minCoverage} %.\n`,
    );
  if (tooFew || (mutation?.survivors.length ?? 0) > 0) return EXIT.findings;
  return uncovered || outcomes.some((one) => !one.passed) ? EXIT.findings : EXIT.done;
}

/** `--init`: the test file goes to `--output`, or to stdout. */
async function runInit(context: CommandContext, path: string, flags: CommandArgs<TestFlags>['flags']): Promise<ExitCode> {
  const { cwd } = context;
  if (flags.from === null) throw new UsageError('--init needs a log: --from LOG.');
  const log = fromHere(cwd, flags.from);
  const output = await openOutput(context, flags, () => [path, log]);
  const given = fromHere(cwd, path);
  const pool = new RulePool(
    loadRules([given, ...flags.rules.map((one) => fromHere(cwd, one))], { values: readValues(cwd, flags.values) }),
  );
  const rule = RulePool.mainOf(pool.inFile(given))[0];
  if (rule === undefined) {
    const refused = pool.refusedIn(given).flatMap((one) => one.diagnostics.map(formatDiagnostic));
    throw new UsageError(refused[0] ?? `there is no rule in ${path}.`);
  }
  const rulePath = flags.output === null ? basename(given) : relative(dirname(resolve(cwd, flags.output)), resolve(given));
  const logSources = readLogSourceOptions(cwd, flags);
  const text = await initTest(pool, { rule, rulePath, log, record: flags.record, logSources, signal: context.signal });
  await output.save([text]);
  return EXIT.done;
}

function mutationText({ mutants, survivors }: MutationRun): string {
  const lines = survivors.map(({ rule, change, line }) => `unnoticed: ${visibleText(`${rule.head.path}:${line} ${change}`)}\n`);
  return `${lines.join('')}${mutants - survivors.length} of ${mutants} changes of rules noticed\n`;
}

/** The files that are read: tests, rules, logs and configuration. */
function filesOfTests(cwd: string, paths: readonly string[], flags: CommandArgs<TestFlags>['flags']): readonly string[] {
  const tests = findTests(paths);
  const { files } = readTests(tests);
  const logs = files.flatMap((file) => file.tests.flatMap((test) => test.logs.map((log) => besideOf(file.path, log))));
  return [
    ...tests.own,
    ...tests.regression,
    ...ownRulePaths(paths, files).own,
    ...rulesIn(cwd, flags.rules),
    ...logFiles(cwd, flags.baseline === null ? logs : [...logs, flags.baseline]),
    ...flags.values,
    ...flags.logsources,
  ];
}

/** The rule sets for tests: one without values, and one for each set of values in a test file. */
class Pools {
  readonly plain: RulePool;
  readonly #paths: readonly string[];
  readonly #values: Placeholders | undefined;
  readonly #byValues = new Map<string, RulePool>();

  constructor(paths: readonly string[], values: Placeholders | undefined) {
    this.#paths = paths;
    this.#values = values;
    this.plain = new RulePool(loadRules(paths, { values }));
  }

  for(file: TestFile): RulePool {
    if (file.values.size === 0) return this.plain;
    const key = JSON.stringify([...file.values]);
    return getOrInsert(
      this.#byValues,
      key,
      () => new RulePool(loadRules(this.#paths, { values: new Map([...(this.#values ?? []), ...file.values]) })),
    );
  }
}

/**
 * Rule files below the operands, the rule files that tests name, and their folders, because correlations refer to rules next to
 * them.
 */
function ownRulePaths(
  paths: readonly string[],
  files: readonly TestFile[],
): { readonly own: readonly string[]; readonly faults: readonly Diagnostic[] } {
  const named = files.flatMap((file) => file.rules.map((path) => besideOf(file.path, path))).filter((path) => existsSync(path));
  const folders = named.map((path) => relativeTo(resolve(path, '..')));
  // Regression data has YAML that is not rules. A folder with nothing else is not searched for rules.
  const isRegressionData = files.length > 0 && files.every((file) => file.rules.length === 0);
  const operands = isRegressionData ? [] : paths.filter((path) => !/\.test\.ya?ml$/i.test(path));
  const found = findRuleFiles([...operands, ...folders, ...named]);
  return { own: found.files.filter((path) => !/(?:^|[\\/])info\.yml$/.test(path)), faults: found.faults };
}

function relativeTo(path: string): string {
  const short = relative('.', path);
  return short === '' ? '.' : isAbsolute(short) ? path : short;
}

interface FoundTests {
  readonly files: readonly TestFile[];
  /** Test files with errors. */
  readonly broken: readonly TestOutcome[];
}

function readTests({ own, regression, faults }: TestFiles): FoundTests {
  const files: TestFile[] = [];
  const broken: TestOutcome[] = [];
  const refuse = (path: string, diagnostics: readonly Diagnostic[]): void => {
    for (const one of diagnostics) {
      broken.push({
        file: path,
        line: one.place.line ?? 1,
        name: 'test file',
        rule: path,
        rulePath: '',
        passed: false,
        unusable: true,
        message: one.message,
        hint: one.hint,
      });
    }
  };
  for (const fault of faults) if (fault.severity === 'error') refuse(fault.place.file ?? '', [fault]);
  const textOf = (path: string): string | null => {
    try {
      return readTextFile(path);
    } catch (error) {
      const message = `the file cannot be read: ${messageOf(error)}.`;
      refuse(path, [{ code: 'test/unreadable', severity: 'error', message, place: { file: path } }]);
      return null;
    }
  };
  for (const path of own) {
    const text = textOf(path);
    if (text === null) continue;
    const parsed = parseTestFile(text, path);
    if (parsed.file === null) refuse(path, parsed.diagnostics);
    else files.push(parsed.file);
  }
  for (const path of regression) {
    const text = textOf(path);
    if (text === null) continue;
    const parsed = parseRegression(text, path);
    refuse(path, parsed.diagnostics);
    files.push(...parsed.files);
  }
  return { files, broken };
}
