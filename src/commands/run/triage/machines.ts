/**
 * What logs say of the machines that wrote them. In: the tallies of a scan. Out: each computer with its Windows version, time
 * zone, other names, and changes of its clock. Records of Windows say these things in passing; where none does, nothing is said.
 */
import type { EventSnapshot } from '../../../model/event.ts';
import type { MachineAccount } from '../../../model/evidence.ts';
import type { SourceTallies } from '../../../scan/result.ts';

/** Smaller changes do not count, because the time service makes them all the time. */
const CLOCK_MS = 60_000;
const MAX_LISTED = 100;
const NO_NAMES: Pick<MachineAccount, 'windows' | 'timeZone'> = { windows: null, timeZone: null };

type Machine = { -readonly [K in keyof MachineAccount]: MachineAccount[K] };

/** `computers`: as the summary counts them. */
export function machinesOf(
  sources: readonly SourceTallies[],
  computers: readonly { readonly computer: string; readonly events: number }[],
): MachineAccount[] {
  const machines = new Map<string, Machine>();
  for (const { computer, events } of computers) {
    const known = machines.get(computer.toLowerCase());
    if (known === undefined)
      machines.set(computer.toLowerCase(), { computer, records: events, ...NO_NAMES, renamed: [], clockSet: [] });
    else known.records += events;
  }
  const events = sources.flatMap(({ tallies }) => tallies.flatMap(({ ofHost }) => ofHost));
  // The same record may be in several logs. The newest comes last, so that what it says stands.
  const once = new Map(
    events.map((event) => [`${event.Computer}|${event.Channel}|${event.EventRecordID}|${event.timeUs}`, event]),
  );
  for (const event of [...once.values()].sort((a, b) => a.timeUs - b.timeUs)) {
    const machine = machines.get(event.Computer.toLowerCase());
    if (machine !== undefined) tell(machine, event);
  }
  return [...machines.values()];
}

function tell(machine: Machine, event: EventSnapshot): void {
  const ofEventLog = /eventlog$/i.test(event.Provider);
  const values = textsOf(event);
  switch (event.EventID) {
    case 6009:
      if (ofEventLog) machine.windows = versionOf(values[0], values[1]) ?? machine.windows;
      return;
    case 12:
      if (!isKernel(event)) return;
      machine.windows =
        versionOf(`${text(event, 'MajorVersion')}.${text(event, 'MinorVersion')}`, text(event, 'BuildVersion')) ??
        machine.windows;
      return;
    case 6013:
      if (ofEventLog) machine.timeZone = timeZoneOf(values) ?? machine.timeZone;
      return;
    case 6011:
      if (ofEventLog && values.length >= 2 && machine.renamed.length < MAX_LISTED)
        machine.renamed = [...machine.renamed, { time: event.TimeCreated, from: values[0]!, to: values[1]! }];
      return;
    case 1:
      if (isKernel(event)) clockSet(machine, event, text(event, 'OldTime'), text(event, 'NewTime'));
      return;
    case 4616:
      clockSet(machine, event, text(event, 'PreviousTime'), text(event, 'NewTime'));
      return;
  }
}

function isKernel({ Provider }: EventSnapshot): boolean {
  return Provider.toLowerCase() === 'microsoft-windows-kernel-general';
}

function text({ data }: EventSnapshot, field: string): string {
  const value = data[field];
  return typeof value === 'string' ? value : '';
}

/** The values of `Data` elements, most of which have no name in these events. */
function textsOf({ data }: EventSnapshot): string[] {
  return Object.values(data)
    .flat()
    .map((value) => (typeof value === 'string' ? value.trim() : ''));
}

/** `10.00.` and `19045` -> `10.0.19045`. */
function versionOf(version: string | undefined, build: string | undefined): string | null {
  const [, major, minor] = /^(\d{1,2})\.(\d{1,2})\.?$/.exec(version ?? '') ?? [];
  if (major === undefined || !/^\d{3,6}$/.test(build ?? '')) return null;
  return `${Number(major)}.${Number(minor)}.${build}`;
}

/** One of the values is `-60 W. Europe Standard Time`: minutes from local time to UTC, and the name. */
function timeZoneOf(values: readonly string[]): MachineAccount['timeZone'] {
  for (const value of values) {
    const [, bias, name] = /^(-?\d{1,3}) (\D.{2,80})$/.exec(value) ?? [];
    if (bias !== undefined) return { name: name!, offsetMinutes: 0 - Number(bias) };
  }
  return null;
}

function clockSet(machine: Machine, event: EventSnapshot, from: string, to: string): void {
  const shift = Math.abs(Date.parse(to) - Date.parse(from));
  if (!(shift >= CLOCK_MS) || machine.clockSet.length >= MAX_LISTED) return;
  const user = text(event, 'SubjectUserName') || null;
  machine.clockSet = [...machine.clockSet, { time: event.TimeCreated, from, to, user }];
}
