/** An event as Windows logged it, from which the writers of `../shapes` make exports. */

/** A name ('' for unnamed data) and its value. */
export type Datum = readonly [name: string, value: string];

export interface LoggedEvent {
  /** By the names of rules: `Provider_Name`, `Execution_ProcessID`. */
  readonly system: Readonly<Record<string, string>>;
  /** The element inside of UserData; '' when the data is in EventData. */
  readonly wrapper: string;
  readonly data: readonly Datum[];
  /** The message that Windows renders from the event. */
  readonly message: string;
}

/** What a reader should give for the event. */
export interface ExpectedEvent {
  readonly system: Record<string, string>;
  readonly data: Record<string, string | string[]>;
}

/** Blanks in names go, names that come twice are one field, and times are compared without their last zeros. */
export function expectedOf({ system, data }: Pick<LoggedEvent, 'system' | 'data'>): ExpectedEvent {
  const fields = new Map<string, string[]>();
  for (const [name, value] of data) {
    const key = name === '' ? 'Data' : name.replaceAll(' ', '');
    fields.set(key, [...(fields.get(key) ?? []), value]);
  }
  const values = [...fields].map(([name, list]): [string, string | string[]] => [name, list.length === 1 ? list[0]! : list]);
  return { system: comparable(system), data: sorted(Object.fromEntries(values)) };
}

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The System fields of what was read, or of what was logged, in one order and one form. */
export function comparable(system: Readonly<Record<string, unknown>>): Record<string, string> {
  const [, second = '', fraction = ''] =
    /^(.*?)(?:\.(\d*?)0*)?(?:Z| ?\+00:?00)?$/.exec(String(system.TimeCreated_SystemTime ?? '').replace(/ (?=\d)/, 'T')) ?? [];
  const time = `${second}.${fraction}`;
  const texts = Object.entries(system).map(([name, value]) => [name, name === 'TimeCreated_SystemTime' ? time : String(value)]);
  return sorted(Object.fromEntries(texts));
}

/** A list without items is data that is not there. */
export function comparableData(data: object): ExpectedEvent['data'] {
  const entries = Object.entries(data as ExpectedEvent['data']).filter(([, value]) => !Array.isArray(value) || value.length > 0);
  return sorted(Object.fromEntries(entries));
}

/** The event without some System fields. */
export function without(event: LoggedEvent, ...names: readonly string[]): LoggedEvent {
  return { ...event, system: Object.fromEntries(Object.entries(event.system).filter(([name]) => !names.includes(name))) };
}

/** The event with other data. */
export function withData(event: LoggedEvent, change: (data: Datum, index: number) => readonly Datum[]): LoggedEvent {
  return { ...event, data: event.data.flatMap(change) };
}

/** The event with its time cut to so many digits of a second. */
export function withDigits(event: LoggedEvent, digits: number): LoggedEvent {
  const time = event.system.TimeCreated_SystemTime!;
  const cut = time.slice(0, time.indexOf('.') + (digits === 0 ? 0 : digits + 1));
  return { ...event, system: { ...event.system, TimeCreated_SystemTime: `${cut}Z` } };
}

export const isSysmon = ({ system }: LoggedEvent): boolean => system.Provider_Name === 'Microsoft-Windows-Sysmon';

/** The data as an object; names that come twice as a list. */
export function dataObject(data: readonly Datum[], name: (name: string) => string = (same) => same): Record<string, unknown> {
  const { data: values } = expectedOf({ system: {}, data: [] });
  for (const [key, value] of data) {
    const called = name(key);
    const before = values[called];
    values[called] = before === undefined ? value : [before, value].flat();
  }
  return values;
}
