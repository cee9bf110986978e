/**
 * Short ids for events, alerts and incidents. They are made from content alone, so they are the same in every format and every
 * run. In: an event as JSON, or the parts of an id. Out: twelve hexadecimal digits. Refuses nothing.
 */
import { hash } from 'node:crypto';
import { harmlessJson } from '../bytes/json-text.ts';
import { type EventHead, type EventRecord, type EventSnapshot, eventHead, snapshotEvent } from './event.ts';
import { remembered } from './values/maps.ts';

/** 48 bits. Of five hundred reports with a million events each, about one has two events with the same id. */
const ID_LENGTH = 12;

const NO_RECORD_ID = Buffer.from('"EventRecordID":null');
const DATA = Buffer.from(',"data":');
const COMMA = 0x2c;

/** The same parts in the same order give the same id. */
export function idOf(parts: readonly (string | number | null)[]): string {
  return hash('sha256', JSON.stringify(parts)).slice(0, ID_LENGTH);
}

/**
 * The id of an event. It is made from record number, time, provider, channel, EventID and computer, so that a copy of a log has
 * the same ids. Records without a number are told apart by their data. `head` is the event as machine formats print it,
 * starting with `"offset":`.
 */
export function eventIdOfJson(head: Uint8Array): string {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const start = bytes.indexOf(COMMA) + 1;
  const numbered = bytes.compare(NO_RECORD_ID, 0, NO_RECORD_ID.length, start, start + NO_RECORD_ID.length) !== 0;
  // Inside a string the quotes would follow a backslash.
  const end = numbered ? bytes.indexOf(DATA, start) : bytes.length;
  return hash('sha256', bytes.subarray(start, end)).slice(0, ID_LENGTH);
}

/** The same for a snapshot. Remembered, because one event may be near many matches. */
export const eventIdOf = remembered((event: EventSnapshot): string => {
  const { EventRecordID, data, recovered } = event;
  return idOfHead(event, EventRecordID === null ? { data, ...(recovered ? { recovered } : {}) } : {});
});

/** The same for an event under a reader's cursor, whose data is read only where it is part of the id. */
export function eventIdOfRecord(event: EventRecord): string {
  const head = eventHead(event);
  return head.EventRecordID === null ? eventIdOf(snapshotEvent(event, '')) : idOfHead(head, {});
}

function idOfHead({ EventRecordID, TimeCreated, Provider, Channel, EventID, Computer }: EventHead, rest: object): string {
  const head = { EventRecordID, TimeCreated, Provider, Channel, EventID, Computer, ...rest };
  return hash('sha256', harmlessJson(JSON.stringify(head)).slice(1, -1)).slice(0, ID_LENGTH);
}
