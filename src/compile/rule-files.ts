/**
 * Where rule text comes from: files, folders (every `.yml` and `.yaml` below them), zip archives. In: paths as given on the
 * command line. Out: each rule file's path and bytes, in an order that does not depend on the file system. Refuses a path that
 * does not exist (usage); what cannot be read inside a folder or an archive is a diagnostic, and the rest is read.
 */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import { UsageError } from '../model/errors.ts';
import { isZip, readZip } from './zip.ts';

const RULE_FILE = /\.ya?ml$/i;
/** A rule is a few KiB, an archive of all public rules 5 MB. */
const MAX_RULE_BYTES = 16 << 20;
const MAX_ZIP_BYTES = 512 << 20;
const MAX_DEPTH = 64;
/** Most rule files fit: one buffer serves them all. */
const SHARED_BYTES = 64 << 10;

/** `bytes` is valid only during the call. */
export type VisitRuleFile = (path: string, bytes: Buffer) => void;

class RuleFileReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #visit: VisitRuleFile;
  readonly #shared = Buffer.allocUnsafeSlow(SHARED_BYTES);

  constructor(visit: VisitRuleFile) {
    this.#visit = visit;
  }

  /** A path that the user named: any file counts as rules, whatever it is called. */
  named(path: string): void {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) throw new UsageError(`rules "${path}": no such file or folder`);
    if (stats.isDirectory()) this.#folder(path, 0);
    else this.#file(path);
  }

  #folder(folder: string, depth: number): void {
    if (depth > MAX_DEPTH) {
      this.#report('rule/too-deep', folder, `folders are nested more than ${MAX_DEPTH} deep.`);
      return;
    }
    let entries: { name: string; folder: boolean; link: boolean }[];
    try {
      entries = readdirSync(folder, { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        folder: entry.isDirectory(),
        link: entry.isSymbolicLink(),
      }));
    } catch (error) {
      this.#report('rule/unreadable', folder, `the folder cannot be read: ${messageOf(error)}.`);
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name, folder: isFolder, link } of entries) {
      const path = join(folder, name);
      // A link to a folder may lead anywhere, back here too: only links to files are followed.
      if (isFolder) this.#folder(path, depth + 1);
      else if (RULE_FILE.test(name) && !(link && statSync(path, { throwIfNoEntry: false })?.isFile() !== true)) this.#file(path);
    }
  }

  #file(path: string): void {
    let bytes: Buffer;
    try {
      bytes = this.#read(path);
    } catch (error) {
      this.#report('rule/unreadable', path, `the file cannot be read: ${messageOf(error)}.`);
      return;
    }
    if (isZip(bytes)) this.#zip(path, bytes);
    else if (bytes.length > MAX_RULE_BYTES)
      this.#report('rule/too-large', path, `more than ${MAX_RULE_BYTES} bytes are no rule.`);
    else this.#visit(path, bytes);
  }

  #read(path: string): Buffer {
    const fd = openSync(path, 'r');
    try {
      const length = readSync(fd, this.#shared, 0, SHARED_BYTES, 0);
      if (length < SHARED_BYTES) return this.#shared.subarray(0, length);
      const { size } = fstatSync(fd);
      if (size > MAX_ZIP_BYTES) throw new Error(`it has ${size} bytes; at most ${MAX_ZIP_BYTES} are read`);
    } finally {
      closeSync(fd);
    }
    return readFileSync(path);
  }

  #zip(path: string, bytes: Buffer): void {
    // The archive outlives the shared buffer's next use.
    const entries = readZip(bytes.length < SHARED_BYTES ? Buffer.from(bytes) : bytes);
    if (typeof entries === 'string') {
      this.#report('rule/zip', path, `the archive cannot be read: ${entries}.`);
      return;
    }
    const rules = entries.filter((entry) => RULE_FILE.test(entry.name)).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of rules) {
      const content = entry.read();
      const place = `${path}/${entry.name}`;
      if (typeof content === 'string') this.#report('rule/zip', place, `the entry cannot be read: ${content}.`);
      else this.#visit(place, content);
    }
  }

  #report(code: string, file: string, message: string): void {
    this.diagnostics.push({ code, severity: 'error', message, place: { file } });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Visits every rule file of `paths`, in the order given, folders in name order. Returns what could not be read. */
export function visitRuleFiles(paths: readonly string[], visit: VisitRuleFile): readonly Diagnostic[] {
  const reader = new RuleFileReader(visit);
  for (const path of paths) reader.named(path);
  return reader.diagnostics;
}
