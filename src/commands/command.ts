/**
 * What a verb is. One file per verb in this folder exports `command`, made with {@link defineCommand}; nothing else is edited.
 * A command's file is loaded whenever `winnow` starts: it holds data, and imports its engine inside `run` with `import()`.
 */
import type { Readable } from 'node:stream';
import type { Flags, FlagValues } from './flags/flag.ts';

/** Exit codes of every verb. */
export const EXIT = {
  done: 0,
  /** Findings at or above `--fail-on`; lint or test failures. */
  findings: 1,
  /** A rule could not be used (lint, test, `--strict`). */
  ruleUnusable: 2,
  /** The command line or a configuration file is wrong. */
  usage: 3,
  /** Input could not be read, nothing was scanned, or the output could not be written. */
  input: 4,
  /** Ctrl-C; what was written until then is valid. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * Where text goes. `write` resolves when more may be written. When nobody reads on (`winnow ... | head`), what is written is dropped:
 * that is no error, and the run goes on to the exit code that it would have had.
 */
export interface TextOutput {
  /** Bytes are UTF-8, and must stay as they are until the promise is resolved. */
  write(text: string | Uint8Array): Promise<void>;
  /** True when nobody reads on. */
  readonly closed: boolean;
  readonly isTTY: boolean;
  /** Width of the terminal; 80 when there is none. */
  readonly columns: number;
}

/** What a command may know of the world around it. Only `cli.ts` touches `process`. */
export interface CommandContext {
  /** What `-` stands for. Opened when it is first asked for. */
  readonly stdin: Readable;
  /** Results. */
  readonly stdout: TextOutput;
  /** Progress and notes. */
  readonly stderr: TextOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly version: string;
  /** Milliseconds from any start. */
  readonly clock: () => number;
  /** Aborted by the first Ctrl-C: finish with what there is and return `EXIT.interrupted`. */
  readonly signal: AbortSignal;
  /** Every verb there is, for help and completion. */
  readonly commands: readonly Command[];
}

/** One operand: `PATHS...`. */
export interface Operand {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** Takes all that is left; only the last operand may. */
  readonly variadic: boolean;
  /** Flags that other tools have for it; not accepted, but the error says so. */
  readonly knownAs?: readonly string[];
}

export interface CommandArgs<F extends Flags = Flags> {
  /** Operands in order, variadic ones flattened; absent optional ones left out. */
  readonly operands: readonly string[];
  readonly flags: FlagValues<F>;
}

export interface Example {
  readonly line: string;
  readonly what: string;
}

export interface Command<F extends Flags = Flags> {
  readonly name: string;
  readonly aliases: readonly string[];
  /** A helper, not one of the things that winnow is for: listed last. */
  readonly auxiliary?: true;
  /** One line for the list of verbs, without a full stop. */
  readonly summary: string;
  /** A paragraph or two for its own help. */
  readonly description: string;
  readonly examples: readonly Example[];
  readonly operands: readonly Operand[];
  readonly flags: F;
  /** The exit codes that it can end with, and when. */
  readonly exitCodes: readonly { readonly code: ExitCode; readonly when: string }[];
  run(context: CommandContext, args: CommandArgs<F>): Promise<ExitCode>;
}

/** Gives `run` the types of its flags. */
export function defineCommand<F extends Flags>(command: Command<F>): Command {
  // `run` is only ever called with the flags that this command's own `flags` produced.
  return command as unknown as Command;
}
