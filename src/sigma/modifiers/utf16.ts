/** Spec, Modifiers, utf16: byte order mark FF FE, then UTF-16LE. */
import { utf16Modifier } from './support/encoding.ts';

export const modifier = utf16Modifier('utf16', {
  summary: 'encodes the value as UTF-16 with a byte order mark, for base64',
  mark: '\xff\xfe',
});
