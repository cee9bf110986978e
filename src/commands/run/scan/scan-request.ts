/** What `winnow scan` asks of the engine, and what it is told meanwhile. */
import type { RuleInfo } from '../../../model/match.ts';
import type { ScanProgress } from '../../../report/progress.ts';
import type { ReportedMatchText, ScanReport } from '../../../report/reporter.ts';
import type { EventFilter } from '../../../scan/event-filter.ts';
import type { CommandContext } from '../../command.ts';
import type { TimeSpan } from '../../flags/shared/flag-values.ts';

/** What the command line asks of the engine. */
export interface ScanRequest {
  readonly paths: readonly string[];
  readonly rules: readonly string[];
  readonly values: readonly string[];
  readonly logsources: readonly string[];
  readonly optionalSources: readonly string[];
  /** Which rules are reported; null for all. */
  readonly reported: ((rule: RuleInfo) => boolean) | null;
  /** Refuses a filter that chooses no rule. */
  readonly checkRules: (rules: readonly RuleInfo[]) => void;
  readonly events: EventFilter | null;
  readonly readPath: ((path: string) => boolean) | null;
  readonly cache: boolean;
  /** Microseconds since 1970; null without a bound. */
  readonly fromUs: number | null;
  readonly toUs: number | null;
  readonly followLinks: boolean;
  readonly archivePassword: string | null;
  readonly recover: boolean;
  readonly keepCopies: boolean;
  readonly verify: boolean;
  readonly threads: number | null;
  readonly lookback: TimeSpan;
  readonly incidentGap: TimeSpan;
}

export interface EngineHooks {
  readonly onProgress: (progress: ScanProgress) => void;
  /** What is being done, where that is not reading. */
  readonly onPhase: (phase: string) => void;
  /** As of `ScanHooks`. */
  readonly onMatches: ((matches: Iterable<ReportedMatchText>, rules: readonly RuleInfo[]) => Promise<void>) | undefined;
}

export type ScanEngine = (
  request: ScanRequest,
  context: CommandContext,
  hooks: EngineHooks,
) => Promise<ScanReport & { close(): void }>;
