/** Spec, Modifiers, utf16be: UTF-16, high byte first. */
import { utf16Modifier } from './support/encoding.ts';

export const modifier = utf16Modifier('utf16be', { summary: 'encodes the value as UTF-16BE, for base64', bigEndian: true });
