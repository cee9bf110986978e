/** Small things that verbs with text output share. */
import { relative, resolve } from 'node:path';
import type { CommandContext } from './command.ts';

/** Paths are shown as they were given; files are opened from where the process runs. */
export function fromHere(cwd: string, path: string): string {
  return resolve(cwd, path) === resolve(path) ? path : relative('.', resolve(cwd, path)) || '.';
}

export function coloured(context: CommandContext, flags: { readonly color: boolean; readonly noColor: boolean }): boolean {
  if (flags.noColor || (context.env.NO_COLOR ?? '') !== '') return false;
  return flags.color || context.stdout.isTTY;
}
