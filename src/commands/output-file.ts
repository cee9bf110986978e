/**
 * In: text in pieces. Out: a file that appears whole or not at all. Refuses to replace an existing file unless told to.
 */
import { link, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../model/errors.ts';

/** Pieces are gathered to about this many characters per write. */
const WRITE_LENGTH = 64 * 1024;

/** Gathers small pieces into large writes. */
export async function writeAll(pieces: Iterable<string>, write: (text: string) => Promise<unknown>): Promise<void> {
  let gathered = '';
  for (const piece of pieces) {
    gathered += piece;
    if (gathered.length < WRITE_LENGTH) continue;
    await write(gathered);
    gathered = '';
  }
  if (gathered !== '') await write(gathered);
}

export interface OutputFile {
  /** Writes everything, then lets the file appear. */
  save(pieces: Iterable<string>): Promise<void>;
}

/** Checks at once, before any work is done, that the file may be written. */
export async function openOutputFile(path: string, cwd: string, force: boolean): Promise<OutputFile> {
  const target = resolve(cwd, path);
  const found = await stat(target).catch(() => null);
  if (found?.isDirectory()) throw new UsageError(`--output ${path} is a folder. Name a file in it.`);
  // A device or a pipe (/dev/stdout, a named pipe) is written through: replacing it would destroy it.
  if (found !== null && !found.isFile()) return { save: (pieces) => writeThrough(target, pieces) };
  if (found !== null && !force) throw new UsageError(`--output ${path} exists. Add --force to replace it.`);
  const folder = dirname(target);
  if (!(await stat(folder).catch(() => null))?.isDirectory())
    throw new UsageError(`--output ${path}: there is no folder ${dirname(path)}.`);
  return { save: (pieces) => replaceWhole(target, path, force, pieces) };
}

async function writeThrough(target: string, pieces: Iterable<string>): Promise<void> {
  const file = await open(target, 'w');
  try {
    await writeAll(pieces, (text) => file.write(text));
  } finally {
    await file.close();
  }
}

async function replaceWhole(target: string, path: string, force: boolean, pieces: Iterable<string>): Promise<void> {
  // A folder of its own beside the target: same file system, a name that nobody else has.
  const folder = await mkdtemp(join(dirname(target), '.winnow-')).catch((cause: unknown) => {
    throw new UsageError(`--output ${path}: the folder cannot be written to (${errorText(cause)}).`, { cause });
  });
  try {
    const temporary = join(folder, basename(target));
    await writeThrough(temporary, pieces);
    if (force) await rename(temporary, target);
    else await appear(temporary, target, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Gives the file its name, unless the name has been taken in the meantime. */
async function appear(temporary: string, target: string, path: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (cause) {
    // Some file systems have no hard links (FAT, some network shares): look again, then rename.
    if ((await stat(target).catch(() => null)) !== null)
      throw new UsageError(`--output ${path} exists by now. Add --force to replace it.`, { cause });
    await rename(temporary, target);
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
