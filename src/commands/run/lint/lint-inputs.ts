/**
 * Reads what lint needs. In: operands and flags. Out: the texts that are linted, and those that they refer to. Refuses standard
 * input together with files or with corrections.
 */
import { relative, resolve } from 'node:path';
import { globMatcher } from '../../../lint/glob.ts';
import type { LintInput } from '../../../lint/lint-source.ts';
import { UsageError } from '../../../model/errors.ts';
import { findRuleFiles, type RuleFile, visitRuleFiles } from '../../../sigma/files/visit-rule-files.ts';
import { ruleText } from '../../../sigma/rule/load.ts';
import type { CommandArgs, CommandContext } from '../../command.ts';
import type { LintFlags } from '../../flags/lint-flags.ts';
import { fromHere } from '../../output/terminal.ts';
import { changedFiles, isCommit, realOf } from './changed-files.ts';

export interface LintInputs {
  readonly inputs: readonly LintInput[];
  /** Files that corrections may be written to: UTF-8 files, not entries of an archive. */
  readonly writable: Set<string>;
  /** How many rule files `--exclude` and the configuration leave out. */
  readonly excluded: number;
}

/** Limit on the characters of standard input. */
const MAX_STDIN = 16 << 20;

export async function readLintInputs(
  context: CommandContext,
  { operands, flags }: CommandArgs<LintFlags>,
  isExcludedByConfig: (path: string) => boolean,
): Promise<LintInputs> {
  const { cwd } = context;
  const writable = new Set<string>();
  const inputs: LintInput[] = [];
  let excluded = 0;
  const globs = flags.exclude.map(globMatcher);
  const isExcluded = (path: string): boolean => {
    const here = relative(cwd, resolve(path)).replaceAll('\\', '/');
    return globs.some((test) => test(here)) || isExcludedByConfig(path);
  };
  if (operands.includes('-')) inputs.push(await readStdin(context, operands, flags));
  else {
    const [base, paths] = changedBase(cwd, operands, flags.changed);
    if (paths.length === 0) throw new UsageError('name the rules to lint: files or folders.');
    const changed = base === null ? null : changedFiles(cwd, base);
    const given = paths.map((path) => fromHere(cwd, path));
    const wanted = changed === null ? given : findRuleFiles(given).files.filter((path) => changed.has(realOf(path) ?? path));
    if (wanted.length > 0)
      visitRuleFiles(wanted, (file) => {
        if (isExcluded(file.path)) excluded++;
        else inputs.push(readInput(changed === null ? file : { ...file, named: false }, writable));
      });
    // The files that correlations and filters refer to need not have changed themselves.
    if (changed !== null && inputs.some(({ text }) => /^(?:correlation|filter):/m.test(text))) addContext(given, inputs);
  }
  addContext(
    flags.rules.map((path) => fromHere(cwd, path)),
    inputs,
  );
  return { inputs, writable, excluded };
}

/** In `--changed rules`, the word may be a folder: if it is not a commit but exists, it is an operand. */
function changedBase(
  cwd: string,
  operands: readonly string[],
  changed: string | null,
): readonly [string | null, readonly string[]] {
  if (changed === null) return [null, operands];
  if (isCommit(cwd, changed) || realOf(resolve(cwd, changed)) === null) return [changed, operands];
  return ['HEAD', [changed, ...operands]];
}

function addContext(paths: readonly string[], inputs: LintInput[]): void {
  if (paths.length === 0) return;
  const known = new Set(inputs.map(({ path }) => realOf(path) ?? path));
  visitRuleFiles(paths, (file) => {
    if (!known.has(realOf(file.path) ?? file.path)) inputs.push({ ...readInput(file, new Set()), isContext: true });
  });
}

function readInput({ path, content, named, inArchive }: RuleFile, writable: Set<string>): LintInput {
  const text = Buffer.isBuffer(content) ? ruleText(path, content) : content;
  if (typeof text !== 'string') return { path, text: '', fault: text };
  if (!inArchive && Buffer.from(text, 'utf8').equals(content as Buffer)) writable.add(path);
  return { path, text, isRuleFile: named };
}

async function readStdin(
  { stdin }: CommandContext,
  operands: readonly string[],
  flags: CommandArgs<LintFlags>['flags'],
): Promise<LintInput> {
  if (operands.length > 1)
    throw new UsageError('standard input ("-") is linted alone; rules that it refers to are named with -r.');
  if (flags.fix) throw new UsageError('--fix writes files; of standard input the corrections are in --format json.');
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stdin as AsyncIterable<Buffer | string>) {
    const bytes = Buffer.from(piece as string);
    size += bytes.length;
    if (size > MAX_STDIN) throw new UsageError(`standard input has more than ${MAX_STDIN} bytes.`);
    pieces.push(bytes);
  }
  const path = flags.stdinPath ?? 'stdin';
  const text = ruleText(path, Buffer.concat(pieces));
  return typeof text === 'string' ? { path, text, isRuleFile: true } : { path, text: '', fault: text };
}
