/** Records of any product, in a shape that a user has described: rules of that product are evaluated on them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shapedEvent } from '../../src/logs/plain-event.ts';
import { formatDiagnostic } from '../../src/model/diagnostic.ts';
import { fieldValue } from '../../src/model/event.ts';
import { scan } from '../../src/scan.ts';
import { loadCustomLogSources } from '../../src/sigma/logsource/custom.ts';
import { zip } from '../logs/archives/make-archives.ts';
import { temporaryFolder } from '../support/folder.ts';
import { projectRoot } from '../support/shared.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);

const rule = (title: string, logsource: string, selection: string): string =>
  `title: ${title}\nlogsource: ${logsource}\ndetection:\n  selection: ${selection}\n  condition: selection\n`;

/** Title, number of the record, time, channel and `via` of each match. */
async function matches(shapes: string, rules: readonly string[], records: readonly unknown[], threads = 1): Promise<unknown[]> {
  writeFileSync(at('rules.yml'), rules.join('---\n'));
  writeFileSync(at('log.json'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const { logSources, diagnostics } = loadCustomLogSources(shapes, 'shapes.yml');
  expect(diagnostics.map(formatDiagnostic)).toEqual([]);
  const result = await scan({ paths: [at('log.json')], rules: [at('rules.yml')], logSources: { custom: logSources }, threads });
  const found = [...result.matches()].map(({ rule: index, event, via }) => [
    result.rules[index]?.title,
    event.index,
    event.TimeCreated,
    event.Channel,
    event.Computer,
    via,
  ]);
  result.close();
  expect(result.summary.diagnostics.filter(({ severity }) => severity !== 'info').map(formatDiagnostic)).toEqual([]);
  return found;
}

describe('a described shape', () => {
  it('Linux auditd', async () => {
    const shapes = `
shape: auditd
keys: [type, node, msg.id]
system: {TimeCreated: msg.time, Computer: node}
logsource: {product: linux, service: auditd}
`;
    const rules = [
      rule('unshare', '{product: linux, service: auditd}', '{type: EXECVE, a0: unshare}'),
      rule('any Linux', '{product: linux}', '{type: EXECVE}'),
      rule('process', '{product: linux, category: process_creation}', '{type: EXECVE}'),
      rule('windows', '{product: windows, service: security}', '{type: EXECVE}'),
    ];
    const record = { node: 'host1', type: 'EXECVE', msg: { id: '77', time: 1709629582.441 }, a0: 'unshare', a1: '-r' };
    expect(await matches(shapes, rules, [{ ...record, type: 'PATH' }, record])).toEqual([
      ['unshare', 1, '2024-03-05T09:06:22.4410000Z', 'auditd', 'host1', 'auditd'],
      ['any Linux', 1, '2024-03-05T09:06:22.4410000Z', 'auditd', 'host1', 'auditd'],
    ]);
  });

  it('raw auditd records: the time is in the stamp, which rules see as it is written', async () => {
    const shapes =
      'shape: raw\nkeys: [type, msg, node]\nsystem: {TimeCreated: msg, Computer: node}\nlogsource: {product: linux, service: auditd}\n';
    const stamp = "{msg|startswith: 'audit(1709629582.', a0: id}";
    const record = { type: 'EXECVE', msg: 'audit(1709629582.441:77)', node: 'web1', a0: 'id' };
    expect(await matches(shapes, [rule('id', '{product: linux, service: auditd}', stamp)], [record])).toEqual([
      ['id', 0, '2024-03-05T09:06:22.4410000Z', 'raw', 'web1', 'raw'],
    ]);
  });

  it('that the documentation shows reads what it shows', async () => {
    const docs = readFileSync(join(projectRoot, 'docs/logsources.md'), 'utf8');
    const shapes = docs.split('```yaml\n').find((block) => block.includes('shape: auditbeat'))!;
    const execve = { a0: 'xclip', a1: '-o' };
    const records = [
      { type: 'EXECVE', msg: 'audit(1709629582.441:77)', node: 'web1', ...execve },
      { '@timestamp': '2024-03-05T09:06:22.441Z', host: { name: 'web2' }, auditd: { message_type: 'execve', data: execve } },
      { eventVersion: '1.08', eventTime: '2024-03-05T09:06:22Z', eventSource: 's3', eventName: 'StopLogging', awsRegion: 'eu' },
    ];
    const rules = [
      rule('xclip', '{product: linux, service: auditd}', '{type: EXECVE, a0: xclip, a1: -o}'),
      rule('stop', '{product: aws, service: cloudtrail}', '{eventSource: s3, eventName: StopLogging}'),
    ];
    expect(await matches(shapes.slice(0, shapes.indexOf('```')), rules, records)).toEqual([
      ['xclip', 0, '2024-03-05T09:06:22.4410000Z', 'auditd', 'web1', 'auditd'],
      ['xclip', 1, '2024-03-05T09:06:22.4410000Z', 'auditbeat', 'web2', 'auditbeat'],
      ['stop', 2, '2024-03-05T09:06:22.0000000Z', 'cloudtrail', 'eu', 'cloudtrail'],
    ]);
  });

  it('makes a file in a folder or an archive a log, as naming it does', async () => {
    const { logSources } = loadCustomLogSources('shape: s\nkeys: [a, b.c]\nlogsource: {product: linux}\n', 's.yml');
    mkdirSync(at('logs'));
    writeFileSync(at('logs/yes.json'), '{"a":1,"b":{"c":2}}\n');
    writeFileSync(at('logs/no.json'), '{"a":1,"c":2}\n');
    writeFileSync(
      at('logs.zip'),
      zip([
        { path: 'yes.json', content: '{"a":1,"b":{"c":3}}\n' },
        { path: 'no.json', content: '{"a":1,"c":2}\n' },
      ]),
    );
    writeFileSync(at('linux.yml'), rule('any', '{product: linux}', '{a: 1}'));
    const read = async (custom: typeof logSources | undefined): Promise<unknown[]> => {
      const result = await scan({ paths: [at('logs'), at('logs.zip')], rules: [at('linux.yml')], logSources: { custom } });
      const files = [...result.matches()].map(({ event }) => event.file.slice(folder.length + 1));
      result.close();
      return files;
    };
    expect(await read(logSources)).toEqual(['logs/yes.json', 'logs.zip!yes.json']);
    expect(await read(undefined)).toEqual([]);
  });

  it('records of a cloud, in a list; nested keys are fields under their dotted names', async () => {
    const shapes = `
shape: cloudtrail
keys: [eventName, eventSource]
system: {TimeCreated: eventTime, Computer: awsRegion, Channel: {text: AWS CloudTrail}}
logsource:
  - {product: aws, service: cloudtrail}
`;
    const selection = '{eventSource: iam.example, requestParameters.userName: eve, errorCode: null}';
    const record = {
      eventVersion: '1.08',
      eventTime: '2024-03-05T09:06:22Z',
      eventSource: 'iam.example',
      eventName: 'CreateUser',
      awsRegion: 'eu-1',
      requestParameters: { userName: 'eve' },
    };
    expect(
      await matches(shapes, [rule('user', '{product: aws, service: cloudtrail}', selection)], [{ Records: [record, record] }]),
    ).toEqual([
      ['user', 0, '2024-03-05T09:06:22.0000000Z', 'AWS CloudTrail', 'eu-1', 'cloudtrail'],
      ['user', 1, '2024-03-05T09:06:22.0000000Z', 'AWS CloudTrail', 'eu-1', 'cloudtrail'],
    ]);
  });

  it('rows of Defender for Endpoint serve categories of Windows, beside the events of Windows', async () => {
    const shapes = `
shape: mde
keys: [ActionType, DeviceName, Timestamp]
system: {TimeCreated: Timestamp, Computer: DeviceName}
data: {Image: FolderPath, CommandLine: ProcessCommandLine, ParentImage: InitiatingProcessFolderPath}
logsource:
  - {product: windows, category: process_creation, when: {ActionType: ProcessCreated}}
  - {product: windows, category: network_connection, when: {ActionType: ConnectionSuccess}}
---
services: {other: {channel: Other}}
`;
    const rules = [
      rule(
        'whoami',
        '{product: windows, category: process_creation}',
        "{Image|endswith: '\\whoami.exe', CommandLine|contains: /all}",
      ),
      rule('network', '{product: windows, category: network_connection}', "{Image|endswith: '\\whoami.exe'}"),
    ];
    const record = {
      Timestamp: '2024-03-05T09:06:22Z',
      DeviceName: 'pc1',
      FolderPath: 'C:\\whoami.exe',
      ProcessCommandLine: 'whoami /all',
    };
    const sysmon = {
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      EventID: 1,
      '@timestamp': '2024-03-05T09:06:22Z',
      Computer: 'pc2',
      Image: 'C:\\whoami.exe',
      CommandLine: 'whoami /all',
    };
    const records = [{ ...record, ActionType: 'ProcessCreated' }, { ...record, ActionType: 'FileCreated' }, sysmon];
    for (const threads of [1, 2])
      expect(await matches(shapes, rules, records, threads)).toEqual([
        ['whoami', 0, '2024-03-05T09:06:22.0000000Z', 'mde', 'pc1', 'mde'],
        ['whoami', 2, '2024-03-05T09:06:22.0000000Z', 'Microsoft-Windows-Sysmon/Operational', 'pc2', 'sysmon'],
      ]);
  });

  it('the same records without the shape are as they were, in the same process', async () => {
    const record = { node: 'n', type: 'EXECVE', Channel: 'Security', EventID: 1, '@timestamp': '2024-03-05T09:06:22Z' };
    const rules = [
      rule('w', '{product: windows, service: security}', '{type: EXECVE}'),
      rule('l', '{product: linux}', '{type: EXECVE}'),
    ];
    const shapes = 'shape: s\nkeys: [node]\nsystem: {TimeCreated: "@timestamp", Computer: node}\nlogsource: {product: linux}\n';
    const title = (found: unknown[]): unknown[] => found.map((match) => (match as unknown[])[0]);
    expect(title(await matches('services: {}', rules, [record]))).toEqual(['w']);
    expect(title(await matches(shapes, rules, [record]))).toEqual(['l']);
    expect(title(await matches('services: {}', rules, [record]))).toEqual(['w']);
  });
});

describe('a description that is not understood is left out and said', () => {
  const faults = (text: string): string[] => {
    const { logSources, diagnostics } = loadCustomLogSources(`${text}\n---\nshape: ok\nkeys: [a]\n`, 's.yml');
    expect(logSources.shapes?.map(({ name }) => name)).toEqual(['ok']);
    return diagnostics.map(formatDiagnostic);
  };
  it.each([
    ['shape: x', 's.yml:1:1 error logsources/missing: shape "x" needs "keys", those that every record of it has.'],
    [
      'shape: x\nkeys: [a]\nsytem: {}',
      's.yml:3:1 error logsources/unknown-key: "sytem" is not a key of a shape. Did you mean "system"?',
    ],
    [
      'shape: x\nkeys: [a]\nsystem: {Chanel: b}',
      's.yml:3:10 error logsources/unknown-key: "Chanel" is not a System field. Did you mean "Channel"?',
    ],
    [
      'shape: x\nkeys: [a]\nsystem: {Channel: {}}',
      's.yml:3:19 error logsources/missing: Channel needs a key of the record, or {text: ...}.',
    ],
    [
      'shape: x\nkeys: [a]\nlogsource: {when: {}}',
      's.yml:3:12 error logsources/missing: a log source needs a product, a category or a service.',
    ],
    [
      'shape: x\nkeys: [a]\nsystem: {Channel: c}\nlogsource: {product: linux}',
      's.yml:1:1 error logsources/shape: shape "x" has log sources: its Channel must be a text ({text: ...}) or left out.',
    ],
  ])('%s', (text, fault) => {
    expect(faults(text)).toEqual([fault]);
  });
});

describe('events that stand in a test file', () => {
  const shapes = loadCustomLogSources('shape: s\nkeys: [a.b]\nsystem: {Computer: host}\ndata: {F: a.b}\n', 's.yml').logSources
    .shapes;
  it('are of the shape whose keys they have, at their own place', () => {
    const event = shapedEvent({ host: 'h', a: { b: 5n } }, shapes, { index: 3 });
    expect([event?.index, event?.channel, event?.computer, fieldValue(event!, 'F'), fieldValue(event!, 'host')]).toEqual([
      3,
      's',
      'h',
      '5',
      'h',
    ]);
  });
  it('or of none', () => {
    expect(shapedEvent({ host: 'h', a: 'b' }, shapes)).toBeNull();
    expect(shapedEvent({ a: { b: 1 } }, undefined)).toBeNull();
  });
});
