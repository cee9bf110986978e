/**
 * Runs `winnow triage`. In: its flags. Out: the report of a scan over the logs of images, with the place of each match, and the
 * account of the evidence. Refuses a folder for --extract that exists already.
 */
import { statSync } from 'node:fs';
import { collectLogs } from '../../../evidence/collect.ts';
import { collectedFiles } from '../../../evidence/collected-files.ts';
import { findImages } from '../../../evidence/find-images.ts';
import { holdsFiles, isImage } from '../../../evidence/is-image.ts';
import { isDiskImage } from '../../../logs/open/sniff.ts';
import { readHead } from '../../../logs/open/sources.ts';
import { UsageError } from '../../../model/errors.ts';
import type { CommandArgs, CommandContext, ExitCode } from '../../command.ts';
import type { TriageFlags } from '../../flags/triage-flags.ts';
import { fromHere } from '../../output/terminal.ts';
import { runScan } from '../scan/run-scan.ts';
import { scanWith } from '../scan/scan-engine.ts';
import type { ScanEngine } from '../scan/scan-request.ts';
import { LogExtractor } from './extract-logs.ts';
import { withEvidence } from './with-evidence.ts';

export async function runTriage(context: CommandContext, args: CommandArgs<TriageFlags>): Promise<ExitCode> {
  if (args.operands.includes('-'))
    throw new UsageError('triage reads images and folders, not standard input. Use scan for that.');
  const { flags } = args;
  if (flags.output !== null) refuseEvidence(fromHere(context.cwd, flags.output));
  const engine: ScanEngine = async (request, world, hooks) => {
    const extractor = flags.extract === null ? null : new LogExtractor(fromHere(context.cwd, flags.extract));
    const { images, folders, logs } = sorted(args.operands, context.cwd);
    const { shadow, allFiles, carve, hash } = flags;
    const onLog = extractor?.write.bind(extractor);
    const collected = await collectLogs(images, { shadow, allFiles, carve, hash, signal: context.signal, onLog });
    extractor?.finish();
    const { followLinks, archivePassword } = flags;
    const files = await collectedFiles(folders, images, { followLinks, archivePassword, signal: context.signal });
    // The report has the state of a record next to it, so no match is printed before all states are known.
    const result = await scanWith({ ...request, paths: logs, recover: true }, world, { ...hooks, onMatches: undefined }, [
      ...collected.sources,
      ...files.sources,
    ]);
    return withEvidence(result, collected, files, context.signal);
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

/** What the operands are: images (also those in folders), folders and archives, and logs. */
function sorted(operands: readonly string[], cwd: string): Record<'images' | 'folders' | 'logs', readonly string[]> {
  const here = (path: string): string => fromHere(cwd, path);
  const images = operands.filter((path) => isImage(here(path)));
  const folders = operands.filter((path) => !images.includes(path) && holdsFiles(here(path)));
  const logs = operands.filter((path) => !images.includes(path) && !folders.includes(path));
  const inFolders = findImages(folders.map(here).filter((path) => statSync(path).isDirectory()));
  return { images: [...images.map(here), ...inFolders], folders: folders.map(here), logs };
}
