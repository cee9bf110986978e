/** Folders for files of tests. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

const made = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'winnow-test-')));
const removed = (folder: string) => (): void => rmSync(folder, { recursive: true, force: true });

/** One for all tests of a file or of a `describe`. */
export function temporaryFolder(): string {
  const folder = made();
  afterAll(removed(folder));
  return folder;
}

/** One for the test that runs, with these files. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = made();
  onTestFinished(removed(folder));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}
