/** Types for a scan: what `winnow scan` asks of the engine, and what the engine reports while it runs. */
import type { RuleInfo } from '../../../model/match.ts';
import type { ScanProgress } from '../../../report/progress.ts';
import type { ReportedMatchText, ScanReport } from '../../../report/reporter.ts';
import type { EventFilter } from '../../../scan/event-filter.ts';
import type { CommandContext } from '../../command.ts';
import type { FlagValues } from '../../flags/flag.ts';
import type { FindingFlags } from '../../flags/scan-flags.ts';

/** What the command line asks of the engine: flags, and what is made of those that choose rules, events and files. */
export interface ScanRequest extends FlagValues<FindingFlags> {
  readonly paths: readonly string[];
  /** Which rules are reported; null means all. */
  readonly reported: ((rule: RuleInfo) => boolean) | null;
  /** Throws when a filter chooses no rule. */
  readonly checkRules: (rules: readonly RuleInfo[]) => void;
  readonly events: EventFilter | null;
  readonly readPath: ((path: string) => boolean) | null;
}

export interface EngineHooks {
  readonly onProgress: (progress: ScanProgress) => void;
  /** The phase of the scan, when it is not reading. */
  readonly onPhase: (phase: string) => void;
  /** As in `ScanHooks`. */
  readonly onMatches: ((matches: Iterable<ReportedMatchText>, rules: readonly RuleInfo[]) => Promise<void>) | undefined;
}

export type ScanEngine = (
  request: ScanRequest,
  context: CommandContext,
  hooks: EngineHooks,
) => Promise<ScanReport & { close(): void }>;
