/** How much a tie between two events tells somebody who reads what led to a match, and what the tie is called. Data only. */
import type { LinkKey, LinkRole } from './event-links.ts';

export interface Relation {
  readonly score: number;
  readonly reason: string;
}

/** How an event is tied to a match. */
export interface Tie extends Relation {
  /** The key and role by which an event is tied. */
  readonly code: number;
  /** The score for an event after the match, where it differs. */
  readonly scoreAfter: number;
  /** True when the kind's weight applies, so that kinds with hundreds of events count less. */
  readonly weighted: boolean;
  /** Between two ties of equal score, the one with the lower rank counts; at equal ranks, the one that the event names first. */
  readonly rank: number;
}

/** Score of an event whose command line or script contains the name of a WMI object of the match. */
export const NAMED_IN_TEXT = 100;
/** Score of an event that another rule matched. {@link MATCHED_PER_LEVEL} is added for each level above informational. */
export const MATCHED_BY_RULE = 32;
export const MATCHED_PER_LEVEL = 4;
/** Events after a match are shown from this score on. They need a tie that is stronger than a shared user. */
export const SHOWN_AFTER = 35;

/** Role in the match's event -> role in the other event, for keys that are never reused. */
const PROCESS_RELATIONS: Readonly<Partial<Record<LinkRole, Readonly<Partial<Record<LinkRole, Relation>>>>>> = {
  process: {
    process: { score: 90, reason: 'same process (ProcessGuid)' },
    parent: { score: 84, reason: 'child process (ProcessGuid)' },
  },
  parent: {
    process: { score: 86, reason: 'parent process (ProcessGuid)' },
    parent: { score: 48, reason: 'same parent process (ProcessGuid)' },
  },
};

const SAME_USER: Relation = { score: 28, reason: 'same user' };
const SAME_LOGON_ID: Relation = { score: 44, reason: 'same LogonId' };
const SAME_LOGON_GUID: Relation = { score: 44, reason: 'same LogonGuid' };
/** Subtracted where a tie rests on process ids, which Windows reuses, instead of GUIDs. */
const UNCERTAIN = 30;

/** The relation when another event has a key of the match in that role. null when the equality says nothing. */
export function relationOf(match: LinkKey, other: LinkRole): Relation | null {
  if (match.role === 'wmi') return { score: 100, reason: `WMI name "${match.label}"` };
  if (match.role === 'user') return SAME_USER;
  if (match.role === 'session') return match.key.startsWith('logon:') ? SAME_LOGON_ID : SAME_LOGON_GUID;
  const relation = PROCESS_RELATIONS[match.role]?.[other];
  if (relation === undefined) return null;
  if (match.certain) return relation;
  const { score, reason } = relation;
  return { score: score - UNCERTAIN, reason: `${reason.replace(' (ProcessGuid)', '')} (id ${match.label})` };
}

export interface WmiContext extends Relation {
  /** The score after the match, for events that the subscription itself caused. */
  readonly scoreAfter?: number;
  /** Ends of Image or ParentImage, in lower case. */
  readonly image?: readonly string[];
  readonly parentImage?: readonly string[];
  /** Words in lower case. One of them must occur in the text of the event. */
  readonly words?: readonly string[];
}

/** Signs that an event belongs to a WMI subscription although no name says so. The first that fits counts. */
export const WMI_CONTEXT: readonly WmiContext[] = [
  {
    score: 60,
    reason: 'script names WMI subscription classes',
    words: ['__eventfilter', 'eventconsumer', 'filtertoconsumerbinding', 'root\\subscription', 'root/subscription'],
  },
  { score: 55, scoreAfter: 110, reason: 'runs WMI script consumers', image: ['\\scrcons.exe'] },
  { score: 50, scoreAfter: 110, reason: 'started by a WMI script consumer', parentImage: ['\\scrcons.exe'] },
  { score: 40, scoreAfter: 110, reason: 'started by the WMI provider host', parentImage: ['\\wmiprvse.exe'] },
  { score: 40, reason: 'writes to WMI', image: ['\\wmic.exe', '\\mofcomp.exe'] },
];
