/** In: what the user names as input. Out: its sources, in the order in which they are read, and what is wrong with the paths. */
import type { Readable } from 'node:stream';
import { listLogs, type Source } from '../../logs/open/open.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RecordShape } from '../../model/record-shape.ts';

export interface Inputs {
  /** Files, folders, `-` for stdin. */
  readonly paths: readonly string[];
  /** Read after those of `paths`. */
  readonly sources: readonly Source[];
  /** Sources that are read; all when null. */
  readonly readPath: ((path: string) => boolean) | null;
  readonly followLinks: boolean;
  readonly archivePassword: string | null;
  /** Shapes of records that the user has described. */
  readonly shapes: readonly RecordShape[] | undefined;
  /** What `-` stands for. */
  readonly stdin: Readable | undefined;
}

export async function listInputs(
  { paths, sources, readPath, followLinks, archivePassword, shapes }: Inputs,
  signal: AbortSignal | undefined,
): Promise<{ readonly listed: readonly Source[]; readonly diagnostics: readonly Diagnostic[] }> {
  const diagnostics: Diagnostic[] = [];
  const report = (one: Diagnostic): void => void diagnostics.push(one);
  const ofPaths = await listLogs(paths, report, { followLinks, archivePassword, shapes, signal });
  const listed = [...ofPaths, ...sources].filter(({ path }) => readPath === null || readPath(path));
  return { listed, diagnostics };
}
