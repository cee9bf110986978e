import { HASH_DIGITS } from '../../sigma/logsource/hashes.ts';
import { detection, ruleText } from '../examples.ts';
import { itemsOf } from '../facts/items.ts';
import { writtenParts } from '../facts/written-values.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'hash-format',
  severity: 'warning',
  summary: 'A hash has the wrong number of digits, or no name.',
  why: 'Sysmon writes `MD5=..,SHA256=..,IMPHASH=..` into one field. A digest with a digit too many never matches, one without its name may match the wrong kind.',
  aliases: ['sigmahq_invalid_hash_kv', 'SigmahqInvalidHashKvValidator'],
  avoid: ruleText(
    detection(`selection:
    Hashes|contains: 'MD5=0123456789abcdef0123456789abcdef0'
condition: selection`),
  ),
  prefer: ruleText(
    detection(`selection:
    Hashes|contains: 'MD5=0123456789abcdef0123456789abcdef'
condition: selection`),
  ),
  check(document, report) {
    for (const item of itemsOf(document)) {
      if (item.field !== 'Hashes' && item.field !== 'Hash') continue;
      for (const value of item.values) {
        const parts = writtenParts(item, value) ?? [];
        const isWhole = parts.length === 1 && !item.modifiers.includes('contains');
        const fault = faultOf(parts.filter((part) => typeof part === 'string').join(''), isWhole);
        if (fault !== undefined)
          report({ at: value.span, message: fault, hint: 'For example MD5=<32 digits>, SHA1=<40>, SHA256=<64>, IMPHASH=<32>.' });
      }
    }
  },
};

/** Why the text cannot be a digest. A digest without its name is fine where it is searched for inside the field. */
function faultOf(text: string, isWhole: boolean): string | undefined {
  for (const pair of text.split(',')) {
    const [name = '', digest, ...rest] = pair.trim().split('=');
    if (digest === undefined) {
      if (isWhole && /^[\da-f]{32,}$/i.test(name)) return 'the digest stands without its name.';
      continue;
    }
    const wanted = HASH_DIGITS[name.toUpperCase()];
    if (wanted === undefined || rest.length > 0) return `"${name}" is no hash that Sysmon writes.`;
    if (!/^[\da-f]*$/i.test(digest)) return `the digest of ${name} has characters that are no hexadecimal digits.`;
    // A shorter digest may be the beginning of one on purpose.
    if (digest.length > wanted) return `the digest of ${name} has ${digest.length} digits; ${name} has ${wanted}.`;
  }
  return undefined;
}
