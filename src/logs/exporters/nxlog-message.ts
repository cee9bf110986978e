/**
 * NXLog records whose data was lost on the way (a value that is too long, UserData): what is left is the rendered message. The
 * parts of a WMI subscription are read out of it, since the longest of all scripts are those that matter: the consumer (Sysmon
 * 20) of a recorded attack has its script and every other field in the message only.
 */
import type { ComputedField, Leaf, Leaves } from './exporter.ts';

/** Sysmon renders `Name: value`, one field a line; the value of the last may run over many lines. */
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
/** Field of 5861 -> what the message calls it; the parts are separated by semicolons. */
const NATIVE_FIELDS: Readonly<Record<string, string>> = {
  Namespace: 'Namespace',
  ESS: 'Eventfilter',
  CONSUMER: 'Consumer',
  PossibleCause: 'PossibleCause',
};
const NATIVE_TITLE = /^Namespace = [^;]{0,1000}; Eventfilter = /;
/** `X (refer to its activate eventid:5859)` is how the message gives the filter's name. */
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

/** Fields that the message of a record without data still holds. */
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
