/** Spec, Modifiers, utf16le and wide: UTF-16, low byte first, any character (pySigma knows only "wide", for ASCII). */
import { utf16Modifier } from './support/encoding.ts';

export const modifier = utf16Modifier('utf16le', { aliases: ['wide'], summary: 'encodes the value as UTF-16LE, for base64' });
