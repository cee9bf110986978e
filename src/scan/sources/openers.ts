/** Loads what opens nested sources, before they are opened: most scans have none and load nothing. The same on every thread. */
import type { NestedLocator } from '../../logs/open/nested.ts';

/** By the name in a locator. */
const OPENERS: Readonly<Record<string, () => Promise<unknown>>> = {
  evidence: () => import('../../evidence/opener.ts'),
};

export async function loadOpeners(sources: readonly { readonly locator?: NestedLocator | undefined }[]): Promise<void> {
  const names = new Set(sources.flatMap(({ locator }) => (locator === undefined ? [] : [locator.opener])));
  for (const name of names) await OPENERS[name]?.();
}
