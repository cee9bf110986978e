/** Finds and reads `.winnow.yml`. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../model/errors.ts';
import { DEFAULT_CONFIG, type LintConfig, parseLintConfig } from './config.ts';

const CONFIG_NAME = '.winnow.yml';

/** The file named, else the nearest `.winnow.yml` of `folder` and the folders above it, else the defaults. */
export function loadLintConfig(named: string | null, folder: string): LintConfig {
  const path = findConfig(named, folder);
  if (path === null) return DEFAULT_CONFIG;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`the configuration file ${path} cannot be read.`, { cause });
  }
  return parseLintConfig(text, path);
}

/** The file that {@link loadLintConfig} reads; null where there is none. */
export function findConfig(named: string | null, folder: string): string | null {
  return named === null ? nearestConfig(resolve(folder)) : resolve(folder, named);
}

function nearestConfig(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, CONFIG_NAME);
    if (existsSync(path)) return path;
    // A repository is a world of its own.
    if (existsSync(join(at, '.git')) || dirname(at) === at) return null;
  }
}
