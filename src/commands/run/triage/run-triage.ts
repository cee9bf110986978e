/**
 * Runs `winnow triage`. In: its flags. Out: the report of a scan over the logs of images, with the place of each match, and the
 * account of the evidence. Refuses a folder for --extract that exists already.
 */
import { collectLogs } from '../../../evidence/collect.ts';
import { isImage } from '../../../evidence/is-image.ts';
import { isDiskImage } from '../../../logs/open/sniff.ts';
import { readHead } from '../../../logs/open/sources.ts';
import { UsageError } from '../../../model/errors.ts';
import type { EvidencePlace, LostAccount, LostState } from '../../../model/evidence.ts';
import type { Alert, Match } from '../../../model/match.ts';
import { LEVELS } from '../../../model/rule.ts';
import { whereText } from '../../../report/evidence-account.ts';
import type { ReportedMatchText } from '../../../report/reporter.ts';
import type { ScanResult } from '../../../scan/result.ts';
import type { CommandArgs, CommandContext, ExitCode } from '../../command.ts';
import type { TriageFlags } from '../../flags/triage-flags.ts';
import { fromHere } from '../../output/terminal.ts';
import { runScan } from '../scan/run-scan.ts';
import { scanWith } from '../scan/scan-engine.ts';
import type { ScanEngine } from '../scan/scan-request.ts';
import { LogExtractor } from './extract-logs.ts';
import { machinesOf } from './machines.ts';
import { olderOf, survivorsOf } from './survivors.ts';

export async function runTriage(context: CommandContext, args: CommandArgs<TriageFlags>): Promise<ExitCode> {
  if (args.operands.includes('-'))
    throw new UsageError('triage reads images and folders, not standard input. Use scan for that.');
  const { flags } = args;
  if (flags.output !== null) refuseEvidence(fromHere(context.cwd, flags.output));
  const engine: ScanEngine = async (request, world, hooks) => {
    const extractor = flags.extract === null ? null : new LogExtractor(fromHere(context.cwd, flags.extract));
    const { images, logs } = sorted(args.operands, context.cwd);
    const { shadow, allFiles, carve, hash } = flags;
    const onLog = extractor?.write.bind(extractor);
    const collected = await collectLogs(images, { shadow, allFiles, carve, hash, signal: context.signal, onLog });
    extractor?.finish();
    // The report has the state of a record next to it, so no match is printed before all states are known.
    const result = await scanWith(
      { ...request, paths: logs, recover: true },
      world,
      { ...hooks, onMatches: undefined },
      collected.sources,
    );
    return withEvidence(result, collected, context.signal);
  };
  return runScan(context, { ...args, flags: { ...flags, recover: true, keepCopies: false } }, engine);
}

/** Further segments of an image are not named on the command line, but must not be replaced either. */
function refuseEvidence(output: string): void {
  let head: Buffer;
  try {
    ({ head } = readHead(output));
  } catch {
    return;
  }
  // A report is text, so a file with a zero byte is not an earlier report.
  if (isDiskImage(head) || head.includes(0))
    throw new UsageError(`--output: ${output} holds binary data, maybe evidence. It is not replaced.`);
}

/** The operands that are images. */
function sorted(
  operands: readonly string[],
  cwd: string,
): { readonly images: readonly string[]; readonly logs: readonly string[] } {
  const images = operands.filter((path) => isImage(fromHere(cwd, path)));
  return { images, logs: operands.filter((path) => !images.includes(path)) };
}

type Collected = Awaited<ReturnType<typeof collectLogs>>;
type Result = Awaited<ReturnType<ScanEngine>>;

const STATES: readonly LostState[] = ['shadow', 'deleted', 'slack', 'carved'];
const NO_IMAGE = { image: null, volume: null, snapshot: null, state: 'live', mftRecord: null, diskOffset: null } as const;
/** How an event's JSON begins, and how it ends when the record was recovered. */
const OFFSET = /^"offset":(\d+)/;
const OFFSET_TEXT = 32;
const RECOVERED = Buffer.from('"recovered":true');

async function withEvidence(
  result: ScanResult,
  { places, account, diagnostics }: Collected,
  signal: AbortSignal,
): Promise<Result> {
  const placeOf = (file: string, offset: number, recovered: boolean): EvidencePlace => {
    const place = places.get(file)?.(offset) ?? { ...NO_IMAGE, path: file };
    return recovered ? { ...place, state: 'slack' } : place;
  };
  const ofMatch = (match: Match): EvidencePlace => placeOf(match.event.file, match.event.offset, match.event.recovered);
  const ofText = ({ file, event }: ReportedMatchText): EvidencePlace => {
    const text = Buffer.from(event.buffer, event.byteOffset, event.length);
    const offset = Number(OFFSET.exec(text.toString('latin1', 0, OFFSET_TEXT))?.[1] ?? Number.NaN);
    return placeOf(file, offset, text.subarray(-RECOVERED.length).equals(RECOVERED));
  };
  const { summary } = result;
  // Logs that were given as files count as live.
  const given = summary.files.filter(({ file }) => !places.has(file)).reduce((sum, { records }) => sum + records, 0);
  const { live } = account.records;
  const withSlack = new Set(summary.files.flatMap(({ file, recovered }) => (recovered > 0 ? [file] : [])));
  const sourceAt = (file: string): EvidencePlace => placeOf(file, 0, false);
  const told = {
    matched: matchedOf(result, ofText),
    machines: machinesOf(result.sources, summary.computers),
    cleared: await survivorsOf(result.sources, sourceAt, (file) => withSlack.has(file), signal),
    older: olderOf(result.sources, sourceAt),
  };
  const evidence = { ...account, ...told, records: { ...account.records, live: live + given, slack: summary.totals.recovered } };
  return {
    ...result,
    matches: (order) => mapped(result.matches(order), (match) => ({ ...match, evidence: ofMatch(match) })),
    matchTexts: () => mapped(result.matchTexts(), (match) => ({ ...match, evidence: ofText(match) })),
    alerts: result.alerts.map((alert) => labelled(alert, ofMatch)),
    incidents: result.incidents.map((incident) => ({
      ...incident,
      events: () =>
        mapped(incident.events(), (one) => ({
          ...one,
          evidence: placeOf(one.event.file, one.event.offset, one.event.recovered),
        })),
    })),
    summary: { ...summary, evidence, diagnostics: [...diagnostics, ...summary.diagnostics] },
    close: () => result.close(),
  };
}

/** What is found only outside of live logs. */
function matchedOf(result: ScanResult, placeOf: (match: ReportedMatchText) => EvidencePlace): LostAccount[] {
  const states = new Map<LostState, { readonly events: Set<string>; readonly rules: Set<number> }>();
  for (const match of result.matchTexts()) {
    const { state } = placeOf(match);
    if (state === 'live') continue;
    const found = states.get(state) ?? { events: new Set(), rules: new Set() };
    states.set(state, found);
    found.events.add(match.eventId);
    found.rules.add(match.rule);
  }
  const rank = (rule: number): number => LEVELS.indexOf(result.rules[rule]!.level ?? LEVELS[0]!);
  return STATES.flatMap((state) => {
    const found = states.get(state);
    if (found === undefined) return [];
    const rules = [...found.rules].sort((a, b) => rank(b) - rank(a) || a - b).map((rule) => result.rules[rule]!.title);
    return [{ state, events: found.events.size, rules }];
  });
}

function* mapped<A, B>(all: Iterable<A>, map: (one: A) => B): Generator<B> {
  for (const one of all) yield map(one);
}

/** A record that the live logs no longer have is often the most important finding. */
function labelled(alert: Alert, ofMatch: (match: Match) => EvidencePlace): Alert {
  if (alert.match.kind !== 'match') return alert;
  const place = ofMatch(alert.match);
  if (place.state === 'live') return alert;
  const first = alert.count === 1 ? 'This record is' : 'The first of these records is';
  const note = `${first} ${whereText(place)}; no live log has it.`;
  return { ...without(alert), match: alert.match, notes: [note, ...alert.notes] };
}

/** Alerts read their content when it is asked for. Spreading the object reads it once. */
function without(alert: Alert): Alert {
  const { id, rule, computer, count, first, last, firstUs, lastUs, match, lookback, notes } = alert;
  return { id, rule, computer, count, first, last, firstUs, lastUs, match, lookback, notes };
}
