// HOT: every record of an MFT passes through the walk.
/**
 * Finds the files of a volume that may be logs, and their paths. In: a volume. Out: files with a name or a stream that is
 * wanted. It walks once through the MFT. Memory grows with the folders and the files found, not with all files.
 */
import { getOrInsert } from '../../model/values/maps.ts';
import type { FileName } from './file-record.ts';
import type { FileEntry, Ntfs } from './ntfs.ts';

const ROOT = 5;
/** Limit on the depth of folders. Windows allows paths of 32,767 letters, and a damaged loop would never end. */
const MAX_DEPTH = 1024;
/** Stands for the missing folders above a folder that no longer exists. */
const LOST = '$Orphan';

export interface WantedFile {
  readonly record: number;
  readonly live: boolean;
  /** All names except short ones, unless there are only short ones. */
  readonly names: readonly FileName[];
}

interface Folder {
  readonly name: FileName;
  readonly sequence: number;
  readonly live: boolean;
}

export class Catalog {
  readonly #folders = new Map<number, Folder>();
  readonly wanted: readonly WantedFile[];

  constructor(ntfs: Ntfs, isWanted: (name: string) => boolean) {
    const found = new Map<number, WantedFile>();
    // A name may be in an extension record, before or after the file's own record. So they are put together after the walk.
    const extended = new Map<number, FileEntry>();
    const elsewhere = new Map<number, { names: FileName[]; wanted: boolean }>();
    const take = (file: FileEntry, names: readonly FileName[], wanted: boolean): void => {
      const long = names.filter(({ dos }) => !dos);
      const best = long[0] ?? names[0];
      if (best === undefined) return;
      if (file.folder) this.#folders.set(file.record, { name: best, sequence: file.sequence, live: file.inUse });
      else if (wanted || names.some(({ name }) => isWanted(name))) {
        found.set(file.record, { record: file.record, live: file.inUse, names: long.length > 0 ? long : names });
      }
    };
    for (const file of ntfs.files()) {
      const wanted = file.streams.some(isWanted);
      if (file.base !== 0) {
        if (file.names.length === 0 && !wanted) continue;
        const known = getOrInsert(elsewhere, file.base, () => ({ names: [], wanted: false }));
        known.names.push(...file.names);
        known.wanted ||= wanted;
        continue;
      }
      take(file, file.names, wanted);
      if (file.names.length === 0 || file.listed) extended.set(file.record, file);
    }
    for (const [record, { names, wanted }] of elsewhere) {
      const file = extended.get(record);
      if (file !== undefined) take(file, [...file.names, ...names], wanted || file.streams.some(isWanted));
    }
    this.wanted = [...found.values()].sort((a, b) => a.record - b.record);
  }

  /** The path as Windows writes it, from the root of the volume: `\Windows\System32\winevt\Logs\Security.evtx`. */
  path(name: FileName): string {
    const parts = [name.name];
    let { parent, parentSequence } = name;
    for (let depth = 0; parent !== ROOT; depth++) {
      const folder = this.#folders.get(parent);
      // Freeing a record adds one to its sequence number. A difference of one then means that the folder was deleted and its
      // record not reused.
      const same = folder?.sequence === parentSequence || (folder?.live === false && folder.sequence === parentSequence + 1);
      if (folder === undefined || !same || depth >= MAX_DEPTH) {
        parts.push(LOST);
        break;
      }
      parts.push(folder.name.name);
      ({ parent, parentSequence } = folder.name);
    }
    return `\\${parts.reverse().join('\\')}`;
  }
}
