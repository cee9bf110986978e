/** The section System of records in tests. */
import { el, empty, opt, type PartSpec, sub, type TemplateSpec, template } from './evtx-writer.ts';

/**
 * System with what log sources ask for: values 0 provider, 1 EventID, 4 event data, 5 time, 6 record id; Channel and Computer as
 * values, too, or in the template.
 */
export function systemOf(channel: PartSpec | string, computer: PartSpec | string): TemplateSpec {
  return template(
    el(
      'Event',
      {},
      el(
        'System',
        {},
        empty(el('Provider', { Name: sub(0) })),
        el('EventID', {}, opt(1)),
        empty(el('TimeCreated', { SystemTime: sub(5) })),
        el('EventRecordID', {}, sub(6)),
        el('Channel', {}, channel),
        el('Computer', {}, computer),
      ),
      opt(4),
    ),
  );
}

/** Channel is value 2, Computer 3. */
export const SYSTEM = systemOf(sub(2), sub(3));
