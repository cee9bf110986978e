/** Event XML, as different tools print it. */
import { type Datum, type LoggedEvent, withData, withDigits } from '../events/logged-event.ts';
import type { Shape } from './shape.ts';

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const attribute = (text: string): string => escaped(text).replaceAll("'", '&apos;');

export function dataXml(data: readonly Datum[]): string {
  return data
    .map(([name, value]) => {
      if (name === 'Binary') return `<Binary>${value}</Binary>`;
      return name === '' ? `<Data>${escaped(value)}</Data>` : `<Data Name='${attribute(name)}'>${escaped(value)}</Data>`;
    })
    .join('');
}

/** What is inside of EventData or UserData. */
export function insideXml({ wrapper, data }: LoggedEvent): string {
  if (wrapper === '') return dataXml(data);
  const children = data.map(([name, value]) => `<${name}>${escaped(value)}</${name}>`).join('');
  return `<${wrapper} xmlns='http://manifests.microsoft.com/win/2004/08/windows/eventlog'>${children}</${wrapper}>`;
}

export function sectionXml(event: LoggedEvent): string {
  const section = event.wrapper === '' ? 'EventData' : 'UserData';
  return `<${section}>${insideXml(event)}</${section}>`;
}

/** The elements of System that the event has. */
export function systemXml({ system }: LoggedEvent): string {
  const element = (name: string): string => (system[name] === undefined ? '' : `<${name}>${escaped(system[name])}</${name}>`);
  const { Provider_Name: provider, Provider_Guid: guid, TimeCreated_SystemTime: time, Security_UserID: user } = system;
  const execution = `ProcessID='${system.Execution_ProcessID}' ThreadID='${system.Execution_ThreadID}'`;
  return (
    `<System><Provider Name='${attribute(provider ?? '')}'${guid === undefined ? '' : ` Guid='${guid}'`}/>` +
    ['EventID', 'Version', 'Level', 'Task', 'Opcode', 'Keywords'].map(element).join('') +
    (time === undefined ? '' : `<TimeCreated SystemTime='${time}'/>`) +
    element('EventRecordID') +
    '<Correlation/>' +
    (system.Execution_ProcessID === undefined ? '' : `<Execution ${execution}/>`) +
    element('Channel') +
    element('Computer') +
    `<Security${user === undefined ? '' : ` UserID='${user}'`}/></System>`
  );
}

export function eventXml(event: LoggedEvent, more = ''): string {
  const space = "xmlns='http://schemas.microsoft.com/win/2004/08/events/event'";
  return `<Event ${space}>${systemXml(event)}${sectionXml(event)}${more}</Event>`;
}

const rendering = ({ message }: LoggedEvent): string =>
  `<RenderingInfo Culture='en-US'><Message>${escaped(message)}</Message><Level>Information</Level><Task>x</Task><Opcode>Info</Opcode>` +
  '<Keywords><Keyword>Audit Success</Keyword></Keywords></RenderingInfo>';

/** XML 1.0, 2.11: a line end is LF. */
export const lineEnds = (event: LoggedEvent): LoggedEvent =>
  withData(event, ([name, value]) => [[name, value.replaceAll('\r\n', '\n')]]);

/** Numbers in hexadecimal are padded, and values without names are one text. */
function pythonEvtx(event: LoggedEvent): LoggedEvent {
  const unnamed = event.data.filter(([name]) => name === '').map(([, value]) => value);
  const list = unnamed.map((value) => `<string>${value}</string>`).join('\n');
  let first = true;
  return withData(event, ([name, value]) => {
    if (name === '') {
      const is = first;
      first = false;
      return is ? [['', unnamed.length > 1 ? list : value]] : [];
    }
    const width = /LogonId$/i.test(name) ? 16 : name === 'GrantedAccess' ? 8 : 0;
    return [[name, width > 0 && value.startsWith('0x') ? `0x${value.slice(2).padStart(width, '0')}` : value]];
  });
}

/** An element per line. Elements without text stay on one. */
const indented = (xml: string): string =>
  xml.replace(/(<\/\w+>|\/>|<(?:Event|System|EventData|UserData)(?: [^>]*)?>)(?=<)/g, '$1\n  ');

const withLines = (events: readonly LoggedEvent[], more?: (event: LoggedEvent) => string): string =>
  events.map((event) => `${eventXml(event, more?.(event))}\n`).join('');
const LOST = 'CR of line ends';

/** Each tag that opens or is empty on a line of its own; elements with others in them behind a `-`, as in the tree of a browser. */
function browserTree(xml: string): string {
  return xml
    .replace(/<(Event|System|EventData|UserData)(?=[\s>])/g, '\n- <$1')
    .replace(/<(Provider|EventID|TimeCreated|Channel|Computer|Data|Security)(?=[\s/>])/g, '\n  <$1')
    .replace(/<\/(Event|System|EventData|UserData)>/g, '\n  </$1>');
}

export const xmlShapes: readonly Shape[] = [
  { name: 'XML, wevtutil', lost: LOST, file: 'wevtutil.xml', write: (events) => withLines(events), kept: lineEnds },
  {
    name: 'XML, Event Viewer',
    lost: LOST,
    file: 'viewer.xml',
    write: (events) =>
      `<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<Events>${events.map((event) => eventXml(event, rendering(event))).join('')}</Events>`,
    kept: lineEnds,
  },
  {
    name: 'XML, evtx_dump',
    lost: `${LOST}; the seventh digit of times`,
    file: 'evtx_dump.xml',
    write: (events) =>
      events
        .map(
          (event, i) => `Record ${i + 1}\n<?xml version="1.0" encoding="utf-8"?>\n${indented(eventXml(withDigits(event, 6)))}\n`,
        )
        .join(''),
    kept: (event) => lineEnds(withDigits(event, 6)),
  },
  {
    name: 'XML, copied from the tree of Event Viewer',
    lost: LOST,
    file: 'tree.xml',
    write: (events) => events.map((event) => browserTree(eventXml(event))).join('\n'),
    kept: lineEnds,
  },
  {
    name: 'XML, python-evtx',
    lost: LOST,
    file: 'python-evtx.xml',
    write: (events) =>
      `<?xml version="1.1" encoding="utf-8" standalone="yes" ?>\n\n<Events>\n${withLines(events.map(pythonEvtx))}</Events>\n`,
    kept: lineEnds,
  },
  {
    name: 'XML, UTF-16 (`>` of Windows PowerShell)',
    lost: LOST,
    file: 'utf16.xml',
    write: (events) => Buffer.from(`\ufeff${withLines(events)}`, 'utf16le'),
    kept: lineEnds,
  },
  {
    name: 'XML, ISO 8859-1 as declared',
    lost: LOST,
    file: 'latin1.xml',
    write: (events) =>
      Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>\n<Events>\n${withLines(events)}</Events>\n`, 'latin1'),
    kept: lineEnds,
  },
];
