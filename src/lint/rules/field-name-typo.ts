import { selectionText } from '../examples.ts';
import { knownEvents, usedFields } from '../facts/known-fields.ts';
import { misspelt, partlyKnownFields } from '../knowledge/native-fields.ts';
import type { LintRule } from '../lint-rule.ts';

const SECURITY = 'logsource:\n    service: security\n    product: windows';

export const lintRule: LintRule = {
  id: 'field-name-typo',
  severity: 'warning',
  summary: 'A field name differs from one that these events have by a slip of the pen.',
  why:
    'Field names are compared as they are written: `Logontype` is not `LogonType`. The fields of most Windows logs are not known in full, ' +
    'so that only names are reported that are nearly those of a known one.',
  avoid: selectionText(
    `EventID: 4624
Logontype: 3`,
    SECURITY,
  ),
  prefer: selectionText(
    `EventID: 4624
LogonType: 3`,
    SECURITY,
  ),
  checkDetection(facts, report) {
    // Where all fields are known, other checks give more information.
    if (facts.neverHolds || (facts.sources.length > 0 && knownEvents(facts) !== null)) return;
    const known = partlyKnownFields(facts);
    if (known === null) return;
    for (const [field, span] of usedFields(facts)) {
      const meant = misspelt(field, known);
      if (meant !== undefined)
        report({ at: span, message: `these events have no field "${field}", but "${meant}".`, hint: `Write "${meant}".` });
    }
  },
};
