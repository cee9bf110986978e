/** Turns text patterns into bytes, for the modifiers that encode. Refuses wildcards where an encoding has no place for them. */
import { asText, type Draft, isFault, literalOf, type Modifier, type ModifierFault } from '../modifier.ts';
import { joinParts } from './text-parts.ts';

/** The bytes of a value without wildcards: UTF-8 unless an encoding came before. `what` names the modifier. */
export function bytesOf(draft: Draft, what: string): Buffer | ModifierFault {
  const text = asText(draft, what);
  if (isFault(text)) return text;
  const literal = literalOf(text.parts);
  if (literal === null) {
    const hint = 'Write \\* or \\? for the character; put "contains" behind the encoding for the wildcard.';
    return { fault: `"${what}" encodes text without wildcards.`, hint };
  }
  return Buffer.from(literal, draft.bytes ? 'latin1' : 'utf8');
}

function encode16(text: string, bigEndian: boolean): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

/**
 * A modifier that encodes text as UTF-16. The pattern then has one character for each byte, until `base64` or `base64offset`
 * takes these bytes. If neither follows, the field is compared with those characters. Wildcards stay wildcards.
 */
export function utf16Modifier(
  name: string,
  options: { aliases?: readonly string[]; summary: string; bigEndian?: boolean; mark?: string },
): Modifier {
  return {
    name,
    aliases: options.aliases,
    summary: options.summary,
    apply(draft) {
      const text = asText(draft, name);
      if (isFault(text)) return text;
      if (draft.bytes) return { fault: `"${name}" after another encoding.`, hint: 'Keep one of them.' };
      const parts = text.parts.map((part) =>
        typeof part === 'string' ? encode16(part, options.bigEndian === true).toString('latin1') : part,
      );
      return { ...draft, bytes: true, pattern: { ...text, parts: joinParts([options.mark ?? '', ...parts]) } };
    },
  };
}
