/**
 * The options of a scan. In: options, most of them not given. Out: the parts of a scan, each with its own options and no others,
 * so that nothing further down sees what it does not use.
 */
import type { Readable } from 'node:stream';
import { INCIDENT_GAP_US } from '../findings/incidents/group-incidents.ts';
import type { WindowOptions } from '../findings/judge-matches.ts';
import type { Source } from '../logs/open/open.ts';
import type { RuleInfo } from '../model/match.ts';
import type { ReadOptions } from '../model/reader.ts';
import type { LogSourceOptions } from '../sigma/logsource/resolve.ts';
import type { Placeholders } from '../sigma/rule/load.ts';
import type { EventFilter } from './event-filter.ts';
import { ALL_TIMES, type Reading, type TimeFilter } from './first-pass/range-scanner.ts';
import type { RuleInputs } from './load-rules.ts';
import type { Choice } from './scan-rules.ts';
import type { Inputs } from './sources/list-inputs.ts';
import type { TuningEntry } from './tuning/tuning.ts';

/** Only `paths` and `rules` are needed. */
export interface ScanOptions {
  /** Files, folders, `-` for stdin. */
  readonly paths: readonly string[];
  /** Logs that were found elsewhere (in a disk image), read after those of `paths`. */
  readonly sources?: readonly Source[] | undefined;
  /** Rule files, folders, zip archives. */
  readonly rules: readonly string[];
  /** True when `rules` are those that come with winnow because none were named: the report says so. Default: false. */
  readonly shipped?: boolean | undefined;
  /** Values of `expand` placeholders. */
  readonly values?: Placeholders | undefined;
  readonly logSources?: LogSourceOptions | undefined;
  /** Which rules are reported; all when absent. Rules that correlations refer to are evaluated all the same. */
  readonly reported?: ((rule: RuleInfo) => boolean) | null | undefined;
  /** Events that are reported; all when absent. What is left out is context all the same. */
  readonly events?: EventFilter | null | undefined;
  /** Entries of a tuning file: rules that are off, have another level, or are not reported for some events. */
  readonly tuning?: readonly TuningEntry[] | undefined;
  /** The day for `expires` of these entries, `2027-03-31`. Default: today in UTC. */
  readonly today?: string | undefined;
  /** Sources that are read; all when absent. */
  readonly readPath?: ((path: string) => boolean) | null | undefined;
  /** Events outside are read but not matched. Default: all times. */
  readonly times?: TimeFilter | undefined;
  /** Look-back: as it is shown (`9m`) and in microseconds; 0 switches it off. Default: nine minutes. */
  readonly window?: string | undefined;
  readonly windowUs?: number | undefined;
  /** An incident ends when nothing matches on its computer for so many microseconds. Default: half an hour. */
  readonly incidentGapUs?: number | undefined;
  /** Default: live records only, checksums not computed. */
  readonly read?: ReadOptions | undefined;
  /** True: links in folders are followed even if they lead out of the folder. Default: false. */
  readonly followLinks?: boolean | undefined;
  /** True: a record that is found in several places counts once for each of them. Default: once in all. */
  readonly keepCopies?: boolean | undefined;
  /** The password for encrypted members of archives. */
  readonly archivePassword?: string | null | undefined;
  /** Threads in all; null, the default, for as many as pay off. */
  readonly threads?: number | null | undefined;
  /** Where compiled rules are kept; null, the default: nowhere. */
  readonly cacheFolder?: string | null | undefined;
  /** What `-` stands for. */
  readonly stdin?: Readable | undefined;
  /** Shown in the summary. Default: this package's version. */
  readonly version?: string | undefined;
  /** Milliseconds from any start, for `elapsedMs`. Default: `performance.now`. */
  readonly clock?: (() => number) | undefined;
}

/** Today in UTC, as `2027-03-31`. */
export const utcDay = (): string => new Date().toISOString().slice(0, 10);

/** What each part of a scan gets. */
export interface ScanParts {
  readonly inputs: Inputs;
  readonly rules: RuleInputs;
  readonly choice: Choice;
  readonly reading: Reading;
  readonly window: WindowOptions;
  readonly threads: number | null;
  readonly shipped: boolean;
  readonly version: string;
  readonly clock: () => number;
}

export function partsOf(given: ScanOptions): ScanParts {
  const { values, logSources, cacheFolder = null } = given;
  const { reported = null, events = null, tuning = [], today = utcDay() } = given;
  const { paths, sources = [], readPath = null, followLinks = false, archivePassword = null, stdin } = given;
  const { window = '9m', windowUs = 9 * 60 * 1e6, incidentGapUs = INCIDENT_GAP_US, keepCopies = false } = given;
  // Shapes are described together with log sources, because a shape says which log source its records serve.
  const shapes = logSources?.custom?.shapes;
  const { read = { recover: false, verify: false }, times = ALL_TIMES } = given;
  const { threads = null, shipped = false, version = WINNOW_VERSION, clock = () => performance.now() } = given;
  return {
    inputs: { paths, sources, readPath, followLinks, archivePassword, shapes, stdin },
    rules: { paths: given.rules, values, logSources, cacheFolder },
    choice: { reported, events, tuning, today },
    reading: { read: { shapes, ...read }, times },
    window: { window, windowUs, gapUs: incidentGapUs, keepCopies },
    threads,
    shipped,
    version,
    clock,
  };
}
