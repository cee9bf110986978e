/**
 * Finds the files below some paths that git calls changed. In: a commit. Out: real paths. Refuses what git refuses, with git's
 * message.
 */
import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UsageError } from '../../../model/errors.ts';

/** Limit on the bytes of git's answer. */
const MAX_OUTPUT = 64 << 20;

/** Files changed since the branch left `base`: committed, staged, in the working tree, and new files that are not ignored. */
export function changedFiles(cwd: string, base: string): ReadonlySet<string> {
  const root = git(cwd, ['rev-parse', '--show-toplevel']).trimEnd();
  // Git would read a name that begins with a dash as an option.
  const commit = git(cwd, ['rev-parse', '--verify', '--end-of-options', `${base}^{commit}`]).trim();
  const since = git(cwd, ['merge-base', commit, 'HEAD']).trim();
  const changed = git(root, ['diff', '--name-only', '-z', '--no-renames', '--diff-filter=d', '--no-ext-diff', since, '--']);
  const added = git(root, ['ls-files', '--others', '--exclude-standard', '-z']);
  return new Set(`${changed}${added}`.split('\0').flatMap((path) => (path === '' ? [] : (realOf(join(root, path)) ?? []))));
}

/** True where `text` names a commit; otherwise it may be a path that stands behind the flag. */
export function isCommit(cwd: string, text: string): boolean {
  try {
    git(cwd, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${text}^{commit}`]);
    return true;
  } catch {
    return false;
  }
}

export function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function git(cwd: string, args: readonly string[]): string {
  try {
    return execFileSync('git', args, { cwd, encoding: 'utf8', maxBuffer: MAX_OUTPUT, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (cause) {
    const stderr = (cause as { stderr?: string }).stderr?.trim().split('\n')[0];
    throw new UsageError(`--changed needs git: ${stderr || messageOf(cause)}.`, {
      cause,
    });
  }
}
