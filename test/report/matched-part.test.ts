import { describe, expect, it } from 'vitest';
import { emphasised, evidenceOf, otherFields } from '../../src/report/evidence.ts';
import { matchedPart } from '../../src/report/matched-part.ts';
import { makeEvent, makeMatch } from './sample-report.ts';

/** The part of the value that is emphasised. */
function part(value: string, modifier: string, pattern: string): string | null {
  const range = matchedPart(value, modifier, pattern, false);
  return range === null ? null : value.slice(range.start, range.end);
}

describe('matchedPart', () => {
  it('finds contained text in any case', () => {
    expect(part('C:\\Windows\\System32\\CMD.exe', 'contains', 'cmd.EXE')).toBe('CMD.exe');
  });
  it('takes the last place for endswith and the first for startswith', () => {
    expect([matchedPart('abab', 'endswith', 'ab', false), matchedPart('abab', 'startswith', 'ab', false)]).toEqual([
      { start: 2, end: 4 },
      { start: 0, end: 2 },
    ]);
  });
  it('spans from the first to the last literal between wildcards', () => {
    expect(part('xx one and two yy', 'contains', 'one*two')).toBe('one and two');
  });
  it('reads escaped wildcards and backslashes as text', () => {
    expect([part('a*b', 'contains', '\\*'), part('C:\\\\x', 'contains', '\\\\'), part('C:\\temp', 'contains', '\\temp')]).toEqual(
      ['*', '\\', '\\temp'],
    );
  });
  it('finds a dash of another kind under windash', () => {
    expect(part('net /user \u2013add', 'contains|windash', '-add')).toBe('\u2013add');
  });
  it('keeps to case under cased', () => {
    expect([part('ABC', 'contains|cased', 'abc'), part('ABC', 'contains|cased', 'BC')]).toEqual([null, 'BC']);
  });
  it('emphasises nothing where the whole value is meant, or the pattern is not text', () => {
    expect([
      part('abc', '', 'ABC'),
      part('abc', 're', 'b'),
      part('10.0.0.1', 'cidr', '10.0.0.0/8'),
      part('abc', 'contains', 'x'),
    ]).toEqual([null, null, null, null]);
  });
});

describe('evidenceOf', () => {
  it('puts the patterns of one value together', () => {
    const event = makeEvent(0, 1, '10:00:00.0000000', { CommandLine: 'cmd /c whoami /all' });
    const field = { name: 'CommandLine', value: 'cmd /c whoami /all', modifier: 'contains|all' };
    const match = makeMatch(0, event, [
      { ...field, pattern: 'whoami' },
      { ...field, pattern: '/c who' },
      { ...field, pattern: '/all' },
    ]);
    expect(evidenceOf(match)).toEqual([
      {
        name: 'CommandLine',
        value: 'cmd /c whoami /all',
        words: null,
        ranges: [
          { start: 4, end: 13 },
          { start: 14, end: 18 },
        ],
        patterns: ['contains|all whoami', 'contains|all /c who', 'contains|all /all'],
      },
    ]);
  });
  it('shows the element of a repeated field in which the pattern stands', () => {
    const event = makeEvent(0, 1, '10:00:00.0000000', { Data: ['first', null, 'the second'] });
    const match = makeMatch(0, event, [
      { name: 'Data', value: ['first', null, 'the second'], modifier: 'contains', pattern: 'second' },
    ]);
    expect(evidenceOf(match)).toEqual([
      { name: 'Data', value: 'the second', words: null, ranges: [{ start: 4, end: 10 }], patterns: ['contains second'] },
    ]);
  });
  it('has words for an absent and for an empty value, and names the event field where it differs', () => {
    const event = makeEvent(0, 4688, '10:00:00.0000000', {});
    const match = makeMatch(0, event, [
      { name: 'User', value: null, modifier: '', pattern: 'null' },
      { name: 'Image', eventField: 'NewProcessName', value: '', modifier: '', pattern: '' },
    ]);
    expect(evidenceOf(match)).toEqual([
      { name: 'User', value: '(none)', words: null, ranges: [], patterns: ['is null'] },
      { name: 'Image (NewProcessName)', value: '(empty)', words: null, ranges: [], patterns: ['is ""'] },
    ]);
  });
});

describe('emphasised', () => {
  const plain = (text: string) => text;
  it('cuts a long value around the part that matched', () => {
    const value = `${'a'.repeat(100)}HIT${'b'.repeat(100)}`;
    expect(emphasised(value, [{ start: 100, end: 103 }], 20, plain)).toEqual([
      { text: '\u2026', strong: false },
      { text: 'aaaaaa', strong: false },
      { text: 'HIT', strong: true },
      { text: 'bbbbbbbbbbb', strong: false },
      { text: '\u2026', strong: false },
    ]);
  });
  it('does not cut a character in half', () => {
    expect(emphasised('\u{1f600}'.repeat(10), [], 5, plain)).toEqual([
      { text: '\u{1f600}\u{1f600}', strong: false },
      { text: '\u2026', strong: false },
    ]);
  });
});

describe('otherFields', () => {
  it('leaves out what matched, what is empty and what says nothing', () => {
    const event = makeEvent(0, 1, '10:00:00.0000000', {
      Image: 'a.exe',
      User: 'me',
      Company: '-',
      Product: ' ',
      UtcTime: 'x',
      Hashes: null,
    });
    const match = makeMatch(0, event, [{ name: 'Image', value: 'a.exe', modifier: '', pattern: 'a.exe' }]);
    expect(otherFields(match)).toEqual(['User=me']);
    const logged = { ...match, event: { ...event, system: { Security_UserID: 'S-1-5-18' } } };
    expect(otherFields(logged)).toEqual(['User=me', 'Security_UserID=S-1-5-18']);
  });
});
