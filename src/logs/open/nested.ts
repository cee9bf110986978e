/**
 * Logs inside of something else: a disk image, an archive. In: a locator, plain data that says where. Out: the log's bytes. Who can
 * open a kind of locator registers itself; this folder knows none of them.
 */
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';

/** Crosses threads. What else it says, only its opener knows. */
export interface NestedLocator {
  /** The name that the opener has registered. */
  readonly opener: string;
}

export interface NestedOpener {
  /** Throws InputError when the log is not there any more. */
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
