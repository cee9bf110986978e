/**
 * In: the flags of `winnow scan`, and the engine. Out: the report on stdout or in a file, notes on stderr, the exit code.
 * Refuses an output that cannot be written before it reads anything.
 */
import { extname } from 'node:path';
import { type Diagnostic, formatDiagnostic } from '../../../model/diagnostic.ts';
import { InternalError, UsageError } from '../../../model/errors.ts';
import { eventsRead, type ScanSummary } from '../../../model/match.ts';
import { reporters } from '../../../report/formats/registry.generated.ts';
import { ProgressLine, type ScanProgress } from '../../../report/progress.ts';
import type { Reporter, ReportStream, ReportStyle, ScanReport } from '../../../report/reporter.ts';
import { visibleText } from '../../../report/sanitize.ts';
import { diagnosticTexts, foundText, nextStep, shippedText } from '../../../report/summary-facts.ts';
import { byteText, counted, durationText } from '../../../report/wording.ts';
import { type CommandArgs, type CommandContext, EXIT, type ExitCode, type Settings } from '../../command.ts';
import type { FlagValues } from '../../flags/flag.ts';
import type { FindingFlags, ScanFlags } from '../../flags/scan-flags.ts';
import { isStdout, type Output, openOutput } from '../../output/output-file.ts';
import { coloured } from '../../output/terminal.ts';
import { settingsTexts } from '../../settings.ts';
import { checkEventFilters, eventFilterOf, pathFilterOf } from './event-filters.ts';
import { atLeast, checkRuleFilter, ruleFilter } from './rule-filter.ts';
import type { EngineHooks, ScanEngine, ScanRequest } from './scan-request.ts';

type ReporterFile = (typeof reporters)[number];

/** The width when there is no terminal. It fits a page of documentation, and is the same everywhere. */
const WIDTH_WITHOUT_TERMINAL = 100;
/** How many problems are printed on stderr when the report on stdout is for machines. */
const NOTES_SHOWN = 10;
/** A shorter run has no meaningful speed, because most of it is the start. */
const MIN_MS_FOR_SPEED = 1000;

export async function runScan(context: CommandContext, args: CommandArgs<ScanFlags>, engine: ScanEngine): Promise<ExitCode> {
  const { flags } = args;
  const format = formatFor(flags.format, flags.output);
  const toStdout = isStdout(flags.output);
  const output = await openOutput(context, flags, async () => (await import('../files-read.ts')).filesOfScan(context.cwd, args));
  const progress = progressLine(context, args);
  const startMs = context.clock();
  try {
    // The progress line and the report share one terminal.
    const beforeWrite = () => (toStdout && context.stdout.isTTY ? progress?.clear() : undefined);
    const early = flags.lookback.ms > 0 ? null : earlyReport(await loaded(format, flags), output, beforeWrite);
    const hooks = {
      onProgress: (state: ScanProgress) => progress?.update(state),
      onPhase: (phase: string) => progress?.phase(phase),
      onMatches: early?.onMatches,
    };
    const found = await engine(requestOf(args.operands, flags), context, hooks).finally(() => progress?.clear());
    const result = withSettings(found, args.settings);
    try {
      checkEventFilters(flags, { fromUs: flags.from, toUs: flags.to }, result.summary);
      // Loaded only now, because reading and matching do not need it.
      const reporter = await loaded(format, flags);
      await output.end(early?.stream?.end(result) ?? reporter.render(result, styleOf(context, flags, toStdout)));
      await writeNotes(context, args, result, reporter, context.clock() - startMs);
      return exitCode(result, flags);
    } finally {
      result.close();
    }
  } catch (error) {
    await output.abandon();
    throw error;
  }
}

/** Files and variables that set flags change what a report has, so the summary names them. */
function withSettings<T extends ScanReport>(result: T, settings: Settings | undefined): T {
  if (settings === undefined) return result;
  const { summary } = result;
  const texts = settingsTexts(settings);
  const diagnostics = [...settings.diagnostics, ...summary.diagnostics];
  return { ...result, summary: { ...summary, ...(texts.length === 0 ? {} : { settings: texts }), diagnostics } };
}

async function loaded(format: ReporterFile, { lookback }: CommandArgs<ScanFlags>['flags']): Promise<Reporter> {
  const reporter = await format.load();
  await reporter.prepare?.({ lookback: lookback.ms > 0 });
  return reporter;
}

/** A report that is written while the scan runs. */
interface EarlyReport {
  /** null until something has been written. */
  stream: ReportStream | null;
  readonly onMatches: NonNullable<EngineHooks['onMatches']>;
}

/** null when the format needs all matches before it can begin. */
function earlyReport(reporter: Reporter, output: Output, beforeWrite: () => void): EarlyReport | null {
  if (reporter.begin === undefined) return null;
  const report: EarlyReport = {
    stream: null,
    onMatches: async (matches, rules) => {
      report.stream ??= reporter.begin!(rules);
      beforeWrite();
      await output.write(report.stream.matches(matches));
    },
  };
  return report;
}

/** `--format`, else the format of the output file's ending, else the report for reading. Refuses an ending that no format has. */
function formatFor(format: string | null, output: string | null): ReporterFile {
  const extension = output === null ? '' : extname(output).slice(1).toLowerCase();
  const ofExtension = reporters.find((candidate) => candidate.ownsExtension && candidate.extension === extension);
  if (format === null && ofExtension === undefined && extension !== '') {
    const endings = reporters.filter(({ ownsExtension }) => ownsExtension).map((candidate) => `.${candidate.extension}`);
    throw new UsageError(
      `--output: no format has files that end with ".${extension}" (${endings.join(', ')} are known). Add --format.`,
    );
  }
  const name = format ?? ofExtension?.name ?? 'terminal';
  const reporter = reporters.find((candidate) => candidate.name === name);
  if (reporter === undefined) throw new InternalError(`no format ${name}`);
  return reporter;
}

/** The request to the engine. It leaves out how the report is written, because what a scan finds does not depend on that. */
export function requestOf(paths: readonly string[], flags: FlagValues<FindingFlags>): ScanRequest {
  if (flags.from !== null && flags.to !== null && flags.from > flags.to) throw new UsageError('--from is later than --to.');
  return {
    ...flags,
    paths,
    reported: ruleFilter(flags),
    checkRules: (rules) => checkRuleFilter(flags, rules),
    events: eventFilterOf(flags),
    readPath: pathFilterOf(flags),
  };
}

function progressLine(context: CommandContext, { flags }: CommandArgs<ScanFlags>): ProgressLine | null {
  if (flags.quiet || flags.noProgress || !context.stderr.isTTY || context.env.TERM === 'dumb') return null;
  // Nobody waits for this line, and a terminal that has gone is no reason to stop.
  const write = (text: string) => void context.stderr.write(text).catch(() => {});
  return new ProgressLine(write, () => context.stderr.columns, context.clock);
}

function styleOf(context: CommandContext, flags: CommandArgs<ScanFlags>['flags'], toStdout: boolean): ReportStyle {
  const onTerminal = toStdout && context.stdout.isTTY;
  const { full, brief, by } = flags;
  const width = onTerminal ? context.stdout.columns : WIDTH_WITHOUT_TERMINAL;
  return { width, colour: coloured(context, flags, onTerminal), onTerminal, full, brief, by };
}

/**
 * Prints what stdout does not say: problems when the report is for machines, what was found when it goes to a file, and how
 * long it took.
 */
async function writeNotes(
  context: CommandContext,
  { flags }: CommandArgs<ScanFlags>,
  result: ScanReport,
  reporter: Reporter,
  elapsedMs: number,
): Promise<void> {
  const { summary } = result;
  const toFile = !isStdout(flags.output);
  const lines: string[] = [];
  const told = reporter.selfContained && !toFile;
  if (!told && !flags.quiet) lines.push(...shippedText(summary));
  if (!told) lines.push(...notesOf(summary, flags.quiet));
  if (!flags.quiet) {
    if (!told) lines.push(foundText(result), ...nextStep(result));
    if (toFile) lines.push(`wrote ${flags.output}`);
    const speed = elapsedMs >= MIN_MS_FOR_SPEED ? ` (${byteText(Math.round((summary.totals.bytes / elapsedMs) * 1000))}/s)` : '';
    lines.push(
      `${counted(eventsRead(summary.totals), 'record')}, ${byteText(summary.totals.bytes)} in ${durationText(elapsedMs * 1000)}${speed}`,
    );
  }
  if (lines.length > 0) await context.stderr.write(lines.map((line) => `winnow: ${visibleText(line)}\n`).join(''));
}

/** Prints problems, and which rules were not used. With --quiet, only errors. */
function notesOf({ diagnostics, rules, settings }: ScanSummary, quiet: boolean): string[] {
  if (quiet)
    return diagnostics
      .filter((item) => item.severity === 'error')
      .slice(0, NOTES_SHOWN)
      .map(formatDiagnostic);
  const unused = rules.notUsed.reduce((sum, { count }) => sum + count, 0);
  const note = unused === 0 ? [] : [`${counted(unused, 'rule')} of ${rules.documents} not used; the summary says why`];
  const set = settings === undefined ? [] : [`settings: ${settings.join(', ')}`];
  return [...set, ...diagnosticTexts(diagnostics, NOTES_SHOWN), ...note];
}

type ExitFlags = Pick<CommandArgs<ScanFlags>['flags'], 'failOn' | 'strict' | 'failOnDamage'>;

/**
 * The exit code. Faults of reading come before faults of rules, and these before findings, because findings are then
 * incomplete.
 */
function exitCode({ summary, alerts, rules }: ScanReport, { failOn, strict, failOnDamage }: ExitFlags): ExitCode {
  if (summary.interrupted) return EXIT.interrupted;
  if (eventsRead(summary.totals) === 0 || summary.diagnostics.some(isUnreadInput)) return EXIT.input;
  if (failOnDamage && isDamaged(summary)) return EXIT.input;
  if (summary.rules.used === 0 || (strict && summary.diagnostics.some(isRefusedRule))) return EXIT.ruleUnusable;
  if (failOn !== null && alerts.some((alert) => atLeast(rules[alert.rule]?.level ?? null, failOn))) return EXIT.findings;
  return EXIT.done;
}

/** True for a source that could not be read at all. Damage inside a source is a warning, because the rest was read. */
function isUnreadInput({ code, severity }: Diagnostic): boolean {
  return severity === 'error' && /^(?:input|image|volume|ntfs|vss)\//.test(code);
}

/** True when some record, chunk or file could not be read. A mere note, such as one about a skipped report, is not damage. */
function isDamaged({ totals, diagnostics }: ScanSummary): boolean {
  if (totals.damaged + totals.damagedChunks > 0) return true;
  return diagnostics.some(
    ({ code, severity, damage }) => severity !== 'info' && damage !== false && /^(?:input|evtx|xml|json|csv)\//.test(code),
  );
}

function isRefusedRule({ code, severity }: Diagnostic): boolean {
  return severity === 'error' && /^(?:rule|correlation|filter)\//.test(code);
}
