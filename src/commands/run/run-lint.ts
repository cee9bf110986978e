/** The work of `winnow lint`: files in, findings out, corrections written back. */
import { readFileSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import { loadLintConfig } from '../../lint/find-config.ts';
import { applyFixes } from '../../lint/fix.ts';
import { lintFormats } from '../../lint/formats/registry.generated.ts';
import { type LintFinding, type LintInput, type LintOptions, type LintResult, lintTexts } from '../../lint/lint.ts';
import { type LintReport, reaches } from '../../lint/lint-report.ts';
import type { LintFix } from '../../lint/lint-rule.ts';
import type { Severity } from '../../model/diagnostic.ts';
import { visibleText } from '../../report/sanitize.ts';
import { ruleFiles, zipRuleFiles } from '../../sigma/files/find.ts';
import { isZip } from '../../sigma/files/zip.ts';
import { textOf as ruleTextOf } from '../../sigma/rule/load.ts';
import { type CommandArgs, type CommandContext, EXIT, type ExitCode } from '../command.ts';
import type { LintFlags } from '../lint.ts';
import { openOutput } from '../output/output-file.ts';
import { coloured, fromHere } from '../output/terminal.ts';
import { filesOfLint } from './files-read.ts';
import { readLogSources, readValues } from './rule-context.ts';

/** A correction may make another one possible; more rounds than this would be a circle. */
const MAX_ROUNDS = 8;

export async function runLint(context: CommandContext, args: CommandArgs<LintFlags>): Promise<ExitCode> {
  const { operands, flags } = args;
  const output = await openOutput(context, flags, () => filesOfLint(context.cwd, args));
  const config = loadLintConfig(flags.config, context.cwd);
  const options: LintOptions = {
    config: flags.sigmahq ? { ...config, conventions: true } : config,
    values: readValues(context.cwd, flags.values),
    logSources: readLogSources(context.cwd, flags.logsources),
  };
  const given = operands.map((path) => fromHere(context.cwd, path));
  const writable = new Set<string>();
  let inputs: readonly LintInput[] = ruleFiles(given).flatMap((path) => readInputs(path, writable));
  let result = lintTexts(inputs, options);
  const failOn = flags.failOn === 'never' ? null : flags.failOn;
  // What makes the run fail is shown, whatever else is not.
  const least = failOn !== null && reaches(flags.severity, failOn) ? failOn : flags.severity;
  let fixed = 0;
  for (let round = 0; flags.fix && round < MAX_ROUNDS; round++) {
    const corrected = correct(inputs, shownOf(result, least), writable, given);
    for (const { path, reason } of corrected.failed) {
      writable.delete(path);
      await context.stderr.write(`winnow lint: ${visibleText(path)} ${reason}.\n`);
    }
    if (corrected.applied === 0) break;
    fixed += corrected.applied;
    inputs = corrected.inputs;
    result = lintTexts(inputs, options);
  }
  const report: LintReport = {
    result,
    shown: shownOf(result, least),
    failOn,
    version: context.version,
    colour: output === null && coloured(context, flags),
    fixed,
  };
  const format = lintFormats.find((one) => one.name === flags.format)!;
  const pieces = format.render(report);
  await output.save(pieces);
  if (result.documents === 0) {
    await context.stderr.write('winnow lint: no rule was found.\n');
    return EXIT.input;
  }
  if (result.refused > 0) return EXIT.ruleUnusable;
  return failOn !== null && result.findings.some((finding) => reaches(finding.severity, failOn)) ? EXIT.findings : EXIT.done;
}

/** A file's text, or those in an archive. `writable` are the texts that corrections may go back to: UTF-8, in a file of their own. */
function readInputs(path: string, writable: Set<string>): readonly LintInput[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return [
      { path, text: '', unreadable: `the file cannot be read: ${error instanceof Error ? error.message : String(error)}.` },
    ];
  }
  if (!isZip(bytes)) return [decoded(path, bytes, writable)];
  return zipRuleFiles(path, bytes).map(({ path: entry, bytes: content }) =>
    typeof content === 'string' ? { path: entry, text: '', unreadable: content } : decoded(entry, content, null),
  );
}

function decoded(path: string, bytes: Buffer, writable: Set<string> | null): LintInput {
  const text = ruleTextOf(bytes);
  if (typeof text !== 'string') return { path, text: '', unreadable: text.fault };
  if (writable !== null && Buffer.from(text, 'utf8').equals(bytes)) writable.add(path);
  return { path, text };
}

function shownOf(result: LintResult, least: Severity): readonly LintFinding[] {
  return result.findings.filter((finding) => reaches(finding.severity, least));
}

interface Corrected {
  readonly inputs: readonly LintInput[];
  readonly applied: number;
  readonly failed: readonly { readonly path: string; readonly reason: string }[];
}

function correct(
  inputs: readonly LintInput[],
  findings: readonly LintFinding[],
  writable: ReadonlySet<string>,
  given: readonly string[],
): Corrected {
  const fixes = new Map<string, LintFix[]>();
  for (const { place, fix } of findings) {
    const path = place.file ?? '';
    if (fix !== undefined && writable.has(path)) fixes.set(path, [...(fixes.get(path) ?? []), fix]);
  }
  let applied = 0;
  const failed: { path: string; reason: string }[] = [];
  const corrected = inputs.map((input) => {
    const own = fixes.get(input.path);
    if (own === undefined) return input;
    const mark = input.text.startsWith('\ufeff') ? '\ufeff' : '';
    const done = applyFixes(input.text.slice(mark.length), own);
    const text = mark + done.text;
    const reason = writeCorrected(input.path, text, given);
    if (reason !== null) {
      failed.push({ path: input.path, reason });
      return input;
    }
    applied += done.applied;
    return { path: input.path, text };
  });
  return { inputs: corrected, applied, failed };
}

/** Null, or why the file keeps its old text. */
function writeCorrected(path: string, text: string, given: readonly string[]): string | null {
  try {
    const real = realpathSync(path);
    // A repository of others may link to any file of the user.
    if (!given.some((one) => isBelow(real, realpathSync(one)))) return 'is a link out of the folder and is not corrected';
    writeFileAtomically(real, text);
    return null;
  } catch (error) {
    return `could not be corrected (${error instanceof Error ? error.message : String(error)})`;
  }
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
