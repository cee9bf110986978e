/** Formats for other tools, each held against what its tool asks for. */
import { EcsFlat, EcsVersion } from '@elastic/ecs';
import { describe, expect, it } from 'vitest';
import { eventIdOf } from '../../src/model/event-id.ts';
import { reporters as formats } from '../../src/report/formats/registry.generated.ts';
import { foundInTimeOrder } from '../../src/report/other-tools/time-order.ts';
import type { ScanReport } from '../../src/report/reporter.ts';
import { makeEvent, makeMatch, makeRule, makeSummary, reportOf, sampleReport } from './sample-report.ts';

const reporters = await Promise.all(formats.map(({ load }) => load()));

function render(name: string, report: ScanReport = sampleReport): string {
  const reporter = reporters.find((candidate) => candidate.name === name)!;
  return [...reporter.render(report, { width: 80, colour: false })].map((piece) => Buffer.from(piece as string)).join('');
}

function objects(name: string, report?: ScanReport): Record<string, unknown>[] {
  return render(name, report)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Rows by column. Reads RFC 4180 as a spreadsheet does. */
function table(name: string, report?: ScanReport): Record<string, string>[] {
  const rows = render(name, report).trimEnd().split('\n').map(cells);
  const [columns = [], ...rest] = rows;
  for (const row of rest) expect(row).toHaveLength(columns.length);
  return rest.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? ''])));
}

function cells(line: string): string[] {
  const found = `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...found].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

const logon = makeEvent(
  0,
  4624,
  '10:00:00.1234567',
  {
    LogonType: '3',
    TargetUserName: 'eve',
    TargetDomainName: 'CORP',
    SubjectUserName: 'DC$',
    IpAddress: '::ffff:10.0.0.5',
    IpPort: 'none',
    'a.b': 'x',
    message: 'from the log',
    _id: 'y',
  },
  { Channel: 'Security', Provider: 'Microsoft-Windows-Security-Auditing', system: { Level: '0', Execution_ProcessID: '612' } },
);
const process = makeEvent(
  1,
  4688,
  '09:00:00.0000000',
  {
    NewProcessId: '0x1f4',
    ProcessId: '0x64',
    NewProcessName: 'C:\\Windows\\cmd.exe',
    SubjectUserName: 'bob',
    IpAddress: 'LOCAL',
  },
  { Channel: 'Security' },
);
const timeless = makeEvent(2, 1, '', { Image: 'C:\\a.exe', User: 'CORP\\amy' }, { TimeCreated: null, timeUs: Number.NaN });
const rule = makeRule('R', { level: 'high', tags: ['attack.defense-evasion', 'attack.t1059', 'attack.t1059.001', 'cve.2021-1'] });
const report = reportOf({
  rules: [rule, makeRule('ICS', { tags: ['attack.t0865'] })],
  matches: () => [
    makeMatch(0, process, []),
    makeMatch(0, logon, [{ name: 'LogonType', value: '3', modifier: '', pattern: '3' }], 'channel'),
    makeMatch(1, timeless, []),
  ],
  correlations: [],
  alerts: [],
  summary: makeSummary({ matches: 3 }),
});

describe('order', () => {
  it('is by time, correlations between matches, what has no time last', () => {
    const kinds = [...foundInTimeOrder(sampleReport)].map((found) =>
      found.kind === 'match' ? found.event.TimeCreated : found.from,
    );
    expect(kinds).toEqual([...kinds].sort());
    const before = { ...sampleReport.correlations[0]!, fromUs: process.timeUs, from: process.TimeCreated! };
    const late = { ...before, fromUs: logon.timeUs + 1 };
    const found = [...foundInTimeOrder({ ...report, correlations: [late, before] })];
    expect(found.map((item) => (item.kind === 'match' ? item.event.index : item.fromUs))).toEqual([
      process.timeUs === before.fromUs ? 1 : null,
      before.fromUs,
      0,
      late.fromUs,
      2,
    ]);
  });
});

describe('timesketch', () => {
  it.each([
    ['timesketch-csv', table('timesketch-csv', report)],
    ['timesketch-jsonl', objects('timesketch-jsonl', report)],
  ])('%s has the attributes that Timesketch asks for, in every event', (_, events) => {
    expect(events).toHaveLength(3);
    for (const event of events) {
      expect(event.message).toMatch(/^(?:R|ICS): \S/);
      expect(event.timestamp_desc).toMatch(/^\S/);
      expect(event.datetime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
      expect(Date.parse(String(event.datetime)) * 1000).toBeLessThanOrEqual(Number(event.timestamp));
    }
    expect(events[1]).toMatchObject({ datetime: '2019-05-11T10:00:00.123456+00:00', rule_level: 'high' });
    expect(events[2]).toMatchObject({ timestamp_desc: 'The event has no time' });
  });
  it('has one type in a column, because the index refuses events with another', () => {
    const old = makeEvent(0, 4624, '', {}, { TimeCreated: '1969-12-31T23:59:59.5000000Z', timeUs: -500_000 });
    const [correlation] = sampleReport.correlations;
    const events = [...correlation!.events, ...correlation!.events.slice(0, 1)];
    const mixed = reportOf({
      ...sampleReport,
      matches: () => [makeMatch(0, old, [])],
      correlations: [{ ...correlation!, events }],
    });
    const rows = table('timesketch-csv', mixed).map(({ timestamp, record_number, records }) => ({
      timestamp,
      record_number,
      records,
    }));
    const first = String(events[0]!.EventRecordID);
    expect(rows).toEqual([
      { timestamp: '-500000', record_number: String(old.EventRecordID), records: '' },
      {
        timestamp: String(correlation!.fromUs),
        record_number: first,
        records: events.map(({ EventRecordID }) => EventRecordID).join(' '),
      },
    ]);
    expect(objects('timesketch-jsonl', mixed).map(({ record_number }) => record_number)).toEqual([
      old.EventRecordID,
      Number(first),
    ]);
  });

  it('keeps names of logs apart from those of Timesketch', () => {
    expect(objects('timesketch-jsonl', report)[1]).toMatchObject({
      data_message: 'from the log',
      data_a_b: 'x',
      data__id: 'y',
      data_TargetUserName: 'eve',
      evidence: 'LogonType: 3',
    });
    for (const event of objects('timesketch-jsonl', report)) {
      expect(Object.keys(event).filter((name) => /^_|\./.test(name))).toEqual([]);
    }
  });
});

describe('timeline-explorer', () => {
  it('has the columns of EvtxECmd', () => {
    expect(render('timeline-explorer').split('\n')[0]).toBe(
      'RecordNumber,EventRecordId,TimeCreated,EventId,Level,Provider,Channel,ProcessId,ThreadId,Computer,ChunkNumber,UserId,MapDescription,' +
        'UserName,RemoteHost,PayloadData1,PayloadData2,PayloadData3,PayloadData4,PayloadData5,PayloadData6,ExecutableInfo,HiddenRecord,' +
        'SourceFile,Keywords,ExtraDataOffset,Payload',
    );
    const [, row] = table('timeline-explorer', report);
    expect(row).toMatchObject({
      RecordNumber: '1',
      TimeCreated: '2019-05-11 10:00:00.1234567',
      Level: 'LogAlways',
      ProcessId: '612',
      MapDescription: 'R',
      UserName: 'eve',
      RemoteHost: '::ffff:10.0.0.5',
      PayloadData1: 'Rule level: high',
      HiddenRecord: 'False',
    });
    const payload = JSON.parse(row?.Payload ?? '') as { EventData: { Data: unknown[] } };
    expect(payload.EventData.Data[1]).toEqual({ '@Name': 'TargetUserName', '#text': 'eve' });
  });
});

describe('hayabusa', () => {
  it('has the columns of the verbose profile', () => {
    const [, row] = table('hayabusa', report);
    expect(row).toEqual({
      Timestamp: '2019-05-11 10:00:00.123 +00:00',
      RuleTitle: 'R',
      Level: 'high',
      Computer: 'IEWIN7',
      Channel: 'Security',
      EventID: '4624',
      MitreTactics: 'Defense Evasion',
      MitreTags: 'T1059 \u00a6 T1059.001',
      OtherTags: 'cve.2021-1',
      RecordID: '100',
      Details: 'LogonType=3, TargetUserName=eve, IpAddress=::ffff:10.0.0.5',
      ExtraFieldInfo: expect.stringContaining('SubjectUserName: DC$ \u00a6 IpAddress: ::ffff:10.0.0.5') as string,
      RuleFile: 'rules/wmi/consumer.yml',
      RuleID: rule.id,
      EvtxFile: 'logs/wmi.xml',
      Event: eventIdOf(logon),
      Alert: '',
      Incident: expect.stringMatching(/^[0-9a-f]{12}$/),
      State: '',
    });
  });
});

describe('navigator', () => {
  it('is a layer of format 4.5: a score per technique, parents named so that they unfold', () => {
    const layer = JSON.parse(render('navigator', report)) as { techniques: Record<string, unknown>[] };
    const incidents = {
      name: 'incidents',
      value: report.incidents
        .filter(({ rules }) => rules.includes(0))
        .map(({ id }) => id)
        .join(' '),
    };
    // What else the format asks for: navigator-layer.test.ts.
    expect(layer).toMatchObject({
      name: 'winnow',
      domain: 'enterprise-attack',
      description: '3 matches of Sigma rules, 0 correlations',
      sorting: 3,
      techniques: ['T1059', 'T1059.001'].map((techniqueID) => ({
        techniqueID,
        score: 2,
        enabled: true,
        ...(techniqueID === 'T1059' ? { showSubtechniques: true } : {}),
        comment: 'R',
        metadata: [{ name: 'R', value: 'high, 2' }, incidents],
      })),
      gradient: { colors: ['#fff7b3', '#ff6666'], minValue: 0, maxValue: 2 },
    });
    const sample = JSON.parse(render('navigator')) as typeof layer;
    expect(sample.techniques.map(({ techniqueID, score }) => [techniqueID, score])).toEqual([
      ['T1546', undefined],
      ['T1546.003', 2],
    ]);
  });
});

describe('splunk-hec', () => {
  it('has what the collector knows beside the event', () => {
    const [first, second, third] = objects('splunk-hec', report);
    expect(second).toMatchObject({
      time: 1557568800.123456,
      host: 'IEWIN7',
      source: 'logs/wmi.xml',
      sourcetype: 'winnow:match',
      event: { kind: 'match', rule: { title: 'R' }, via: 'channel', event: { EventID: 4624, data: { LogonType: '3' } } },
    });
    for (const body of [first, second, third, ...objects('splunk-hec')]) {
      expect(['time', 'host', 'source', 'sourcetype', 'event']).toEqual(expect.arrayContaining(Object.keys(body ?? {})));
    }
    expect(third).not.toHaveProperty('time');
  });
});

describe('ecs', () => {
  /** `a.b` of every leaf; what stands under a name of our own is not gone into. */
  function* leaves(value: unknown, path = ''): Iterable<[string, unknown]> {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) yield [path, value];
    else for (const [name, child] of Object.entries(value)) yield* leaves(child, path === '' ? name : `${path}.${name}`);
  }
  const flat = EcsFlat as Readonly<
    Record<string, { type: string; allowed_values?: { name: string; expected_event_types?: string[] }[]; normalize: string[] }>
  >;
  const documents = [...objects('ecs', report), ...objects('ecs')];

  it('names every field as ECS does, with a value that its type takes', () => {
    for (const document of documents) {
      expect((document.ecs as { version: string }).version).toBe(EcsVersion);
      for (const [path, value] of leaves(document)) {
        if (/^(?:winlog|labels)\./.test(path)) continue;
        const field = flat[path];
        expect(field, path).toBeDefined();
        if (field?.type === 'long') expect(Number.isInteger(value), path).toBe(true);
        if (field?.type === 'date') expect(Date.parse(String(value)), path).not.toBeNaN();
        if (field?.type === 'keyword' && !Array.isArray(value)) expect(typeof value, path).toBe('string');
        if (field?.normalize.includes('array')) expect(Array.isArray(value), path).toBe(true);
        for (const item of [value].flat()) {
          if (field?.allowed_values !== undefined)
            expect(
              field.allowed_values.map(({ name }) => name),
              path,
            ).toContain(item);
        }
      }
    }
  });
  it('says who, from where and which process', () => {
    expect(documents[1]).toMatchObject({
      user: { name: 'eve', domain: 'CORP' },
      related: { user: ['eve', 'DC$'] },
      source: { ip: '10.0.0.5' },
      event: { category: ['authentication'], type: ['start'], outcome: 'success', code: '4624', severity: 4 },
      threat: { technique: { id: ['T1059'], subtechnique: { id: ['T1059.001'] } }, tactic: { name: ['Defense Evasion'] } },
      winlog: { channel: 'Security', event_data: { a_b: 'x', IpPort: 'none' } },
    });
    expect(documents[1]).not.toHaveProperty('source.port');
    expect(documents[0]).toMatchObject({ process: { pid: 500, name: 'cmd.exe', parent: { pid: 100 } }, user: { name: 'bob' } });
    expect(documents[0]).not.toHaveProperty('source');
    expect(documents[2]).toMatchObject({ user: { name: 'amy', domain: 'CORP' }, process: { executable: 'C:\\a.exe' } });
    expect(documents[2]).not.toHaveProperty('@timestamp');
  });
});
