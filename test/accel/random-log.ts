/** Random events as EVTX: every type of value that rules can ask for, in layouts of every kind that the sieve tells apart. */
import fc from 'fast-check';
import { FIELDS, value as text } from '../engine/match/random-rules.ts';
import {
  dependsOn,
  el,
  inline,
  instance,
  type Node,
  opt,
  sub,
  type TemplateSpec,
  template,
  type ValueSpec,
  v,
} from '../logs/evtx/support/evtx-writer.ts';
import type { RecordSpec } from './support.ts';

const utf16 = (characters: string) => Buffer.from(characters, 'utf16le');
const data = (name: string, ...parts: Parameters<typeof el>[2][]) => el('Data', { Name: name }, ...parts);

/** Longer than what the sieve keeps (2,048 bytes), with something to find at either end. */
const long = fc.tuple(text, text, fc.integer({ min: 1000, max: 1100 })).map(([a, b, length]) => `${a}${'x'.repeat(length)}${b}`);
const strings: fc.Arbitrary<ValueSpec> = fc.oneof(
  { weight: 6, arbitrary: text.map(v.string) },
  { weight: 1, arbitrary: text.map((one) => v.string(one.toUpperCase())) },
  { weight: 1, arbitrary: text.map((one) => v.string(one.toLowerCase())) },
  { weight: 1, arbitrary: fc.tuple(text, fc.constantFrom('\0', '\0\0\0')).map(([one, end]) => v.string(one + end)) },
  { weight: 1, arbitrary: fc.tuple(text, text).map(([a, b]) => v.string(`${a}\0${b}`)) },
  { weight: 1, arbitrary: text.map((one) => v.raw(0x01, Buffer.concat([utf16(one), Buffer.from('a')]))) },
  { weight: 1, arbitrary: long.map(v.string) },
  { weight: 1, arbitrary: fc.constantFrom(v.string(''), v.string('\0')) },
);
const small = fc.constantFrom(0, 1, 255, 999, 4624, 4688);
const others: fc.Arbitrary<ValueSpec> = fc.oneof(
  text.map((one) => v.ansi(Buffer.from(one, 'latin1'))),
  text.map((one) => v.ansi(Buffer.from(`${one}\0`, 'latin1'))),
  fc.constantFrom(1, 0, 99).map(v.uint8),
  small.map(v.uint16),
  small.map(v.uint32),
  small.map((one) => v.uint64(BigInt(one))),
  small.map((one) => v.int32(-one)),
  fc.constantFrom(0x3e7, 0, 1).map(v.hex32),
  fc.constantFrom(0x3e7n, 0n, 1n << 63n).map(v.hex64),
  fc.constantFrom(v.sid(5, 18), v.sid(5, 21, 1, 2, 500)),
  fc.constantFrom('5a40d00fe0024b4a8a1e001122334455', '00'.repeat(16)).map(v.guid),
  fc.constantFrom(v.filetime(132_020_711_034_185_632n), v.systemtime([2020, 1, 1, 2, 3, 4, 5, 6])),
  fc.constantFrom(v.bool(true), v.bool(false), v.double(-1.5), v.float(0), v.size(0x3e7n), v.binary('0a1b'), v.binary('')),
  // Too short for their types, and arrays of nothing.
  fc.constantFrom(v.raw(0x08, Buffer.from([1, 2])), v.raw(0x0f, Buffer.from([1])), v.raw(0x81, Buffer.alloc(0))),
  fc.constantFrom(v.raw(0x81, Buffer.from([0])), v.raw(0x86, Buffer.from([1])), v.raw(0x13, Buffer.from([1, 2]))),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((list) => v.strings(...list)),
  fc.constantFrom(v.array(v.uint16(1), v.uint16(4624)), v.array(v.sid(5, 18), v.sid(5, 32, 544)), v.array(v.uint16(999))),
);
const anything = fc.oneof(
  { weight: 5, arbitrary: strings },
  { weight: 4, arbitrary: others },
  { weight: 2, arbitrary: fc.constant(v.nothing()) },
);

/** How a list of values becomes event data. */
type Form = (values: readonly ValueSpec[]) => Node;

const filled = (made: TemplateSpec, count: number): Form => {
  return (values) => instance(made, ...Array.from({ length: count }, (_, i) => values[i % values.length]!));
};
const dynamic = template(el('EventData', {}, el('Data', { Name: sub(0) }, sub(1)), el('Data', {}, sub(2)), data('B', sub(3))));

const FORMS: readonly Form[] = [
  // Every field a value, and the same with fields that go with their values.
  filled(template(el('EventData', {}, ...FIELDS.slice(0, 8).map((name, i) => data(name, sub(i))))), 8),
  filled(template(el('EventData', {}, ...FIELDS.slice(0, 8).map((name, i) => dependsOn(i, data(name, opt(i)))))), 8),
  // Values that are joined, literal, shared, repeated, dependent on others, or not there at all.
  filled(
    template(
      el(
        'EventData',
        {},
        data('A', 'x ', sub(0), '-', sub(1)),
        data('B', 'cmd.exe'),
        data('Image', sub(0)),
        data('ParentImage', sub(0)),
        data('CommandLine', sub(2)),
        data('CommandLine', sub(3)),
        dependsOn(4, data('User', sub(1))),
        dependsOn(4, data('NewProcessName', 'powershell')),
        data('ProcessId', sub(9)),
        dependsOn(9, data('Extra', sub(9))),
      ),
    ),
    5,
  ),
  filled(template(el('UserData', {}, el('Wrap', { A: sub(0) }, el('B', {}, sub(1)), el('Image', {}, opt(2))))), 3),
  // Fields of System are hidden.
  filled(template(el('EventData', {}, data('EventID', sub(0)), data('Channel', sub(1)), data('A', sub(2)))), 3),
  (values) => {
    const at = (i: number) => values[i % values.length]!;
    return instance(dynamic, v.string(FIELDS[values.length % 3]!), at(0), at(1), at(2));
  },
  // No template.
  (values) =>
    el('EventData', {}, ...FIELDS.slice(0, 4).map((name, i) => data(name, inline(inlineable(values[i % values.length]!))))),
];

/** Inline, types have the size that they have. */
function inlineable(value: ValueSpec): ValueSpec {
  return value.type === 0x01 && (value.bytes as Buffer).length % 2 === 0 ? value : v.string('cmd.exe');
}

const CHANNELS = [
  { channel: v.string('Microsoft-Windows-Sysmon/Operational'), provider: 'Microsoft-Windows-Sysmon', eventId: v.uint16(1) },
  { channel: v.string('Microsoft-Windows-Sysmon/Operational'), provider: 'Microsoft-Windows-Sysmon', eventId: v.uint16(13) },
  { channel: v.string('Security'), provider: 'Microsoft-Windows-Security-Auditing', eventId: v.uint16(4688) },
  { channel: v.string('Security'), provider: 'Microsoft-Windows-Security-Auditing', eventId: v.uint32(4624) },
  { channel: v.string('Security\0'), provider: 'Microsoft-Windows-Security-Auditing', eventId: v.string('04624') },
  { channel: v.string('Security'), provider: 'x', eventId: v.array(v.uint16(1), v.uint16(4624)) },
  { channel: v.nothing(), provider: 'Microsoft-Windows-Sysmon', eventId: v.nothing() },
  { channel: v.string('System'), provider: 'y', eventId: v.uint16(1) },
];

/** The values of an event, by their numbers among those of the log: they repeat. */
const eventOf = (values: readonly ValueSpec[]): fc.Arbitrary<RecordSpec> =>
  fc
    .record({
      system: fc.constantFrom(...CHANNELS),
      computer: fc.constantFrom('HOST', 'host', 'OTHER'),
      form: fc.constantFrom(...FORMS),
      chosen: fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 8 }),
    })
    .map(({ system, computer, form, chosen }) => ({ ...system, computer, section: form(chosen), bytes: 25_000 }));

/** The records of a log. */
export const records: fc.Arbitrary<RecordSpec[]> = fc
  .array(anything, { minLength: 2, maxLength: 9 })
  .chain((values) => fc.array(eventOf(values), { minLength: 1, maxLength: 6 }));
