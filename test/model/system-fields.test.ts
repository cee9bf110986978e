/** The System section is listed once: what a reader takes for a System field, a scan matches and lint knows. */
import { describe, expect, it } from 'vitest';
import { lintTexts } from '../../src/lint/lint.ts';
import { eventFromXml, plainEvent } from '../../src/logs/plain-event.ts';
import { SYSTEM_FIELDS } from '../../src/model/system-fields.ts';
import { observedFields } from '../../src/sigma/logsource/observed.ts';

/** Every element and attribute of the System section, each with its rule name as value. */
const XML = `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
<Provider Name="Provider_Name" Guid="Provider_Guid" EventSourceName="Provider_EventSourceName"/>
<EventID Qualifiers="EventID_Qualifiers">EventID</EventID><Version>Version</Version><Level>Level</Level><Task>Task</Task>
<Opcode>Opcode</Opcode><Keywords>Keywords</Keywords>
<TimeCreated SystemTime="TimeCreated_SystemTime" RawTime="TimeCreated_RawTime"/><EventRecordID>EventRecordID</EventRecordID>
<Correlation ActivityID="Correlation_ActivityID" RelatedActivityID="Correlation_RelatedActivityID"/>
<Execution ProcessID="Execution_ProcessID" ThreadID="Execution_ThreadID" ProcessorID="Execution_ProcessorID"
 SessionID="Execution_SessionID" KernelTime="Execution_KernelTime" UserTime="Execution_UserTime"
 ProcessorTime="Execution_ProcessorTime"/><Channel>Channel</Channel><Computer>Computer</Computer>
<Security UserID="Security_UserID"/></System></Event>`;

describe('the System section', () => {
  it('has the names that Event XML gives it, all of them', () => {
    const event = eventFromXml(XML);
    expect([...event.shape.systemFields.keys()].sort()).toEqual([...SYSTEM_FIELDS].sort());
    for (const [name, slots] of event.shape.systemFields) expect(event.value(slots[0]!)).toBe(name);
  });

  it('is the same for a flat map', () => {
    const event = plainEvent(Object.fromEntries([...SYSTEM_FIELDS].map((name) => [name, '1'])));
    expect([...event.shape.systemFields.keys()].sort()).toEqual([...SYSTEM_FIELDS].sort());
  });

  it('is known of every event whose fields lint knows', () => {
    for (const names of observedFields({ service: 'sysmon' }).byEventId.values()) {
      expect([...SYSTEM_FIELDS].filter((name) => !names.has(name))).toEqual([]);
    }
  });

  it.each([...SYSTEM_FIELDS])('%s is no unknown field to lint', (name) => {
    const text = `title: t\nlogsource: {product: windows, category: process_creation}
detection:\n    selection: {${name}: 1, Image: a}\n    condition: selection\n`;
    const findings = lintTexts([{ path: 'a.yml', text }]).findings.filter(({ code }) => code === 'field-not-in-log-source');
    expect(findings).toEqual([]);
  });
});
