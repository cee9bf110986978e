/**
 * Reads the files that say what rules mean: values for placeholders, log sources, and tuning. In: paths. Out: their joined content.
 * Refuses files with errors.
 */
import { resolve } from 'node:path';
import { readNamedFile } from '../../files/read-file.ts';
import { type Diagnostic, formatDiagnostic } from '../../model/diagnostic.ts';
import { UsageError } from '../../model/errors.ts';
import { parseTuning } from '../../project/tuning-file.ts';
import type { TuningEntry } from '../../scan/tuning/tuning.ts';
import { type CustomLogSources, loadCustomLogSources } from '../../sigma/logsource/custom.ts';
import { type LogSourceOptions, optionalSources } from '../../sigma/logsource/resolve.ts';
import { loadPlaceholders, type Placeholders } from '../../sigma/rule/load.ts';

/** `--values FILE ...`; undefined when none is given. Later files win. */
export function readValues(cwd: string, paths: readonly string[]): Placeholders | undefined {
  if (paths.length === 0) return undefined;
  const values = new Map<string, readonly string[]>();
  for (const path of paths) {
    const loaded = loadPlaceholders(readNamedFile(resolve(cwd, path), path), path);
    refuseFaults(loaded.diagnostics);
    for (const [name, list] of loaded.values) values.set(name, list);
  }
  return values;
}

/** `--logsources FILE ...`; undefined when none is given. Later files win. */
export function readLogSources(cwd: string, paths: readonly string[]): CustomLogSources | undefined {
  if (paths.length === 0) return undefined;
  const loaded = paths.map((path) => {
    const { logSources, diagnostics } = loadCustomLogSources(readNamedFile(resolve(cwd, path), path), path);
    refuseFaults(diagnostics);
    return logSources;
  });
  return {
    categories: new Map(loaded.flatMap((one) => [...one.categories])),
    services: new Map(loaded.flatMap((one) => [...one.services])),
    fieldMaps: new Map(loaded.flatMap((one) => [...one.fieldMaps])),
    shapes: loaded.flatMap((one) => one.shapes ?? []),
    shapeLogSources: loaded.flatMap((one) => one.shapeLogSources ?? []),
  };
}

/** `--tune FILE ...`. */
export function readTuning(cwd: string, paths: readonly string[]): readonly TuningEntry[] {
  return paths.flatMap((path) => parseTuning(readNamedFile(resolve(cwd, path), path), path));
}

/** What `--optional-source` and `--logsources` say together. */
export function readLogSourceOptions(
  cwd: string,
  { optionalSource, logsources }: { readonly optionalSource: readonly string[]; readonly logsources: readonly string[] },
): LogSourceOptions {
  return { optional: optionalNames(optionalSource, logsources.length > 0), custom: readLogSources(cwd, logsources) };
}

/**
 * `--optional-source NAME ...`, with the name that reports show as `via`, or only its EventID. Files of log sources may define
 * others.
 */
export function optionalNames(names: readonly string[], haveCustom: boolean): ReadonlySet<string> {
  return new Set(
    names.map((name) => {
      const known = optionalSources.find((source) => source === name.toLowerCase() || source.endsWith(`_${name}`));
      if (known === undefined && !haveCustom)
        throw new UsageError(`--optional-source ${name}: there is no such source. Use one of: ${optionalSources.join(', ')}.`);
      return known ?? name;
    }),
  );
}

function refuseFaults(diagnostics: readonly Diagnostic[]): void {
  const fault = diagnostics.find((one) => one.severity === 'error');
  if (fault !== undefined) throw new UsageError(formatDiagnostic(fault));
}
