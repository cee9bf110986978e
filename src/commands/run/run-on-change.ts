/**
 * Runs something again whenever a file has changed, until it is interrupted. In: files and folders, which are asked for after each run.
 * Out: nothing. Changes that come together cause one run; those during a run cause one more. Hidden files do not count: git and
 * editors write them all the time.
 */
import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname, resolve, sep } from 'node:path';

/** Editors write a file in several steps. */
const SETTLE_MS = 150;

export async function runOnChange(
  paths: () => readonly string[],
  signal: AbortSignal,
  run: (changed: string | null) => Promise<void>,
): Promise<void> {
  let changed: string | null = null;
  while (!signal.aborted) {
    // Watched before the run: a change while it reads must not be missed.
    const change = new NextChange(paths(), signal);
    try {
      await run(changed);
      changed = await change.happened;
    } finally {
      change.close();
    }
    if (changed === null) return;
  }
}

class NextChange {
  /** The changed file; null when the run is interrupted instead. */
  readonly happened: Promise<string | null>;
  readonly #watchers: FSWatcher[];
  #timer: NodeJS.Timeout | undefined;
  #stop: () => void = () => {};

  constructor(paths: readonly string[], signal: AbortSignal) {
    let done: (path: string | null) => void = () => {};
    this.happened = new Promise((resolvePromise) => {
      done = resolvePromise;
    });
    const stop = (): void => done(null);
    signal.addEventListener('abort', stop, { once: true });
    this.#stop = () => signal.removeEventListener('abort', stop);
    if (signal.aborted) stop();
    const seen = (path: string): void => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => done(path), SETTLE_MS);
    };
    this.#watchers = [...foldersOf(paths)].map(([folder, names]) => {
      // A named file is watched through its folder: many editors replace a file instead of writing it.
      const watcher = watch(folder, { recursive: names === null }, (_, name) => {
        if (name === null || isHidden(name) || (names !== null && !names.has(name))) return;
        seen(resolve(folder, name));
      });
      // A folder that goes away counts as a change.
      watcher.on('error', () => seen(folder));
      return watcher;
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stop();
    for (const watcher of this.#watchers) watcher.close();
  }
}

function isHidden(path: string): boolean {
  return path.split(sep).some((name) => name.startsWith('.'));
}

/** Folder -> the names in it that count; null: everything below it. */
function foldersOf(paths: readonly string[]): ReadonlyMap<string, Set<string> | null> {
  const folders = new Map<string, Set<string> | null>();
  for (const path of paths) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    if (stats.isDirectory()) folders.set(resolve(path), null);
    else {
      const folder = dirname(resolve(path));
      const names = folders.get(folder);
      if (names !== null) folders.set(folder, (names ?? new Set<string>()).add(basename(path)));
    }
  }
  return folders;
}
