/**
 * The work of `winnow timeline`: a scan whose report is a timeline. Refuses an output file whose ending means no form of a
 * timeline.
 */
import { extname } from 'node:path';
import { UsageError } from '../../model/errors.ts';
import type { CommandArgs, CommandContext, ExitCode } from '../command.ts';
import type { TimelineFlags } from '../flags/timeline-flags.ts';
import { runScan } from './scan/run-scan.ts';
import { scanEngine } from './scan/scan-engine.ts';

const FORMATS = { text: 'timeline', csv: 'timeline-csv', jsonl: 'timeline-jsonl' } as const;
const ENDINGS: Readonly<Record<string, keyof typeof FORMATS>> = { '': 'text', '.txt': 'text', '.csv': 'csv', '.jsonl': 'jsonl' };

export async function runTimeline(context: CommandContext, { operands, flags }: CommandArgs<TimelineFlags>): Promise<ExitCode> {
  const format = FORMATS[flags.format ?? formatOf(flags.output ?? '')];
  return runScan(context, { operands, flags: { ...flags, format, full: false, brief: false, by: 'incident' } }, scanEngine);
}

function formatOf(output: string): keyof typeof FORMATS {
  const ending = extname(output).toLowerCase();
  const format = Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined;
  if (format !== undefined) return format;
  throw new UsageError(`--output: a timeline ends with .txt, .csv or .jsonl, not "${ending}". Add --format, or use winnow scan.`);
}
