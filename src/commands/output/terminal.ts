/** Small helpers that verbs with text output share. */
import { relative, resolve } from 'node:path';
import type { CommandContext } from '../command.ts';

/** Paths are shown as given, and opened relative to the working folder. */
export function fromHere(cwd: string, path: string): string {
  return resolve(cwd, path) === resolve(path) ? path : relative('.', resolve(cwd, path)) || '.';
}

/** A table in a file or a pipe has whole rows, for other programs. */
export function tableWidth({ stdout }: CommandContext): number | undefined {
  return stdout.isTTY ? stdout.columns : undefined;
}

/** Decides by flags first, then NO_COLOR (unless empty), then FORCE_COLOR, then by whether stdout is a terminal with colours. */
export function coloured(
  { env, stdout }: CommandContext,
  flags: { readonly color: boolean; readonly noColor: boolean },
  onTerminal = stdout.isTTY,
): boolean {
  if (flags.noColor) return false;
  if (flags.color) return true;
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return onTerminal && env.TERM !== 'dumb';
}
