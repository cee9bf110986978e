/** Opens logs in images again, in any thread. In: a locator. Out: the log. Images stay open until all logs have been read. */
import { type NestedLocator, registerOpener } from '../logs/open/nested.ts';
import { Reports } from '../logs/reports.ts';
import { getOrInsert } from '../model/values/maps.ts';
import { Evidence } from './evidence.ts';
import { EVIDENCE_OPENER, type EvidenceLocator } from './locator.ts';

const opened = new Map<string, Evidence>();

registerOpener(EVIDENCE_OPENER, {
  open(locator: NestedLocator) {
    // The registered name says that this locator is one of ours.
    const ours = locator as EvidenceLocator;
    // Problems of the image are dropped here, because finding the log has already reported them.
    const open = (image: string): Evidence => new Evidence(image, new Reports(image, { diagnostic: () => {} }));
    return getOrInsert(opened, ours.image, open).open(ours);
  },
  close() {
    for (const evidence of opened.values()) evidence.close();
    opened.clear();
  },
});
