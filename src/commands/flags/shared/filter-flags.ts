/** Flags of a scan that leave rules or events out of the report. What they leave out is counted, and still serves as context. */
import { LEVELS, SHORT_LEVELS, STATUSES } from '../../../model/rule.ts';
import { choicesFlag, inGroup, listFlag } from '../flag.ts';

export const ruleFilterFlags = {
  ...inGroup('Rules', {
    rule: listFlag({
      placeholder: 'RULE',
      description: 'report the rule with this id, name, title or file only; * stands for any text',
      examples: ['*mimikatz*', '0f06a3a5-6a09-413f-8743-e6cf35561297'],
    }),
    excludeRule: listFlag({
      placeholder: 'RULE',
      description: 'do not report the rule with this id, name, title or file; * stands for any text',
      knownAs: ['exclude-id'],
      examples: ['Non Interactive PowerShell*'],
    }),
    excludeTag: listFlag({
      placeholder: 'TAG',
      description: 'do not report rules with this tag; a trailing * stands for the rest',
      examples: ['attack.discovery'],
    }),
    excludeLevel: choicesFlag({
      placeholder: 'LEVEL',
      choices: LEVELS,
      shortChoices: SHORT_LEVELS,
      description: 'do not report rules of this level',
    }),
    excludeStatus: choicesFlag({
      placeholder: 'STATUS',
      choices: STATUSES,
      description: 'do not report rules of this status',
    }),
  }),
};

export const eventFilterFlags = {
  ...inGroup('Events', {
    computer: listFlag({
      placeholder: 'NAME',
      description: 'report events of this computer only; * stands for any text',
      knownAs: ['host'],
      examples: ['PC04', '*.example.corp'],
    }),
    excludeComputer: listFlag({
      placeholder: 'NAME',
      description: 'do not report events of this computer',
      knownAs: ['exclude-host'],
      examples: ['BACKUP*'],
    }),
    user: listFlag({
      placeholder: 'NAME',
      description: 'report events that name this account only, with or without its domain',
      examples: ['IEUser', 'CORP\\admin*'],
    }),
    excludeUser: listFlag({
      placeholder: 'NAME',
      description: 'do not report events that name this account',
      examples: ['svc-backup'],
    }),
    channel: listFlag({
      placeholder: 'NAME',
      description: 'report events of this channel only, by its whole or its short name',
      knownAs: ['log'],
      examples: ['Security', 'Sysmon'],
    }),
    excludeChannel: listFlag({
      placeholder: 'NAME',
      description: 'do not report events of this channel',
      examples: ['System'],
    }),
    eventId: listFlag({
      placeholder: 'ID',
      description: 'report events of this EventID only',
      knownAs: ['eid', 'include-eid'],
      examples: ['4624'],
    }),
    excludeEventId: listFlag({
      placeholder: 'ID',
      description: 'do not report events of this EventID',
      knownAs: ['exclude-eid'],
      examples: ['5156'],
    }),
  }),
  path: listFlag({
    group: 'Input',
    placeholder: 'PATTERN',
    description: 'read files only whose path fits; * stands for any text',
    examples: ['*Security*.evtx'],
  }),
  excludePath: listFlag({
    group: 'Input',
    placeholder: 'PATTERN',
    description: 'do not read files whose path fits',
    examples: ['*/backup/*'],
  }),
};
