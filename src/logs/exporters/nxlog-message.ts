/**
 * Reads the rendered message of NXLog records that lost their data on the way: values that are too long, and UserData. In: such
 * a record and its message. Out: the parts of a WMI subscription. These matter because the longest scripts are lost first: in a
 * recorded attack the consumer event (Sysmon 20) has its script and all other fields in the message only.
 */
import type { ComputedField, Leaf, Leaves } from './exporter.ts';

/** Sysmon writes `Name: value`, one field per line. Only the last value may have several lines. */
const SYSMON_FIELDS = [
  'RuleName',
  'UtcTime',
  'Operation',
  'User',
  'EventNamespace',
  'Name',
  'Query',
  'Type',
  'Destination',
  'Consumer',
  'Filter',
];
const SYSMON_TITLE = /^Wmi\w+ activity detected:\s/;
/** From a field of event 5861 to its label in the message. The parts are separated by semicolons. */
const NATIVE_FIELDS: Readonly<Record<string, string>> = {
  Namespace: 'Namespace',
  ESS: 'Eventfilter',
  CONSUMER: 'Consumer',
  PossibleCause: 'PossibleCause',
};
const NATIVE_TITLE = /^Namespace = [^;]{0,1000}; Eventfilter = /;
/** The message writes the filter's name as `X (refer to its activate eventid:5859)`. */
const NATIVE_NOTE = / \(refer to its activate eventid:\d+\)$/;

function sysmonValue(message: string, name: string): string | undefined {
  const start = message.indexOf(`\n${name}: `);
  if (start < 0) return undefined;
  const from = start + name.length + 3;
  if (name === 'Destination') return message.slice(from);
  const end = message.indexOf('\n', from);
  return (end < 0 ? message.slice(from) : message.slice(from, end)).replace(/\r$/, '');
}

function nativeValue(message: string, name: string): string | undefined {
  const label = NATIVE_FIELDS[name];
  const start = label === undefined ? -1 : message.startsWith(`${label} = `) ? 0 : message.indexOf(`; ${label} = `);
  if (label === undefined || start < 0) return undefined;
  const from = start + (start === 0 ? 0 : 2) + label.length + 3;
  if (name === 'PossibleCause') return message.slice(from);
  const end = message.indexOf('; ', from);
  return (end < 0 ? message.slice(from) : message.slice(from, end)).replace(NATIVE_NOTE, '');
}

/** The fields that can be read from the message of a record without data. */
export function messageFields(leaves: Leaves, message: Leaf): readonly ComputedField[] {
  const read = (name: string, title: RegExp, value: (message: string, name: string) => string | undefined): ComputedField => ({
    section: 'data',
    name,
    kind: 'text',
    compute: (text) => {
      const rendered = text(message.slot) ?? '';
      return title.test(rendered) ? value(rendered, name) : undefined;
    },
  });
  return [
    ...SYSMON_FIELDS.map((name) => read(name, SYSMON_TITLE, sysmonValue)),
    ...Object.keys(NATIVE_FIELDS).map((name) => read(name, NATIVE_TITLE, nativeValue)),
  ].filter(({ name }) => !leaves.has(name));
}
