/**
 * The engine of `winnow triage`. In: operands, and what of the evidence is to be read. Out: a scan of the logs in images, folders
 * and archives, in which each record has its place. Refuses nothing: what cannot be read is a diagnostic.
 */
import { statSync } from 'node:fs';
import { type CollectOptions, collectLogs } from '../../../evidence/collect.ts';
import { collectedFiles } from '../../../evidence/collected-files.ts';
import { findImages } from '../../../evidence/find-images.ts';
import { holdsFiles, isImage } from '../../../evidence/is-image.ts';
import type { CommandContext } from '../../command.ts';
import type { FlagValues } from '../../flags/flag.ts';
import type { TriageFlags } from '../../flags/triage-flags.ts';
import { fromHere } from '../../output/terminal.ts';
import { scanWith } from '../scan/scan-engine.ts';
import type { EngineHooks, ScanEngine, ScanRequest } from '../scan/scan-request.ts';
import { withEvidence } from './with-evidence.ts';

/** Which logs of the evidence are read. */
export type EvidenceFlags = Pick<FlagValues<TriageFlags>, 'shadow' | 'allFiles' | 'carve'>;

export interface TriageOptions extends EvidenceFlags, Pick<CollectOptions, 'hash' | 'onLog'> {
  /** Called when all logs have been found. */
  readonly onLogsFound?: (() => void) | undefined;
}

export async function triageWith(
  request: ScanRequest,
  context: CommandContext,
  hooks: EngineHooks,
  { shadow, allFiles, carve, hash, onLog, onLogsFound }: TriageOptions,
): ReturnType<ScanEngine> {
  const { signal } = context;
  const { images, folders, logs } = sorted(request.paths, context.cwd);
  const collected = await collectLogs(images, { shadow, allFiles, carve, hash, signal, onLog });
  onLogsFound?.();
  const { followLinks, archivePassword } = request;
  const files = await collectedFiles(folders, images, { followLinks, archivePassword, signal });
  const sources = [...collected.sources, ...files.sources];
  // The report has the state of a record next to it, so no match is printed before all states are known.
  const silent = { ...hooks, onMatches: undefined };
  const result = await scanWith({ ...request, paths: logs, recover: true, keepCopies: false }, context, silent, sources);
  return withEvidence(result, collected, files, signal);
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
