/** Paths -> rule files, not yet read. Loads no parser: a cache that holds what they gave needs no more than their bytes. */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../model/errors.ts';
import { readZip } from './zip.ts';

/** Folders inside folders. */
const MAX_DEPTH = 64;

/** The rule files of a zip archive, by name; a content that cannot be had is the reason why. */
export function zipRuleFiles(path: string, bytes: Buffer): { path: string; bytes: Buffer | string }[] {
  const entries = readZip(bytes);
  if (typeof entries === 'string') return [{ path, bytes: `the archive cannot be read: ${entries}.` }];
  return entries
    .filter((entry) => isRuleName(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) => {
      const content = entry.read();
      return {
        path: `${path}/${entry.name}`,
        bytes: typeof content === 'string' ? `the entry cannot be read: ${content}.` : content,
      };
    });
}

/** The rule files that `paths` stand for, as paths below what was given. */
export function ruleFiles(paths: readonly string[]): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  for (const path of paths) collect(path, 0, true, found, seen);
  return found;
}

function collect(path: string, depth: number, given: boolean, found: string[], seen: Set<string>): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    // A dangling link inside a folder is no rule.
    if (given) throw new UsageError(`no rule file or folder at ${path}`);
    return;
  }
  // /dev/zero never ends. Pipes may be given: that is what a shell makes of `<(command)`.
  if (given && (stats.isCharacterDevice() || stats.isBlockDevice())) throw new UsageError(`${path} is a device, not a rule file`);
  if (!stats.isDirectory()) {
    if (stats.isFile() || given) addOnce(path, realpathSync(path), found, seen);
    return;
  }
  const real = realpathSync.native(path);
  if (seen.has(real) || depth > MAX_DEPTH) return;
  seen.add(real);
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  // `join` for each of thousands of names would take longer than reading the folder: what it puts before a name is always the same.
  const before = join(path, 'x').slice(0, -1);
  const beforeReal = join(real, 'x').slice(0, -1);
  for (const entry of entries) {
    const inner = before + entry.name;
    if (entry.isFile()) {
      if (isRuleName(entry.name)) addOnce(inner, beforeReal + entry.name, found, seen);
    } else if (entry.isDirectory() || (entry.isSymbolicLink() && (isRuleName(entry.name) || !entry.name.includes('.')))) {
      collect(inner, depth + 1, false, found, seen);
    }
  }
}

function addOnce(path: string, real: string, found: string[], seen: Set<string>): void {
  if (seen.has(real)) return;
  seen.add(real);
  found.push(path);
}

/** Tests of rules are none, nor are configuration files such as `.winnow.yml`. */
function isRuleName(name: string): boolean {
  const lower = name.toLowerCase();
  return (lower.endsWith('.yml') || lower.endsWith('.yaml')) && !/\.test\.ya?ml$|(?:^|\/)\.[^/]*$/.test(lower);
}
