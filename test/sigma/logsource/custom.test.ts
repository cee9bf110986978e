import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../../src/model/diagnostic.ts';
import { catalog } from '../../../src/sigma/logsource/catalog.ts';
import { loadCustomLogSources } from '../../../src/sigma/logsource/custom.ts';
import { mappingOf } from '../../../src/sigma/logsource/fields.ts';
import { resolveLogSource } from '../../../src/sigma/logsource/resolve.ts';

function load(text: string) {
  const { logSources, diagnostics } = loadCustomLogSources(text, 'sources.yml');
  return { custom: logSources, diagnostics: diagnostics.map(formatDiagnostic) };
}

const COMMON = catalog.commonFields;

describe('loadCustomLogSources', () => {
  it('adds a category, a service, and changes a built-in field map', () => {
    const { custom, diagnostics } = load(
      `
categories:
    edr_process:
        - via: my_edr
          channel: My-EDR/Operational
          provider: My-EDR
          event_ids: [1, 0x2]
          when: {Action: [start, fork]}
          fields:
              Image: ImagePath
              User: {derive: account, from: [Domain, Name]}
              ParentUser: null
services:
    My-EDR:
        channel: [My-EDR/Operational, My-EDR/Admin]
field_maps:
    security_4688:
        OriginalFileName: OrigName
`.replace('0x2', '2'),
    );
    expect(diagnostics).toEqual([]);
    expect(resolveLogSource({ product: 'windows', category: 'edr_process' }, { custom })).toEqual({
      kind: 'sources',
      sources: [
        {
          via: 'my_edr',
          native: false,
          channels: ['my-edr/operational'],
          providers: ['my-edr'],
          eventIds: [1, 2],
          when: [{ field: 'Action', values: ['start', 'fork'] }],
          fields: {
            ...COMMON,
            Image: { kind: 'rename', from: 'ImagePath' },
            User: { kind: 'derive', derivation: 'account', from: ['Domain', 'Name'] },
            ParentUser: { kind: 'absent' },
          },
        },
      ],
    });
    expect(resolveLogSource({ service: 'my-edr' }, { custom })).toEqual({
      kind: 'sources',
      sources: [
        {
          via: 'channel',
          native: true,
          channels: ['my-edr/operational', 'my-edr/admin'],
          providers: [],
          eventIds: [],
          when: [],
          fields: COMMON,
        },
      ],
    });
    const processes = resolveLogSource({ category: 'process_creation' }, { custom });
    expect(
      processes.kind === 'sources' && processes.sources.map((source) => [source.via, mappingOf(source, 'OriginalFileName')]),
    ).toEqual([
      ['sysmon', undefined],
      ['security_4688', { kind: 'rename', from: 'OrigName' }],
    ]);
  });

  it('replaces the built-in sources of a category, or extends them', () => {
    const via = (text: string): unknown => {
      const resolution = resolveLogSource({ category: 'process_creation' }, { custom: load(text).custom });
      return resolution.kind === 'sources' ? resolution.sources.map((source) => source.via) : resolution.reason;
    };
    const sources = '[{via: edr, channel: EDR, event_ids: 1}]';
    expect(via(`categories: {process_creation: ${sources}}`)).toEqual(['edr']);
    expect(via(`categories: {process_creation: {extend: true, sources: ${sources}}}`)).toEqual([
      'sysmon',
      'security_4688',
      'edr',
    ]);
    expect(via('categories: {process_creation: [{via: edr, optional: true, channel: EDR}]}')).toBe(
      'needs an optional source that is off: edr',
    );
  });

  it('makes an ETW-only category usable where a log of ones own holds it', () => {
    const { custom } = load('categories: {file_access: [{via: etw, channel: My-Trace}]}');
    expect(resolveLogSource({ category: 'file_access' }, { custom }).kind).toBe('sources');
  });

  it.each([
    ['cats: {}', 'sources.yml:1:1 error logsources/unknown-key: "cats" is not a section of a log source file.'],
    ['services: [a]', 'sources.yml:1:11 error logsources/not-a-map: services must be a map.'],
    [
      'services: {a: {chanel: X}}',
      'sources.yml:1:16 error logsources/unknown-key: "chanel" is not a key of service "a". Did you mean "channel"?',
    ],
    [
      'services: {a: {event_ids: 1}}',
      'sources.yml:1:15 error logsources/missing: a source needs a channel or a provider: without one, every event would pass. Records that have neither are described in a document of their own, "shape: NAME" (docs/logsources.md).',
    ],
    [
      'services: {a: {channel: X, event_ids: 70000}}',
      'sources.yml:1:39 error logsources/event-id: "70000" is not an EventID: expected a number from 0 to 65535.',
    ],
    ['services: {a: {channel: [[X]]}}', 'sources.yml:1:26 error logsources/not-a-value: expected a text or a number.'],
    ['categories: {a: {extend: yes, sources: []}}', 'sources.yml:1:26 error logsources/not-a-flag: expected true or false.'],
    ['categories: {a: {extend: true}}', 'sources.yml:1:17 error logsources/missing: category "a" needs a list of sources.'],
    [
      'field_maps: {v: {F: {derive: acount}}}',
      'sources.yml:1:30 error logsources/unknown-derivation: "acount" is not a derivation. Did you mean "account"?',
    ],
    [
      'field_maps: {v: {F: {from: [A]}}}',
      'sources.yml:1:21 error logsources/missing: a derived field needs "derive", the id of a derivation.',
    ],
    ['field_maps: {v: {F: [A]}}', 'sources.yml:1:21 error logsources/not-a-map: a derived field must be a map.'],
  ])('refuses %s', (text, message) => {
    expect(load(text).diagnostics).toEqual([message]);
  });

  it('keeps the entries around a refused one, and says what is not YAML', () => {
    const { custom, diagnostics } = load('services:\n    a: {channel: A}\n    b: 1\n    c: {channel: C}\n');
    expect([...custom.services.keys()]).toEqual(['a', 'c']);
    expect(diagnostics).toEqual(['sources.yml:3:8 error logsources/not-a-map: service "b" must be a map.']);
    expect(load('a: [').diagnostics).toHaveLength(1);
    expect(load('').diagnostics).toEqual([]);
    expect(load(`# ${'x'.repeat(5 << 20)}`).diagnostics).toHaveLength(1);
  });
});
