/** The work of `winnow lint`: files in, findings out, corrections written back. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CONFIG_NAME, loadLintConfig } from '../lint/find-config.ts';
import { applyFixes } from '../lint/fix.ts';
import { lintFormats } from '../lint/formats/formats.ts';
import { type LintFinding, type LintInput, type LintOptions, type LintResult, lintTexts } from '../lint/lint.ts';
import { type LintReport, reaches } from '../lint/lint-report.ts';
import type { Severity } from '../model/diagnostic.ts';
import { ruleFiles } from '../rule/load.ts';
import { type CommandArgs, type CommandContext, EXIT, type ExitCode } from './command.ts';
import type { LintFlags } from './lint.ts';
import { openOutputFile, writeAll } from './output-file.ts';
import { readLogSources, readValues } from './rule-context.ts';
import { coloured, fromHere } from './terminal.ts';

/** A correction may make another one possible; more rounds than this would be a circle. */
const MAX_ROUNDS = 8;

export async function runLint(context: CommandContext, { operands, flags }: CommandArgs<LintFlags>): Promise<ExitCode> {
  const output = flags.output === null ? null : await openOutputFile(flags.output, context.cwd, flags.force);
  const config = loadLintConfig(flags.config, context.cwd);
  const options: LintOptions = {
    config: flags.sigmahq ? { ...config, conventions: true } : config,
    values: readValues(context.cwd, flags.values),
    logSources: readLogSources(context.cwd, flags.logsources),
  };
  const paths = ruleFiles(operands.map((path) => fromHere(context.cwd, path))).filter((path) => basename(path) !== CONFIG_NAME);
  let inputs = paths.map(readInput);
  let result = lintTexts(inputs, options);
  let fixed = 0;
  for (let round = 0; flags.fix && round < MAX_ROUNDS; round++) {
    const corrected = correct(inputs, shownOf(result, flags.severity));
    if (corrected.applied === 0) break;
    fixed += corrected.applied;
    inputs = corrected.inputs;
    result = lintTexts(inputs, options);
  }
  const failOn = flags.failOn === 'never' ? null : flags.failOn;
  const report: LintReport = {
    result,
    shown: shownOf(result, flags.severity),
    failOn,
    version: context.version,
    colour: output === null && coloured(context, flags),
    fixed,
  };
  const pieces = lintFormats[flags.format](report);
  if (output === null) await writeAll(pieces, (text) => context.stdout.write(text));
  else await output.save(pieces);
  if (result.documents === 0) {
    await context.stderr.write('winnow lint: no rule was found.\n');
    return EXIT.input;
  }
  if (result.refused > 0) return EXIT.ruleUnusable;
  return failOn !== null && result.findings.some((finding) => reaches(finding.severity, failOn)) ? EXIT.findings : EXIT.done;
}

function readInput(path: string): LintInput {
  return { path, text: readFileSync(path, 'utf8') };
}

function shownOf(result: LintResult, least: Severity): readonly LintFinding[] {
  return result.findings.filter((finding) => reaches(finding.severity, least));
}

function correct(inputs: readonly LintInput[], findings: readonly LintFinding[]): { inputs: LintInput[]; applied: number } {
  let applied = 0;
  const corrected = inputs.map((input) => {
    const fixes = findings.flatMap(({ place, fix }) => (place.file === input.path && fix !== undefined ? [fix] : []));
    if (fixes.length === 0) return input;
    const mark = input.text.startsWith('\ufeff') ? '\ufeff' : '';
    const done = applyFixes(input.text.slice(mark.length), fixes);
    applied += done.applied;
    const text = mark + done.text;
    writeWhole(input.path, text);
    return { path: input.path, text };
  });
  return { inputs: corrected, applied };
}

/** A reader sees the old text or the new one, never a part of it. */
function writeWhole(path: string, text: string): void {
  const temporary = `${path}.winnow-fix`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
