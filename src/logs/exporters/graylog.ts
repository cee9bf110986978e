/** Winlogbeat records in Graylog: Winlogbeat's keys with underscores instead of dots, often after the name of the beat. */
import { KEYS as ECS_KEYS } from './ecs-windows.ts';
import type { Exporter } from './exporter.ts';
import { renamedLeaves } from './mapping.ts';
import { exporter as winlogbeat } from './winlogbeat.ts';

const WINLOG = /^(?:winlogbeat_|beats_)?winlog_/;
/** Keys of Winlogbeat that contain an underscore themselves, and ECS keys, under their names in Graylog. */
const DOTTED = new Map(
  [
    'winlog.activity_id',
    'winlog.channel',
    'winlog.computer_name',
    'winlog.event_id',
    'winlog.keywords',
    'winlog.process.pid',
    'winlog.process.thread.id',
    'winlog.provider_guid',
    'winlog.provider_name',
    'winlog.record_id',
    'winlog.related_activity_id',
    'winlog.time_created',
    'winlog.user.identifier',
    'winlog.version',
    'event.code',
    'event.original',
    ...ECS_KEYS,
  ].map((key) => [key.replaceAll(/[.]/g, '_'), key]),
);

function dotted(name: string): string | null {
  if (name === 'timestamp' || name === 'winlogbeat_@timestamp') return '@timestamp';
  const key = name.replace(/^(?:winlogbeat|beats)_/, '');
  const section = /^winlog_(event_data|user_data)_(.+)$/.exec(key);
  return section === null ? (DOTTED.get(key) ?? null) : `winlog.${section[1]}.${section[2]}`;
}

export const exporter: Exporter = {
  name: 'graylog',
  description: 'Graylog behind Winlogbeat: `winlogbeat_winlog_event_id`, `winlog_event_id`',
  lost: 'as with Winlogbeat',
  priority: 24,
  example: {
    timestamp: '2024-01-01T00:00:00.123Z',
    source: 'PC1',
    winlogbeat_winlog_channel: 'Security',
    winlogbeat_winlog_event_id: 4624,
    winlogbeat_winlog_event_data_LogonType: '10',
  },
  plan(leaves) {
    return leaves.all.some(({ name }) => WINLOG.test(name)) ? winlogbeat.plan(renamedLeaves(leaves, dotted)) : null;
  },
};
