/** The event as a tree of JSON, as converters of EVTX and XML write it. */
import { type Datum, dataObject, type LoggedEvent, withDigits } from '../events/logged-event.ts';
import { lines, type Shape } from './shape.ts';

const bare = (guid: string): string => guid.replace(/^\{([0-9A-F-]{36})\}$/, '$1');
/** Numbers and truth values are typed in BinXML. */
const typed = (value: string): unknown => {
  if (value === 'true' || value === 'false') return value === 'true';
  return /^(?:0|[1-9]\d{0,8})$/.test(value) ? Number(value) : bare(value);
};
const isUnnamed = ([name]: Datum): boolean => name === '';

/** EventData of evtx_dump: `#text` for data without names. */
function evtxDumpData({ data }: LoggedEvent): object {
  const unnamed = data.filter(isUnnamed).map(([, value]) => value);
  const named = Object.fromEntries(data.filter((each) => !isUnnamed(each)).map(([name, value]) => [name, typed(value)]));
  return unnamed.length === 0 ? named : { Data: { '#text': unnamed.length > 1 ? unnamed : unnamed[0] }, ...named };
}

const section = (event: LoggedEvent, data: unknown): object =>
  event.wrapper === ''
    ? { EventData: data }
    : { UserData: { [event.wrapper]: { '#attributes': { xmlns: 'x' }, ...(data as object) } } };

function evtxDumpSystem({ system: s }: LoggedEvent): object {
  return {
    Provider: { '#attributes': { Name: s.Provider_Name, Guid: bare(s.Provider_Guid!) } },
    EventID: Number(s.EventID),
    Version: Number(s.Version),
    Level: Number(s.Level),
    Task: Number(s.Task),
    Opcode: Number(s.Opcode),
    Keywords: s.Keywords,
    TimeCreated: { '#attributes': { SystemTime: s.TimeCreated_SystemTime } },
    EventRecordID: Number(s.EventRecordID),
    Correlation: null,
    Execution: { '#attributes': { ProcessID: Number(s.Execution_ProcessID), ThreadID: Number(s.Execution_ThreadID) } },
    Channel: s.Channel,
    Computer: s.Computer,
    Security: { '#attributes': { UserID: s.Security_UserID } },
  };
}

function evtxDump(event: LoggedEvent): object {
  const cut = withDigits(event, 6);
  return { Event: { '#attributes': { xmlns: 'x' }, System: evtxDumpSystem(cut), ...section(event, evtxDumpData(event)) } };
}

/** `Provider: {"#attributes": {...}}` becomes `Provider: null, Provider_attributes: {...}`. */
function separated(tree: unknown): unknown {
  if (tree === null || typeof tree !== 'object' || Array.isArray(tree)) return tree;
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) => {
      const { '#attributes': attributes, ...rest } = (value ?? {}) as Record<string, unknown>;
      if (attributes === undefined) return [[key, separated(value)]];
      return [
        [`${key}_attributes`, attributes],
        [key, Object.keys(rest).length === 0 ? null : separated(rest)],
      ];
    }),
  );
}

/** Velociraptor writes numbers as numbers, also those that Windows prints in hexadecimal. */
function velociraptor(event: LoggedEvent): object {
  const { system: s } = event;
  const number = (name: string, value: string): unknown =>
    /^0x[0-9a-f]{1,8}$/.test(value) && (/LogonId$/i.test(name) || name === 'GrantedAccess') ? Number(value) : typed(value);
  const data = dataObject(event.data, (name) => name || 'Data');
  const values = Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, typeof value === 'string' ? number(name, value) : value]),
  );
  return {
    System: {
      Provider: { Name: s.Provider_Name, Guid: bare(s.Provider_Guid!) },
      EventID: { Value: Number(s.EventID) },
      Version: Number(s.Version),
      Level: Number(s.Level),
      Task: Number(s.Task),
      Opcode: Number(s.Opcode),
      // More digits than a double has: written as they are.
      Keywords: s.Keywords,
      TimeCreated: {
        SystemTime:
          Date.parse(`${s.TimeCreated_SystemTime!.slice(0, 19)}Z`) / 1000 + Number(s.TimeCreated_SystemTime!.slice(19, 26)),
      },
      EventRecordID: Number(s.EventRecordID),
      Execution: { ProcessID: Number(s.Execution_ProcessID), ThreadID: Number(s.Execution_ThreadID) },
      Channel: s.Channel,
      Computer: s.Computer,
      Security: { UserID: s.Security_UserID },
    },
    ...(event.wrapper === '' ? { EventData: values } : { UserData: { [event.wrapper]: values } }),
  };
}

/** xmltodict and others: an item for each `Data`. */
function items(event: LoggedEvent): object {
  const { system: s } = event;
  const list = event.data
    .filter(([name]) => name !== 'Binary')
    .map(([name, value]) => (name === '' ? value : { '@Name': name, '#text': value }));
  const binary = event.data.find(([name]) => name === 'Binary');
  const data = { Data: list, ...(binary === undefined ? {} : { Binary: binary[1] }) };
  const user = { [event.wrapper]: { '@xmlns': 'x', ...Object.fromEntries(event.data) } };
  return {
    Event: {
      '@xmlns': 'x',
      System: {
        Provider: { '@Name': s.Provider_Name, '@Guid': s.Provider_Guid },
        ...Object.fromEntries(
          ['EventID', 'Version', 'Level', 'Task', 'Opcode', 'Keywords', 'EventRecordID', 'Channel', 'Computer'].map((name) => [
            name,
            s[name],
          ]),
        ),
        TimeCreated: { '@SystemTime': s.TimeCreated_SystemTime },
        Execution: { '@ProcessID': s.Execution_ProcessID, '@ThreadID': s.Execution_ThreadID },
        Security: { '@UserID': s.Security_UserID },
      },
      ...(event.wrapper === '' ? { EventData: data } : { UserData: user }),
    },
  };
}

const six = (event: LoggedEvent): LoggedEvent => withDigits(event, 6);
const DIGITS = 'the seventh digit of times';

export const treeShapes: readonly Shape[] = [
  lines('evtx_dump, JSON Lines', DIGITS, evtxDump, six),
  {
    ...lines('evtx_dump, pretty-printed JSON', DIGITS, evtxDump, six),
    write: (events) => events.map((event, i) => `Record ${i + 1}\n${JSON.stringify(evtxDump(event), null, 2)}\n`).join(''),
  },
  lines('evtx_dump, attributes of their own', DIGITS, (event) => separated(evtxDump(event)), six),
  lines('Velociraptor `parse_evtx`', DIGITS, velociraptor, six),
  lines('XML converters with `@Name` and `#text`', '', items, (event) => event),
  {
    ...lines('chainsaw, JSON', DIGITS, evtxDump, six),
    write: (events) =>
      JSON.stringify(
        events.map((event) => ({
          group: 'Sigma',
          kind: 'individual',
          document: { kind: 'evtx', path: 'x', data: evtxDump(event) },
          name: 'r',
          level: 'high',
        })),
      ),
  },
];
