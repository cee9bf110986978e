/** The work of `winnow dump`. */
import { EventRenderer } from '../../events/render-event.ts';
import { listSources } from '../../logs/open/open.ts';
import { type EventRecord, snapshotEvent } from '../../model/event.ts';
import { eventIdOf } from '../../model/event-id.ts';
import { eventText } from '../../report/event-text.ts';
import { allFields, csvLine } from '../../report/other-tools/csv-table.ts';
import type { CommandArgs, CommandContext, ExitCode } from '../command.ts';
import type { DumpFlags } from '../flags/dump-flags.ts';
import { openOutput } from '../output/output-file.ts';
import { fromHere } from '../output/terminal.ts';
import { checkChoice, endOf, eventChoice, readEvents } from './event-run.ts';
import { namedLogs } from './named-logs.ts';

const COLUMNS = [
  'Timestamp',
  'Computer',
  'Channel',
  'EventID',
  'RecordID',
  'Provider',
  'Details',
  'AllFields',
  'File',
  'Index',
  'Event',
] as const;

export async function runDump(context: CommandContext, { operands, flags, settings }: CommandArgs<DumpFlags>): Promise<ExitCode> {
  const choice = eventChoice(flags);
  const logs = (): string[] => {
    const paths = operands.filter((path) => path !== '-').map((path) => fromHere(context.cwd, path));
    return [...[...listSources(paths, () => {})].map(({ path }) => path), ...(settings?.files ?? [])];
  };
  const target = await openOutput(context, flags, logs);
  const write = writerOf(flags.format);
  const pieces: string[] = [write.before];
  try {
    const read = await readEvents(
      context,
      await namedLogs(context, operands),
      (event, file) => {
        if (choice.wants(event)) pieces.push(write.event(event, file));
        return !context.stdout.closed;
      },
      { target, pieces },
    );
    checkChoice(context, choice);
    await target.end([...pieces, write.after]);
    return await endOf(context, read);
  } catch (error) {
    await target.abandon();
    throw error;
  }
}

interface EventWriter {
  readonly before: string;
  event(event: EventRecord, file: string): string;
  readonly after: string;
}

function writerOf(format: 'jsonl' | 'xml' | 'csv'): EventWriter {
  const renderer = new EventRenderer();
  switch (format) {
    case 'jsonl':
      return { before: '', event: (event) => `${renderer.json(event)}\n`, after: '' };
    case 'xml':
      return { before: '<Events>\n', event: (event) => `${renderer.xml(event)}\n`, after: '</Events>\n' };
    case 'csv':
      // The byte order mark, without which Excel takes UTF-8 for the code page of the machine.
      return { before: `\ufeff${COLUMNS.join(',')}\n`, event: csvRow, after: '' };
  }
}

function csvRow(record: EventRecord, file: string): string {
  const event = snapshotEvent(record, file);
  return csvLine(COLUMNS, {
    Timestamp: event.TimeCreated,
    Computer: event.Computer,
    Channel: event.Channel,
    EventID: event.EventID,
    RecordID: event.EventRecordID,
    Provider: event.Provider,
    Details: eventText(event),
    AllFields: allFields(event),
    File: file,
    Index: event.index,
    Event: eventIdOf(event),
  });
}
