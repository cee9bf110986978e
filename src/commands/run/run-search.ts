/** The work of `winnow search`. */
import { Chalk } from 'chalk';
import { chunksWith, wordBlock } from '../../events/chunk-filter.ts';
import { eventHeading, eventOnLine } from '../../events/event-line.ts';
import { eventSearch } from '../../events/event-search.ts';
import { Hits, type SearchedEvent } from '../../events/hits.ts';
import type { OpenedSource } from '../../logs/open/open.ts';
import { UsageError } from '../../model/errors.ts';
import { eventIdOf } from '../../model/event-id.ts';
import { emphasised } from '../../report/evidence.ts';
import { printedJson, printedLines, visibleText } from '../../report/sanitize.ts';
import { counted } from '../../report/wording.ts';
import { thread } from '../../thread.ts';
import type { CommandArgs, CommandContext, ExitCode } from '../command.ts';
import type { SearchFlags } from '../flags/search-flags.ts';
import { streamOutput } from '../output/output-file.ts';
import { coloured } from '../output/terminal.ts';
import { checkChoice, endOf, eventChoice, readEvents } from './event-run.ts';
import { namedLogs } from './named-logs.ts';

/** Of a longer value, so many characters are shown around what was found. */
const VALUE_LENGTH = 300;
const COLOURS = new Chalk({ level: 1 });

export async function runSearch(context: CommandContext, { operands, flags }: CommandArgs<SearchFlags>): Promise<ExitCode> {
  const [what = '', ...logs] = operands;
  if (flags.field && flags.regex) throw new UsageError('Give --field or --regex, not both.');
  const kind = flags.field ? 'field' : flags.regex ? 'regex' : 'text';
  const search = eventSearch(what, { kind, cased: flags.caseSensitive });
  const target = streamOutput(context.stdout);
  const pieces: string[] = [];
  const colour = coloured(context, flags);
  const show = flags.format === 'jsonl' ? jsonLine : (event: SearchedEvent) => lines(event, colour);
  const choice = eventChoice(flags);
  const hits = new Hits(
    search,
    (event) => choice.wants(event),
    flags.context,
    flags.format === 'count' ? null : (event) => pieces.push(show(event)),
  );
  const block = search.word === null ? null : wordBlock(search.word, thread.accelerator);
  const rangesOf = ({ format, seekable, name, found, locator }: OpenedSource) =>
    block === null || !seekable || locator !== undefined || format.name !== 'evtx'
      ? null
      : chunksWith(block, name, found, flags.context);
  const named = await namedLogs(context, logs);
  const read = await readEvents(
    context,
    named,
    (event, file) => {
      hits.add(event, file);
      return !context.stdout.closed;
    },
    { target, pieces },
    { rangesOf },
  );
  if (flags.format === 'count') pieces.push(`${hits.hits}\n`);
  await target.save(pieces);
  if (hits.hits === 0 && choice.faults().length > 0 && !logs.includes('-')) {
    // Parts of logs that do not hold the word were not read, and may have the names that no event had so far.
    const all = eventChoice(flags);
    await readEvents(context, named, (event) => {
      all.wants(event);
      return true;
    });
    checkChoice(context, all);
  }
  if (hits.hits === 0 && flags.format === 'text' && !context.signal.aborted && read.files.length > 0)
    await context.stderr.write(`winnow: nothing found in ${counted(read.files.length, 'log')}\n`);
  return endOf(context, read);
}

function lines({ event, found }: SearchedEvent, colour: boolean): string {
  if (found === null) return printedLines(`  ${eventHeading(event)}: ${eventOnLine(event)}\n`);
  const spans = emphasised(found.value, [found], VALUE_LENGTH, visibleText);
  const value = spans.map(({ text, strong }) => (strong && colour ? COLOURS.red(text) : text)).join('');
  return printedLines(`${eventHeading(event)}\n    ${visibleText(found.field)}: ${value}\n`);
}

function jsonLine({ event, found }: SearchedEvent): string {
  const { file, offset, EventRecordID, TimeCreated, Provider, Channel, EventID, Computer, data } = event;
  const hit = found === null ? null : { field: found.field, value: found.value };
  return `${printedJson({ file, id: eventIdOf(event), offset, EventRecordID, TimeCreated, Provider, Channel, EventID, Computer, found: hit, data })}\n`;
}
