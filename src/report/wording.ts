/** Numbers, times and names as people read them. Out: text. Names in it that come from logs still have to be made harmless. */

import type { EventRef, Match } from '../model/match.ts';
import { isoTimeUs } from '../model/values/time.ts';

/** 1234567 -> `1,234,567`, in every locale. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 record`, `2 records`, `1 match`, `3 matches`. */
export function counted(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  const plural = /(?:ch|s|x)$/.test(noun) ? `${noun}es` : noun.endsWith('ntry') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${grouped(count)} ${plural}`;
}

/** Bytes in decimal units, as disks and transfer rates are given: `12.3 kB`, `1.4 GB`. */
export function byteText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 'B';
  for (const next of units) {
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** A length of time: `62 ms`, `16.4 s`, `2 min 5 s`, `3 h 20 min`, `12 d 4 h`. */
export function durationText(us: number): string {
  // Times after the year 9999 cannot be written as ISO times.
  if (Number.isNaN(us)) return 'unknown';
  const seconds = us / 1e6;
  if (us === 0) return '0 s';
  if (seconds < 0.9995) return us < 1000 ? '<1 ms' : `${Math.round(us / 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes < 60) return joinUnits(minutes, 'min', Math.round(seconds) % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return joinUnits(hours, 'h', minutes % 60, 'min');
  return joinUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** Microseconds since 1970 of an ISO time in UTC; NaN when there is none. */
export function isoToUs(iso: string | null): number {
  if (iso === null) return Number.NaN;
  return isoTimeUs(iso);
}

/** The distance of a time from another one: `-16.4 s`, `+2 min 5 s`, `same time`; `time unknown` without a time. */
export function relativeTime(us: number, referenceUs: number): string {
  const difference = us - referenceUs;
  if (Number.isNaN(difference)) return 'time unknown';
  if (difference === 0) return 'same time';
  return `${difference < 0 ? '-' : '+'}${durationText(Math.abs(difference))}`;
}

/** ISO time as people read it, all digits: `2019-05-11 17:58:23.4185632`. */
export function timeText(iso: string | null): string {
  if (iso === null || iso === '') return 'time unknown';
  return iso.replace('T', ' ').replace('Z', '');
}

/** `2019-05-11 17:58:23`. */
export function secondsText(iso: string | null): string {
  return timeText(iso).replace(/\.\d+$/, '');
}

/** The later of two times, without its date where that is the same: `17:58:39.7460000`. */
export function timeAfter(first: string | null, last: string | null, text: (iso: string | null) => string = timeText): string {
  const sameDay = first !== null && last !== null && first.slice(0, 10) === last.slice(0, 10);
  return sameDay ? text(last).slice(11) : text(last);
}

/** `2019-05-11 17:58:23.3400000 to 17:58:39.7460000`. */
export function rangeText(from: string, to: string, text: (iso: string | null) => string = timeText): string {
  return text(from) === text(to) ? text(from) : `${text(from)} to ${timeAfter(from, to, text)}`;
}

/** `Microsoft-Windows-Sysmon/Operational` -> `Sysmon`, as analysts say it. */
export function shortChannel(channel: string): string {
  if (channel === '') return '(no channel)';
  return channel.replace(/^Microsoft-Windows-/i, '').replace(/\/Operational$/i, '');
}

/** `Sysmon 21`. */
export function eventLabel(event: { readonly Channel: string; readonly EventID: number | null }): string {
  return `${shortChannel(event.Channel)} ${event.EventID ?? '(no EventID)'}`;
}

/** `record 12 of a.evtx, also #12 of a.xml and in 2 more places`. */
export function placeText({ event, alsoIn = [] }: Pick<Match, 'event' | 'alsoIn'>): string {
  const place = `${recordLabel(event)} of ${event.file}`;
  const [copy] = alsoIn;
  if (copy === undefined) return place;
  const more = alsoIn.length === 1 ? '' : ` and in ${counted(alsoIn.length - 1, 'more place')}`;
  return `${place}, also #${copy.index} of ${copy.file}${more}`;
}

/** `record 12`: the EventRecordID, or the place in the file (`#12`, from 0) where there is none. */
export function recordLabel(event: Pick<EventRef, 'EventRecordID' | 'index'>): string {
  return event.EventRecordID === null ? `#${event.index}` : `record ${event.EventRecordID}`;
}
