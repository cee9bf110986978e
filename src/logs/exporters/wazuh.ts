/**
 * Wazuh: `win.system` and `win.eventdata`, inside `data` in archives and alerts. Wazuh writes the first letter of each name in
 * lower case. A name that begins with a lower-case letter on Windows too cannot be told from the others.
 */
import { GUID } from '../text/text-value.ts';
import type { Exporter } from './exporter.ts';
import { dataField, dottedName, nestedIn, renamedLeaves, type SystemNames, systemFields, withUnnamed } from './mapping.ts';

const SYSTEM: SystemNames = {
  'system.providerName': 'Provider_Name',
  'system.providerGuid': ['Provider_Guid', GUID],
  'system.eventSourceName': 'Provider_EventSourceName',
  'system.eventID': 'EventID',
  'system.version': 'Version',
  'system.level': 'Level',
  'system.task': 'Task',
  'system.opcode': 'Opcode',
  'system.keywords': 'Keywords',
  'system.systemTime': 'TimeCreated_SystemTime',
  'system.eventRecordID': 'EventRecordID',
  'system.processID': 'Execution_ProcessID',
  'system.threadID': 'Execution_ThreadID',
  'system.channel': 'Channel',
  'system.computer': 'Computer',
  'system.securityUserID': 'Security_UserID',
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
    const message = win.get('system.message');
    if (data.length === 0 && message !== undefined) data.push(dataField(message, 'Message'));
    return { fields: [...systemFields(win, SYSTEM), ...withUnnamed(data)], nested: nestedIn(win, 'data', 'eventdata') };
  },
};
