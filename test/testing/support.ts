/** Rules and events of tests of `winnow test`. */
export const WHOAMI = `title: Whoami
name: whoami
logsource: {product: windows, category: process_creation}
detection:
    selection:
        Image|endswith: '\\whoami.exe'
    filter_main_agent:
        ParentImage|endswith: '\\agent.exe'
    condition: selection and not 1 of filter_main_*
level: low
`;

export const MANY_WHOAMI = `title: Many Whoami
name: many_whoami
correlation:
    type: event_count
    rules: [whoami]
    group-by: [Computer]
    timespan: 10m
    condition: {gte: 3}
level: medium
`;

/** A process start by Sysmon as an inline event. */
export function started(image: string, more = ''): string {
  return `{Channel: Microsoft-Windows-Sysmon/Operational, EventID: 1, Computer: PC1, Image: '${image}'${more === '' ? '' : `, ${more}`}}`;
}

/** The same as Event XML. */
export function startedXml(image: string, recordId: number, time: string, computer = 'PC1'): string {
  return (
    '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Sysmon"/>' +
    `<EventID>1</EventID><TimeCreated SystemTime="${time}"/><EventRecordID>${recordId}</EventRecordID>` +
    `<Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>${computer}</Computer></System>` +
    `<EventData><Data Name="Image">${image}</Data><Data Name="ParentImage">C:\\Windows\\explorer.exe</Data></EventData></Event>`
  );
}
