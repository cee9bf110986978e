/** The work of `winnow lint`: reads files, writes findings, and writes corrections back. */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { writeFileAtomically } from '../../../files/atomic-file.ts';
import { readNamedFile } from '../../../files/read-file.ts';
import { repositoryPaths } from '../../../files/repository.ts';
import { type Baseline, baselineText, parseBaseline } from '../../../lint/baseline.ts';
import type { LintConfig } from '../../../lint/config.ts';
import { BASELINE_NAME, findBaseline, loadLintConfig } from '../../../lint/find-config.ts';
import { applyFixes } from '../../../lint/fix.ts';
import { lintFormats } from '../../../lint/formats/registry.generated.ts';
import { globMatcher } from '../../../lint/glob.ts';
import { type LintFinding, type LintOptions, type LintResult, lintTexts } from '../../../lint/lint.ts';
import { type LintReport, reaches } from '../../../lint/lint-report.ts';
import type { LintFix } from '../../../lint/lint-rule.ts';
import type { LintInput } from '../../../lint/lint-source.ts';
import type { Severity } from '../../../model/diagnostic.ts';
import { messageOf } from '../../../model/errors.ts';
import { visibleText } from '../../../report/sanitize.ts';
import { type CommandArgs, type CommandContext, EXIT, type ExitCode } from '../../command.ts';
import { longName } from '../../flags/flag.ts';
import { type LintFlags, lintFlags } from '../../flags/lint-flags.ts';
import { openOutput } from '../../output/output-file.ts';
import { coloured } from '../../output/terminal.ts';
import { readLogSources, readValues } from '../rule-context.ts';
import { inlineLess } from '../scan/v8-settings.ts';
import { filesOfLint } from './files-linted.ts';
import { lintRuleList, lintRuleText } from './lint-catalog.ts';
import { readLintInputs } from './lint-inputs.ts';

/** One correction may make another one possible. After this many rounds they are going in circles. */
const MAX_ROUNDS = 8;

export async function runLint(context: CommandContext, args: CommandArgs<LintFlags>): Promise<ExitCode> {
  const { operands, flags } = args;
  if (flags.list || flags.explain !== null) {
    await context.stdout.write(flags.explain === null ? lintRuleList() : lintRuleText(flags.explain));
    return EXIT.done;
  }
  inlineLess();
  const output = await openOutput(context, flags, () => filesOfLint(context.cwd, args));
  const linted = operands.filter((path) => path !== '-');
  const config = loadLintConfig(flags.config, context.cwd, linted, Object.keys(lintFlags).map(longName));
  const baselinePath = flags.baseline ?? findBaseline(context.cwd, linted);
  const { inputs: read, writable, excluded } = await readLintInputs(context, args, excludedBy(config));
  const options: LintOptions = {
    config: flags.sigmahq ? { ...config, conventions: true } : config,
    values: readValues(context.cwd, flags.values),
    logSources: readLogSources(context.cwd, flags.logsources),
    baseline: baselinePath === null || flags.updateBaseline ? undefined : readBaseline(context.cwd, baselinePath),
  };
  if (excluded > 0) await context.stderr.write(`winnow lint: ${excluded} rule files were left out (exclude).\n`);
  let inputs: readonly LintInput[] = read;
  let result = lintTexts(inputs, options);
  const failOn = flags.failOn === 'never' ? null : flags.failOn;
  // Findings that make the run fail are always shown.
  const least = failOn !== null && reaches(flags.severity, failOn) ? failOn : flags.severity;
  let fixed = 0;
  for (let round = 0; flags.fix && round < MAX_ROUNDS; round++) {
    const corrected = correct(inputs, shownOf(result, least), writable);
    for (const { path, reason } of corrected.failed) {
      writable.delete(path);
      await context.stderr.write(`winnow lint: ${visibleText(path)} ${reason}.\n`);
    }
    if (corrected.applied === 0) break;
    fixed += corrected.applied;
    for (const { path, what } of corrected.removed)
      await context.stderr.write(`winnow lint: ${visibleText(path)}: removed ${visibleText(what)}.\n`);
    inputs = corrected.inputs;
    result = lintTexts(inputs, options);
  }
  if (flags.updateBaseline) return updateBaseline(context, baselinePath ?? BASELINE_NAME, result);
  const report: LintReport = {
    result,
    shown: shownOf(result, least),
    failOn,
    version: context.version,
    colour: output === null && coloured(context, flags),
    fixed,
    repositoryPath: repositoryPaths(context.cwd),
  };
  const format = lintFormats.find((one) => one.name === flags.format)!;
  const pieces = format.render(report);
  await output.save(pieces);
  if (result.passedOver !== undefined) await context.stderr.write(`winnow lint: ${visibleText(result.passedOver)}\n`);
  // No changed files means no findings.
  if (result.documents === 0 && flags.changed !== null) return EXIT.done;
  if (result.documents === 0) {
    await context.stderr.write('winnow lint: no rule was found.\n');
    return EXIT.input;
  }
  if (failOn !== null && result.refused > 0) return EXIT.ruleUnusable;
  return failOn !== null && result.findings.some((finding) => reaches(finding.severity, failOn)) ? EXIT.findings : EXIT.done;
}

function excludedBy(config: LintConfig): (path: string) => boolean {
  const tests = config.exclude.map(globMatcher);
  const folder = dirname(config.path);
  return (path) => tests.some((test) => test(relative(folder, resolve(path)).replaceAll('\\', '/')));
}

function readBaseline(cwd: string, path: string): Baseline {
  return parseBaseline(readNamedFile(resolve(cwd, path), `the baseline ${path}`, ' --update-baseline writes it.'), path);
}

async function updateBaseline({ cwd, stderr }: CommandContext, path: string, result: LintResult): Promise<ExitCode> {
  const full = resolve(cwd, path);
  writeFileAtomically(existsSync(full) ? realpathSync(full) : full, baselineText(result.findings));
  await stderr.write(`winnow lint: ${visibleText(path)} knows ${result.findings.length} findings.\n`);
  return EXIT.done;
}

function shownOf(result: LintResult, least: Severity): readonly LintFinding[] {
  return result.findings.filter((finding) => reaches(finding.severity, least));
}

interface Corrected {
  readonly inputs: readonly LintInput[];
  readonly applied: number;
  /** Values that were taken away, each with what covers it. */
  readonly removed: readonly { readonly path: string; readonly what: string }[];
  readonly failed: readonly { readonly path: string; readonly reason: string }[];
}

function correct(inputs: readonly LintInput[], findings: readonly LintFinding[], writable: ReadonlySet<string>): Corrected {
  const fixes = new Map<string, LintFix[]>();
  for (const { place, fix } of findings) {
    const path = place.file ?? '';
    if (fix !== undefined && writable.has(path)) fixes.set(path, [...(fixes.get(path) ?? []), fix]);
  }
  let applied = 0;
  const failed: { path: string; reason: string }[] = [];
  const removed: { path: string; what: string }[] = [];
  const corrected = inputs.map((input) => {
    const own = fixes.get(input.path);
    if (own === undefined) return input;
    const mark = input.text.startsWith('\ufeff') ? '\ufeff' : '';
    const done = applyFixes(input.text.slice(mark.length), own);
    const text = mark + done.text;
    const reason = writeCorrected(input.path, text);
    if (reason !== null) {
      failed.push({ path: input.path, reason });
      return input;
    }
    applied += done.applied.length;
    for (const { removes } of done.applied) if (removes !== undefined) removed.push({ path: input.path, what: removes });
    return { ...input, text };
  });
  return { inputs: corrected, applied, removed, failed };
}

/** null, or why the file is not corrected. Inside folders, a link is followed only to places that were given as well. */
function writeCorrected(path: string, text: string): string | null {
  try {
    writeFileAtomically(realpathSync(path), text);
    return null;
  } catch (error) {
    return `could not be corrected (${messageOf(error)})`;
  }
}
