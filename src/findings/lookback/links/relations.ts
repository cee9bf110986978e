/** How much a tie between two events is worth to somebody who reads what led to a match, and what it is called. Data only. */
import type { LinkKey, LinkRole } from './event-links.ts';

export interface Relation {
  readonly score: number;
  readonly reason: string;
}

/** How an event is tied to a match. */
export interface Tie extends Relation {
  /** The key and role by which an event is tied. */
  readonly code: number;
  /** Worth of an event after the match, where it differs. */
  readonly scoreAfter: number;
  /** True when kinds that come in hundreds count less. */
  readonly weighted: boolean;
  /** Of two ties of equal worth the lower one counts; at equal ranks the one that the event names first. */
  readonly rank: number;
}

/** The text of a WMI object's name in a command line or a script. */
export const NAMED_IN_TEXT = 100;
/** An event that another rule matched: this, and {@link MATCHED_PER_LEVEL} for each level above informational. */
export const MATCHED_BY_RULE = 32;
export const MATCHED_PER_LEVEL = 4;
/** Events after a match are shown from this score on: a tie is needed, sharing a user is not enough. */
export const SHOWN_AFTER = 35;

/** Role in the match's event -> role in the other event, for keys that are never used again. */
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
/** Of process ids, which are used again, what GUIDs say for certain. */
const UNCERTAIN = 30;

/** The worth of a key of the match that another event holds in that role; null when equality says nothing. */
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
  /** The worth of such an event after the match, where it is what the subscription did. */
  readonly scoreAfter?: number;
  /** Lower-cased ends of Image, or of ParentImage. */
  readonly image?: readonly string[];
  readonly parentImage?: readonly string[];
  /** Lower-cased words, one of which occurs in the text of the event. */
  readonly words?: readonly string[];
}

/** What belongs to a WMI subscription although no name says so. First that fits. */
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
