/**
 * Finds the logs that operands name. In: paths of logs, folders and disk images, and names of logs in images as reports show
 * them (`disk.E01:p2\Windows\System32\winevt\Logs\Security.evtx`). Out: paths, and what was found in the images: each record
 * once, from its newest state. Refuses nothing: what cannot be read is a diagnostic.
 */
import { existsSync, statSync } from 'node:fs';
import type { LogOptions } from '../../logs/open/read-logs.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { CommandContext } from '../command.ts';
import { fromHere } from '../output/terminal.ts';
import type { EvidenceFlags } from './triage/triage-engine.ts';

/** For `readLogs`. */
export interface NamedLogs extends Pick<LogOptions, 'found' | 'archivePassword'> {
  readonly paths: readonly string[];
  /** The disk images that are named, or that logs are named in. */
  readonly images: readonly string[];
}

export interface NamedOptions extends Partial<EvidenceFlags> {
  readonly archivePassword?: string | null;
  /** True: also images in folders that are named, as triage does. Default: false. */
  readonly inFolders?: boolean;
}

/** Stands in the names of logs that only carving finds. */
const CARVED = '\\$Carved';

/** An operand that is an image, or names a log in one. */
interface InImage {
  readonly image: string;
  /** What the names of its logs begin with. */
  readonly name: string;
}

export async function namedLogs(
  { cwd, signal }: CommandContext,
  operands: readonly string[],
  { archivePassword = null, inFolders = false, shadow = 'all', allFiles = false, carve = false }: NamedOptions = {},
): Promise<NamedLogs> {
  const from = operands.map((path) => (path === '-' ? path : fromHere(cwd, path)));
  const { isImage } = await import('../../evidence/is-image.ts');
  const inImages = new Map(from.map((path) => [path, imageOf(path, isImage)]));
  const paths = from.filter((path) => inImages.get(path) === null);
  const wanted = [...inImages.values()].filter((one) => one !== null);
  if (inFolders) for (const image of await imagesInFolders(paths)) wanted.push({ image, name: image });
  const images = [...new Set(wanted.map(({ image }) => image))];
  if (images.length === 0) return { paths, archivePassword, images };
  await import('../../evidence/opener.ts');
  const { collectLogs } = await import('../../evidence/collect.ts');
  const isCarved = wanted.some(({ name }) => name.includes(CARVED));
  const { sources, diagnostics } = await collectLogs(images, { shadow, allFiles, carve: carve || isCarved, hash: false, signal });
  const named = sources.filter(({ path }) => wanted.some((one) => isNamed(path, one)));
  const missing = wanted.filter((one) => one.name !== one.image && !named.some(({ path }) => isNamed(path, one)));
  return { paths, archivePassword, images, found: { sources: named, diagnostics: [...diagnostics, ...missing.map(noLog)] } };
}

/** Behind the image, the name of a log has a colon and a volume, or a backslash and a path where it was carved outside of volumes. */
function isNamed(path: string, { image, name }: InImage): boolean {
  return path.startsWith(name) && (name !== image || path[image.length] === ':' || path[image.length] === '\\');
}

async function imagesInFolders(paths: readonly string[]): Promise<readonly string[]> {
  const folders = paths.filter((path) => path !== '-' && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
  if (folders.length === 0) return [];
  const { findImages } = await import('../../evidence/find-images.ts');
  return findImages(folders);
}

function noLog({ image, name }: InImage): Diagnostic {
  const message = 'no log of this name is in the image, or each of its records is in a newer log.';
  const hint = `winnow metrics ${image} lists its logs.`;
  return { code: 'input/not-found', severity: 'error', message, hint, place: { file: name } };
}

function imageOf(path: string, isImage: (path: string) => boolean): InImage | null {
  if (path === '-') return null;
  if (existsSync(path)) return isImage(path) ? { image: path, name: path } : null;
  for (let at = path.length - 1; at > 0; at--) {
    if (path[at] !== ':' && path[at] !== '\\') continue;
    const image = path.slice(0, at);
    if (existsSync(image) && isImage(image)) return { image, name: path };
  }
  return null;
}
