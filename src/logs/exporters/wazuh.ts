/**
 * Wazuh: `win.system` and `win.eventdata`, inside `data` in archives and alerts. Wazuh writes the first letter of each name in
 * lower case. A name that begins with a lower-case letter on Windows too cannot be told from the others.
 */
import type { Exporter } from './exporter.ts';
import {
  dataField,
  dataFields,
  dottedName,
  type FieldNames,
  nestedIn,
  renamedLeaves,
  systemFields,
  withUnnamed,
} from './mapping.ts';

const SYSTEM: FieldNames = {
  Provider_Name: 'system.providerName',
  Provider_Guid: 'system.providerGuid',
  Provider_EventSourceName: 'system.eventSourceName',
  EventID: 'system.eventID',
  Version: 'system.version',
  Level: 'system.level',
  Task: 'system.task',
  Opcode: 'system.opcode',
  Keywords: 'system.keywords',
  TimeCreated_SystemTime: 'system.systemTime',
  EventRecordID: 'system.eventRecordID',
  Execution_ProcessID: 'system.processID',
  Execution_ThreadID: 'system.threadID',
  Channel: 'system.channel',
  Computer: 'system.computer',
  Security_UserID: 'system.securityUserID',
};
const HOLDER = /^(?:.*\.)?win\./;
/** UserData stands under the name of its element: `win.logFileCleared`. */
const SECTION = /^(?!system\.)\w+\.(?:[^.]+\.)*/;

/** `commandLine` becomes `CommandLine`; names of numbered data stay as they are. */
function windowsName(name: string): string {
  return /^param\d+$/.test(name) ? name : name.charAt(0).toUpperCase() + name.slice(1);
}

export const exporter: Exporter = {
  name: 'wazuh',
  description: 'Wazuh archives, alerts and agents: `win.system.eventID`, also inside of `data`',
  lost: 'names that begin with a small letter (they are read with a capital one)',
  // Asked before the tree of `evtx-json.ts`, because `data.win.system` looks like such a tree.
  priority: 8,
  example: {
    timestamp: '2024-01-01T00:00:01.000+0000',
    agent: { name: 'PC1' },
    data: {
      win: {
        system: {
          providerName: 'Microsoft-Windows-Sysmon',
          eventID: '1',
          channel: 'Microsoft-Windows-Sysmon/Operational',
          systemTime: '2024-01-01T00:00:00.1234567Z',
        },
        eventdata: { commandLine: 'a.exe /x' },
      },
    },
  },
  plan(leaves) {
    const win = renamedLeaves(leaves, (name) => (HOLDER.test(name) ? name.replace(HOLDER, '') : null));
    if (!win.has('system.eventID') && !win.has('system.providerName')) return null;
    const inside = win.all.filter(({ name }) => SECTION.test(name));
    const data = inside.map((leaf) => dataField(leaf, windowsName(dottedName(leaf.name.replace(SECTION, '')))));
    if (data.length === 0) data.push(...dataFields(win, { Message: 'system.message' }));
    return { fields: [...systemFields(win, SYSTEM), ...withUnnamed(data)], nested: nestedIn(win, 'data', 'eventdata') };
  },
};
