/** The work of `winnow show`. */
import { EventRenderer } from '../../events/render-event.ts';
import { ShownEvent } from '../../events/shown-event.ts';
import { keepEvent } from '../../logs/plain-event.ts';
import { UsageError } from '../../model/errors.ts';
import { type EventRecord, recordNumber } from '../../model/event.ts';
import { printedLines, visibleText } from '../../report/sanitize.ts';
import { type CommandArgs, type CommandContext, EXIT, type ExitCode } from '../command.ts';
import type { ShowFlags } from '../flags/show-flags.ts';
import { streamOutput } from '../output/output-file.ts';
import { endOf, readEvents } from './event-run.ts';

interface Place {
  readonly file: string;
  readonly record: number | null;
  readonly index: number | null;
}

export async function runShow(context: CommandContext, { operands, flags }: CommandArgs<ShowFlags>): Promise<ExitCode> {
  const places = operands.map(placeOf);
  const target = streamOutput(context.stdout);
  let code: ExitCode = EXIT.done;
  for (const [i, place] of places.entries()) {
    if (i > 0 && flags.format === 'text') await target.write(['\n']);
    const ended = await showPlace(context, place, flags.format, async (text) => target.write([printedLines(text)]));
    if (ended !== EXIT.done) code = ended;
  }
  await target.save([]);
  return code;
}

async function showPlace(
  context: CommandContext,
  place: Place,
  format: 'text' | 'xml' | 'json',
  print: (text: string) => Promise<void>,
): Promise<ExitCode> {
  const renderer = new EventRenderer();
  const raw: string[] = [];
  const found: EventRecord[] = [];
  const read = await readEvents(context, [place.file], (event) => {
    if (!isAt(event, place)) return true;
    if (format === 'text') found.push(keepEvent(event));
    else raw.push(`${format === 'json' ? renderer.json(event) : renderer.xml(event)}\n`);
    // A position is there once; an EventRecordID may come again in an export of several logs.
    return place.index === null;
  });
  if (found.length + raw.length === 0 && read.files.length > 0 && !context.signal.aborted) {
    const what = place.index === null ? `record ${place.record}` : `position ${place.index}`;
    await context.stderr.write(`winnow show: ${visibleText(place.file)} has no ${what}.\n`);
    await endOf(context, read);
    return EXIT.input;
  }
  for (const line of raw) await print(line);
  if (found.length > 0) {
    const shown = found.map((event) => new ShownEvent(event));
    await readEvents(context, [place.file], (event, file) => {
      for (const one of shown) one.add(event, file);
      return true;
    });
    for (const [i, one] of shown.entries()) {
      await print(`${i === 0 ? '' : '\n'}${[...one.lines(place.file)].map((line) => `${line.trimEnd()}\n`).join('')}`);
    }
  }
  return endOf(context, read);
}

function placeOf(text: string): Place {
  const [, file, position, number] = /^(.+):(#?)(\d{1,15})$/s.exec(text) ?? [];
  if (file === undefined) throw new UsageError(`write FILE:RECORD, as Sysmon.evtx:4711, or FILE:#INDEX, not "${text}".`);
  return position === '#' ? { file, record: null, index: Number(number) } : { file, record: Number(number), index: null };
}

function isAt(event: EventRecord, { record, index }: Place): boolean {
  return index === null ? recordNumber(event) === record : event.index === index;
}
