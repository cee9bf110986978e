// HOT: every record of an MFT passes through the walk.
/**
 * The files of a volume that may be logs, and their paths. In: a volume. Out: files with a name or a stream that is wanted. One walk
 * through the MFT; memory goes by folders and by files found, not by files.
 */
import type { FileName } from './file-record.ts';
import type { FileEntry, Ntfs } from './ntfs.ts';

const ROOT = 5;
/** Folders inside of folders: Windows allows 32,767 letters, a loop has no end. */
const MAX_DEPTH = 1024;
/** What is above a folder that is gone. */
const LOST = '$Orphan';

export interface WantedFile {
  readonly record: number;
  readonly live: boolean;
  /** All of them but for short names, unless there is nothing else. */
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
  /** Files and folders, by the MFT. */
  readonly counts: { readonly live: number; readonly deleted: number };

  constructor(ntfs: Ntfs, isWanted: (name: string) => boolean) {
    const found = new Map<number, WantedFile>();
    // Names may stand in an extension record, before or behind the file's own: put together when all have been seen.
    const extended = new Map<number, FileEntry>();
    const elsewhere = new Map<number, { names: FileName[]; wanted: boolean }>();
    let live = 0;
    let deleted = 0;
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
        const known = elsewhere.get(file.base);
        if (known === undefined) elsewhere.set(file.base, { names: [...file.names], wanted });
        else {
          known.names.push(...file.names);
          known.wanted ||= wanted;
        }
        continue;
      }
      if (file.inUse) live++;
      else deleted++;
      take(file, file.names, wanted);
      if (file.names.length === 0 || file.listed) extended.set(file.record, file);
    }
    for (const [record, { names, wanted }] of elsewhere) {
      const file = extended.get(record);
      if (file !== undefined) take(file, [...file.names, ...names], wanted || file.streams.some(isWanted));
    }
    this.wanted = [...found.values()].sort((a, b) => a.record - b.record);
    this.counts = { live, deleted };
  }

  /** As Windows has it, from the root of the volume: `\Windows\System32\winevt\Logs\Security.evtx`. */
  path(name: FileName): string {
    const parts = [name.name];
    let { parent, parentSequence } = name;
    for (let depth = 0; parent !== ROOT; depth++) {
      const folder = this.#folders.get(parent);
      // The sequence number counts on by one when a record is freed: then the folder was deleted, and nothing has taken its place.
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
