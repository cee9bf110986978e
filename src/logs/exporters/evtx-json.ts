/**
 * The event as a tree, as XML-to-JSON converters write it: evtx_dump (`Event.System.Provider.#attributes.Name`, also with
 * separate attributes, `Provider_attributes`), Velociraptor and python-evtx (`System.Provider.Name`, `EventID.Value`),
 * xml2json (`Data: [{"@Name": ..., "#text": ...}]`), and what others put such a tree into (chainsaw: `document.data.Event`).
 */
import { systemFieldName } from '../../model/system-fields.ts';
import { GUID, HEX, TIME } from '../text/text-value.ts';
import { dependentItems, eventData, sectionLeaves, userData } from './data-section.ts';
import { elementName } from './element-names.ts';
import type { Exporter, ExporterField, ExporterPlan, Leaf, Leaves, SlotField } from './exporter.ts';

/**
 * Where an event usually starts. It may also start further inside, at a System section with an element that identifies events.
 */
const ROOTS: readonly (readonly string[])[] = [['Event'], [], ['Events', 'Event']];
const DEEPEST_ROOT = 6;
const SYSTEM_ELEMENT = /^(?:provider|eventid|channel|computer|eventrecordid|timecreated)(?:_attributes)?$/i;

/** System fields that some converters do not write as Windows does, with the conversion that undoes it. */
const CONVERSIONS: Readonly<Record<string, number>> = {
  Provider_Guid: GUID,
  Correlation_ActivityID: GUID,
  Correlation_RelatedActivityID: GUID,
  Keywords: HEX,
  TimeCreated_SystemTime: TIME,
};
/** Elements with a single attribute, which converters write as the value of the element. */
const ATTRIBUTE_ONLY: Readonly<Record<string, string>> = { Provider: 'Provider_Name', TimeCreated: 'TimeCreated_SystemTime' };

function systemField({ path, slot }: Leaf): SlotField | null {
  const isText = path.length > 1 && path[path.length - 1] === 'text';
  const element = elementName(isText ? path.slice(0, -1) : path);
  if (element === null) return null;
  const known = systemFieldName(element);
  const name = ATTRIBUTE_ONLY[known] ?? known;
  return { section: 'system', name, slot, conversion: CONVERSIONS[name] };
}

const is = (step: string | undefined, name: string): boolean => step?.toLowerCase() === name;

function rootOf({ all }: Leaves): readonly string[] | null {
  const root = ROOTS.find((path) =>
    all.some((leaf) => leaf.path[path.length] === 'System' && leaf.path.length > path.length + 1 && startsWith(leaf, path)),
  );
  if (root !== undefined) return root;
  for (const { path } of all) {
    const at = path.findIndex((step, i) => is(step, 'system') && SYSTEM_ELEMENT.test(path[i + 1] ?? ''));
    if (at >= 0 && at <= DEEPEST_ROOT && !path.slice(0, at).some((step) => step.endsWith('[]'))) return path.slice(0, at);
  }
  return null;
}

function startsWith({ path }: Leaf, start: readonly string[]): boolean {
  return start.every((step, i) => path[i] === step);
}

function plan(leaves: Leaves): ExporterPlan | null {
  const root = rootOf(leaves);
  if (root === null) return null;
  const depth = root.length;
  const inEvent = leaves.all.filter((leaf) => startsWith(leaf, root));
  const section = (name: string): Leaf[] => {
    return sectionLeaves(inEvent, depth, name);
  };
  const scalar = (name: string): Leaf | undefined =>
    inEvent.find(({ path }) => path.length === depth + 1 && is(path[depth], name));
  const system = section('system').map(systemField);
  const data = eventData(section('eventdata'));
  const user = userData(section('userdata'));
  // Text directly under EventData, or `null` when it is empty.
  const bare = [scalar('eventdata'), scalar('eventdata[]')].filter((leaf) => leaf !== undefined);
  const others = ['processingerrordata', 'debugdata'].flatMap((name) => eventData(section(name)).fields);
  const fields: ExporterField[] = [...system.filter((field) => field !== null), ...data.fields, ...user, ...others];
  const message = scalar('message');
  const named = data.fields.length + user.length + others.length + data.named.length > 0;
  if (!named && message !== undefined) fields.push({ section: 'data', name: 'Message', slot: message.slot });
  return {
    // `EventData: null` is an empty section and gives no field, as in XML.
    fields: [...fields, ...bare.map(({ slot }): SlotField => ({ section: 'data', name: 'Data', slot, omitNull: true }))],
    dependent: dependentItems(data.named),
  };
}

export const exporter: Exporter = {
  name: 'evtx-json',
  description: 'evtx_dump, Velociraptor, python-evtx, xml2json: `System` and `EventData`, with or without `Event` around them',
  lost: 'blanks at the end of values; digits of a time beyond six; `0x0000` is `0x0` in some versions',
  example: {
    Event: {
      System: {
        Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon' } },
        EventID: 1,
        TimeCreated: { '#attributes': { SystemTime: '2024-01-01T00:00:00Z' } },
        Channel: 'Microsoft-Windows-Sysmon/Operational',
        Computer: 'PC1',
      },
      EventData: { Image: 'C:\\a.exe' },
    },
  },
  priority: 10,
  plan,
};
