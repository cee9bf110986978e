/** plaso `psort -o json_line`: the event as XML in `xml_string`; some versions write only its strings. */
import { TIME } from '../text/text-value.ts';
import type { Exporter } from './exporter.ts';
import { dataFields, type FieldNames, nestedIn, systemFields } from './mapping.ts';

const SYSTEM: FieldNames = {
  Provider_Name: 'source_name',
  Provider_Guid: 'provider_identifier',
  EventID: 'event_identifier',
  Version: 'event_version',
  Level: 'event_level',
  TimeCreated_SystemTime: [TIME, 'timestamp'],
  EventRecordID: 'record_number',
  Computer: 'computer_name',
};

export const exporter: Exporter = {
  name: 'plaso',
  description: 'plaso `json_line`: `xml_string` or `strings`, `event_identifier`, `source_name`',
  lost: 'nothing where there is `xml_string` (numbers padded with zeros are not); else the channel and the names of the data',
  priority: 18,
  example: {
    data_type: 'windows:evtx:record',
    event_identifier: 4624,
    source_name: 'Microsoft-Windows-Security-Auditing',
    computer_name: 'PC1',
    timestamp: 1704067200123456,
    xml_string:
      '<Event><System><EventID>4624</EventID><TimeCreated SystemTime="2024-01-01T00:00:00.1Z"/><Channel>Security</Channel></System>' +
      '<EventData><Data Name="LogonType">10</Data></EventData></Event>',
  },
  plan(leaves) {
    if (!leaves.has('event_identifier') || !leaves.has('source_name') || !(leaves.has('xml_string') || leaves.has('strings')))
      return null;
    return {
      fields: [...systemFields(leaves, SYSTEM), ...dataFields(leaves, { Data: 'strings' })],
      nested: nestedIn(leaves, 'event', 'xml_string'),
    };
  },
};
