import { selectionText } from '../examples.ts';
import { admittedEvents, neverHoldsOnAny, onChannel, onEventId } from '../facts/rule-facts.ts';
import type { LintRule } from '../lint-rule.ts';
import { atomsOf } from '../logic/formula.ts';

export const lintRule: LintRule = {
  id: 'channel-outside-log-source',
  severity: 'error',
  summary: 'The log source admits no event of this channel.',
  why:
    'A service is a channel, a category stands for events of one or two. A rule that asks for another `Channel` on top of that ' +
    'never matches. It is an error where the whole rule cannot match, a warning where only one of several channels is out of reach.',
  avoid: selectionText(`Channel: System
Image|endswith: '\\whoami.exe'`),
  prefer: selectionText(`Channel: Security
Image|endswith: '\\whoami.exe'`),
  checkDetection(facts, report) {
    if (facts.sources.length === 0 || facts.neverHolds) return;
    if (!atomsOf(facts.formula).some(({ field }) => field === 'Channel') || neverHoldsOnAny(facts, onEventId)) return;
    const events = admittedEvents(facts);
    const never = neverHoldsOnAny(facts, (atom, event) => onChannel(atom, event) ?? onEventId(atom, event));
    const channels = [...new Set(facts.sources.flatMap((source) => source.channels))];
    for (const atom of new Set(atomsOf(facts.formula))) {
      if (atom.field !== 'Channel') continue;
      // Where channel and EventID together exclude every event, the channel alone may fit events with other EventIDs.
      const outside = events.every((event) => onChannel(atom, event) === false);
      if (!outside && !never) continue;
      report({
        at: atom.value.span,
        severity: never ? 'error' : 'warning',
        message: outside
          ? `no event of this log source is of the channel "${atom.value.source}"${never ? ', so the rule can never match' : ''}.`
          : `no event of the channel "${atom.value.source}" has the EventID that the rule asks for, so it can never match.`,
        hint: `The log source stands for ${channels.map((name) => `"${name}"`).join(', ')}.`,
      });
    }
  },
};
