/**
 * Runs the engine. In: what the command line asks for. Out: the result of `src/scan.ts`. Refuses configuration files with
 * errors.
 */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Source } from '../../../logs/open/open.ts';
import { InternalError } from '../../../model/errors.ts';
import { ALL_TIMES } from '../../../scan/first-pass/range-scanner.ts';
import type { ScanResult } from '../../../scan/result.ts';
import { type ScanOptions, scan } from '../../../scan.ts';
import type { CommandContext } from '../../command.ts';
import { cacheFolder } from '../cache-folder.ts';
import type { EngineHooks, ScanEngine, ScanRequest } from './scan-request.ts';
import { boundYoungGeneration, collectSooner, inlineLess, optimiseLater } from './v8-settings.ts';

export const scanEngine: ScanEngine = (request, context, hooks) => scanWith(request, context, hooks, []);

/** `sources` are logs that were found elsewhere, in addition to the paths of the request. */
export const scanWith = async (
  request: ScanRequest,
  context: CommandContext,
  { onProgress, onPhase, onMatches }: EngineHooks,
  sources: readonly Source[],
): Promise<ScanResult> => {
  const young = boundYoungGeneration();
  return scan(
    {
      ...(await ruleContextOf(request, context.cwd)),
      paths: request.paths,
      sources,
      rules: request.rules.length > 0 ? request.rules : [shippedRules(context.cwd)],
      shipped: request.rules.length === 0,
      reported: request.reported,
      events: request.events,
      readPath: request.readPath,
      times: { fromUs: request.from ?? ALL_TIMES.fromUs, toUs: request.to ?? ALL_TIMES.toUs },
      window: request.lookback.text,
      windowUs: request.lookback.ms * 1000,
      incidentGapUs: request.incidentGap.ms * 1000,
      followLinks: request.followLinks,
      archivePassword: request.archivePassword,
      read: { recover: request.recover, verify: request.verify },
      keepCopies: request.keepCopies,
      threads: request.threads,
      cacheFolder: request.noCache ? null : cacheFolder(context.env),
      stdin: request.paths.includes('-') ? endedByAbort(context.stdin, context.signal) : undefined,
      version: context.version,
      clock: context.clock,
    },
    {
      signal: context.signal,
      onMatches,
      onRules: request.checkRules,
      keepTaken: false,
      onRuleFile: () => {
        young.ruleFile();
        onPhase('loading rules');
      },
      onPhase: (phase) => onPhase(phase === 'correlate' ? 'correlating' : 'looking back'),
      onReading: (threads, someAreText) => {
        onPhase('reading');
        young.reading(someAreText);
        inlineLess();
        collectSooner(threads);
        optimiseLater(threads);
      },
      onProgress: ({ bytes, totalBytes, events, matches }) =>
        onProgress({ bytesDone: bytes, bytesTotal: totalBytes, events, matches }),
    },
  );
};

/** Values, log sources, optional sources and tuning. Most scans have none, and then the code that reads them is not loaded. */
async function ruleContextOf(request: ScanRequest, cwd: string): Promise<Pick<ScanOptions, 'values' | 'logSources' | 'tuning'>> {
  const { values, logsources, optionalSource, tune } = request;
  if (values.length + logsources.length + optionalSource.length + tune.length === 0) return {};
  const { readLogSourceOptions, readTuning, readValues } = await import('../rule-context.ts');
  return {
    values: readValues(cwd, values),
    logSources: readLogSourceOptions(cwd, request),
    tuning: readTuning(cwd, tune),
  };
}

/** A stream that ends when the scan is interrupted, because its writer may be silent for hours. */
function endedByAbort(stream: Readable, signal: AbortSignal): Readable {
  const through = new PassThrough();
  stream.on('error', (error) => through.destroy(error));
  const end = () => {
    stream.unpipe(through);
    through.end();
  };
  stream.pipe(through);
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return through;
}

/** The rules that come with winnow: the folder `rules` of the package, from `src` as well as from `dist`. */
export function shippedRules(cwd: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new InternalError('the package has no folder of rules');
    folder = parent;
  }
  const rules = join(folder, 'rules');
  // Reports name rule files. Relative to the package the names are short and the same on every machine.
  const fromHere = relative(cwd, rules);
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? rules : fromHere;
}
