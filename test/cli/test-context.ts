/** A command's world for tests: streams that keep what was written. */
import { Readable } from 'node:stream';
import type { Command, CommandContext, TextOutput } from '../../src/commands/command.ts';
import { runProgram } from '../../src/commands/program.ts';
import { commands } from '../../src/commands/registry.generated.ts';

export interface Captured {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface TestWorld {
  readonly env?: Record<string, string>;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly commands?: readonly Command[];
  /** Characters after which nobody reads stdout any more. */
  readonly closedAfter?: number;
  readonly clock?: () => number;
  readonly stdin?: string;
}

class CapturedOutput implements TextOutput {
  text = '';
  closed = false;
  readonly isTTY: boolean;
  readonly columns: number;
  readonly #closedAfter: number;

  constructor(isTTY: boolean, columns: number, closedAfter: number) {
    this.isTTY = isTTY;
    this.columns = columns;
    this.#closedAfter = closedAfter;
  }

  async write(piece: string | Uint8Array): Promise<void> {
    const text = Buffer.from(piece as string).toString('utf8');
    if (this.text.length + text.length > this.#closedAfter) this.closed = true;
    if (!this.closed) this.text += text;
  }
}

/** Runs `winnow ARGV` in this process. */
export async function runWinnow(argv: readonly string[], world: TestWorld = {}): Promise<Captured> {
  const { isTTY = false, columns = 80, closedAfter = Number.POSITIVE_INFINITY } = world;
  const stdout = new CapturedOutput(isTTY, columns, closedAfter);
  const stderr = new CapturedOutput(isTTY, columns, Number.POSITIVE_INFINITY);
  const context: CommandContext = {
    stdin: Readable.from(world.stdin === undefined ? [] : [world.stdin]),
    stdout,
    stderr,
    env: world.env ?? {},
    cwd: world.cwd ?? process.cwd(),
    version: '0.0.0-test',
    clock: world.clock ?? (() => 0),
    signal: world.signal ?? new AbortController().signal,
    commands: world.commands ?? commands,
  };
  const code = await runProgram(argv, context);
  return { code, out: stdout.text, err: stderr.text };
}
