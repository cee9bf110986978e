/**
 * The work of `winnow show`. In: records by their place, or ids and logs. Out: each event whole. Refuses operands that are neither,
 * and ids without a log to look in.
 */
import { ShownEvents } from '../../../events/shown-event.ts';
import { UsageError } from '../../../model/errors.ts';
import { type EventRecord, recordNumber } from '../../../model/event.ts';
import { printedLines, visibleText } from '../../../report/sanitize.ts';
import { type CommandArgs, type CommandContext, EXIT, type ExitCode } from '../../command.ts';
import type { FlagValues } from '../../flags/flag.ts';
import type { ShowFlags } from '../../flags/show-flags.ts';
import { streamOutput } from '../../output/output-file.ts';
import { endOf, readEvents } from '../event-run.ts';
import { namedLogs } from '../named-logs.ts';
import { linesOf, takenAs } from './shown-form.ts';

interface Place {
  readonly file: string;
  readonly record: number | null;
  readonly index: number | null;
}

/** Ids have twelve digits; reports for reading print the first seven. */
const ID = /^[0-9a-f]{7,12}$/i;
const PLACE = /^(.+):(#?)(\d{1,15})$/s;

export async function runShow(context: CommandContext, { operands, flags }: CommandArgs<ShowFlags>): Promise<ExitCode> {
  const places = operands.flatMap((text) => placeOf(text) ?? []);
  const ids = operands.filter((text) => ID.test(text)).map((id) => id.toLowerCase());
  const logs = operands.filter((text) => !ID.test(text) && placeOf(text) === null);
  if (ids.length === 0 && logs.length > 0)
    throw new UsageError(
      `write FILE:RECORD, as Sysmon.evtx:4711, FILE:#INDEX, or an id from a report and its logs, not "${logs[0]}".`,
    );
  if (ids.length > 0 && logs.length === 0 && flags.report === null)
    throw new UsageError(`name the logs that ${ids[0]} is in: winnow show ${ids[0]} LOGS..., or --report FILE.`);
  const target = streamOutput(context.stdout);
  let shown = 0;
  const print = async (text: string): Promise<void> => {
    // Only text for reading has an empty line between events.
    const between = flags.format === 'text' && shown++ > 0 ? ['\n'] : [];
    await target.write([...between, printedLines(text)]);
  };
  let code: ExitCode = EXIT.done;
  for (const place of places) {
    const ended = await showPlace(context, place, flags, print);
    if (ended !== EXIT.done) code = ended;
  }
  if (ids.length > 0) {
    const { showIds } = await import('./show-ids.ts');
    const ended = await showIds(context, ids, logs, flags, print);
    if (ended !== EXIT.done) code = ended;
  }
  await target.save([]);
  return code;
}

async function showPlace(
  context: CommandContext,
  place: Place,
  flags: FlagValues<ShowFlags>,
  print: (text: string) => Promise<void>,
): Promise<ExitCode> {
  const take = takenAs(flags.format);
  const logs = await namedLogs(context, [place.file], flags);
  const found: { readonly taken: string | EventRecord; readonly file: string }[] = [];
  const read = await readEvents(context, logs, (event, file) => {
    if (!isAt(event, place)) return true;
    found.push({ taken: take(event), file });
    // A position occurs once; an export of several logs may hold an EventRecordID more than once.
    return place.index === null;
  });
  if (found.length === 0 && read.files.length > 0 && !context.signal.aborted) {
    const what = place.index === null ? `record ${place.record}` : `position ${place.index}`;
    await context.stderr.write(`winnow show: ${visibleText(place.file)} has no ${what}.\n`);
    await endOf(context, read);
    return EXIT.input;
  }
  const events = found.map(({ taken }) => taken).filter((one) => typeof one !== 'string');
  const around = new ShownEvents(events);
  if (events.length > 0) {
    await readEvents(context, logs, (event, file) => {
      around.add(event, file);
      return true;
    });
  }
  for (const { taken, file } of found) await print(typeof taken === 'string' ? taken : linesOf(around.lines(taken, file)));
  return endOf(context, read);
}

function placeOf(text: string): Place | null {
  const [, file, position, number] = PLACE.exec(text) ?? [];
  if (file === undefined) return null;
  return position === '#' ? { file, record: null, index: Number(number) } : { file, record: Number(number), index: null };
}

function isAt(event: EventRecord, { record, index }: Place): boolean {
  return index === null ? recordNumber(event) === record : event.index === index;
}
