/**
 * In: an event. Out: two texts about it, each on one line and harmless to print: when, where and which record it is; what
 * happened.
 */
import type { EventSnapshot } from '../model/event.ts';
import { visibleText } from '../report/sanitize.ts';
import { eventSummary } from '../report/summaries/event-summary.ts';
import { eventLabel, recordLabel, timeText } from '../report/wording.ts';

/** Longer texts are cut, because `winnow show` has the whole event. */
const TEXT_LENGTH = 300;

/** `2019-05-11 17:58:23.4185632  WS01  Sysmon 1  record 102 of a.evtx`. */
export function eventHeading(event: EventSnapshot): string {
  const { TimeCreated, Computer, file, recovered } = event;
  const record = event.EventRecordID === null ? `offset ${event.offset}` : recordLabel(event);
  return visibleText(
    `${timeText(TimeCreated)}  ${Computer}  ${eventLabel(event)}  ${record} of ${file}${recovered ? ', recovered from slack space' : ''}`,
  );
}

/** `bob: cmd.exe > whoami /all`: as in reports. */
export function eventOnLine(event: EventSnapshot): string {
  const { who, what } = eventSummary(event);
  const text = visibleText(who === '' ? what : `${who}: ${what}`);
  return text.length <= TEXT_LENGTH ? text : `${text.slice(0, TEXT_LENGTH - 1)}\u2026`;
}
