/**
 * Finds files without reading them. In: files and folders, and which names are wanted in folders. Out: the files in the order
 * of the given paths, sorted by name, each once; and faults where such files may have been missed. Follows links inside the
 * given folders. Refuses links that lead out of them, and everything that is not a regular file.
 */
import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { UsageError } from '../model/errors.ts';
import { isPipeOfShell } from './read-file.ts';

/** Limit on the depth of folders. */
const MAX_DEPTH = 64;
/** Limit on the files found. The largest public collection of rules has 10,000. */
const MAX_FILES = 1_000_000;

/** A folder made by somebody else could link to any file of the user, so such links are refused. */
const LEADS_OUT = 'the link leads out of the folder and is not followed.';

export interface FileFault {
  /** `error`: there are such files here, and they are not read. `warning`: there may be some. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string | undefined;
}

export interface FoundFile {
  readonly path: string;
  /** True when the user named this file, false when it was found in a folder. */
  readonly named: boolean;
  /** Why the file must not be read; null when it may be. */
  readonly fault: FileFault | null;
}

/** `what` is the word for the files in messages. Throws UsageError for a path that is neither file nor folder. */
export function findFiles(paths: readonly string[], what: string, isWanted: (name: string) => boolean): readonly FoundFile[] {
  const finder = new Finder(what, isWanted);
  for (const path of paths) finder.root(path);
  for (const path of paths) finder.given(path);
  return finder.found;
}

class Finder {
  readonly found: FoundFile[] = [];
  readonly #what: string;
  readonly #isWanted: (name: string) => boolean;
  /** The real paths of what the user gave. Links may lead anywhere inside them. */
  readonly #roots: string[] = [];
  readonly #seen = new Set<string>();
  #count = 0;

  constructor(what: string, isWanted: (name: string) => boolean) {
    this.#what = what;
    this.#isWanted = isWanted;
  }

  root(path: string): void {
    try {
      this.#roots.push(realpathSync.native(path));
    } catch {
      // `given` says what is wrong with it.
    }
  }

  given(path: string): void {
    const stats = this.#givenStats(path);
    if (stats.isDirectory()) this.#folder(path, 0);
    else if (stats.isFile() || isPipeOfShell(path, stats)) this.#add(path, realpathSync(path), true);
    else throw new UsageError(`${path} is ${kindOf(stats)}, not a ${this.#what} file`);
  }

  #givenStats(path: string): Stats {
    let stats: Stats | undefined;
    try {
      stats = statSync(path, { throwIfNoEntry: false });
    } catch (cause) {
      throw new UsageError(`${path} cannot be read (${reasonOf(cause)})`, { cause });
    }
    if (stats === undefined) throw new UsageError(`no ${this.#what} file or folder at ${path}`);
    return stats;
  }

  #folder(path: string, depth: number): void {
    let real: string;
    let entries: Dirent[];
    try {
      real = realpathSync.native(path);
      if (this.#seen.has(real)) return;
      this.#seen.add(real);
      entries = readdirSync(path, { withFileTypes: true });
    } catch (error) {
      this.#fault(path, 'error', `the folder cannot be read: ${reasonOf(error)}.`);
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    // Calling `join` for each of thousands of names takes longer than reading the folder. What it puts before a name is always
    // the same.
    const before = join(path, 'x').slice(0, -1);
    const beforeReal = join(real, 'x').slice(0, -1);
    for (const entry of entries) {
      const inner = before + entry.name;
      if (entry.isDirectory()) this.#inner(inner, depth + 1);
      else if (entry.isSymbolicLink()) this.#link(inner, entry.name, depth);
      else if (!this.#isWanted(entry.name)) continue;
      else if (entry.isFile()) this.#add(inner, beforeReal + entry.name, false);
      else this.#fault(inner, 'error', `it is ${kindOf(entry)}, not a file.`);
    }
  }

  #inner(path: string, depth: number): void {
    if (depth <= MAX_DEPTH) this.#folder(path, depth);
    else this.#fault(path, 'error', `the folder is more than ${MAX_DEPTH} folders deep and is not read.`);
  }

  #link(path: string, name: string, depth: number): void {
    const isWanted = this.#isWanted(name);
    // A link to a folder inside the given ones adds nothing. One that leads elsewhere is reported only if its name looks like a
    // folder's.
    if (!isWanted && name.includes('.')) return;
    let real: string;
    let stats: Stats;
    try {
      real = realpathSync.native(path);
      stats = statSync(path);
    } catch (error) {
      this.#fault(path, 'warning', `the link cannot be followed: ${reasonOf(error)}.`);
      return;
    }
    if (!stats.isDirectory() && !isWanted) return;
    const isInside = this.#roots.some((root) => isWithin(real, root));
    if (!isInside) this.#fault(path, 'warning', LEADS_OUT, `To read it, give ${real} itself.`);
    else if (stats.isDirectory()) this.#inner(path, depth + 1);
    else if (stats.isFile()) this.#add(path, real, false);
    else this.#fault(path, 'error', `it is a link to ${kindOf(stats)}, not to a file.`);
  }

  #add(path: string, real: string, named: boolean): void {
    if (this.#seen.has(real)) return;
    this.#seen.add(real);
    this.#count++;
    if (this.#count <= MAX_FILES) this.found.push({ path, named, fault: null });
    else if (this.#count === MAX_FILES + 1)
      this.#fault(path, 'error', `there are more than ${MAX_FILES} ${this.#what} files; from here on they are not read.`);
  }

  #fault(path: string, severity: FileFault['severity'], message: string, hint?: string): void {
    this.found.push({ path, named: false, fault: { severity, message, hint } });
  }
}

/** True for the folder itself and all that is below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function kindOf(entry: Dirent | Stats): string {
  if (entry.isFIFO()) return 'a named pipe';
  if (entry.isSocket()) return 'a socket';
  return entry.isDirectory() ? 'a folder' : 'a device';
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ENOENT':
      return 'what it points to does not exist';
    case 'ELOOP':
      return 'it leads back to itself';
    default:
      return message;
  }
}
