/**
 * Tells what a triage has read. In: its account. Out: lines with what was opened, what was not read, and how many records each
 * state has.
 */
import type { EvidencePlace, ImageAccount, RecordState } from '../model/evidence.ts';
import type { ScanSummary } from '../model/match.ts';
import { byteText, counted, grouped, timeText } from './wording.ts';

const IMAGES = 4;

/** The lines that tell the most come first: records that the live logs no longer have. */
export function evidenceTexts({ evidence }: ScanSummary): string[] {
  if (evidence === undefined) return [];
  const { records, images, logs } = evidence;
  const states = [
    `live ${grouped(records.live)}`,
    `only in shadow copies ${grouped(records.shadow)}`,
    `only in slack ${grouped(records.slack)}`,
    `only deleted ${grouped(records.deleted)}`,
    `only carved ${grouped(records.carved)}`,
  ];
  const rest = images.length - IMAGES;
  return [
    `records ${states.join(' · ')}`,
    ...images.slice(0, IMAGES).flatMap(imageTexts),
    ...(rest > 0 ? [`and ${counted(rest, 'image')} more`] : []),
    `${counted(logs.length, 'log')}, ${byteText(logs.reduce((sum, { size }) => sum + size, 0))}; opened read-only`,
  ];
}

function imageTexts({ image, format, files, size, volumes, storedHashes, hashes }: ImageAccount): string[] {
  const segments = files.length === 1 ? '' : `, ${counted(files.length, 'file')}`;
  const stored = storedHashes.md5 ?? storedHashes.sha1;
  const same = hashes !== null && (hashes.md5 === storedHashes.md5 || hashes.sha1 === storedHashes.sha1);
  const verdict = hashes === null ? 'not verified: --hash' : same ? 'verified' : 'DIFFERS';
  return [
    `${image}: ${format}${segments}, ${byteText(size)}${stored === undefined ? '' : `; stored hash ${stored} (${verdict})`}`,
    ...volumes.map(({ label, fileSystem, size: bytes, read, snapshots }) => {
      const copies = snapshots.length === 0 ? '' : `, ${copiesText(snapshots)}`;
      return `volume ${label}: ${fileSystem}, ${byteText(bytes)}${read ? copies : ': NOT READ'}`;
    }),
    ...(hashes === null ? [] : [`SHA-256 of the disk ${hashes.sha256}`]),
  ];
}

function copiesText(snapshots: readonly string[]): string {
  return `${snapshots.length === 1 ? '1 shadow copy' : `${snapshots.length} shadow copies`} (${snapshots.join(', ')})`;
}

const WHERE: Readonly<Record<RecordState, (place: EvidencePlace) => string>> = {
  live: () => 'in a live log',
  shadow: ({ snapshot }) => `only in shadow copy ${snapshot?.number} of ${timeText(snapshot?.created ?? null)} UTC`,
  slack: () => 'only in slack space, behind the records of a log',
  deleted: () => 'only in a log that was deleted',
  carved: () => 'only in a chunk that is in no file any more',
};

/** The state in two words, for the front of an event's line; '' for a live record. */
export function stateText(place: EvidencePlace | undefined): string {
  if (place === undefined || place.state === 'live') return '';
  return place.state === 'shadow' ? `shadow ${place.snapshot?.number}` : place.state;
}

/** Where a record is that no live log has: `only in shadow copy 1 of 2026-01-01 00:00:00 UTC`. */
export function whereText(place: EvidencePlace): string {
  return WHERE[place.state](place);
}
