/**
 * WMI-Activity: the service `wmi`, and (optional) event 5861 in the place of Sysmon's `wmi_event`. Windows 10, Server 2012 and
 * later write 5861 for each permanent binding without any configuration. Its UserData has Namespace, ESS (the filter), CONSUMER
 * (`CommandLineEventConsumer="Name"`) and PossibleCause, the MOF text of filter and consumer.
 */
import type { FieldValue } from '../../../model/event.ts';
import type { LogSourceFamily } from '../family.ts';
import { derive, eachText, rename, spellings, textsOf } from '../values.ts';

const CHANNELS = ['Microsoft-Windows-WMI-Activity/Operational'];
const PROVIDERS = ['Microsoft-Windows-WMI-Activity'];

/** Consumer class -> what Sysmon 20 prints as Type. */
const CONSUMER_TYPES: readonly (readonly [string, string])[] = [
  ['commandlineeventconsumer', 'Command Line'],
  ['activescripteventconsumer', 'Script'],
  ['logfileeventconsumer', 'Log File'],
  ['nteventlogeventconsumer', 'Event Log'],
  ['smtpeventconsumer', 'SMTP'],
];

function consumerTypes(text: string): readonly string[] {
  const lower = text.toLowerCase();
  return CONSUMER_TYPES.flatMap(([name, type]) => (lower.includes(name) ? [type] : []));
}

/** The texts that MOF assigns to a property: `Query = "SELECT ...";`. */
function mofTexts(value: FieldValue | undefined, property: string): string[] {
  const assigned = new RegExp(`\\b${property}\\s*=\\s*"((?:[^"\\\\]|\\\\.)*)"`, 'gis');
  return textsOf(value).flatMap((text) => [...text.matchAll(assigned)].map((found) => found[1]!));
}

export const family: LogSourceFamily = {
  name: 'wmi-activity',
  categories: {
    wmi_event: [
      {
        via: 'wmi_activity_5861',
        optional: true,
        channels: CHANNELS,
        providers: PROVIDERS,
        eventIds: [5861],
        fields: {
          // The MOF text holds the command line template or the script, which is what Sysmon calls Destination.
          Destination: rename('PossibleCause'),
          Consumer: rename('CONSUMER'),
          Filter: rename('ESS'),
          EventNamespace: rename('Namespace'),
          Operation: derive('constant:Created'),
          EventType: derive('constant:WmiBindingEvent'),
          Type: derive('wmi-consumer-type', 'CONSUMER'),
          Query: derive('mof-text:Query', 'PossibleCause'),
          Name: derive('mof-text:Name', 'PossibleCause'),
        },
        observed: { 5861: ['Namespace', 'ESS', 'CONSUMER', 'PossibleCause'] },
      },
    ],
  },
  services: {
    wmi: {
      channels: CHANNELS,
      providers: PROVIDERS,
      observed: {
        5857: ['ProviderName', 'Code', 'HostProcess', 'ProcessID', 'ProviderPath'],
        5858: ['Id', 'ClientMachine', 'User', 'ClientProcessId', 'Component', 'Operation', 'ResultCode', 'PossibleCause'],
        5859: ['NamespaceName', 'Query', 'User', 'Processid', 'Provider', 'queryid', 'PossibleCause'],
        5860: ['NamespaceName', 'Query', 'User', 'Processid', 'MachineName', 'PossibleCause'],
        5861: ['Namespace', 'ESS', 'CONSUMER', 'PossibleCause'],
      },
    },
  },
  derivations: {
    'wmi-consumer-type': ([consumer]) => eachText(consumer, consumerTypes),
    'mof-text': ([value], property) => spellings(mofTexts(value, property)),
  },
};
