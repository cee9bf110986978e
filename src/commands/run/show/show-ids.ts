/**
 * Shows what ids of a report stand for. In: ids or their beginnings, and logs. Out: events whole; of an alert or an incident first what it
 * is, then its events. An event is found by reading the logs; where it is not in them, also slack space and what only carving finds.
 * Alerts and incidents are found by scanning the logs again with the rules and filters of the flags, or in a report. Refuses a beginning
 * that several ids have.
 */
import { idsInReport } from '../../../events/report-ids.ts';
import { ShownEvents } from '../../../events/shown-event.ts';
import { isOfImages } from '../../../evidence/collected-files.ts';
import type { LogsRead } from '../../../logs/open/read-logs.ts';
import { UsageError } from '../../../model/errors.ts';
import type { EventRecord } from '../../../model/event.ts';
import { eventIdOfRecord } from '../../../model/event-id.ts';
import { getOrInsert } from '../../../model/values/maps.ts';
import { visibleText } from '../../../report/sanitize.ts';
import { counted } from '../../../report/wording.ts';
import { type CommandContext, EXIT, type ExitCode } from '../../command.ts';
import type { FlagValues } from '../../flags/flag.ts';
import type { ShowFlags } from '../../flags/show-flags.ts';
import { fromHere } from '../../output/terminal.ts';
import { endOf, readEvents } from '../event-run.ts';
import { type NamedLogs, namedLogs } from '../named-logs.ts';
import { type Finding, findingsOf } from './find-findings.ts';
import { linesOf, takenAs } from './shown-form.ts';

type Flags = FlagValues<ShowFlags>;

/** As much as `winnow triage` can be asked to find. */
const EVERYTHING = { shadow: 'all', carve: true, allFiles: true } as const;
/** Events of an incident that are shown whole for reading; --format json and xml have all. */
const EVENTS_SHOWN = 200;

export async function showIds(
  context: CommandContext,
  ids: readonly string[],
  operands: readonly string[],
  flags: Flags,
  print: (text: string) => Promise<void>,
): Promise<ExitCode> {
  const reported = flags.report === null ? [] : await idsInReport(fromHere(context.cwd, flags.report), ids);
  const logs = operands.length > 0 ? operands : [...new Set(reported.flatMap((one) => [...one.logs]))];
  if (logs.includes('-')) throw new UsageError('show reads logs several times, so it cannot read standard input.');
  let named = await namedLogs(context, logs, { ...flags, inFolders: true });
  const findings: Finding[] = reported.map(({ kind, id, events }) => ({
    kind,
    id,
    heading: `${kind} ${id}\n`,
    events: [...events],
  }));
  const records = new WantedRecords(flags.format);
  let read: LogsRead = { files: [], events: 0, diagnostics: [] };
  const look = async (wanted: (id: string) => boolean, recover = flags.recover): Promise<void> => {
    const all = await readEvents(context, named, (event, file) => records.add(event, file, wanted), null, { recover });
    read = { ...all, diagnostics: all.diagnostics.filter((one) => named.images.length === 0 || !isOfImages(one, named.images)) };
  };
  /** Reads slack space as well, and of images all that triage can be asked for. This takes longer. */
  const lookDeeper = async (wanted: (id: string) => boolean): Promise<void> => {
    if (named.images.length > 0) named = await namedLogs(context, logs, { ...flags, inFolders: true, ...EVERYTHING });
    await look(wanted, true);
  };
  const unknown = (): readonly string[] =>
    context.signal.aborted ? [] : ids.filter((id) => !findings.some((finding) => finding.id.startsWith(id)));
  const findEvents = async (search: typeof look): Promise<void> => {
    const starts = unknown();
    await search((id) => starts.some((start) => id.startsWith(start)));
    const found = records.ids().filter((id) => starts.some((start) => id.startsWith(start)));
    findings.push(...found.map((id): Finding => ({ kind: 'event', id, heading: '', events: [id] })));
  };
  if (reported.length === 0) await findEvents(look);
  if (flags.report === null && unknown().length > 0)
    findings.push(...(await findingsOf(context, unknown(), logs, named.images.length > 0, flags)));
  if (flags.report === null && unknown().length > 0) await findEvents(lookDeeper);
  const wanted = new Set(findings.flatMap(({ events }) => events));
  const isComplete = (): boolean => context.signal.aborted || [...wanted].every((id) => records.has(id));
  if (!isComplete()) await look((id) => wanted.has(id));
  if (!isComplete()) await lookDeeper((id) => wanted.has(id));

  let missing = false;
  const chosen: Finding[] = [];
  for (const id of ids) {
    const fitting = findings.filter((finding) => finding.id.startsWith(id));
    if (fitting.length > 1) throw ambiguous(id, fitting);
    chosen.push(...fitting);
    if (fitting.length > 0 || context.signal.aborted) continue;
    missing = true;
    await context.stderr.write(`winnow show: ${notFound(id, flags, read)}\n`);
  }
  missing = (await printFindings(context, chosen, records, named, flags, print)) || missing;
  const code = await endOf(context, read);
  return missing && code === EXIT.done ? EXIT.input : code;
}

interface WantedRecord {
  readonly taken: string | EventRecord;
  readonly timeUs: number;
  readonly file: string;
  readonly copies: Set<string>;
}

/** The records that are wanted, each once, as they are printed, and where else they are. */
class WantedRecords {
  readonly #found = new Map<string, WantedRecord>();
  readonly #take: (event: EventRecord) => string | EventRecord;

  constructor(format: Flags['format']) {
    this.#take = takenAs(format);
  }

  add(event: EventRecord, file: string, wanted: (id: string) => boolean): true {
    const id = eventIdOfRecord(event);
    if (!wanted(id)) return true;
    const taken = () => ({ taken: this.#take(event), timeUs: event.timeUs, file, copies: new Set<string>() });
    const known = getOrInsert(this.#found, id, taken);
    if (file !== known.file) known.copies.add(file);
    return true;
  }

  ids(): readonly string[] {
    return [...this.#found.keys()];
  }

  has(id: string): boolean {
    return this.#found.has(id);
  }

  get(id: string): WantedRecord | undefined {
    return this.#found.get(id);
  }

  /** By time; what has none comes last. A report in JSON Lines has them in the order of the logs. */
  byTime(ids: readonly string[]): readonly string[] {
    const timeUs = (id: string): number => this.#found.get(id)?.timeUs || Number.POSITIVE_INFINITY;
    return [...ids].sort((a, b) => (timeUs(a) < timeUs(b) ? -1 : Number(timeUs(a) > timeUs(b))));
  }
}

/** Prints findings. Returns true when a record of one is not in the logs. */
async function printFindings(
  context: CommandContext,
  findings: readonly Finding[],
  records: WantedRecords,
  logs: NamedLogs,
  flags: Flags,
  print: (text: string) => Promise<void>,
): Promise<boolean> {
  const text = flags.format === 'text';
  const shown = findings.map((finding) => ({
    ...finding,
    events: records.byTime(finding.events).slice(0, text ? EVENTS_SHOWN : Number.POSITIVE_INFINITY),
  }));
  const around = new ShownEvents(
    shown.flatMap(({ events }) => events.flatMap((id) => records.get(id)?.taken ?? [])).filter((one) => typeof one !== 'string'),
  );
  if (text && shown.length > 0) {
    await readEvents(context, logs, (event, file) => {
      around.add(event, file);
      return true;
    });
  }
  let lost = 0;
  for (const [i, { heading, events }] of shown.entries()) {
    if (text && heading !== '') await print(heading);
    for (const id of events) {
      const found = records.get(id);
      if (found === undefined) lost++;
      else if (typeof found.taken === 'string') await print(found.taken);
      else await print(linesOf(around.lines(found.taken, found.file, [...found.copies])));
    }
    const rest = findings[i]!.events.length - events.length;
    if (rest > 0) await print(`and ${counted(rest, 'more event')}; --format json and xml have all\n`);
  }
  if (lost > 0)
    await context.stderr.write(
      `winnow show: ${counted(lost, 'event')} of what was asked for ${lost === 1 ? 'is' : 'are'} not in these logs.\n`,
    );
  return lost > 0;
}

function ambiguous(id: string, findings: readonly Finding[]): UsageError {
  const all = findings.map((one) => `${one.kind} ${one.id}`).join(', ');
  return new UsageError(`several ids begin with ${id}: ${all}. Write more of it.`);
}

function notFound(id: string, { report }: Flags, { events, files }: LogsRead): string {
  if (report !== null) return `${visibleText(report)} has no event, alert or incident whose id begins with ${id}.`;
  return (
    `no event, alert or incident whose id begins with ${id} is in ${counted(events, 'record')} of ${counted(files.length, 'log')}. ` +
    'Alerts and incidents depend on the scan: give the logs, rules and filters of the one that printed the id (-r RULES), or its report (--report FILE).'
  );
}
