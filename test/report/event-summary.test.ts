/** What an event says in one line, and what its codes mean. */
import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../src/report/dictionary/words.ts';
import { eventSummary } from '../../src/report/summaries/event-summary.ts';
import { TEMPLATES } from '../../src/report/summaries/templates.ts';
import { makeEvent } from './sample-report.ts';

const security = { Channel: 'Security' };
const summary = (...event: Parameters<typeof makeEvent>) => {
  const { who, what } = eventSummary(makeEvent(...event));
  return who === '' ? what : `${who}: ${what}`;
};
const TIME = '10:00:00.0000000';

describe('the summary of an event', () => {
  it('tells who did what, started by what, from where', () => {
    expect([
      summary(0, 1, TIME, { User: 'NT AUTHORITY\\SYSTEM', ParentImage: 'C:\\W\\services.exe', CommandLine: 'cmd /c x' }),
      summary(0, 1, TIME, { User: 'A\\b', Image: 'C:\\W\\x.exe', CommandLine: '-' }),
      summary(0, 1, TIME, { Image: 'C:\\W\\regsvr32.exe', ParentImage: 'C:\\a.exe', CommandLine: '/s C:\\x.dll' }),
      summary(0, 1, TIME, { Image: 'C:\\W\\Regsvr32.exe', CommandLine: 'regsvr32 /s C:\\x.dll' }),
      summary(0, 4688, TIME, { SubjectUserName: 'bob', ParentProcessName: 'C:\\a.exe', NewProcessName: 'C:\\b.exe' }, security),
      summary(0, 3, TIME, { Image: 'C:\\p.exe', DestinationIp: '10.0.0.1', DestinationPort: '443', DestinationHostname: '-' }),
      summary(
        0,
        4624,
        TIME,
        { SubjectUserName: '-', TargetUserName: 'ann', LogonType: '10', IpAddress: '10.0.0.9', WorkstationName: 'WS' },
        security,
      ),
      summary(0, 4625, TIME, { TargetUserName: 'ann', LogonType: '3', SubStatus: '0xC000006A' }, security),
      summary(0, 10, TIME, { SourceImage: 'C:\\m.exe', TargetImage: 'C:\\W\\lsass.exe', GrantedAccess: '0x1410' }),
      summary(
        0,
        5156,
        TIME,
        { Application: '\\d\\p.exe', DestAddress: '10.0.0.1', DestPort: '443', Direction: '%%14593' },
        security,
      ),
      summary(0, 7045, TIME, { ServiceName: 'x', ImagePath: 'cmd', AccountName: 'LocalSystem' }, { Channel: 'System' }),
      summary(0, 21, TIME, { Operation: 'Created', Filter: '"__EventFilter.Name=\\"F\\""', Consumer: '"C.Name=\\"C\\""' }),
    ]).toEqual([
      'SYSTEM: services.exe > cmd /c x',
      'b: C:\\W\\x.exe',
      'a.exe > (regsvr32.exe) /s C:\\x.dll',
      'regsvr32 /s C:\\x.dll',
      'bob: a.exe > C:\\b.exe',
      'p.exe -> 10.0.0.1:443',
      'logon of ann, type 10 (remote desktop) from 10.0.0.9 (WS)',
      'failed logon of ann, type 3 (network), 0xC000006A (wrong password)',
      'm.exe opens lsass.exe, access 0x1410 (VM_READ QUERY_INFORMATION QUERY_LIMITED), from C:\\m.exe',
      'p.exe <-> 10.0.0.1:443, outbound',
      'service x installed: cmd, runs as LocalSystem',
      'WMI binding Created: __EventFilter.Name="F" -> C.Name="C"',
    ]);
  });
  it('tells what a task runs, however long its XML is, and privileges on one line', () => {
    const task = (actions: string) =>
      `<?xml version="1.0" encoding="UTF-16"?>\r\n<Task>\r\n<Triggers>${'<Enabled>true</Enabled>\r\n'.repeat(200)}</Triggers><Actions>${actions}</Actions></Task>`;
    const exec = '<Exec><Command>cmd.exe</Command><Arguments>/C a &amp;&amp; b &gt; %windir%\\x.tmp</Arguments></Exec>';
    const com = '<ComHandler><ClassId>{0000}</ClassId></ComHandler>';
    const created = (TaskContent: string) => summary(0, 4698, TIME, { TaskName: '\\T', TaskContent }, security);
    expect([
      created(task(exec + com)),
      created('<Task></Task>'),
      summary(0, 4702, TIME, { TaskName: '\\T', TaskContentNew: task(exec) }, security),
      summary(0, 4672, TIME, { SubjectUserName: 'bob', PrivilegeList: 'SeDebugPrivilege\r\n\t\t\tSeTcbPrivilege' }, security),
    ]).toEqual([
      'task \\T created: cmd.exe /C a && b > %windir%\\x.tmp; COM class {0000}',
      'task \\T created: <Task></Task>',
      'task \\T changed: cmd.exe /C a && b > %windir%\\x.tmp',
      'bob: privileged logon: SeDebugPrivilege SeTcbPrivilege',
    ]);
  });
  it('is that of the fields where the kind of event is not known', () => {
    expect(summary(0, 9999, TIME, { Image: 'C:\\x.exe' })).toBe('C:\\x.exe');
    expect(summary(0, 3, TIME, {}, { Provider: 'P' })).toBe('P without data');
  });
  it('has sentences whose brackets and braces are closed', () => {
    for (const template of Object.values(TEMPLATES).flatMap((own) => Object.values(own).flat())) {
      expect(template.replace(/\[[^[\]]*\]/g, '')).not.toMatch(/[[\]]/);
      expect(template.replace(/\{[\w ]+(?::(?:name|words|meaning|command|object|list|task))?\}/g, '')).not.toMatch(/[{}]/);
    }
  });
});

describe('the dictionary', () => {
  const words = (field: string, value: string, EventID = 4624) => wordsOf(field, value, { Channel: 'Security', EventID });
  it('has words for codes, beside which the value stays', () => {
    expect([
      words('LogonType', '9'),
      words('Status', '0xc0000234', 4625),
      words('Status', '0x18', 4771),
      words('TicketEncryptionType', '0x00000017', 4769),
      words('PreAuthType', '0', 4768),
      words('AccessList', '%%1537\n\t\t\t%%4416'),
      words('AccessMask', '0x10080', 5145),
      words('GrantedAccess', '0x1fffff', 10),
      words('TargetSid', 'S-1-5-18'),
      words('MemberSid', 'S-1-5-21-1-2-3-512'),
    ]).toEqual([
      'new credentials, as runas /netonly',
      'account locked',
      'wrong password',
      'RC4, weak',
      'none: the account can be roasted',
      'DELETE, ReadData or ListDirectory',
      'ReadAttributes DELETE',
      'all access',
      'SYSTEM',
      'Domain Admins',
    ]);
  });
  it('says nothing of what it does not know', () => {
    expect(['3', 'constructor', '99'].map((value) => words('LogonType', value))).toEqual(['network', null, null]);
    expect([
      words('Image', '3'),
      words('Status', 'x'.repeat(1000)),
      words('a', '%%99999'),
      words('s', 'S-1-5-21-1-2-3-1001'),
    ]).toEqual([null, null, null, null]);
  });
});
