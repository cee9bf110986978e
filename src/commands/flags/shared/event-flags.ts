/** Flags of the verbs that look at events without rules. */
import { UsageError } from '../../../model/errors.ts';
import { inGroup, listFlag, valueFlag } from '../flag.ts';
import { parseEndTime, parseTime } from './flag-values.ts';

export const eventFlags = inGroup('Events', {
  from: valueFlag({
    placeholder: 'TIME',
    description: 'events from this time on only (UTC); 7d: since seven days ago',
    knownAs: ['timeline-start', 'after'],
    examples: ['2019-05-11T17:58:00', '2019-05-11'],
    rejects: ['yesterday', '2019-02-30'],
    parse: parseTime,
  }),
  to: valueFlag({
    placeholder: 'TIME',
    description: 'events up to this time only (UTC); a date stands for its whole day',
    knownAs: ['timeline-end', 'before'],
    examples: ['2019-05-11T18:10:00.5Z', '2019-05-11T20:10+02:00'],
    rejects: ['18:10'],
    parse: parseEndTime,
  }),
  channel: listFlag({
    placeholder: 'NAME',
    description: 'events of this channel only, by its whole or its short name; * stands for any text',
    examples: ['Security', 'Sysmon'],
  }),
  eventId: listFlag<number>({
    placeholder: 'ID',
    description: 'events with this EventID only',
    aliases: ['event'],
    examples: ['4624'],
    rejects: ['logon', '-1'],
    parse: parseEventId,
  }),
  computer: listFlag({
    placeholder: 'NAME',
    description: 'events of this computer only, with or without its domain; * stands for any text',
    knownAs: ['host'],
    examples: ['WS01', '*.corp.example'],
  }),
  user: listFlag({
    placeholder: 'NAME',
    description: 'events that name this account only, with or without its domain; * stands for any text',
    examples: ['alice', 'CORP\\alice', 'adm-*'],
  }),
});

function parseEventId(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError('Write a whole number from 0.');
  return Number(text);
}
