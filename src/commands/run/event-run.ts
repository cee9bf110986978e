/** Shared by verbs that look at events without rules: paths, filter, how problems are reported, exit code. */
import { EventChoice } from '../../events/event-choice.ts';
import { type LogOptions, type LogsRead, readLogs } from '../../logs/open/read-logs.ts';
import { UsageError } from '../../model/errors.ts';
import type { EventRecord } from '../../model/event.ts';
import { thread } from '../../thread.ts';
import { type CommandContext, EXIT, type ExitCode } from '../command.ts';
import type { FlagValues } from '../flags/flag.ts';
import type { eventFlags } from '../flags/shared/event-flags.ts';
import type { Output } from '../output/output-file.ts';
import { tell } from '../output/told.ts';
import type { NamedLogs } from './named-logs.ts';

export function eventChoice(flags: FlagValues<typeof eventFlags>): EventChoice {
  if (flags.from !== null && flags.to !== null && flags.from > flags.to) throw new UsageError('--from is later than --to.');
  return new EventChoice(flags);
}

/** Throws a UsageError for a value of a flag that no event fitted: an empty answer to a typing error looks like a clean log. */
export function checkChoice({ signal, stdout }: CommandContext, choice: EventChoice): void {
  const [fault] = signal.aborted || stdout.closed ? [] : choice.faults();
  if (fault !== undefined) throw new UsageError(fault);
}

/** Reads the logs; what `onEvent` has put into `pieces` is written while more is read. */
export async function readEvents(
  { stdin, signal }: CommandContext,
  { paths, ...named }: NamedLogs,
  onEvent: (event: EventRecord, file: string) => boolean | undefined,
  output: { readonly target: Output; readonly pieces: (string | Uint8Array)[] } | null = null,
  more: Pick<LogOptions, 'rangesOf' | 'recover'> = {},
): Promise<LogsRead> {
  const drained = async (): Promise<void> => {
    if (output !== null && output.pieces.length > 0) await output.target.write(output.pieces.splice(0));
  };
  return readLogs(paths, onEvent, signal, { ...named, stdin, drained, thread, ...more });
}

/** Says what went wrong, and which exit code that is. */
export async function endOf(context: CommandContext, { diagnostics, files }: LogsRead): Promise<ExitCode> {
  const told = diagnostics.filter((one) => one.severity !== 'info');
  await tell(context, told, 'winnow: ');
  if (context.signal.aborted) return EXIT.interrupted;
  return files.length === 0 || diagnostics.some((one) => one.severity === 'error') ? EXIT.input : EXIT.done;
}
