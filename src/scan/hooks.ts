/** What a scan tells while it runs, and how it is ended early. */
import type { RuleInfo } from '../model/match.ts';
import type { ScannedMatchText } from './scanned-matches.ts';

export interface Progress {
  readonly bytes: number;
  /** Bytes of all files together; what comes through a pipe is not in it. */
  readonly totalBytes: number;
  readonly events: number;
  readonly matches: number;
}

export interface ScanHooks {
  /** Called between pieces of work, several times a second. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called after each rule file that was parsed, which the event loop has to wait for: never where rules come from the cache. */
  readonly onRuleFile?: (() => void) | undefined;
  /** Called once with the rules in use; what it throws ends the scan. */
  readonly onRules?: ((rules: readonly RuleInfo[]) => void) | undefined;
  /** Called when something else than reading begins. */
  readonly onPhase?: ((phase: 'correlate' | 'look back') => void) | undefined;
  /** Called once, when rules have been loaded and sources opened: from now on it is read and matched, by so many threads. */
  readonly onReading?: ((threads: number) => void) | undefined;
  /** Ends reading early; what was found until then is the result. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Takes matches in file order while the scan still runs, as far as nothing that is found later changes what is said of them:
   * never where there is a look-back. Copies come later: the result's `copies()` has them, no match has `alsoIn`. To be read to the end each time. The result's `matchTexts()` has the others.
   */
  readonly onMatches?: ((matches: Iterable<ScannedMatchText>, rules: readonly RuleInfo[]) => Promise<void>) | undefined;
  /** False: what `onMatches` has taken need not be kept, neither `matches()` nor what alerts hold of matches is read. */
  readonly keepTaken?: boolean | undefined;
}
