/**
 * Lists the logs in an archive, each as a source of its own. In: a file that is an archive. Out: sources in the order of the
 * archive. Members that are not logs are passed over and counted. Refuses archives nested more than MAX_DEPTH deep, and says why
 * a member cannot be read.
 */
import { basename } from 'node:path';
import { InputError } from '../../model/errors.ts';
import type { RecordShape } from '../../model/record-shape.ts';
import { type FoundFile, MemorySource } from '../open/byte-source.ts';
import { reportIn } from '../open/own-report.ts';
import {
  describeBytes,
  HEAD_BYTES,
  hasLateEvents,
  looksLikeDiskImage,
  looksLikeEvents,
  type Sniffed,
  sniff,
} from '../open/sniff.ts';
import type { MemberLocator, Report, Source } from '../open/source.ts';
import type { Member } from './archive.ts';
import { ArchiveCursor, archiveKindOf } from './archive-cursor.ts';
import { collectionIn } from './collections.ts';

/** How deep an archive may lie inside the archive that was named. */
const MAX_DEPTH = 1;
/** When the head of a JSON member shows no event, this much of it is searched, as for files in folders. */
const LATE_BYTES = 1 << 20;
const NAMED_LIKE_A_LOG = /\.(?:evtx?|evtx\.gz)$/i;

export interface ArchiveOptions {
  readonly password: string | null;
  /** True when the user named the archive itself, not only a folder that contains it. */
  readonly named: boolean;
  readonly shapes: readonly RecordShape[] | undefined;
  readonly signal: AbortSignal | undefined;
}

class Listing {
  readonly sources: Source[] = [];
  readonly names = new Set<string>();
  /** Names of logs as written in archives. They tell what kind of collection the archive is. */
  readonly paths: string[] = [];
  files = 0;
  /** The number of files that a diagnostic was given for. */
  told = 0;
  readonly encrypted: string[] = [];
  /** Links, pipes and devices. */
  special = 0;
  faults = 0;
  readonly report: Report;
  readonly options: ArchiveOptions;

  constructor(report: Report, options: ArchiveOptions) {
    this.report = report;
    this.options = options;
  }
}

/** Unreadable members that are named one by one; any more are only counted. */
const MAX_FAULTS = 20;

export async function listMembers(
  path: string,
  found: FoundFile,
  report: Report,
  options: ArchiveOptions,
): Promise<readonly Source[]> {
  const { password, named } = options;
  const listing = new Listing(report, options);
  await walk(path, { kind: 'member', archive: path, found, members: [], password }, listing);
  const place = { file: path };
  const { sources, files, encrypted } = listing;
  if (encrypted.length > 0) {
    const many = encrypted.length === 1 ? '1 file is' : `${encrypted.length} files are`;
    const message = `${many} encrypted (the first: ${JSON.stringify(encrypted[0])}) and ${encrypted.length === 1 ? 'was' : 'were'} not read.`;
    report({ code: 'input/encrypted', severity: 'error', message, hint: 'Give the password with --archive-password.', place });
  } else if (sources.length === 0 && listing.told + listing.faults === 0) {
    const seen = files === 0 ? 'no file' : files === 1 ? 'one file, which is none' : `${files} files, none of which is one`;
    const message = `no event log in this archive: it holds ${seen}.`;
    report({ code: 'input/no-logs', severity: named ? 'error' : 'info', message, place });
  } else if (files > sources.length + listing.told) {
    const count = files - sources.length - listing.told;
    const message = count === 1 ? 'one file in it is no event log' : `${count} files in it are no event logs`;
    report({
      code: 'input/skipped',
      severity: 'info',
      message: `${message} and ${count === 1 ? 'was' : 'were'} passed over.`,
      place,
    });
  }
  if (listing.special > 0) {
    const message = `${listing.special === 1 ? 'one link, pipe or device' : `${listing.special} links, pipes or devices`} in it: passed over.`;
    report({
      code: 'input/special',
      severity: 'info',
      message,
      hint: 'What a link leads to is read where the archive holds it as a file.',
      place,
    });
  }
  if (listing.faults > MAX_FAULTS) {
    const message = `${listing.faults - MAX_FAULTS} more members could not be read.`;
    report({ code: 'input/archive', severity: 'error', message, place });
  }
  const collection = collectionIn(path, listing.paths);
  if (collection !== null) report({ code: 'input/collection', severity: 'info', message: collection, place });
  return sources;
}

async function walk(shown: string, locator: MemberLocator, listing: Listing): Promise<void> {
  let cursor: ArchiveCursor | null = null;
  try {
    cursor = await ArchiveCursor.open(locator);
    for (let number = 0; ; number++) {
      const member = await cursor.take();
      if (member === null || listing.options.signal?.aborted) return;
      await look(shown, member, { ...locator, members: [...locator.members, number] }, listing);
    }
  } catch (error) {
    tell(listing, shown, error);
  } finally {
    await cursor?.close();
  }
}

/** A member with such a name may be a log even if it is packed as a program, so its bytes are read. */
const NAMES_OF_LOGS = /\.(?:evtx?|xml|json|jsonl|ndjson|csv|log|txt|gz|zst|zip|7z|tar|tgz)$/i;

/** Reports a fault of an archive, or of a member that cannot be opened at all. */
function tell(listing: Listing, file: string, error: unknown): void {
  if (!(error instanceof InputError) && (error as NodeJS.ErrnoException).syscall === undefined) throw error;
  if (++listing.faults > MAX_FAULTS) return;
  listing.report({ code: 'input/archive', severity: 'error', message: (error as Error).message, place: { file } });
}

async function look(shown: string, member: Member, locator: MemberLocator, listing: Listing): Promise<void> {
  if (member.special === true) {
    listing.special++;
    return;
  }
  listing.files++;
  if (member.program === true && !NAMES_OF_LOGS.test(member.path)) return;
  const name = uniqueName(`${shown}${member.path === '' ? '' : `!${member.path}`}`, listing.names);
  if (member.encrypted && locator.password === null) {
    listing.told++;
    listing.encrypted.push(name);
    return;
  }
  let head: Buffer;
  try {
    head = await headOf(member, listing.options.shapes);
  } catch (error) {
    listing.told++;
    tell(listing, name, error);
    return;
  }
  if (archiveKindOf(head) !== null) {
    listing.told++;
    if (locator.members.length <= MAX_DEPTH) await walk(name, locator, listing);
    else tell(listing, name, new InputError('it is an archive in an archive in an archive: unpack the outer one first.'));
    return;
  }
  add(name, member, locator, head, listing);
}

function add(name: string, member: Member, locator: MemberLocator, head: Buffer, listing: Listing): void {
  const sniffed = head.length === 0 ? null : sniff(head);
  const other = sniffed?.format.text ? reportIn(sniffed.head) : null;
  if (other !== null) {
    listing.told++;
    listing.report({ code: other.code, severity: 'info', message: `${other.seen}: passed over.`, place: { file: name } });
  } else if (sniffed !== null && (looksLikeEvents(sniffed, listing.options.shapes) || isLate(sniffed, head))) {
    const { format, compressed, encoding } = sniffed;
    listing.paths.push(member.path === '' ? basename(name) : member.path);
    listing.sources.push({
      path: name,
      kind: 'nested',
      size: member.size,
      sniffed: { format, compressed, encoding },
      member: locator,
    });
  } else if (looksLikeDiskImage(head, member.size ?? 0)) {
    listing.told++;
    const message = 'it is a disk image in an archive, and was not read.';
    const hint = 'Unpack the archive, and use winnow triage.';
    listing.report({ code: 'input/disk-image', severity: 'error', message, hint, place: { file: name } });
  } else if (NAMED_LIKE_A_LOG.test(member.path)) {
    listing.told++;
    const message =
      head.length === 0 ? 'it is empty.' : `named like an event log, but found ${describeBytes(head).seen}. It was not read.`;
    listing.report({ code: 'input/not-a-log', severity: 'warning', message, place: { file: name } });
  }
}

function isLate(sniffed: Sniffed, head: Buffer): boolean {
  const bytes = new MemorySource('', head);
  return hasLateEvents(sniffed, (into, at) => bytes.read(into, at));
}

/** The first bytes of a member. More of them when it is JSON that does not yet show what it holds. */
async function headOf(member: Member, shapes: ArchiveOptions['shapes']): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let wanted = HEAD_BYTES;
  try {
    for await (const part of member.bytes()) {
      parts.push(Uint8Array.prototype.slice.call(part));
      length += part.length;
      if (length < wanted) continue;
      const sniffed = wanted === HEAD_BYTES ? sniff(Buffer.concat(parts)) : null;
      if (sniffed === null || looksLikeEvents(sniffed, shapes)) break;
      wanted = LATE_BYTES;
    }
  } catch (error) {
    // A member that is damaged after its beginning is read up to the damage.
    if (length === 0) throw error;
  }
  return Buffer.concat(parts);
}

/** An archive may contain a name twice, but reports identify sources by name. */
function uniqueName(name: string, names: Set<string>): string {
  let unique = name;
  for (let number = 2; names.has(unique); number++) unique = `${name} (${number})`;
  names.add(unique);
  return unique;
}
