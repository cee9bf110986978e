/**
 * Tells what a triage has read. In: the account of the triage. Out: lines with what was opened, what was not read, and how many
 * records each state has.
 */
import type {
  ClearedAccount,
  EvidencePlace,
  ImageAccount,
  LostAccount,
  MachineAccount,
  OlderAccount,
  RecordState,
} from '../model/evidence.ts';
import type { ScanSummary } from '../model/match.ts';
import { byteText, counted, grouped, secondsText, timeText } from './wording.ts';

const IMAGES = 4;
const MACHINES = 4;
const CLEARS = 3;
const CHANNELS = 4;
const RULES = 3;

/** How many records each state has, and which matches come only from records that no live log has. */
export function stateTexts({ evidence }: ScanSummary): string[] {
  if (evidence === undefined) return [];
  const { records, matched } = evidence;
  const states = [
    `live ${grouped(records.live)}`,
    `only in shadow copies ${grouped(records.shadow)}`,
    `only in slack ${grouped(records.slack)}`,
    `only deleted ${grouped(records.deleted)}`,
    `only carved ${grouped(records.carved)}`,
  ];
  return [`records ${states.join(' · ')}`, ...matched.map(matchedText)];
}

/** The lines that tell the most come first: records that the live logs no longer have. */
export function evidenceTexts(summary: ScanSummary): string[] {
  if (summary.evidence === undefined) return [];
  const { images, logs, machines, cleared, older } = summary.evidence;
  const rest = images.length - IMAGES;
  return [
    ...stateTexts(summary),
    ...clearedTexts(cleared),
    ...olderTexts(older),
    ...machines.slice(0, MACHINES).map(machineText),
    ...(machines.length > MACHINES ? [`and ${counted(machines.length - MACHINES, 'more computer name')}`] : []),
    ...images.slice(0, IMAGES).flatMap(imageTexts),
    ...(rest > 0 ? [`and ${counted(rest, 'image')} more`] : []),
    `${counted(logs.length, 'log')}, ${byteText(logs.reduce((sum, { size }) => sum + size, 0))}; opened read-only`,
  ];
}

const STATES: Readonly<Record<RecordState, string>> = {
  live: 'live logs',
  shadow: 'shadow copies',
  slack: 'slack',
  deleted: 'deleted logs',
  carved: 'carved chunks',
};

function matchedText({ state, events, rules }: LostAccount): string {
  const more = rules.length > RULES ? ` and ${counted(rules.length - RULES, 'more rule')}` : '';
  return `matched only in ${STATES[state]}: ${counted(events, 'event')} (${rules.slice(0, RULES).join('; ')}${more})`;
}

/** What survived of cleared logs, the largest number of records first. Clears of which nothing survived are counted. */
function clearedTexts(cleared: readonly ClearedAccount[]): string[] {
  const sumOf = ({ survived }: ClearedAccount): number => Object.values(survived).reduce((sum, count) => sum + count, 0);
  const some = cleared.filter((one) => sumOf(one) > 0).sort((a, b) => sumOf(b) - sumOf(a));
  const texts = some.slice(0, CLEARS).map((one) => {
    const { computer, log, time, user, survived, from, to } = one;
    const where = [
      ...(survived.shadow > 0 ? [`${grouped(survived.shadow)} in shadow copies`] : []),
      ...(survived.slack > 0 ? [`${grouped(survived.slack)} in slack`] : []),
      ...(survived.deleted > 0 ? [`${grouped(survived.deleted)} in deleted logs`] : []),
      ...(survived.carved > 0 ? [`${grouped(survived.carved)} carved`] : []),
    ];
    const by = user === null ? '' : ` by ${user}`;
    const span = `${secondsText(from)} to ${secondsText(to)}`;
    return `${log} of ${computer} was cleared ${secondsText(time)}${by}: ${counted(sumOf(one), 'record')} from before survived (${where.join(', ')}), ${span}`;
  });
  const more = some.length - texts.length;
  const none = cleared.length - some.length;
  return [
    ...texts,
    ...(more > 0 ? [`and of ${counted(more, 'more clear')} something survived`] : []),
    ...(none > 0 ? [`of ${counted(none, 'clear')} of a log no older record was found outside of live logs`] : []),
  ];
}

function olderTexts(older: readonly OlderAccount[]): string[] {
  if (older.length === 0) return [];
  const texts = older.slice(0, CHANNELS).map(({ channel, liveFrom, from, state, snapshot }) => {
    const where = state === 'shadow' ? `shadow copy ${snapshot}` : state;
    return `${channel} from ${secondsText(from)} (${where}; live ${liveFrom === null ? 'none' : `from ${secondsText(liveFrom)}`})`;
  });
  const more = older.length > CHANNELS ? ` and ${counted(older.length - CHANNELS, 'more channel')}` : '';
  return [`further back than live logs: ${texts.join(', ')}${more}`];
}

function machineText({ computer, records, windows, timeZone, renamed, clockSet }: MachineAccount): string {
  const facts = [
    counted(records, 'record'),
    ...(windows === null ? [] : [`Windows ${windows}`]),
    ...(timeZone === null ? [] : [`time zone ${timeZone.name} (UTC${offsetText(timeZone.offsetMinutes)})`]),
    ...renamed.slice(0, 2).map(({ from, to, time }) => `renamed from ${from} to ${to} ${secondsText(time)}`),
    ...(clockSet.length === 0
      ? []
      : [
          `clock set ${counted(clockSet.length, 'time')}, first from ${secondsText(clockSet[0]!.from)} to ${secondsText(clockSet[0]!.to)}`,
        ]),
  ];
  return `computer ${computer === '' ? '(no name)' : computer}: ${facts.join(', ')}`;
}

function offsetText(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

function imageTexts({ image, format, files, size, volumes, storedHashes, hashes }: ImageAccount): string[] {
  const segments = files.length === 1 ? '' : `, ${counted(files.length, 'file')}`;
  const stored = storedHashes.md5 ?? storedHashes.sha1;
  const same = hashes !== null && (hashes.md5 === storedHashes.md5 || hashes.sha1 === storedHashes.sha1);
  const verdict = hashes === null ? 'not verified: --hash' : same ? 'verified' : 'DIFFERS';
  return [
    `${image}: ${format}${segments}, ${byteText(size)}${stored === undefined ? '' : `; stored hash ${stored} (${verdict})`}`,
    ...volumes.map(({ label, fileSystem, size: bytes, read, snapshots }) => {
      const copies = snapshots.length === 0 ? '' : `, ${copiesText(snapshots)}`;
      return `volume ${label}: ${fileSystem}, ${byteText(bytes)}${read ? copies : ': NOT READ'}`;
    }),
    ...(hashes === null ? [] : [`SHA-256 of the disk ${hashes.sha256}`]),
  ];
}

function copiesText(snapshots: readonly string[]): string {
  return `${snapshots.length === 1 ? '1 shadow copy' : `${snapshots.length} shadow copies`} (${snapshots.join(', ')})`;
}

const WHERE: Readonly<Record<RecordState, (place: EvidencePlace) => string>> = {
  live: () => 'in a live log',
  shadow: ({ snapshot }) =>
    `only in shadow copy ${snapshot?.number}${snapshot?.created ? ` of ${timeText(snapshot.created)} UTC` : ''}`,
  slack: () => 'only in slack space, behind the records of a log',
  deleted: () => 'only in a log that was deleted',
  carved: () => 'only in a chunk that is in no file any more',
};

/** The state in one or two words, for the front of an event's line; '' for a live record. */
export function stateText(place: EvidencePlace | undefined): string {
  if (place === undefined || place.state === 'live') return '';
  return place.state === 'shadow' ? `shadow ${place.snapshot?.number}` : place.state;
}

/** Where a record was found that no live log has: `only in shadow copy 1 of 2026-01-01 00:00:00 UTC`. */
export function whereText(place: EvidencePlace): string {
  return WHERE[place.state](place);
}
