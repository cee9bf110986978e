import { describe, expect, test } from 'vitest';
import { format as xml } from '../../src/logs/xml/format.ts';
import { codes, dataOf, eventXml, idsOf, readXml } from './support.ts';

const XML_DECLARATION = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>';
const data = (rest: string): Record<string, unknown> => dataOf(readXml(eventXml(1, rest)))[0]!;

describe('the forms of an XML log', () => {
  const three = [1, 2, 3].map((id) => eventXml(id));
  test.each([
    ['Event Viewer', `${XML_DECLARATION}\r\n<Events>${three.join('')}</Events>`],
    ['wevtutil, one line', three.join('')],
    ['wevtutil, one event a line', three.join('\r\n')],
    ['byte order mark', `\uFEFF${three.join('\n')}`],
    ['pretty-printed', `<Events>\n${three.join('\n').replace(/></g, '>\n  <')}\n</Events>\n`],
    ['a declaration and a comment between events', three.join(`\n${XML_DECLARATION}<!-- <Event><System/></Event> -->\n`)],
    ['a root of another name', `<Log xmlns:e="x"><Batch n="1">${three.join('')}</Batch></Log>`],
    ['namespace prefixes', `<e:Events xmlns:e="x">${three.join('').replace(/<(\/?)(?=[A-Z])/g, '<$1e:')}</e:Events>`],
  ])('%s', (_name, text) => {
    const read = readXml(text);
    const plain = readXml(three.join(''));
    expect(read.diagnostics).toEqual([]);
    expect(read.events.map((event) => ({ ...event, offset: 0 }))).toEqual(plain.events.map((event) => ({ ...event, offset: 0 })));
    expect(idsOf(read)).toEqual([1, 2, 3]);
  });

  test.each([
    ['default output of evtx_dump', [1, 2].map((id) => `Record ${id}\n${XML_DECLARATION}\n${eventXml(id)}\n`).join('')],
    [
      'copied from the tree of a browser or of Event Viewer',
      [1, 2]
        .map(
          (id) =>
            `- ${eventXml(id)
              .replace(/(?=<System|<EventData)/g, '\r\n- ')
              .replace(/\/>/g, ' /> ')}`,
        )
        .join('\r\n'),
    ],
    ['what a shell has written before', `C:\\>wevtutil qe System "/q:*"\r\n${eventXml(1)}\r\n${eventXml(2)}\r\n`],
  ])('%s: text between events is told once', (_name, text) => {
    const read = readXml(text);
    expect(xml.sniff(Buffer.from(text))).toBe(true);
    expect(read.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['xml/junk', 'info']]);
    expect(read.damaged).toBe(0);
    expect(idsOf(read)).toEqual([1, 2]);
    expect(dataOf(read)).toEqual([{ Image: 'C:\\a1.exe' }, { Image: 'C:\\a2.exe' }]);
  });

  test.each([
    ['JSON', JSON.stringify({ Message: eventXml(1) })],
    ['CSV', `Time,Xml\n1,"${eventXml(1).replaceAll('"', '""')}"\n`],
    ['Markdown', `# Events\n\n\`\`\`xml\n${eventXml(1)}\n\`\`\`\n`],
    ['code', `const sample = '${eventXml(1)}';`],
    ['prose', 'An <Event> begins with <System>.'],
  ])('%s that quotes an event is none', (_name, text) => {
    expect(xml.sniff(Buffer.from(text))).toBe(false);
  });

  test('System fields are named by element and attribute', () => {
    const [event] = readXml(
      `<Event xmlns='x'><System><Provider Name='Service Control Manager' EventSourceName='SCM'/><EventID Qualifiers='16384'>7045</EventID>` +
        `<Level></Level><Keywords>0x8080000000000000</Keywords><TimeCreated SystemTime='2021-01-01T00:00:00.000000000Z'/><EventRecordID>42</EventRecordID>` +
        `<Correlation ActivityID='{A}'/><Execution ProcessID='788' ThreadID='792'/><Channel>System</Channel><Computer>HOST1</Computer><Security/></System></Event>`,
    ).events;
    expect({ ...event?.system }).toEqual({
      Provider_Name: 'Service Control Manager',
      Provider_EventSourceName: 'SCM',
      EventID_Qualifiers: '16384',
      EventID: '7045',
      Keywords: '0x8080000000000000',
      TimeCreated_SystemTime: '2021-01-01T00:00:00.000000000Z',
      EventRecordID: '42',
      Correlation_ActivityID: '{A}',
      Execution_ProcessID: '788',
      Execution_ThreadID: '792',
      Channel: 'System',
      Computer: 'HOST1',
    });
    expect([event?.EventID, event?.TimeCreated, event?.timeUs]).toEqual([7045, '2021-01-01T00:00:00.0000000Z', 1609459200000000]);
  });
});

describe('data', () => {
  test('named, unnamed, repeated, empty', () => {
    const xml = `<EventData><Data Name='Threat Name'>x</Data><Data>a</Data><Data>b</Data><Data Name="G">{A}</Data><Data Name="G">{B}</Data><Data Name="E"/><Data Name="F"></Data><Binary>0A0B</Binary></EventData>`;
    expect(data(xml)).toEqual({ ThreatName: 'x', Data: ['a', 'b'], G: ['{A}', '{B}'], E: '', F: '', Binary: '0A0B' });
  });

  test('UserData: the fields inside of the wrapper, by local name', () => {
    const xml = `<UserData><Op_Failure xmlns="ns" xmlns:p="q"><Id>{X}</Id><p:Computer>other</p:Computer><Empty/></Op_Failure></UserData>`;
    expect(data(xml)).toEqual({ Id: '{X}', Computer: 'other', Empty: '' });
  });

  test('a data field hides a System field of that name, gating does not see it', () => {
    const [event] = readXml(
      eventXml(1, '<UserData><LogFileCleared xmlns="x"><Channel>Security</Channel></LogFileCleared></UserData>'),
    ).events;
    expect([event?.Channel, event?.system.Channel, event?.data.Channel]).toEqual([
      'Microsoft-Windows-Sysmon/Operational',
      'Microsoft-Windows-Sysmon/Operational',
      'Security',
    ]);
  });

  test('nested elements and attributes in UserData', () => {
    expect(data('<UserData><W xmlns="x" kind="k"><A unit="s"><B>1</B><B>2</B></A><C n="3">4</C></W></UserData>')).toEqual({
      W_kind: 'k',
      A_unit: 's',
      B: ['1', '2'],
      C_n: '3',
      C: '4',
    });
  });

  test('RenderingInfo is no field, wherever it stands', () => {
    const info =
      '<RenderingInfo Culture="en-US"><Message>Process Create: &lt;x&gt;</Message><Level>Information</Level></RenderingInfo>';
    expect(data(`<EventData><Data Name="A">1</Data></EventData>${info}`)).toEqual({ A: '1' });
    expect(data(`${info}<EventData><Data Name="A">1</Data></EventData>`)).toEqual({ A: '1' });
  });

  test('ProcessingErrorData and DebugData', () => {
    expect(
      data(
        '<ProcessingErrorData><ErrorCode>15003</ErrorCode><DataItemName/><EventPayload>00FF</EventPayload></ProcessingErrorData>',
      ),
    ).toEqual({
      ErrorCode: '15003',
      DataItemName: '',
      EventPayload: '00FF',
    });
    expect(data('<DebugData><SequenceNumber>1</SequenceNumber><FileLine>a.c 3</FileLine></DebugData>')).toEqual({
      SequenceNumber: '1',
      FileLine: 'a.c 3',
    });
  });

  test('an EventData with a name of its own, and an empty one', () => {
    expect(data('<EventData Name="TaskDisabled"><Data Name="TaskName">\\x</Data></EventData>')).toEqual({ TaskName: '\\x' });
    expect(data('<EventData/>')).toEqual({});
    expect(data('')).toEqual({});
  });
});

describe('values', () => {
  const value = (content: string): unknown =>
    data(`<EventData><Data Name="V">${content}</Data><Data Name="W">w</Data></EventData>`).V;
  test.each([
    ['references', 'a &amp; b &lt;c&gt; &quot;d&quot; &apos;', `a & b <c> "d" '`],
    ['character references', 'a&#13;&#10;b&#x41;&#128512;', 'a\r\nbA\u{1F600}'],
    ['control characters, raw and as references', '\u0001&#0;&#x1f;', '\u0001\0\u001f'],
    ['an ampersand that begins no reference', 'a & b &nope; &#xFFFFFF; &', 'a & b &nope; &#xFFFFFF; &'],
    ['line ends', 'a\r\nb\rc\nd', 'a\nb\nc\nd'],
    ['blanks are kept', '  a  ', '  a  '],
    ['CDATA', '<![CDATA[a <b> & </Data> ]]>&amp;<![CDATA[c]]>', 'a <b> & </Data> &c'],
    ['comments', 'a<!-- <x> </Data> -->b', 'ab'],
    ['processing instructions', 'C:\\ev<?x y?>il.exe<?z?>', 'C:\\evil.exe'],
    ['a processing instruction with markup, one quote', "a<?x </Data><Data Name='W'> it's > ?>b", 'ab'],
    ['all of them', '<!-- <?x -->a<?y <!-- ?>b<![CDATA[<?z?>]]>&lt;', 'ab<?z?><'],
    ['what has no end, or no name, is no processing instruction', 'a<? b ?>c<?php d', 'a<? b ?>c<?php d'],
    [
      'markup that was not escaped',
      '<?xml version="1.0"?><Task a="1">x &amp; y<Data>no</Data></Task>',
      '<?xml version="1.0"?><Task a="1">x &amp; y<Data>no</Data></Task>',
    ],
    ['less-than that was not escaped', 'if (a < b && c <d) {}', 'if (a < b && c <d) {}'],
    ['a whole event as a value', eventXml(9), eventXml(9)],
    [
      'longer than what is looked at byte by byte',
      `${'x'.repeat(100)}&amp;${'y'.repeat(100)}`,
      `${'x'.repeat(100)}&${'y'.repeat(100)}`,
    ],
    ['not ASCII', 'Ünï \u{1F600} code', 'Ünï \u{1F600} code'],
  ])('%s', (_name, content, expected) => {
    expect(value(content)).toBe(expected);
  });

  test('comments and processing instructions elsewhere leave nothing behind', () => {
    const text = eventXml(1, "<EventData><Data Name='V'>a</Data><?x it's?></EventData>")
      .replace('<System>', "<?x <System> '?><System><!-- ' -->")
      .replace('<EventID>1', "<EventID><?x '?>1<!-- 2 -->")
      .replace('<Computer>PC1', '<Computer>P<?x "?>C1');
    const { events, diagnostics } = readXml(text);
    expect(diagnostics).toEqual([]);
    expect(events[0]).toMatchObject({ EventID: 1, Computer: 'PC1', data: { V: 'a' } });
  });

  test('a Data that is the last one may hold raw markup, too', () => {
    expect(data('<EventData><Data Name="A"><x>1</x></Data>\n</EventData>')).toEqual({ A: '<x>1</x>' });
  });
});

describe('damage costs the record that has it', () => {
  test('a record cut in the middle of a tag, a value, an attribute', () => {
    const cuts = [
      '<System><Prov',
      '<System><Provider Name="x',
      '<System><EventID>1',
      '<System></System><EventData><Data Name="A">b',
    ];
    for (const cut of cuts) {
      const text = `${eventXml(1)}<Event xmlns="x">${cut}${eventXml(3)}${eventXml(4)}`;
      const read = readXml(text);
      expect(idsOf(read), cut).toEqual([1, 3, 4]);
      expect(codes(read), cut).toEqual([`xml/damaged-event at ${eventXml(1).length}`]);
      expect(read.stats, cut).toMatchObject({ records: 3, damaged: 1 });
    }
  });

  test('tags that do not match', () => {
    const bad = eventXml(2).replace('</EventID>', '</EventId>');
    const read = readXml(eventXml(1) + bad + eventXml(3));
    expect(idsOf(read)).toEqual([1, 3]);
    expect(codes(read)).toEqual([`xml/damaged-event at ${eventXml(1).length}`]);
  });

  test('a truncated file: every whole event, one diagnostic with the offset', () => {
    const whole = `<Events>${eventXml(1)}${eventXml(2)}`;
    for (const cut of [1, 5, 7, 20, 100, 300, eventXml(3).length - 1]) {
      const read = readXml(whole + eventXml(3).slice(0, cut));
      expect(idsOf(read), `${cut}`).toEqual([1, 2]);
      expect(codes(read), `${cut}`).toEqual([`xml/truncated at ${whole.length}`]);
    }
    expect(codes(readXml(whole))).toEqual([`xml/truncated at ${whole.length}`]);
    expect(codes(readXml(`${whole}</Events>`))).toEqual([]);
  });

  test('a file that begins in the middle of an event', () => {
    const read = readXml(`Data Name="x">y</Data></EventData></Event>${eventXml(2)}`);
    expect(idsOf(read)).toEqual([2]);
    expect(codes(read)).toEqual(['xml/junk at 0']);
  });

  test('text between events', () => {
    const read = readXml(`${eventXml(1)}oops${eventXml(2)}oops`);
    expect(idsOf(read)).toEqual([1, 2]);
    expect(codes(read)).toEqual([`xml/junk at ${eventXml(1).length}`]);
  });

  test('a record longer than the limit is skipped, the next one is read', () => {
    const long = eventXml(2, `<EventData><Data Name="A">${'x'.repeat(20 << 20)}`);
    const read = readXml(`${eventXml(1)}${long}${eventXml(3)}`, [1 << 20]);
    expect(idsOf(read)).toEqual([1, 3]);
    expect(codes(read)).toEqual([`xml/too-long at ${eventXml(1).length}`]);
  });

  test('many damaged records give some lines and a count', () => {
    const bad = eventXml(2).replace('</EventID>', '</EventId>');
    const read = readXml(bad.repeat(100) + eventXml(3));
    expect(idsOf(read)).toEqual([3]);
    expect(read.stats.damaged).toBe(100);
    expect(read.diagnostics).toHaveLength(21);
    expect(read.diagnostics.at(-1)?.message).toBe('80 more of the same kind.');
  });

  test('more fields than the limit', () => {
    const many = Array.from({ length: 5000 }, (_, i) => `<Data Name="n${i}">${i}</Data>`).join('');
    const read = readXml(eventXml(1, `<EventData>${many}</EventData>`) + eventXml(2));
    expect(idsOf(read)).toEqual([1, 2]);
    expect(codes(read)).toEqual(['xml/too-many-fields at 0']);
    expect(Object.keys(read.events[0]!.data).length).toBeGreaterThan(4000);
  });
});
