/** The flags of `winnow scan`. */
import { LEVELS, SHORT_LEVELS, STATUSES } from '../../model/rule.ts';
import { formatNames } from '../../report/formats/names.generated.ts';
import { choiceFlag, choicesFlag, inGroup, listFlag, switchFlag, valueFlag } from './flag.ts';
import { eventFlags } from './shared/event-flags.ts';
import { eventFilterFlags, ruleFilterFlags } from './shared/filter-flags.ts';
import { parseCount, parseTimeSpan } from './shared/flag-values.ts';
import { colourFlags, configFlags, FORMAT, outputFlags, RULES, ruleContextFlags } from './shared/shared-flags.ts';

/** What decides which alerts and incidents there are. */
export const findingFlags = {
  ...inGroup('Rules', {
    rules: listFlag({
      ...RULES,
      description: 'rule file, folder or zip archive of rules',
      fallbackText: 'the rules that come with winnow',
      knownAs: ['ruleset', 'rule'],
      examples: ['rules/windows'],
    }),
    level: choicesFlag({
      placeholder: 'LEVEL',
      choices: LEVELS,
      shortChoices: SHORT_LEVELS,
      description: 'report rules of this level only',
      knownAs: ['exact-level'],
    }),
    minLevel: choiceFlag({
      short: 'm',
      placeholder: 'LEVEL',
      choices: LEVELS,
      shortChoices: SHORT_LEVELS,
      description: 'report rules of this level and above only',
    }),
    status: choicesFlag({
      placeholder: 'STATUS',
      choices: STATUSES,
      description: 'report rules of this status only',
      knownAs: ['include-status'],
    }),
    tag: listFlag({
      placeholder: 'TAG',
      description: 'report rules with this tag only; a trailing * stands for the rest',
      knownAs: ['include-tag', 'tags'],
      examples: ['attack.t1546.003', 'attack.t1546*'],
    }),
    id: listFlag({
      placeholder: 'ID',
      description: 'report the rule with this id only',
      examples: ['0f06a3a5-6a09-413f-8743-e6cf35561297'],
    }),
  }),
  ...ruleFilterFlags,
  tune: listFlag({
    group: 'Rules',
    placeholder: 'FILE',
    description: 'YAML file of rules that are off, have another level or are not reported for some events, each with its reason',
    knownAs: ['tuning', 'level-tuning', 'suppressions'],
    examples: ['tuning.yml'],
  }),
  ...eventFilterFlags,
  ...ruleContextFlags,
  logsources: { ...ruleContextFlags.logsources, knownAs: ['mapping', 'pipeline'] },
  noCache: switchFlag({ group: 'Rules', description: 'compile the rules anew and keep nothing of it on disk' }),

  ...inGroup('Input', {
    from: {
      ...eventFlags.from,
      description: 'match events from this time on only (UTC); 7d: since seven days ago',
      knownAs: ['timeline-start', 'after', 'sd'],
    },
    to: {
      ...eventFlags.to,
      description: 'match events up to this time only (UTC); a date stands for its whole day',
      knownAs: ['timeline-end', 'before', 'ed'],
    },
    followLinks: switchFlag({
      description: 'also follow links in folders that lead out of the folder',
      knownAs: ['follow'],
    }),
    archivePassword: valueFlag({
      placeholder: 'TEXT',
      description: 'password of encrypted archives (ZIP, 7-Zip)',
      knownAs: ['password', 'zip-password'],
      examples: ['infected'],
    }),
    recover: switchFlag({
      short: 'x',
      description: 'EVTX: also read records left over in slack space, marked as recovered',
      knownAs: ['recover-records'],
    }),
    verify: switchFlag({
      description: 'EVTX: compute checksums and report those that do not match',
      knownAs: ['validate-checksums'],
    }),
    keepCopies: switchFlag({
      description: 'count a record that is found in several files as often; without it, matches name the other places',
    }),
    threads: valueFlag({
      placeholder: 'N',
      description: 'number of threads that read and match; the output does not depend on it',
      fallbackText: 'as many as pay off',
      knownAs: ['num-threads', 'workers'],
      examples: ['1', '4'],
      rejects: ['0', 'many', '1.5'],
      parse: parseCount(256),
    }),
  }),

  lookback: valueFlag({
    group: 'Window',
    placeholder: 'SPAN',
    description: 'show what happened on the computer in this time before each match; 0 is off',
    fallback: { text: '9m', ms: 540_000 },
    fallbackText: '9m',
    examples: ['9m', '90s', '1h', '0'],
    rejects: ['9', 'm', '9 minutes'],
    parse: parseTimeSpan,
  }),
  incidentGap: valueFlag({
    group: 'Window',
    placeholder: 'SPAN',
    description: 'an incident ends when nothing matches on its computer for this time',
    fallback: { text: '30m', ms: 1_800_000 },
    fallbackText: '30m',
    examples: ['30m', '2h', '1d'],
    rejects: ['30', 'long'],
    parse: parseTimeSpan,
  }),
};

/** How they are written, and what the exit code says of them. */
const reportFlags = {
  ...inGroup('Output', {
    format: choiceFlag({
      ...FORMAT,
      choices: formatNames,
      fallbackText: 'by the ending of --output, else terminal',
      description: 'form of the report',
      knownAs: ['output-format', 'output-type', 't'],
    }),
    full: switchFlag({
      description: 'report for reading: also every alert with why it matched and what happened before, and the whole summary',
      knownAs: ['verbose', 'details'],
    }),
    brief: switchFlag({ description: 'report for reading: its head, and the worst rules', knownAs: ['short'] }),
    by: choiceFlag({
      placeholder: 'ORDER',
      choices: ['incident', 'rule', 'host', 'time'],
      fallback: 'incident',
      fallbackText: 'incident, the worst first',
      description: 'report for reading: its sections',
      knownAs: ['group-by', 'sort'],
    }),
    ...outputFlags('report.jsonl', 'write the report to this file; it appears whole or not at all'),
  }),
  ...colourFlags,
  noProgress: switchFlag({ group: 'Output', description: 'no progress line' }),
  quiet: switchFlag({ group: 'Output', short: 'q', description: 'no progress and no notes on stderr; errors remain' }),

  failOn: choiceFlag({
    group: 'Exit code',
    placeholder: 'LEVEL',
    choices: LEVELS,
    shortChoices: SHORT_LEVELS,
    description: 'exit with 1 if a rule of this level or above matched',
    knownAs: ['fail-on-detection', 'fail-level'],
  }),
  failOnDamage: switchFlag({
    group: 'Exit code',
    description: 'exit with 4 if a log was damaged, empty or unreadable, or anything named like a log is none',
  }),
  strict: switchFlag({ group: 'Exit code', description: 'exit with 2 if a rule was refused' }),
};

export const scanFlags = { ...findingFlags, ...reportFlags, ...configFlags };

export type FindingFlags = typeof findingFlags;
export type ScanFlags = typeof scanFlags;
