/**
 * Runs `winnow triage`. In: its flags. Out: the report of a scan over the logs of images, with the place of each match, and the
 * account of the evidence. Refuses a folder for --extract that exists already.
 */
import { isDiskImage } from '../../../logs/open/sniff.ts';
import { readHead } from '../../../logs/open/sources.ts';
import { UsageError } from '../../../model/errors.ts';
import type { CommandArgs, CommandContext, ExitCode } from '../../command.ts';
import type { TriageFlags } from '../../flags/triage-flags.ts';
import { fromHere } from '../../output/terminal.ts';
import { runScan } from '../scan/run-scan.ts';
import type { ScanEngine } from '../scan/scan-request.ts';
import { LogExtractor } from './extract-logs.ts';
import { triageWith } from './triage-engine.ts';

export async function runTriage(context: CommandContext, args: CommandArgs<TriageFlags>): Promise<ExitCode> {
  if (args.operands.includes('-'))
    throw new UsageError('triage reads images and folders, not standard input. Use scan for that.');
  const { flags } = args;
  if (flags.output !== null) refuseEvidence(fromHere(context.cwd, flags.output));
  const engine: ScanEngine = (request, world, hooks) => {
    const extractor = flags.extract === null ? null : new LogExtractor(fromHere(context.cwd, flags.extract));
    const [onLog, onLogsFound] = [extractor?.write.bind(extractor), extractor?.finish.bind(extractor)];
    return triageWith(request, world, hooks, { ...flags, onLog, onLogsFound });
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
