/** The acceptance corpus beside the project. It is absent on a user's machine: tests that need it skip, and the count says so. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
export const sharedRoot = join(projectRoot, '..', 'shared');
export const hasShared = existsSync(join(sharedRoot, 'corpus'));

/** A path inside the corpus folder. */
export function shared(...parts: string[]): string {
  return join(sharedRoot, ...parts);
}

/** `describe`, skipped (and counted as skipped) where the corpus is absent. */
export const describeShared = describe.skipIf(!hasShared);
