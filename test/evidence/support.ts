/** What tests of evidence share: logs made here, images on disk, and everything that is found in one. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Evidence } from '../../src/evidence/evidence.ts';
import { type FindOptions, findLogs } from '../../src/evidence/find-logs.ts';
import type { EvidenceLocator } from '../../src/evidence/locator.ts';
import { Reports } from '../../src/logs/reports.ts';
import { type Diagnostic, formatDiagnostic } from '../../src/model/diagnostic.ts';
import type { ByteSource } from '../../src/model/reader.ts';
import { ChunkWriter, el, eventRecord, evtxLog } from '../logs/evtx/support/evtx-writer.ts';
import type { MadeImage } from './make-image.ts';

/** A log of some chunks; each of its records says `text`. */
export function madeLog(text: string, chunks = 1): Buffer {
  const made = Array.from({ length: chunks }, (_, i) => {
    const writer = new ChunkWriter(10 * i + 1);
    for (let k = 0; k < 10; k++)
      writer.record(eventRecord(1, el('EventData', {}, el('Data', { Name: 'Text' }, `${text} ${k}`)), BigInt(10 * i + k + 1)));
    return writer.finish();
  });
  return evtxLog(made);
}

/** Writes the files of an image; returns the path of the first. */
export function writeImage(folder: string, image: MadeImage): string {
  for (const [name, bytes] of image) writeFileSync(join(folder, name), bytes);
  return join(folder, image[0]![0]);
}

export function sha256(source: ByteSource | Buffer): string {
  const hash = createHash('sha256');
  if (Buffer.isBuffer(source)) return hash.update(source).digest('hex');
  const block = Buffer.alloc(1 << 20);
  for (let at = 0; ; ) {
    const got = source.read(block, at);
    if (got === 0) return hash.digest('hex');
    hash.update(block.subarray(0, got));
    at += got;
  }
}

/** `live \Windows\...`, `vss1 \Windows\...`, `vss1 deleted \Windows\...` */
export function placeOf({ snapshot, state, path, stream }: EvidenceLocator): string {
  const when = snapshot === null ? '' : `vss${snapshot.number} `;
  return `${when}${state === 'shadow' ? '' : `${state} `}${path}${stream === '' ? '' : `:${stream}`}`;
}

export interface Found {
  /** Place -> SHA-256 of what was found there. */
  readonly logs: Map<string, string>;
  readonly diagnostics: string[];
}

/** Each log is opened again from its locator as JSON, as another thread would. */
export function find(path: string, options: Partial<FindOptions> = {}): Found {
  const diagnostics: string[] = [];
  const reports = new Reports('disk', { diagnostic: (diagnostic: Diagnostic) => diagnostics.push(formatDiagnostic(diagnostic)) });
  const evidence = new Evidence(path, reports);
  const again = new Evidence(path, new Reports('disk', { diagnostic: () => {} }));
  const logs = new Map<string, string>();
  for (const { locator, otherPaths } of findLogs(evidence, { shadow: 'all', allFiles: false, ...options })) {
    const source = again.open(JSON.parse(JSON.stringify(locator)));
    const hash = sha256(source);
    for (const name of [locator.path, ...otherPaths]) logs.set(placeOf({ ...locator, path: name }), hash);
  }
  evidence.close();
  again.close();
  return { logs, diagnostics };
}
