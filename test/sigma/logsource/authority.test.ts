/** The tables against the reconciled map of seven public ones (`sigma/windows-logsources.yml` of the acceptance corpus). */
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import type { EventSource } from '../../../src/model/logsource.ts';
import type { LogSource } from '../../../src/model/rule.ts';
import { observedFields } from '../../../src/sigma/logsource/observed.ts';
import { optionalSources, resolveLogSource } from '../../../src/sigma/logsource/resolve.ts';
import { describeShared, hasShared, shared } from '../../support/shared.ts';

interface Source {
  readonly via: string;
  readonly native: boolean;
  readonly channel: readonly string[];
  readonly provider: string | readonly string[];
  readonly event_ids: readonly number[];
  readonly when?: Readonly<Record<string, readonly string[]>>;
}
interface Authority {
  readonly categories: Readonly<
    Record<
      string,
      { sources: readonly Source[]; aliases?: readonly string[]; observed_fields?: Readonly<Record<string, readonly string[]>> }
    >
  >;
  readonly services: Readonly<
    Record<string, { channel: readonly string[]; channel_real_names?: readonly string[]; providers?: readonly string[] }>
  >;
  readonly field_maps: Readonly<
    Record<
      string,
      { renames?: Readonly<Record<string, string>>; absent?: readonly string[]; computed?: readonly { field: string }[] }
    >
  >;
}

const authority = (
  hasShared ? load(readFileSync(shared('sigma', 'windows-logsources.yml'), 'utf8')) : { categories: {}, services: {} }
) as Authority;
const lower = (names: string | readonly string[]): string[] => [names].flat().map((name) => name.toLowerCase());

function sources(logsource: LogSource): readonly EventSource[] {
  const resolution = resolveLogSource({ product: 'windows', ...logsource }, { optional: new Set(optionalSources) });
  return resolution.kind === 'sources' ? resolution.sources : [];
}

describeShared('the log source tables', () => {
  it.each(Object.entries(authority.categories))(
    'serve the category %s as the authorities agree',
    (category, { sources: wanted, aliases }) => {
      for (const name of [category, ...(aliases ?? [])]) {
        const served = sources({ category: name });
        const seen = served.filter(({ via }) => wanted.some((one) => one.via === via));
        expect(
          seen.map(({ via, channels, providers, eventIds, when }) => ({ via, channels, providers, eventIds, when })),
        ).toEqual(
          wanted.map(({ via, channel, provider, event_ids, when }) => ({
            via,
            channels: lower(channel),
            providers: lower(provider),
            eventIds: event_ids,
            when: Object.entries(when ?? {}).map(([field, values]) => ({ field, values })),
          })),
        );
        // One source more than they list: a deleted value in 4657, as the counterpart of registry_add.
        const own = served.filter((source) => !seen.includes(source)).map(({ via }) => via);
        expect(own).toEqual(category === 'registry_delete' ? ['security_4657'] : []);
      }
    },
  );

  it.each(Object.entries(authority.services))(
    'serve %s from every channel name in use',
    (service, { channel, channel_real_names, providers }) => {
      const wanted = lower([...channel, ...(channel_real_names ?? [])]);
      const [served] = sources({ service });
      // "Accept both service names and all three channels" (their disagreements, servicebus).
      const extra = service === 'servicebus-client' ? ['microsoft-servicebus-client'] : [];
      expect(new Set(served?.channels ?? [])).toEqual(new Set([...wanted, ...extra]));
      if (served !== undefined) expect(served.providers).toEqual(lower(providers ?? []));
    },
  );

  it('know every field that events have been seen with', () => {
    for (const [category, { observed_fields }] of Object.entries(authority.categories)) {
      const { byEventId } = observedFields({ product: 'windows', category });
      for (const [id, names] of Object.entries(observed_fields ?? {})) {
        // ProcessId and the like are mapped in 4688: the names are still there.
        expect([...(byEventId.get(Number(id)) ?? [])], `${category} ${id}`).toEqual(expect.arrayContaining([...names]));
      }
    }
  });

  it.each(Object.entries(authority.field_maps ?? {}).filter(([name]) => name !== 'nxlog_flat'))(
    'map the fields of %s',
    (name, map) => {
      const via = name === 'defender_antivirus' ? 'windows_defender' : name;
      const source = Object.keys(authority.categories)
        .flatMap((category) => sources({ category }))
        .find((one) => one.via === via);
      for (const field of map.absent ?? []) expect(source?.fields[field]).toEqual({ kind: 'absent' });
      for (const { field } of map.computed ?? []) expect(['derive', 'rename']).toContain(source?.fields[field]?.kind);
      for (const [field, from] of Object.entries(map.renames ?? {})) {
        const mapping = source?.fields[field];
        if (field === from && mapping === undefined) continue;
        const origins = mapping === undefined || mapping.kind === 'absent' ? [] : [mapping.from].flat();
        expect(origins, field).toContain(from);
      }
    },
  );
});
