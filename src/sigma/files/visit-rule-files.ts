/**
 * The only place where files with rules are found and read. In: paths of files, folders and zip archives. Out: each rule file
 * once, with its bytes or the reason why it cannot be read; paths in the order given, files below a path sorted by name. No
 * parser is loaded here, because the rule cache compares bytes and needs nothing more. Refuses files and archives above the
 * limits below.
 */

import { statSync } from 'node:fs';
import { type FileFault, findFiles } from '../../files/find-files.ts';
import { readFileWithin, SmallFileReader } from '../../files/read-file.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { messageOf } from '../../model/errors.ts';
import { isZip, readZip } from './zip.ts';

const UNREADABLE = 'rule/unreadable';
const LINK = 'rule/link';
/** Limit on the bytes of a rule file. `parseFile` limits its characters. */
const MAX_RULE_BYTES = 16 << 20;
/** SigmaHQ's archives have 5 MB. */
const MAX_ARCHIVE_BYTES = 256 << 20;

export interface RuleFile {
  /** For an entry of an archive: the path of the archive, followed by the name inside it. */
  readonly path: string;
  /**
   * The bytes, valid only during the visit, or why they cannot be had: an error where rules are lost, a warning where there may
   * be none.
   */
  readonly content: Buffer | Diagnostic;
  /**
   * True when the user named this file, so that it must be a rule file. False when it was found in a folder or an archive by
   * its name.
   */
  readonly named: boolean;
  readonly inArchive: boolean;
}

export function visitRuleFiles(paths: readonly string[], visit: (file: RuleFile) => void): void {
  const reader = new SmallFileReader();
  for (const { path, named, fault } of findFiles(paths, 'rule', isRuleName)) {
    if (fault !== null) {
      visit({ path, content: faultAt(path, fault), named, inArchive: false });
      continue;
    }
    let bytes: Buffer;
    try {
      bytes = (named ? null : reader.read(path)) ?? readFileWithin(path, MAX_ARCHIVE_BYTES);
    } catch (error) {
      const message = `the file cannot be read: ${messageOf(error)}.`;
      visit({ path, content: unreadable(path, message), named, inArchive: false });
      continue;
    }
    if (isZip(bytes)) visitArchive(path, bytes, visit);
    else visit({ path, content: bounded(path, bytes), named, inArchive: false });
  }
}

/** The rule files below `paths`, without reading them, and the folders and archives in which further ones may appear. */
export function findRuleFiles(paths: readonly string[]): {
  readonly files: readonly string[];
  readonly faults: readonly Diagnostic[];
} {
  const found = findFiles(paths, 'rule', isRuleName);
  return {
    files: found.flatMap(({ path, fault }) => (fault === null ? [path] : [])),
    faults: found.flatMap(({ path, fault }) => (fault === null ? [] : [faultAt(path, fault)])),
  };
}

/** True for a diagnostic about looking for rule files, false for one about their content. */
export function isOfFinding({ code }: Diagnostic): boolean {
  return code === UNREADABLE || code === LINK;
}

/** False when a path is a pipe (`-r <(command)`). A pipe can be read only once, so it cannot be compared with the cache first. */
export function canReadTwice(paths: readonly string[]): boolean {
  return !paths.some((path) => statSync(path, { throwIfNoEntry: false })?.isFIFO() === true);
}

function visitArchive(path: string, bytes: Buffer, visit: (file: RuleFile) => void): void {
  const entries = readZip(bytes);
  if (typeof entries === 'string') {
    visit({ path, content: unreadable(path, `the archive cannot be read: ${entries}.`), named: true, inArchive: true });
    return;
  }
  const rules = entries.filter(({ name }) => isRuleName(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of rules) {
    const inner = `${path}/${entry.name}`;
    const content = entry.read();
    visit({
      path: inner,
      content: typeof content === 'string' ? unreadable(inner, `the entry cannot be read: ${content}.`) : bounded(inner, content),
      named: false,
      inArchive: true,
    });
  }
}

function bounded(path: string, bytes: Buffer): Buffer | Diagnostic {
  if (bytes.length <= MAX_RULE_BYTES) return bytes;
  return unreadable(path, `the file has ${bytes.length} bytes; at most ${MAX_RULE_BYTES} are read.`);
}

function faultAt(path: string, { severity, message, hint }: FileFault): Diagnostic {
  return severity === 'error' ? unreadable(path, message) : { code: LINK, severity, message, hint, place: { file: path } };
}

export function unreadable(path: string, message: string): Diagnostic {
  return { code: UNREADABLE, severity: 'error', message, place: { file: path } };
}

/** Files with tests of rules are not rules, nor are configuration files such as `.winnow.yml` and `winnow.yml`. */
function isRuleName(name: string): boolean {
  const lower = name.toLowerCase();
  return (lower.endsWith('.yml') || lower.endsWith('.yaml')) && !/\.test\.ya?ml$|(?:^|\/)(?:\.[^/]*|winnow\.yml)$/.test(lower);
}
