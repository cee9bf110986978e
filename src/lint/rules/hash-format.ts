import type { DetectionItem } from '../../model/rule.ts';
import { HASH_DIGITS } from '../../sigma/logsource/hashes.ts';
import { selectionText } from '../examples.ts';
import { writtenParts } from '../facts/written-values.ts';
import type { LintRule } from '../lint-rule.ts';

/** With these modifiers a value may be a part of the digest. */
const PART_OF = new Set(['contains', 'startswith', 'endswith']);
/** Nobody who looks for a part of a digest on purpose writes this many digits. */
const NEARLY_WHOLE = 24;
const LIST_HINT = 'For example MD5=<32 digits>, SHA1=<40>, SHA256=<64>, IMPHASH=<32>.';

export const lintRule: LintRule = {
  id: 'hash-format',
  severity: 'warning',
  summary: 'A hash has the wrong number of digits, or no name.',
  why: 'Sysmon writes `MD5=..,SHA256=..,IMPHASH=..` into one field. A digest with a digit too many never matches, one without its name may match the wrong kind.',
  aliases: ['sigmahq_invalid_hash_kv', 'SigmahqInvalidHashKvValidator'],
  avoid: selectionText("Hashes|contains: 'MD5=0123456789abcdef0123456789abcdef0'"),
  prefer: selectionText("Hashes|contains: 'MD5=0123456789abcdef0123456789abcdef'"),
  checkItem(item, report) {
    const isList = item.field === 'Hashes' || item.field === 'Hash';
    const digits = HASH_DIGITS[item.field?.toUpperCase() ?? ''];
    if (!isList && digits === undefined) return;
    for (const value of item.values) {
      const parts = writtenParts(item, value) ?? [];
      const text = parts.filter((part) => typeof part === 'string').join('');
      const isWhole = parts.length === 1 && !item.modifiers.some((name) => PART_OF.has(name));
      const message = isList ? faultOf(text, isWhole) : digestFault(item.field ?? '', text, digits ?? 0, isWhole);
      if (message !== undefined) report({ at: value.span, message, hint: isList ? LIST_HINT : ownHint(item) });
    }
  },
};

/** Why the text cannot be a digest. A digest without its name is fine where it is searched for inside the field. */
function faultOf(text: string, isWhole: boolean): string | undefined {
  for (const pair of text.split(',')) {
    const [name = '', digest, ...rest] = pair.trim().split('=');
    if (digest === undefined) {
      const colon = /^(md5|sha1|sha256|imphash)\s*:/i.exec(name);
      if (colon !== null) return `behind the name of a hash stands "=": write "${colon[1]}=".`;
      if (isWhole && /^[\da-f]{32,}$/i.test(name)) return 'the digest stands without its name.';
      const { length } = name;
      if (length >= NEARLY_WHOLE && /^[\da-f]+$/i.test(name) && !Object.values(HASH_DIGITS).includes(length))
        return `no digest has ${length} digits.`;
      continue;
    }
    const wanted = HASH_DIGITS[name.toUpperCase()];
    if (wanted === undefined || rest.length > 0) return `"${name}" is no hash that Sysmon writes.`;
    const fault = digestFault(name, digest, wanted, false);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** A short text may be the beginning of a digest on purpose, where it need not be the whole value. */
function digestFault(name: string, digest: string, wanted: number, isWhole: boolean): string | undefined {
  // An event without a hash has this value.
  if (digest === '' || digest === '-') return undefined;
  if (/^(?:md5|sha1|sha256|imphash)[=:]/i.test(digest)) return `"${name}" holds the digest alone, without a name.`;
  if (!/^[\da-f]*$/i.test(digest)) return `the digest of ${name} has characters that are no hexadecimal digits.`;
  const { length } = digest;
  const isOff = length > wanted || (length < wanted && (isWhole || length >= NEARLY_WHOLE));
  return isOff ? `the digest of ${name} has ${length} digits; ${name} has ${wanted}.` : undefined;
}

function ownHint({ field }: DetectionItem): string {
  return `Write the ${HASH_DIGITS[field?.toUpperCase() ?? '']} digits of "${field}" alone.`;
}
