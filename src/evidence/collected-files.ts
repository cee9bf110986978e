/**
 * Logs in folders and archives as evidence: what KAPE, CyLR or Velociraptor have collected. In: paths. Out: their logs, the live
 * ones first, then those of shadow copies from the newest on, and where each was on its machine.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { memberBytes } from '../logs/archives/archive-cursor.ts';
import { collectedPlace } from '../logs/archives/collections.ts';
import { MemorySource } from '../logs/open/byte-source.ts';
import type { ListOptions, Source } from '../logs/open/source.ts';
import { listLogs } from '../logs/open/sources.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { EvidencePlace } from '../model/evidence.ts';
import { RecordCensus } from './record-census.ts';

export interface CollectedFiles {
  readonly sources: readonly Source[];
  /** Name of a source -> where it was. */
  readonly places: ReadonlyMap<string, EvidencePlace>;
  /** How many records only shadow copies have. */
  readonly shadowRecords: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Larger logs are not compared with others: all of their records count. */
const MAX_BYTES = 512 << 20;

/** `images`: disk images in the folders that are read otherwise. */
export async function collectedFiles(
  paths: readonly string[],
  images: readonly string[],
  options: ListOptions,
): Promise<CollectedFiles> {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => {
    if (!isOfImages(diagnostic, images)) diagnostics.push(diagnostic);
  };
  const listed = await listLogs(paths, report, options);
  const places = new Map(listed.map((source) => [source.path, placeOf(source)]));
  const age = ({ path }: Source): number => {
    const { snapshot } = places.get(path)!;
    return snapshot === null ? Number.NEGATIVE_INFINITY : -snapshot.number;
  };
  const sources = [...listed].sort((a, b) => age(a) - age(b));
  return { sources, places, shadowRecords: await onlyInShadow(sources, places), diagnostics };
}

/** True when the reader of a folder says that it passes over disk images, and these are read otherwise. */
export function isOfImages({ code, place }: Diagnostic, images: readonly string[]): boolean {
  const isSaid = code === 'input/disk-image' || code === 'input/no-logs';
  return isSaid && images.some((image) => isInside(image, place.file ?? ''));
}

function isInside(path: string, folder: string): boolean {
  return !relative(folder, path).startsWith('..');
}

function placeOf({ path, member }: Source): EvidencePlace {
  const collected = collectedPlace(member === undefined ? path : path.slice(path.lastIndexOf('!') + 1));
  const shadow = collected?.shadowCopy ?? null;
  return {
    image: member?.archive ?? null,
    volume: null,
    snapshot: shadow === null ? null : { number: shadow, created: null },
    state: shadow === null ? 'live' : 'shadow',
    mftRecord: null,
    path: collected?.path ?? path,
    diskOffset: null,
  };
}

async function onlyInShadow(sources: readonly Source[], places: CollectedFiles['places']): Promise<number> {
  const isShadow = ({ path }: Source): boolean => places.get(path)?.state === 'shadow';
  if (!sources.some(isShadow)) return 0;
  const census = new RecordCensus();
  let only = 0;
  for (const source of sources) {
    if (source.sniffed?.format.name !== 'evtx' || source.sniffed.compressed || (source.size ?? 0) > MAX_BYTES) continue;
    const bytes = source.member === undefined ? readFileSync(source.path) : await wholeMember(source.member);
    const { newRecords } = census.add(new MemorySource(source.path, bytes), true);
    if (isShadow(source)) only += newRecords;
  }
  return only;
}

async function wholeMember(member: NonNullable<Source['member']>): Promise<Buffer> {
  const parts: Buffer[] = [];
  try {
    for await (const part of memberBytes(member)) parts.push(Buffer.from(part));
  } catch {
    // The reader of logs reports the damage; what comes before it counts.
  }
  return Buffer.concat(parts);
}
