/**
 * Elastic Defend's API events (`logs-endpoint.events.api`). They are not a Windows event log and no taxonomy names them, so the
 * service `elastic-defend-api` is our own, for rules about `process.Ext.api.*`. Such events have no Windows channel. The reader
 * puts the name of their dataset in its place.
 */
import type { LogSourceFamily } from '../family.ts';

export const family: LogSourceFamily = {
  name: 'elastic-defend',
  services: {
    'elastic-defend-api': {
      channels: ['endpoint.events.api'],
      // Some exported documents have lost their dataset and module. Then the field below decides.
      providers: ['endpoint', ''],
      when: [{ field: 'process.Ext.api.name', values: [], required: true }],
    },
  },
};
