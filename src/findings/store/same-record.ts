/**
 * Decides whether two events are one record that was exported in two ways. In: two events with the same EventRecordID and
 * second. Out: true when computer, channel, provider and EventID agree where both have them, the times agree as far as both are
 * precise, and no field that both have differs. Exporters change the form of values and leave fields out, but do not invent
 * others.
 */
import type { EventSnapshot, FieldValue } from '../../model/event.ts';
import { hostLabel } from '../host-names.ts';

export function sameRecord(a: EventSnapshot, b: EventSnapshot): boolean {
  return (
    a.EventRecordID === b.EventRecordID &&
    a.EventID === b.EventID &&
    agree(a.Channel, b.Channel) &&
    agree(a.Provider, b.Provider) &&
    sameComputer(a.Computer, b.Computer) &&
    sameTime(a.timeUs, b.timeUs) &&
    Object.keys(a.data).every((name) => !Object.hasOwn(b.data, name) || sameValue(a.data[name]!, b.data[name]!))
  );
}

/** True when both are equal or one is empty, because an export may leave a name out. */
function agree(a: string, b: string): boolean {
  return a === b || a === '' || b === '' || a.toLowerCase() === b.toLowerCase();
}

/** True for `PC04` and `pc04.example.corp`, but not for `pc04.example.corp` and `pc04.other.corp`. */
function sameComputer(a: string, b: string): boolean {
  if (agree(a, b)) return true;
  return hostLabel(a) === hostLabel(b) && (isLabel(a) || isLabel(b));
}

function isLabel(name: string): boolean {
  return !name.replace(/\.$/, '').includes('.');
}

/** The precisions with which exporters write times. */
const STEPS_US = [1, 1_000, 1_000_000];

/** Compares times to the microsecond, or to the precision of the less precise one. */
function sameTime(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  const step = STEPS_US.findLast((us) => a % us === 0 || b % us === 0) ?? 1;
  // Some exporters round the seventh digit.
  return step === 1 ? Math.abs(a - b) <= 1 : Math.floor(a / step) === Math.floor(b / step);
}

function sameValue(a: FieldValue, b: FieldValue): boolean {
  if (a === b) return true;
  const one = formOf(a);
  const other = formOf(b);
  return one === null || other === null || one === other;
}

const HEX = /^0x[0-9a-f]{1,16}$/;
const DECIMAL = /^-?\d{1,20}$/;
const TIME = /^\d{4}-\d\d-\d\d[t ]\d\d:\d\d:\d\d/;
/** `%%1833` stands for a text of the message file. Some exporters replace it by that text. */
const PARAMETER = /%%\d+/;
/** What XML cannot hold. It is lost in an export to XML. */
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
const NO_VALUE = new Set(['', '-']);

/**
 * The value without what exporters change: case, blanks, control characters, the form of numbers and times. null for no value, and for text from a
 * message file.
 */
function formOf(value: FieldValue): string | null {
  if (value === null) return null;
  if (typeof value !== 'string') return formOf(value.map((part) => part ?? '').join(' '));
  const text = value.replace(NO_XML, '\ufffd').replace(/\s+/g, ' ').trim().toLowerCase();
  if (NO_VALUE.has(text) || PARAMETER.test(text)) return null;
  if (HEX.test(text) || DECIMAL.test(text)) return String(BigInt(text));
  if (TIME.test(text)) return text.slice(0, '2026-01-01t00:00:00'.length).replace('t', ' ');
  return text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text;
}
