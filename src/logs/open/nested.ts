/**
 * Logs inside something else: a disk image or an archive. In: a locator (plain data that says where the log is). Out: the log's
 * bytes. The code that can open a kind of locator registers itself; this folder does not depend on any of it. Refuses locators
 * whose opener is not registered.
 */
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';

/** Plain data, so that it can be sent between threads. Only its opener knows the other properties. */
export interface NestedLocator {
  /** The name under which the opener is registered. */
  readonly opener: string;
}

export interface NestedOpener {
  /** Throws InputError when the log is no longer there. */
  open(locator: NestedLocator): ByteSource;
  /** Closes what is kept open between two logs of one image. */
  close(): void;
}

const openers = new Map<string, NestedOpener>();

export function registerOpener(name: string, opener: NestedOpener): void {
  openers.set(name, opener);
}

export function openNested(locator: NestedLocator): ByteSource {
  const opener = openers.get(locator.opener);
  if (opener === undefined) throw new InputError(`nothing is loaded that opens "${locator.opener}"`);
  return opener.open(locator);
}

export function closeNested(): void {
  for (const opener of openers.values()) opener.close();
}
