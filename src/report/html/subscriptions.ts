/**
 * Shows WMI subscriptions as chains: filter -> binding -> consumer -> process. In: the events of a report (Sysmon 19/20/21,
 * WMI-Activity 5861, and processes started by WMI). Out: one chain for each binding, and for each filter or consumer that no
 * binding names.
 */
import { scalars } from '../../findings/correlate/field-tuples.ts';
import { snapshotRecord } from '../../findings/store/snapshot-record.ts';
import { decodedPayloads } from '../../findings/wmi/payloads.ts';
import { referencedNames, unquoted, wmiPartOf } from '../../findings/wmi/wmi-names.ts';
import type { IncidentEvent } from '../../model/incident.ts';
import { eventSummary } from '../summaries/event-summary.ts';
import { isRunBy, type WmiProcess } from './consumer-runs.ts';
import { fieldText } from './event-facts.ts';
import type { PageSubscription } from './page-data.ts';

/** The processes that run consumers: one for script consumers, and the provider host for the others. */
const WMI_HOST = /\\(?:scrcons|wmiprvse)\.exe$/i;
const SCRIPT_HOST = /\\scrcons\.exe$/i;
/** Limits on the processes shown for each chain, and on the characters of their lines. */
const MAX_PROCESSES = 20;
const MAX_TEXT = 600;
/** Limit on the chains, of all computers and of each, because a log may have one subscription per second. */
const MAX_CHAINS = 200;

type Filter = PageSubscription['filter'];
type Consumer = PageSubscription['consumer'];

interface Process extends WmiProcess {
  readonly text: string;
  readonly event: string;
}

/** The parts of subscriptions on one computer, by their names in lower case. */
interface HostParts {
  readonly host: string;
  readonly filters: Map<string, Filter>;
  readonly consumers: Map<string, Consumer>;
  readonly bindings: {
    readonly filter: string;
    readonly consumer: string;
    readonly event: string;
    readonly incident: number;
    readonly definition: string;
  }[];
  readonly processes: Process[];
  /** The id of an event with a part -> the time of the event. */
  readonly seen: Map<string, number>;
  incident: number;
}

export class Subscriptions {
  readonly #hosts = new Map<string, HostParts>();

  add({ event, id }: IncidentEvent, incident: number): void {
    const part = wmiPartOf(snapshotRecord(event));
    const parent = fieldText(event, 'ParentImage') || fieldText(event, 'ParentProcessName');
    const image = fieldText(event, 'Image') || fieldText(event, 'NewProcessName');
    if (part === null && !WMI_HOST.test(parent) && !SCRIPT_HOST.test(image)) return;
    const host = this.#host(event.Computer, incident);
    const text = (name: string): string => unquoted(scalars(event.data[name])[0] ?? '');
    if (part === null) {
      const commandLine = fieldText(event, 'CommandLine');
      const byScript = SCRIPT_HOST.test(parent) || SCRIPT_HOST.test(image);
      const text = eventSummary(event).what.slice(0, MAX_TEXT);
      host.processes.push({ text, commandLine, image, byScript, timeUs: event.timeUs, event: id });
      return;
    }
    host.seen.set(id, event.timeUs);
    const deleted = fieldText(event, 'Operation').toLowerCase() === 'deleted';
    if (part === 'filter') {
      if (!deleted) keep(host.filters, { name: text('Name'), query: text('Query'), event: id });
    } else if (part === 'consumer') {
      if (!deleted)
        keep(host.consumers, { name: text('Name'), type: fieldText(event, 'Type'), runs: text('Destination'), event: id });
    } else if (!deleted) {
      const native = part === 'native';
      const filter = native
        ? (referencedNames(event.data.ESS)[0] ?? fieldText(event, 'ESS'))
        : referencedNames(event.data.Filter)[0];
      const consumer = referencedNames(native ? event.data.CONSUMER : event.data.Consumer)[0];
      const definition = native ? fieldText(event, 'PossibleCause') : '';
      host.bindings.push({ filter: filter ?? '', consumer: consumer ?? '', event: id, incident, definition });
    }
  }

  chains(): PageSubscription[] {
    return [...this.#hosts.values()].flatMap(chainsOf).slice(0, MAX_CHAINS);
  }

  #host(computer: string, incident: number): HostParts {
    const key = computer.toLowerCase();
    const known = this.#hosts.get(key);
    if (known !== undefined) return known;
    const host: HostParts = {
      host: computer,
      filters: new Map(),
      consumers: new Map(),
      bindings: [],
      processes: [],
      seen: new Map(),
      incident,
    };
    this.#hosts.set(key, host);
    return host;
  }
}

/** Keeps the first registration of a name. Later changes of the same part are events of the report as well. */
function keep<Part extends { readonly name: string }>(parts: Map<string, Part>, part: Part): void {
  const key = part.name.toLowerCase();
  if (!parts.has(key)) parts.set(key, part);
}

function chainsOf(parts: HostParts): PageSubscription[] {
  const { host, filters, consumers, bindings, processes, seen } = parts;
  const chains = new Map<string, PageSubscription>();
  const add = (filter: Filter, consumer: Consumer, binding: string | null, incident: number, definition: string): void => {
    const key = JSON.stringify([filter.name.toLowerCase(), consumer.name.toLowerCase()]);
    if (chains.has(key) || chains.size === MAX_CHAINS) return;
    const payloads = [...new Set([...decodedPayloads(consumer.runs), ...decodedPayloads(definition)])];
    const times = [filter.event, consumer.event, binding].flatMap((id) => (id === null ? [] : [seen.get(id) ?? Number.NaN]));
    const sinceUs = Math.min(...times.map((us) => (Number.isNaN(us) ? Number.NEGATIVE_INFINITY : us)));
    const { type, runs } = consumer;
    const run = processes.filter((started) => isRunBy(started, { type, runs, sinceUs })).slice(0, MAX_PROCESSES);
    chains.set(key, {
      host,
      incident,
      filter,
      consumer,
      binding,
      payloads,
      processes: run.map(({ text, event }) => ({ text, event })),
    });
  };
  const boundFilters = new Set<string>();
  const boundConsumers = new Set<string>();
  for (const { filter, consumer, event, incident, definition } of bindings) {
    boundFilters.add(filter.toLowerCase());
    boundConsumers.add(consumer.toLowerCase());
    const own = consumers.get(consumer.toLowerCase()) ?? { name: consumer, type: '', runs: definition, event: null };
    add(filters.get(filter.toLowerCase()) ?? { name: filter, query: '', event: null }, own, event, incident, definition);
  }
  const looseFilters = [...filters].filter(([key]) => !boundFilters.has(key)).map(([, filter]) => filter);
  const looseConsumers = [...consumers].filter(([key]) => !boundConsumers.has(key)).map(([, consumer]) => consumer);
  for (const filter of looseFilters) add(filter, { name: '', type: '', runs: '', event: null }, null, parts.incident, '');
  for (const consumer of looseConsumers) add({ name: '', query: '', event: null }, consumer, null, parts.incident, '');
  return [...chains.values()];
}
