/**
 * Finds and reads `.winnow.yml` (or `winnow.yml`) and the baseline. In: the working folder and the linted paths. Out: the
 * configuration, or the defaults. Throws UsageError for a file that is wrong.
 */
import { existsSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { getuid } from 'node:process';
import { readTextFile } from '../files/read-file.ts';
import { UsageError } from '../model/errors.ts';
import { DEFAULT_CONFIG, type LintConfig, parseLintConfig } from './config.ts';

/** The hidden name comes first, because it is the older one. */
const CONFIG_NAMES = ['.winnow.yml', 'winnow.yml'];

/** The named file; else the nearest one to the linted paths; else the nearest one to the working directory; else the defaults. */
export function loadLintConfig(named: string | null, folder: string, linted: readonly string[] = []): LintConfig {
  const path = findConfig(named, folder, linted);
  if (path === null) return DEFAULT_CONFIG;
  let text: string;
  try {
    text = readTextFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`the configuration file ${path} cannot be read (${reason}).`, { cause });
  }
  return parseLintConfig(text, path);
}

/** The file that {@link loadLintConfig} would read; null when there is none. */
export function findConfig(named: string | null, folder: string, linted: readonly string[] = []): string | null {
  if (named !== null) return resolve(folder, named);
  return nearestOf(CONFIG_NAMES, folder, linted);
}

/** The nearest baseline to the linted paths; else to the working directory. */
export function findBaseline(folder: string, linted: readonly string[]): string | null {
  return nearestOf([BASELINE_NAME], folder, linted);
}

export const BASELINE_NAME = '.winnow-baseline.json';

function nearestOf(names: readonly string[], folder: string, linted: readonly string[]): string | null {
  const home = homedir();
  const common = commonFolder(linted.map((path) => resolve(folder, path)));
  return (common === null ? null : nearestFile(names, common, home)) ?? nearestFile(names, resolve(folder), home);
}

/** The innermost folder that contains all of the paths; null when there are no paths. */
function commonFolder(paths: readonly string[]): string | null {
  const folders = paths.map((path) => (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : dirname(path)));
  const [first] = folders;
  if (first === undefined) return null;
  let common = first;
  while (!folders.every((folder) => folder === common || folder.startsWith(common.endsWith(sep) ? common : common + sep))) {
    common = dirname(common);
  }
  return common;
}

/**
 * Searches upwards to the root of the repository, the home folder or a folder of another user, whichever comes first. In a
 * folder where anybody may write, such as /tmp, an attacker could leave a configuration that switches off checks.
 */
export function nearestConfig(folder: string, home: string): string | null {
  return nearestFile(CONFIG_NAMES, folder, home);
}

function nearestFile(names: readonly string[], folder: string, home: string): string | null {
  const owners = new Set([getuid?.(), statSync(folder, { throwIfNoEntry: false })?.uid]);
  const isOurs = (stats: Stats | undefined): boolean => stats !== undefined && owners.has(stats.uid);
  for (let at = folder; ; at = dirname(at)) {
    if (at !== folder && !isOurs(statSync(at, { throwIfNoEntry: false }))) return null;
    for (const name of names) {
      const path = join(at, name);
      const config = statSync(path, { throwIfNoEntry: false });
      // The user chose the first folder, so a configuration there is trusted.
      if (config !== undefined && (at === folder || isOurs(config))) return path;
    }
    if (existsSync(join(at, '.git')) || at === home || dirname(at) === at) return null;
  }
}
