/**
 * Collects the diagnostics of sources. In: what the first pass learned of them. Out: diagnostics, in the order of the sources.
 */
import type { Diagnostic } from '../../model/diagnostic.ts';
import { eventsRead } from '../../model/match.ts';
import type { ScannedSource } from '../first-pass/scanned-source.ts';
import { gapDiagnostics } from './gaps.ts';
import { fieldDiagnostics } from './missing-fields.ts';

/** Reported once per file, not once per range. */
const ONCE = new Set(['input/unreadable', 'input/code-page', 'input/zero-bytes']);

/** What was wrong with the sources, in their order. */
export function diagnosticsOf(found: readonly ScannedSource[], named: readonly string[]): Diagnostic[] {
  return found.flatMap(({ source: { path }, parts, change, missing }) => {
    const all = [...parts.flatMap(({ result }) => result.diagnostics), ...(missing?.diagnostics ?? [])];
    const unreadable = all.find(({ code }) => code === 'input/unreadable');
    const once = all.filter(
      (diagnostic) => !ONCE.has(diagnostic.code) || diagnostic === all.find(({ code }) => code === diagnostic.code),
    );
    const gaps = gapDiagnostics({
      name: path,
      format: parts[0]?.result.stats.format ?? '',
      records: parts.reduce((sum, { result }) => sum + eventsRead(result.stats), 0),
      parts: parts.map(({ result, firstIndex }) => ({ gaps: result.tally.gaps, firstIndex })),
      named: named.includes(path),
    });
    // EVTX and XML hold all fields that there are, so only JSON is checked for missing ones.
    const isJson = parts[0]?.result.stats.format === 'json';
    const fields = isJson
      ? fieldDiagnostics(
          path,
          parts.map(({ result, firstIndex }) => ({ kinds: result.tally.kinds, firstIndex })),
        )
      : [];
    return [...(change === null || unreadable !== undefined ? [] : [change]), ...once, ...gaps, ...fields];
  });
}

/** Reports the sources that an interrupted scan did not reach. */
export function notBegun(unread: number, all: number): Diagnostic {
  return {
    code: 'scan/interrupted',
    severity: 'warning',
    message: `${unread} of ${all} files were not read: the scan was interrupted before.`,
    place: {},
  };
}
