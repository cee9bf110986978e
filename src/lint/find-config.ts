/** Finds and reads `.winnow.yml`. */
import { existsSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { getuid } from 'node:process';
import { readTextFile } from '../files/read-file.ts';
import { UsageError } from '../model/errors.ts';
import { DEFAULT_CONFIG, type LintConfig, parseLintConfig } from './config.ts';

const CONFIG_NAME = '.winnow.yml';

/** The file named, else the nearest `.winnow.yml` of `folder` and the folders above it, else the defaults. */
export function loadLintConfig(named: string | null, folder: string): LintConfig {
  const path = findConfig(named, folder);
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

/** The file that {@link loadLintConfig} reads; null where there is none. */
export function findConfig(named: string | null, folder: string): string | null {
  return named === null ? nearestConfig(resolve(folder), homedir()) : resolve(folder, named);
}

/**
 * Goes up to the root of the repository, the home folder or a folder of somebody else, whichever comes first: in a folder that all
 * may write to, such as /tmp, anybody could leave a configuration that switches off what is looked for.
 */
export function nearestConfig(folder: string, home: string): string | null {
  const owners = new Set([getuid?.(), statSync(folder, { throwIfNoEntry: false })?.uid]);
  const isOurs = (stats: Stats | undefined): boolean => stats !== undefined && owners.has(stats.uid);
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, CONFIG_NAME);
    const config = statSync(path, { throwIfNoEntry: false });
    if (at !== folder && !isOurs(statSync(at, { throwIfNoEntry: false }))) return null;
    // The working directory is where the user chose to be.
    if (config !== undefined && (at === folder || isOurs(config))) return path;
    if (existsSync(join(at, '.git')) || at === home || dirname(at) === at) return null;
  }
}
