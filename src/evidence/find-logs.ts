/**
 * Finds the event logs in an image. In: opened evidence. Out: each log with its locator, the newest state of a volume first:
 * live, deleted, then its shadow copies from the newest to the oldest. Reports what it does not read: volumes that are not
 * NTFS, and files that are encrypted or only named like logs.
 */
import { looksLikeEvents, SIGNATURE_BYTES, type Sniffed, sniff, sniffBinary } from '../logs/open/sniff.ts';
import { InputError } from '../model/errors.ts';
import type { Evidence } from './evidence.ts';
import { EVIDENCE_OPENER, type EvidenceLocator } from './locator.ts';
import { Catalog, type WantedFile } from './ntfs/catalog.ts';
import type { Ntfs } from './ntfs/ntfs.ts';
import { REUSED } from './ntfs/runs.ts';
import type { NtfsStream } from './ntfs/stream.ts';
import type { Volume } from './volumes.ts';

type LogPlace = Pick<EvidenceLocator, 'opener' | 'image' | 'volume' | 'snapshot' | 'chunks'>;

export type ShadowChoice = 'all' | 'newest' | 'none';

export interface FindOptions {
  readonly shadow: ShadowChoice;
  /** True: looks into every file, whatever its name, and accepts text formats as well. */
  readonly allFiles: boolean;
}

export interface FoundLog {
  readonly locator: EvidenceLocator;
  readonly source: NtfsStream;
  /** Further names of the same file. */
  readonly otherPaths: readonly string[];
  readonly format: Omit<Sniffed, 'head'>;
}

/** Also `Security.evtx.bak`. The name only decides which files are looked into; their content decides the rest. */
const NAMED_LIKE_A_LOG = /\.evtx(?:$|[^a-z])/i;
/** How many bytes are needed to recognise text formats. */
const HEAD_BYTES = 64 << 10;
/** A file packed by the Windows Overlay Filter keeps its bytes in this stream, in a form that is not supported. */
const OVERLAY_STREAM = 'WofCompressedData';

export function* findLogs(evidence: Evidence, options: FindOptions): Generator<FoundLog> {
  if (evidence.volumes.length === 0) {
    const message = `no volume was found on this disk of ${evidence.image.disk.size} bytes: NOT READ.`;
    evidence.reports.error('volume/none', undefined, message, 'winnow triage --carve searches it for event log chunks.');
  }
  for (const volume of evidence.volumes) {
    if (volume.fileSystem === 'NTFS') {
      if (volume.source.size < volume.size) cut(evidence, volume);
      yield* logsOfVolume(evidence, volume, options);
    } else notRead(evidence, volume);
  }
}

/** The only sign that the last parts of a split raw image are missing. */
function cut({ reports }: Evidence, { label, size, start, source }: Volume): void {
  const message = `the image ends ${size - source.size} bytes before the end of volume ${label}: NOT READ from there on.`;
  reports.error('volume/cut', start, message, 'Copy all parts of the image.');
}

function notRead({ reports, image }: Evidence, { label, fileSystem, size, start }: Volume): void {
  const what =
    start >= image.disk.size
      ? 'lies beyond the end of the image'
      : fileSystem === 'unknown'
        ? 'has no file system that is known'
        : `is ${fileSystem}`;
  const hint =
    fileSystem === 'BitLocker'
      ? 'Unlock it first (dislocker, or Windows with the recovery key), and take an image of what is then there.'
      : undefined;
  reports.report('volume/not-read', start, `volume ${label} (${size} bytes) ${what}: NOT READ.`, hint);
}

function* logsOfVolume(evidence: Evidence, volume: Volume, options: FindOptions): Generator<FoundLog> {
  yield* logsOfState(evidence, volume, null, options);
  if (options.shadow === 'none') return;
  const snapshots = evidence.snapshots(volume).map(({ id, createdMs }, i) => ({ id, createdMs, number: i + 1 }));
  for (const snapshot of options.shadow === 'newest' ? snapshots.slice(-1) : snapshots.reverse()) {
    yield* logsOfState(evidence, volume, snapshot, options);
  }
}

function* logsOfState(
  evidence: Evidence,
  volume: Volume,
  snapshot: EvidenceLocator['snapshot'],
  options: FindOptions,
): Generator<FoundLog> {
  const { reports } = evidence;
  let ntfs: Ntfs;
  let catalog: Catalog;
  try {
    ntfs = evidence.fileSystem(snapshot === null ? volume.source : evidence.snapshots(volume)[snapshot.number - 1]!.source);
    catalog = new Catalog(ntfs, (name) => options.allFiles || NAMED_LIKE_A_LOG.test(name));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const what = snapshot === null ? `volume ${volume.label}` : `shadow copy ${snapshot.number} of volume ${volume.label}`;
    reports.error('ntfs/unreadable', volume.start, `${what} (${volume.size} bytes) is NOT READ: ${error.message}.`);
    return;
  }
  const { label, start, size } = volume;
  const place: LogPlace = { opener: EVIDENCE_OPENER, image: evidence.path, volume: { label, start, size }, snapshot, chunks: [] };
  for (const live of [true, false]) {
    for (const file of catalog.wanted) if (file.live === live) yield* logsOfFile(evidence, ntfs, catalog, file, place, options);
  }
}

function* logsOfFile(
  evidence: Evidence,
  ntfs: Ntfs,
  catalog: Catalog,
  file: WantedFile,
  place: LogPlace,
  { allFiles }: FindOptions,
): Generator<FoundLog> {
  const [path, ...otherPaths] = file.names.map((name) => catalog.path(name)) as [string, ...string[]];
  const state = !file.live ? 'deleted' : place.snapshot === null ? 'live' : 'shadow';
  let streams: ReadonlyMap<string, NtfsStream>;
  try {
    streams = ntfs.streams(file.record, path, file.live ? null : evidence.allocation(ntfs));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    evidence.reports.report('ntfs/file-unreadable', 0, `${path} is NOT READ: ${error.message}.`);
    return;
  }
  for (const [stream, source] of streams) {
    if (source.size === 0) continue;
    const format = formatOf(source, allFiles);
    if (format !== null) {
      source.tellFaults();
      yield { locator: { ...place, state, mftRecord: file.record, path, stream }, source, otherPaths, format };
    } else if (NAMED_LIKE_A_LOG.test(stream === '' ? path : stream)) notALog(evidence, source, file.live, streams);
  }
}

function formatOf(source: NtfsStream, allFiles: boolean): Omit<Sniffed, 'head'> | null {
  const head = Buffer.alloc(Math.min(source.size, allFiles ? HEAD_BYTES : SIGNATURE_BYTES));
  const bytes = head.subarray(0, source.read(head, 0));
  const sniffed = sniffBinary(bytes) ?? (allFiles ? sniff(bytes) : null);
  if (sniffed === null || !looksLikeEvents(sniffed)) return null;
  const { format, compressed, encoding } = sniffed;
  return { format, compressed, encoding };
}

/** Reports a file that is not a log. Clusters of deleted files have mostly been overwritten, so these are only counted. */
function notALog({ reports }: Evidence, source: NtfsStream, live: boolean, streams: ReadonlyMap<string, NtfsStream>): void {
  const reused = source.runs.some(({ lcn }) => lcn === REUSED);
  if (!live) {
    const why = reused ? 'its clusters belong to other files by now' : 'its bytes are no event log any more';
    reports.note('ntfs/overwritten', 0, `${source.name} was deleted, and ${why}: not read. There may be more like it.`);
  } else if (source.encrypted) reports.report('ntfs/encrypted', 0, `${source.name} is encrypted (EFS): NOT READ.`);
  else if (streams.has(OVERLAY_STREAM))
    reports.report('ntfs/overlay', 0, `${source.name} is packed by the Windows Overlay Filter: NOT READ.`);
  else {
    source.tellFaults();
    reports.report('ntfs/not-a-log', 0, `${source.name} is named like an event log but is none: not read.`);
  }
}
