/**
 * Collects the logs in images as sources of a scan, the newest state first, each record once. In: paths of images. Out: sources
 * that any thread can open by their locators, where each log was found, an account of the evidence, and diagnostics.
 */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { format as singleRecordsFormat } from '../logs/evtx-records/format.ts';
import type { Source } from '../logs/open/source.ts';
import { Reports } from '../logs/reports.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { InputError } from '../model/errors.ts';
import type { EvidenceAccount, EvidencePlace, ImageAccount, ImageHashes, LogAccount, RecordState } from '../model/evidence.ts';
import type { ByteSource } from '../model/reader.ts';
import { readExactly } from './bytes.ts';
import { type Carved, carveLogs } from './carving/carve.ts';
import { type KnownLog, singleRecords } from './carving/single-records.ts';
import { Evidence } from './evidence.ts';
import { type FindOptions, type FoundLog, findLogs } from './find-logs.ts';
import { type EvidenceLocator, isoMs, locatorName, placeOf } from './locator.ts';
import { RecordCensus } from './record-census.ts';

export interface CollectOptions extends FindOptions {
  /** True: also finds chunks that belong to no file. */
  readonly carve: boolean;
  /** True: computes the hashes of each disk and compares them with those in the image. */
  readonly hash: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called for each log, with its name and its bytes. */
  readonly onLog?: ((locator: EvidenceLocator, source: ByteSource, sha256: string) => void) | undefined;
}

export interface CollectedLogs {
  readonly sources: readonly Source[];
  /** Name of a source -> where it was found. */
  readonly places: ReadonlyMap<string, LogPlace>;
  /** Names of sources of which only their reader will know how many records they have. */
  readonly uncounted: ReadonlySet<string>;
  /** Name of a source -> logs with the same bytes, which are not read again. */
  readonly copies: ReadonlyMap<string, readonly string[]>;
  readonly account: Pick<EvidenceAccount, 'images' | 'logs' | 'records'>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Where a log was found, and the record that begins at an offset in it. */
export type LogPlace = (offset: number) => EvidencePlace;

/** A log, before it is known which of its records are new. */
interface Candidate extends KnownLog {
  readonly format: FoundLog['format'] | null;
}

/** What was carved from an image one by one. */
interface Loose {
  readonly evidence: Evidence;
  readonly records: Carved['records'];
}

const SINGLE_RECORDS: FoundLog['format'] = { format: singleRecordsFormat, compressed: false, encoding: 'utf-8' };
const HASH_BLOCK = 1 << 20;

export async function collectLogs(images: readonly string[], options: CollectOptions): Promise<CollectedLogs> {
  const diagnostics: Diagnostic[] = [];
  const opened: Evidence[] = [];
  const accounts: ImageAccount[] = [];
  const candidates: Candidate[] = [];
  const loose: Loose[] = [];
  try {
    for (const path of images) {
      const reports = new Reports(path, { diagnostic: (diagnostic) => diagnostics.push(diagnostic) });
      try {
        const evidence = new Evidence(path, reports);
        opened.push(evidence);
        for (const { locator, source, format } of findLogs(evidence, options)) candidates.push({ locator, source, format });
        if (options.carve) {
          const { logs, records } = await carveLogs(evidence, options.signal);
          for (const locator of logs) candidates.push({ locator, source: evidence.openLog(locator), format: null });
          loose.push({ evidence, records });
        }
        accounts.push(await accountOf(evidence, options));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        reports.error('image/unreadable', undefined, `NOT READ: ${error.message}.`);
      }
    }
    if (images.length > 0 && candidates.length === 0 && diagnostics.length === 0) diagnostics.push(noLogs());
    const taken = await takeNew(candidates.sort(byState), loose, options, diagnostics);
    for (const { reports } of opened) reports.close();
    return { ...taken, account: { images: accounts, ...taken.account }, diagnostics };
  } finally {
    for (const evidence of opened) evidence.close();
  }
}

/** The order of states: the live volume, deleted files, the same for each shadow copy from the newest on, then carved chunks. */
function byState(a: Candidate, b: Candidate): number {
  return ageOf(a) - ageOf(b) || deadOf(a) - deadOf(b);
}

function ageOf({ locator: { snapshot, state } }: Candidate): number {
  if (state === 'carved') return 0;
  return snapshot === null ? Number.NEGATIVE_INFINITY : -snapshot.number;
}

function deadOf({ locator: { state } }: Candidate): number {
  return state === 'deleted' ? 1 : 0;
}

async function takeNew(
  candidates: readonly Candidate[],
  loose: readonly Loose[],
  { signal, onLog }: CollectOptions,
  diagnostics: Diagnostic[],
): Promise<
  Pick<CollectedLogs, 'sources' | 'places' | 'uncounted' | 'copies'> & { account: Pick<EvidenceAccount, 'logs' | 'records'> }
> {
  const census = new RecordCensus();
  const sources: Source[] = [];
  const places = new Map<string, LogPlace>();
  const logs: LogAccount[] = [];
  // SHA-256 -> the first log that has it, and the others.
  const hashes = new Map<string, { readonly file: string; readonly copies: string[] }>();
  const uncounted = new Set<string>();
  // Records in slack space are counted later, by the reader of the logs.
  const records: Record<RecordState, number> = { live: 0, shadow: 0, slack: 0, deleted: 0, carved: 0 };
  for (const { locator, source, format } of candidates) {
    if (signal?.aborted) break;
    const file = nameFor(locator, places);
    const counted = countsOf(census, { locator, source, format }, file, diagnostics);
    if (counted === null) {
      // The log is still scanned as far as it can be read.
      sources.push(sourceOf(file, locator, source.size, format, null));
      continue;
    }
    const { sha256, ranges, ...numbers } = counted;
    places.set(file, logPlace(locator, source));
    if (!isEvtx(format)) uncounted.add(file);
    logs.push({ file, state: locator.state, size: source.size, sha256, ...numbers });
    records[locator.state] += numbers.newRecords;
    onLog?.(locator, source, sha256);
    const same = hashes.get(sha256);
    if (same === undefined) hashes.set(sha256, { file, copies: [] });
    else same.copies.push(file);
    if (same === undefined && ranges?.length !== 0) sources.push(sourceOf(file, locator, source.size, format, ranges));
    await nextTurn();
  }
  for (const { locator, source, sha256, count } of signal?.aborted ? [] : newSingles(loose, candidates, census)) {
    const file = locatorName(locator);
    places.set(file, logPlace(locator, source));
    logs.push({ file, state: 'carved', size: source.size, sha256, records: count, newRecords: count });
    records.carved += count;
    sources.push(sourceOf(file, locator, source.size, SINGLE_RECORDS, null));
  }
  const copies = new Map([...hashes.values()].map((same) => [same.file, same.copies]));
  return { sources, places, uncounted, copies, account: { logs, records } };
}

/** Records that were carved one by one and that no log has, with the SHA-256 of all of them one after the other. */
function* newSingles(
  loose: readonly Loose[],
  logs: readonly Candidate[],
  census: RecordCensus,
): Generator<KnownLog & { readonly sha256: string; readonly count: number }> {
  for (const { evidence, records: areas } of loose) {
    const known = logs.filter(({ locator, format }) => locator.image === evidence.path && isEvtx(format));
    for (const { volume, records } of areas) {
      const hash = createHash('sha256');
      const bytesOf = (at: number, size: number): Buffer =>
        readExactly(volume?.source ?? evidence.image.disk, at, size, 'a carved record');
      const fresh = records.filter((record) => census.addSingle(bytesOf(record.at, record.size)));
      const found = singleRecords(evidence, volume, fresh, known);
      if (found === null) continue;
      for (const [at, size] of found.records) hash.update(bytesOf(at, size));
      const { locator } = found;
      yield { locator, source: evidence.openLog(locator), sha256: hash.digest('hex'), count: found.records.length };
    }
  }
}

function isEvtx(format: Candidate['format']): boolean {
  return format === null || (format.format.name === 'evtx' && !format.compressed);
}

function logPlace(locator: EvidenceLocator, source: Candidate['source']): LogPlace {
  const place = placeOf(locator);
  const start = locator.volume?.start ?? 0;
  return (offset) => {
    const at = locator.snapshot === null ? source.volumeOffset(offset) : null;
    return { ...place, diskOffset: at === null ? null : start + at };
  };
}

/** null when the log could not be read to its end. */
function countsOf(
  census: RecordCensus,
  { locator, source, format }: Candidate,
  file: string,
  diagnostics: Diagnostic[],
): ReturnType<RecordCensus['add']> | null {
  try {
    return census.add(source, isEvtx(format), locator.state !== 'carved');
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const message = `NOT READ: ${error.message}.`;
    diagnostics.push({ code: 'image/unreadable', severity: 'error', message, place: { file } });
    return null;
  }
}

function noLogs(): Diagnostic {
  const hint = 'winnow triage --carve searches for event log chunks, --all-files looks into every file.';
  return { code: 'input/no-logs', severity: 'error', message: 'no event log was found.', hint, place: {} };
}

function sourceOf(
  path: string,
  locator: EvidenceLocator,
  size: number,
  format: FoundLog['format'] | null,
  ranges: Source['ranges'] | null,
): Source {
  // A text log is examined again when it is opened, because its beginning decides how it may be divided.
  const sniffed = format === null || format.format.text || format.compressed ? undefined : format;
  return { path, kind: 'nested', size, locator, sniffed, ranges: ranges ?? undefined };
}

/** A name that is not taken yet: two deleted files may have had the same path. */
function nameFor(locator: EvidenceLocator, taken: ReadonlyMap<string, unknown>): string {
  const name = locatorName(locator);
  return taken.has(name) ? `${name} [MFT record ${locator.mftRecord}]` : name;
}

async function accountOf(evidence: Evidence, { hash, signal }: CollectOptions): Promise<ImageAccount> {
  const { path, image, volumes } = evidence;
  const hashes = hash ? await hashesOf(image.disk, signal) : null;
  if (hashes !== null) compareHashes(evidence, hashes);
  return {
    image: path,
    format: image.format,
    files: image.files,
    size: image.disk.size,
    volumes: volumes.map((volume) => ({
      label: volume.label,
      fileSystem: volume.fileSystem,
      size: volume.size,
      read: volume.fileSystem === 'NTFS',
      snapshots: volume.fileSystem === 'NTFS' ? evidence.snapshots(volume).map(({ createdMs }) => isoMs(createdMs)) : [],
    })),
    storedHashes: image.hashes,
    hashes,
  };
}

async function hashesOf(disk: ByteSource, signal: AbortSignal | undefined): Promise<ImageHashes | null> {
  const all = { md5: createHash('md5'), sha1: createHash('sha1'), sha256: createHash('sha256') };
  const block = Buffer.allocUnsafeSlow(HASH_BLOCK);
  for (let at = 0; ; ) {
    const got = disk.read(block, at);
    if (got === 0) break;
    for (const hash of Object.values(all)) hash.update(block.subarray(0, got));
    at += got;
    if (signal?.aborted) return null;
    await nextTurn();
  }
  return { md5: all.md5.digest('hex'), sha1: all.sha1.digest('hex'), sha256: all.sha256.digest('hex') };
}

function compareHashes({ reports, image }: Evidence, hashes: ImageHashes): void {
  for (const name of ['md5', 'sha1'] as const) {
    const stored = image.hashes[name];
    if (stored === undefined || stored === hashes[name] || /^0*$/.test(stored)) continue;
    const message = `the ${name.toUpperCase()} of the disk is ${hashes[name]}, but the image says ${stored}: it was changed or is damaged.`;
    reports.error('image/hash', undefined, message);
  }
}
