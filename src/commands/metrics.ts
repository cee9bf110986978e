/** `winnow metrics`: counts what logs have, and says what is missing in them. */
import { defineCommand, LOGS, logExits } from './command.ts';
import { metricsFlags } from './flags/metrics-flags.ts';

export const command = defineCommand({
  name: 'metrics',
  knownAs: ['eid-metrics', 'log-metrics', 'computer-metrics'],
  summary: 'count events by EventID, channel and computer; say what a log covers and lacks',
  description:
    'For each file its span, the EventRecordIDs that are missing between the first and the last, and its longest silence; for all of them how often each EventID of each channel and each computer occurs, and every cleared log. With flags that choose events the gaps are those between the events that are left.',
  examples: [
    { line: 'winnow metrics logs', what: 'what there is' },
    { line: 'winnow metrics Security.evtx --top 100', what: 'more EventIDs' },
    { line: 'winnow metrics logs -f jsonl', what: 'all of it, for other programs' },
  ],
  operands: [LOGS],
  flags: metricsFlags,
  settings: 'logs',
  exitCodes: logExits(),
  load: async () => (await import('./run/run-metrics.ts')).runMetrics,
});
