/** What a scan tells while it runs, and how it is ended early. */
import type { RuleInfo } from '../model/match.ts';
import type { ScannedMatchText } from './scanned-matches.ts';

export interface Progress {
  readonly bytes: number;
  /** Bytes of all files together. What comes through a pipe is not counted. */
  readonly totalBytes: number;
  readonly events: number;
  readonly matches: number;
}

export interface ScanHooks {
  /** Called between pieces of work, several times a second. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called after each rule file is parsed, because the event loop waits meanwhile. Not called for rules that come from the cache. */
  readonly onRuleFile?: (() => void) | undefined;
  /** Called once with the rules in use; what it throws ends the scan. */
  readonly onRules?: ((rules: readonly RuleInfo[]) => void) | undefined;
  /** Called when a phase that follows reading begins. */
  readonly onPhase?: ((phase: 'correlate' | 'look back') => void) | undefined;
  /** Called once, when rules are loaded and sources opened: this number of threads now begins to read and match, also logs that are text. */
  readonly onReading?: ((threads: number, someAreText: boolean) => void) | undefined;
  /** Ends reading early; what was found until then is the result. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Takes matches in file order while the scan still runs, but only those about which nothing found later can change what is
   * said. With look-back there are none. The matches must be read to the end each time. They have no `alsoIn`: copies are found
   * later, and are in `copies()` of the result. Its `matchTexts()` has the matches that were not given here.
   */
  readonly onMatches?: ((matches: Iterable<ScannedMatchText>, rules: readonly RuleInfo[]) => Promise<void>) | undefined;
  /** False: the caller reads neither `matches()` nor the matches of alerts, so what `onMatches` has taken need not be kept. */
  readonly keepTaken?: boolean | undefined;
}
