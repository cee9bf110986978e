/**
 * Defines what a verb is. Each file in this folder exports one as `command`, made with {@link defineCommand}; nothing else
 * needs to be edited for a new one. All these files are loaded whenever `winnow` starts, so a file has only data, and imports
 * the code that does the work inside `load`, with `import()`.
 */
import type { Readable } from 'node:stream';
import type { Diagnostic } from '../model/diagnostic.ts';
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
  /** Ctrl-C. Everything written so far is valid. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface ExitReason {
  readonly code: ExitCode;
  readonly when: string;
}

/**
 * Where text goes. `write` resolves when more may be written. When the reader has gone (`winnow ... | head`), what is written
 * is dropped. That is not an error: the run continues to the exit code that it would have had.
 */
export interface TextOutput {
  /** Bytes are UTF-8, and must not change until the promise is resolved. */
  write(text: string | Uint8Array): Promise<void>;
  /** True when the reader has gone. */
  readonly closed: boolean;
  readonly isTTY: boolean;
  /** Width of the terminal; 80 when there is none. */
  readonly columns: number;
}

/** Everything that a command may know of its surroundings. Only `cli.ts` uses the global `process`. */
export interface CommandContext {
  /** The content for `-`. Opened when it is first asked for. */
  readonly stdin: Readable;
  /** Results. */
  readonly stdout: TextOutput;
  /** Progress and notes. */
  readonly stderr: TextOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly version: string;
  /** Milliseconds since any fixed moment. */
  readonly clock: () => number;
  /** Aborted by the first Ctrl-C. The command then finishes with what it has and returns `EXIT.interrupted`. */
  readonly signal: AbortSignal;
  /** All verbs, for help and completion. */
  readonly commands: readonly Command[];
}

/** One operand: `PATHS...`. */
export interface Operand {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** True when it takes all remaining operands. Only the last operand may. */
  readonly variadic: boolean;
  /** Flags that other tools use for this operand. They are not accepted, but the error message names the operand. */
  readonly knownAs?: readonly string[];
}

export interface CommandArgs<F extends Flags = Flags> {
  /** Operands in order. Variadic ones are flattened, absent optional ones left out. */
  readonly operands: readonly string[];
  readonly flags: FlagValues<F>;
  /** Where values of `flags` that were not given come from; absent where only the built-in ones count. */
  readonly settings?: Settings | undefined;
}

/** What project file, user's file and environment have set, and the diagnostics about it. */
export interface Settings {
  /** By the key of the flag. */
  readonly values: ReadonlyMap<string, Setting>;
  /** Files that were read. */
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface Setting {
  readonly value: unknown;
  /** The value as it is written in the file or the variable. */
  readonly text: string;
  /** The file as it is shown, or `WINNOW_RULES`. */
  readonly source: string;
  readonly line?: number | undefined;
}

export interface Example {
  readonly line: string;
  readonly what: string;
}

export interface Command<F extends Flags = Flags> {
  readonly name: string;
  readonly aliases: readonly string[];
  /** What other programs call it: an error names the verb. */
  readonly knownAs?: readonly string[];
  /** True for helpers, which are listed last because they are not the purpose of winnow. */
  readonly auxiliary?: true;
  /** One line for the list of verbs, without a full stop. */
  readonly summary: string;
  /** A paragraph or two for its own help. */
  readonly description: string;
  readonly examples: readonly Example[];
  readonly operands: readonly Operand[];
  readonly flags: F;
  /**
   * Where the project file of the verb is looked for: beside the rules that it checks, or from the working directory upwards but
   * never beside logs. Absent: it takes no settings.
   */
  readonly settings?: 'rules' | 'logs';
  /** True when its output says what was set; stderr says it otherwise. */
  readonly reportsSettings?: true;
  /** The exit codes that the verb can end with, and when. */
  readonly exitCodes: readonly ExitReason[];
  run(context: CommandContext, args: CommandArgs<F>): Promise<ExitCode>;
}

/** The operand of verbs that read events without rules. */
export const LOGS: Operand = {
  name: 'logs',
  description: 'log files, folders of them, disk images, or - for standard input',
  required: true,
  variadic: true,
};

/** The exit codes of such verbs. */
export function logExits(done = 'the logs were read', input = 'a log could not be read'): readonly ExitReason[] {
  return [
    { code: EXIT.done, when: done },
    { code: EXIT.usage, when: 'the command line is wrong' },
    { code: EXIT.input, when: input },
    { code: EXIT.interrupted, when: 'interrupted' },
  ];
}

/** The exit codes of verbs that match rules against events. */
export function matchExits(input: string): readonly ExitReason[] {
  return [
    { code: EXIT.done, when: 'done' },
    { code: EXIT.findings, when: 'a rule at or above --fail-on matched' },
    { code: EXIT.ruleUnusable, when: 'a rule was refused, with --strict; or no rule could be used' },
    { code: EXIT.usage, when: 'the command line or a file that it names is wrong' },
    { code: EXIT.input, when: input },
    { code: EXIT.interrupted, when: 'interrupted; what was written is valid' },
  ];
}

interface Definition<F extends Flags> extends Omit<Command<F>, 'aliases' | 'run'> {
  readonly aliases?: readonly string[];
  /** Imports the code that does the work. */
  readonly load: () => Promise<Command<F>['run']>;
}

/** Gives `run` the types of its flags. */
export function defineCommand<F extends Flags>({ load, ...command }: Definition<F>): Command {
  const run: Command<F>['run'] = async (context, args) => (await load())(context, args);
  // `run` is only called with flags that were parsed by this command's own `flags`.
  return { aliases: [], ...command, run } as unknown as Command;
}
