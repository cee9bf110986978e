/**
 * Finds and reads `.winnow.yml` (or `winnow.yml`) and the baseline. In: the working folder and the linted paths. Out: the
 * configuration, or the defaults. Throws UsageError for a file that is wrong.
 */
import { resolve } from 'node:path';
import { homeFolder } from '../files/home-folder.ts';
import { readNamedFile } from '../files/read-file.ts';
import { nearestOf, PROJECT_NAMES } from '../project/find-project.ts';
import { DEFAULT_CONFIG, type LintConfig, parseLintConfig } from './config.ts';

/** The named file; else the nearest one to the linted paths; else the nearest one to the working directory; else the defaults. */
export function loadLintConfig(
  named: string | null,
  folder: string,
  linted: readonly string[] = [],
  flags: readonly string[] = [],
): LintConfig {
  const path = findConfig(named, folder, linted);
  if (path === null) return DEFAULT_CONFIG;
  return parseLintConfig(readNamedFile(path, `the configuration file ${path}`), path, flags);
}

/** The file that {@link loadLintConfig} would read; null when there is none. */
export function findConfig(named: string | null, folder: string, linted: readonly string[] = []): string | null {
  if (named !== null) return resolve(folder, named);
  return nearestOf(PROJECT_NAMES, folder, linted, homeFolder());
}

/** The nearest baseline to the linted paths; else to the working directory. */
export function findBaseline(folder: string, linted: readonly string[]): string | null {
  return nearestOf([BASELINE_NAME], folder, linted, homeFolder());
}

export const BASELINE_NAME = '.winnow-baseline.json';
