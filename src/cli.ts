#!/usr/bin/env node
// The binary, and the only file that uses the global `process`. Everything else is loaded only after `--version` has been
// handled, so that `winnow --version` starts as fast as Node itself.
import type { Command, TextOutput } from './commands/command.ts';

const NOT_READ = 4;
const INTERNAL_ERROR = 70;
const INTERRUPTED = 130;
/** What the system answers when it is at its limits: no fault of winnow. */
const NO_ROOM = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);
/** Ctrl-C, a request to end, a terminal that was closed, Ctrl-\. Windows has no SIGQUIT. */
const SIGNALS: readonly NodeJS.Signals[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  ...(process.platform === 'win32' ? [] : (['SIGQUIT'] as const)),
];

function textOutput(
  stream: NodeJS.WriteStream,
  { isReaderGone, outputError }: typeof import('./commands/output/output-error.ts'),
  printed: (text: string) => string = (text) => text,
): TextOutput {
  let lost: Error | null = null;
  let closed = false;
  const failed = (cause: unknown): void => {
    if (isReaderGone(cause, stream.isTTY)) closed = true;
    else lost ??= outputError(cause);
  };
  // Without a listener a closed pipe would end the process with a stack trace.
  stream.on('error', failed);
  return {
    get closed() {
      return closed;
    },
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns > 0 ? stream.columns : 80;
    },
    write: (text) =>
      new Promise((resolve, reject) => {
        if (lost !== null) return reject(lost);
        if (closed) return resolve();
        stream.write(typeof text === 'string' ? printed(text) : text, (error) => {
          if (error) failed(error);
          if (lost === null) resolve();
          else reject(lost);
        });
      }),
  };
}

function finishesWhenInterrupted(commands: readonly Command[], verb: string | undefined): boolean {
  const command = commands.find(({ name, aliases }) => name === verb || (verb !== undefined && aliases.includes(verb)));
  return command?.exitCodes.some(({ code }) => code === INTERRUPTED) ?? false;
}

async function main(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    process.stdout.write(`${WINNOW_VERSION}\n`);
    return 0;
  }
  // Installed before anything is loaded, so that an early interruption finds its handler.
  const interrupt = new AbortController();
  for (const name of SIGNALS) {
    process.on(name, () => {
      // The second interruption ends the process at once, without waiting for a report.
      if (interrupt.signal.aborted)
        return void import('./files/atomic-file.ts').then(({ removeUnfinished }) => {
          removeUnfinished();
          process.exit(INTERRUPTED);
        });
      interrupt.abort();
      if (process.stderr.isTTY)
        process.stderr.write('\r\u001b[Kwinnow: finishing with what was found; interrupt again to stop at once\n');
    });
  }
  // As with compiled rules, `--no-cache` means that nothing is kept on disk.
  if (!argv.includes('--no-cache')) (await import('./commands/run/cache-folder.ts')).keepCompiledCode(process.env);
  const [{ runProgram }, { commands }, errors, { printedLines }] = await Promise.all([
    import('./commands/program.ts'),
    import('./commands/registry.generated.ts'),
    import('./commands/output/output-error.ts'),
    import('./report/sanitize.ts'),
  ]);
  // A verb that has nothing to finish is ended by the signal itself, even in the middle of long work on this thread.
  if (!finishesWhenInterrupted(commands, argv[0])) {
    for (const name of SIGNALS) process.removeAllListeners(name);
    if (interrupt.signal.aborted) return INTERRUPTED;
  }
  const stderr = textOutput(process.stderr, errors, printedLines);
  return runProgram(argv, {
    get stdin() {
      return process.stdin;
    },
    stdout: textOutput(process.stdout, errors),
    stderr,
    env: process.env,
    cwd: process.cwd(),
    version: WINNOW_VERSION,
    clock: () => performance.now(),
    signal: interrupt.signal,
    commands,
  });
}

main(process.argv.slice(2)).then(
  // Every write has been waited for, and a worker that is still busy must not keep the process alive.
  (code) => process.exit(code),
  (error: unknown) => {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (NO_ROOM.has(code)) {
      const text = `winnow: the system gives no more files or memory (${code}): raise the limit (ulimit -n, ulimit -v).\n`;
      process.stderr.write(text, () => process.exit(NOT_READ));
      return;
    }
    const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error);
    process.stderr.write(`winnow ${WINNOW_VERSION}: internal error. Please report it with the lines below.\n${stack}\n`, () =>
      process.exit(INTERNAL_ERROR),
    );
  },
);
