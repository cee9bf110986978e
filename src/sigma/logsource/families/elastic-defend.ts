/**
 * Elastic Defend's API events (`logs-endpoint.events.api`). Not a Windows event log, and no taxonomy names them: the service
 * `elastic-defend-api` is ours, for rules over `process.Ext.api.*`. Such events have no Channel of Windows; the reader puts
 * their dataset there.
 */
import type { LogSourceFamily } from '../family.ts';

export const family: LogSourceFamily = {
  name: 'elastic-defend',
  services: {
    'elastic-defend-api': {
      channels: ['endpoint.events.api'],
      // Documents that were cut down to their facts name neither dataset nor module: the field below decides then.
      providers: ['endpoint', ''],
      when: [{ field: 'process.Ext.api.name', values: [], required: true }],
    },
  },
};
