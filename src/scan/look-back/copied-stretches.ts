/**
 * Finds stretches that stand somewhere else byte for byte, as in a log and its copy or in shadow copies: of these one is read
 * again, because every record counts once. In: parts of a scan, and which of their stretches are wanted. Out: for each part, where
 * the stretches begin that need not be read. A file that cannot be read is left to the reader of the look-back, which says so.
 */
import { readFully } from '../../logs/open/byte-source.ts';
import type { ByteSource } from '../../model/reader.ts';
import { addTo, getOrInsert } from '../../model/values/maps.ts';
import { eachStretch, type Stretch } from '../first-pass/stretches.ts';
import { isUnreadable, openTask, type RangeTask } from '../threads/tasks.ts';
import type { ReadPart } from './read-part.ts';

/** Limit on the stretches that are compared: those of 8 GB of EVTX. */
const MAX_COMPARED = 1 << 17;
/** Longer stretches have unused chunks in them. */
const MAX_BYTES = 1 << 20;
/** Different stretches of the same times and length are rare: only so many are told apart. */
const MAX_DIFFERENT = 4;
/** How many files are open at a time. */
const MAX_OPEN = 16;

interface Place {
  readonly part: ReadPart;
  readonly stretch: Stretch;
}

export function copiedStretches(
  parts: readonly ReadPart[],
  wants: (stretch: Stretch) => boolean,
): ReadonlyMap<ReadPart, ReadonlySet<number>> {
  const copied = new Map<ReadPart, Set<number>>();
  const bytes = new StretchBytes();
  try {
    for (const group of alike(parts, wants)) {
      for (const { part, stretch } of copiesIn(group, bytes)) {
        getOrInsert(copied, part, () => new Set()).add(stretch.start);
      }
    }
  } finally {
    bytes.close();
  }
  return copied;
}

/** Stretches of the same times and length, by place: look-back shows the earlier of two places. */
function alike(parts: readonly ReadPart[], wants: (stretch: Stretch) => boolean): readonly (readonly Place[])[] {
  const groups = new Map<string, Place[]>();
  let compared = 0;
  for (const part of parts) {
    if (part.task === null) continue;
    for (const stretch of eachStretch(part.stretches, part.task.bytes.end)) {
      const { start, end, fromUs, toUs } = stretch;
      if (compared === MAX_COMPARED || end - start > MAX_BYTES || !wants(stretch)) continue;
      compared++;
      addTo(groups, `${fromUs} ${toUs} ${end - start}`, { part, stretch });
    }
  }
  return [...groups.values()].filter(({ length }) => length > 1).map((group) => group.sort(byPlace));
}

function byPlace(a: Place, b: Place): number {
  const [one, other] = [a.part.source.path, b.part.source.path];
  if (one !== other) return one < other ? -1 : 1;
  return a.stretch.start - b.stretch.start;
}

function* copiesIn(group: readonly Place[], bytes: StretchBytes): Generator<Place> {
  const firsts: Buffer[] = [];
  for (const place of group) {
    const here = bytes.read(place);
    if (here === null) continue;
    if (firsts.some((first) => first.equals(here))) yield place;
    else if (firsts.length < MAX_DIFFERENT) firsts.push(Buffer.from(here));
  }
}

/** Reads stretches, from files that stay open. */
class StretchBytes {
  readonly #block = Buffer.allocUnsafeSlow(MAX_BYTES);
  /** Source number -> its file, least recently opened first; null where it cannot be read. */
  readonly #open = new Map<number, ByteSource | null>();

  /** Valid until the next call. Null where it cannot be read. */
  read({ part, stretch }: Place): Buffer | null {
    const into = this.#block.subarray(0, stretch.end - stretch.start);
    try {
      const source = this.#sourceOf(part.task!);
      if (source === null) return null;
      // Fewer bytes than there were: the file is being cut.
      return readFully((bytes, at) => source.read(bytes, at), into, stretch.start) === into.length ? into : null;
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      this.#open.get(part.task!.file)?.close();
      this.#open.set(part.task!.file, null);
      return null;
    }
  }

  close(): void {
    for (const source of this.#open.values()) source?.close();
  }

  #sourceOf(task: RangeTask): ByteSource | null {
    const known = this.#open.get(task.file);
    if (known !== undefined) return known;
    if (this.#open.size === MAX_OPEN) {
      const [file, source] = this.#open.entries().next().value!;
      source?.close();
      this.#open.delete(file);
    }
    const source = openTask(task);
    this.#open.set(task.file, source);
    return source;
  }
}
