/**
 * Archives that are open. In: an archive, and which of its members is wanted. Out: the member, read forward without reading
 * anything twice. An archive that is not in use stays open, because the next member asked for is nearly always the one that
 * follows.
 */
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';
import { FileSource } from '../open/byte-source.ts';
import type { MemberLocator } from '../open/source.ts';
import type { ArchiveKind, Member } from './archive.ts';
import { archives } from './registry.generated.ts';
import { readBytes } from './source-bytes.ts';
import { spill } from './spill.ts';

/** Bytes at the start of a file by which an archive is recognised. */
const HEAD_BYTES = 64 << 10;

export function archiveKindOf(head: Buffer): ArchiveKind | null {
  return archives.find((kind) => kind.sniff(head)) ?? null;
}

const keyOf = ({ archive, found, members, password }: MemberLocator): string =>
  JSON.stringify([archive, found.dev, found.ino, members, password]);

export class ArchiveCursor {
  readonly key: string;
  readonly #source: ByteSource;
  readonly #members: AsyncGenerator<Member>;
  /** Number of the member that comes next. */
  #next = 0;

  private constructor(key: string, source: ByteSource, kind: ArchiveKind, password: string | null) {
    this.key = key;
    this.#source = source;
    this.#members = kind.members(source, { password });
  }

  /** Throws `InputError` when the file is no archive, is another file than before, or lies in an archive that cannot be read. */
  static async open(locator: MemberLocator): Promise<ArchiveCursor> {
    const source = await bytesOf(locator);
    try {
      const kind = archiveKindOf(readBytes(source, 0, HEAD_BYTES));
      if (kind === null) throw new InputError('it is no archive.');
      return new ArchiveCursor(keyOf(locator), source, kind, locator.password);
    } catch (error) {
      source.close();
      throw error;
    }
  }

  get next(): number {
    return this.#next;
  }

  /** The next member; null when there is none. */
  async take(): Promise<Member | null> {
    const next = await this.#members.next();
    this.#next++;
    return next.done === true ? null : next.value;
  }

  /** The member with this number. The cursor must not have passed it yet. */
  async goTo(number: number): Promise<Member> {
    let member: Member | null = null;
    while (this.#next <= number) member = await this.take();
    if (member === null) throw new InputError('the archive has fewer members than when it was listed.');
    return member;
  }

  async close(): Promise<void> {
    await this.#members.return(undefined);
    this.#source.close();
  }
}

async function bytesOf(locator: MemberLocator): Promise<ByteSource> {
  const { archive, found, members } = locator;
  return members.length === 0 ? new FileSource(archive, found) : spill(archive, memberBytes(locator));
}

/** One open archive per depth, because an outer archive stays open while an archive inside it is read. */
const idle: (ArchiveCursor | null)[] = [];

async function cursorFor(locator: MemberLocator, wanted: number): Promise<ArchiveCursor> {
  const depth = locator.members.length;
  const kept = idle[depth] ?? null;
  // Removed from the list, so that nobody else moves the cursor in the meantime.
  idle[depth] = null;
  if (kept !== null && kept.key === keyOf(locator) && kept.next <= wanted) return kept;
  await kept?.close();
  return ArchiveCursor.open(locator);
}

async function release(cursor: ArchiveCursor, depth: number): Promise<void> {
  const other = idle[depth] ?? null;
  idle[depth] = cursor;
  await other?.close();
}

/** The bytes of a member. May be called several times for the same member. */
export async function* memberBytes(locator: MemberLocator): AsyncGenerator<Uint8Array> {
  const number = locator.members.at(-1)!;
  const outer = { ...locator, members: locator.members.slice(0, -1) };
  const cursor = await cursorFor(outer, number);
  let whole = false;
  try {
    const member = await cursor.goTo(number);
    yield* member.bytes();
    whole = true;
  } finally {
    if (whole) await release(cursor, outer.members.length);
    else await cursor.close();
  }
}

/** Closes all archives that were kept open. */
export async function closeArchives(): Promise<void> {
  for (const cursor of idle.splice(0)) await cursor?.close();
}
