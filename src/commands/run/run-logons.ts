/** The work of `winnow logons`. */
import { Logons } from '../../events/logons.ts';
import { logonObjects, logonsText } from '../../events/logons-text.ts';
import { printedJsonLines, printedPieces } from '../../report/sanitize.ts';
import { loadTextWidths } from '../../report/text-layout.ts';
import type { CommandArgs, CommandContext, ExitCode } from '../command.ts';
import type { LogonsFlags } from '../flags/logons-flags.ts';
import { streamOutput } from '../output/output-file.ts';
import { tableWidth } from '../output/terminal.ts';
import { checkChoice, endOf, eventChoice, readEvents } from './event-run.ts';
import { namedLogs } from './named-logs.ts';

export async function runLogons(context: CommandContext, { operands, flags }: CommandArgs<LogonsFlags>): Promise<ExitCode> {
  const choice = eventChoice({ ...flags, channel: [], eventId: [] });
  const logons = new Logons();
  const read = await readEvents(context, await namedLogs(context, operands), (event) => {
    if (choice.wants(event)) logons.add(event);
    return true;
  });
  checkChoice(context, choice);
  await loadTextWidths();
  const { format, top, sessions } = flags;
  const pieces =
    format === 'jsonl'
      ? printedJsonLines(logonObjects(logons, sessions))
      : printedPieces(logonsText(logons, top, sessions, tableWidth(context)));
  await streamOutput(context.stdout).save(pieces);
  return endOf(context, read);
}
