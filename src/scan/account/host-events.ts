/**
 * Which events tell of the machine itself: its Windows version, time zone, name, and changes of its clock. In: channel and
 * EventID. Out: whether it is such an event. These events are rare; the account of a triage reads them.
 */

/** System: 6009 version, 6013 time zone, 6011 another name, 12 start of the kernel, 1 clock (Kernel-General). Security: 4616 clock. */
const SYSTEM = new Set([1, 12, 6009, 6011, 6013]);
const CLOCK_SET = 4616;

export function tellsOfHost(channel: string, eventId: number): boolean {
  return channel === 'System' ? SYSTEM.has(eventId) : eventId === CLOCK_SET && channel === 'Security';
}
