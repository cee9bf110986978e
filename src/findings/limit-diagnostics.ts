/** What is said when a bound of `judge-matches.ts` was reached. In: numbers. Out: diagnostics. Refuses nothing. */
import type { Diagnostic } from '../model/diagnostic.ts';

export function copiesLimit(undecided: number): Diagnostic {
  return {
    code: 'window/copies-limit',
    severity: 'warning',
    message: `${undecided} matches may be copies of others and were counted as records of their own`,
    hint: 'Too many records share one EventRecordID and one second. Give each log once.',
    place: {},
  };
}

export function alertLimit(found: number, shown: number): Diagnostic {
  return {
    code: 'window/alert-limit',
    severity: 'warning',
    message: `${found} alerts were raised, only the ${shown} most severe are shown in full`,
    hint: 'Machine formats hold every match; --min-level and --from/--to narrow the report.',
    place: {},
  };
}

export function incidentLimit(found: number, shown: number): Diagnostic {
  return {
    code: 'window/incident-limit',
    severity: 'warning',
    message: `${found} incidents were found, only the ${shown} worst are in the report`,
    hint: 'In machine formats each match names its incident; --min-level, --computer and --from/--to narrow the report.',
    place: {},
  };
}

export function lookbackLimit(found: number, done: number): Diagnostic {
  return {
    code: 'window/lookback-limit',
    severity: 'warning',
    message: `look-back was done for ${done} of ${found} alerts, one of each incident first, then the most severe`,
    hint: 'Narrow the input or the rules to see the rest, or switch it off with --lookback 0.',
    place: {},
  };
}

export function lookbackCopies(): Diagnostic {
  return {
    code: 'window/copies-limit',
    severity: 'warning',
    message: 'look-back counts a record once for each file that holds it: near matches there are too many to tell copies apart',
    hint: 'Give each log once.',
    place: {},
  };
}

export function contextLimit(): Diagnostic {
  return {
    code: 'window/context-limit',
    severity: 'warning',
    message: 'look-back is incomplete: some events before the matches could not be held or read again',
    hint: 'Files are read a second time, streams are not: give the input as a file, and let the scan end.',
    place: {},
  };
}
