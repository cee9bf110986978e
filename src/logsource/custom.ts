/** Log sources and field maps that users add or override (`--logsources FILE`). */
import type { FieldMapping } from '../model/logsource.ts';
import type { ServiceDefinition, SourceDefinition } from './family.ts';

export interface CustomCategory {
  /** True: in addition to the built-in sources; false: instead of them. */
  readonly extend: boolean;
  readonly sources: readonly SourceDefinition[];
}

export interface CustomLogSources {
  readonly categories: ReadonlyMap<string, CustomCategory>;
  readonly services: ReadonlyMap<string, ServiceDefinition>;
  /** `via` -> entries that replace those of the built-in field map. */
  readonly fieldMaps: ReadonlyMap<string, Readonly<Record<string, FieldMapping>>>;
}
