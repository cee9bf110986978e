/** The top-level keys of a rule in the specification, in its order. */
export const RULE_KEYS: readonly string[] = [
  'title',
  'id',
  'related',
  'name',
  'taxonomy',
  'status',
  'description',
  'license',
  'author',
  'references',
  'date',
  'modified',
  'logsource',
  'detection',
  'fields',
  'falsepositives',
  'level',
  'tags',
  'scope',
  'correlation',
  'filter',
  'action',
];

/** Keys that SigmaHQ adds to them. */
export const SIGMAHQ_KEYS: readonly string[] = ['regression_tests_path', 'simulation'];
