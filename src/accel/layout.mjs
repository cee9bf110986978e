// How the memory is laid out that TypeScript and WebAssembly share, and the numbers that both use: the only place where it is
// written. generate.mjs makes constants of it for both sides.

/** Structures of words (four bytes). A name, its size in bytes, and what the offsets are called: `PLAN_TYPES`. */
export const structures = {
  /** What of a record's values is looked at, for a query and a sequence of types. Its places follow. */
  PLAN: {
    COUNT: 'places',
    VALUES: 'values that a record has, and the address of their types',
    TYPES: '',
    CONDITIONS: 'what evaluating rules needs (below); 0: not there yet',
    ALWAYS: 'list of candidates whatever the values are',
    CANDIDATES: 'by number: where the program of a candidate begins, and the turn in which it was looked at',
    PADDING: 'places begin at eight bytes',
    PADDING2: '',
  },
  /** A place: a value, and what is known of the last one there. The fields of conditions are places, too. */
  PLACE: {
    VALUE: 'index among the values of the record, or CONSTANT or ASK',
    FILTER: 'address, 0 for none; of a field: 1 where it is absent',
    KEY: 'of its lists',
    LAST_KIND: 'length and type of the last value there, 0 for none',
    LAST_COPY: 'where its bytes are',
    LAST_NUMBER: 'its number in the table of values',
    LAST_LIST: 'its list; 0 when none is known',
    MARKED: 'of a field: the turn in which the predicates on its list were marked',
  },
  /** Addresses: of the rule set, of its predicates, and of the plan (number of a field -> place, and the places). */
  CONDITIONS: { PROGRAMS: '', KINDS: '', FIELDS: '', REFERENCES: '', MARKS: '', PLACE_OF: '', PLACES: '' },
  /** A comparison of a field with another for equality. */
  REFERENCE: { PREDICATE: '', FIELD: 'the other one', CASED: '' },
  /** Of texts (`model/values/text-filter.ts`); its bits follow. */
  FILTER: { SHIFT: '', SIZE: 'characters of a quad', MASK: '', STEP: 'in bytes' },
  /** An entry of the table of values. */
  ENTRY: { HASH: '', KIND: 'length and type, plus one; 0 is free', COPY: '', PADDING: '' },
  /** A cell of the table of lists. */
  CELL: { NUMBER: 'of the value, plus one; 0 is free', KEY: '', LIST: '', PADDING: '' },
  /** Templates that records of a chunk are made of: of which chunk; the outer one, its values, the one that holds the inner;
   *  the inner one, its values. */
  TEMPLATES: { CHUNK: '', OUTER: '', OUTER_COUNT: '', NESTED: '', INNER: '', INNER_COUNT: '', KINDS: 'the first', PADDING: '' },
  /** Records of the same templates that are like one that was shown. Its plans follow. */
  KIND: {
    NEXT: 'of the same templates, 0 for none',
    COUNT: 'passed over',
    TIME: 'index of the value that is the time',
    PLANS: 'how many; HANDED_ON: all are shown',
    SAME: 'four times index, offset and head of a value that is the same in all; index -1: nothing',
    ...Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`PADDING${i}`, ''])),
  },
  /** What passing over gave. */
  PASSED: {
    COUNT: '',
    IS_NEW: 'the next record is of no known kind',
    FROM: 'the earliest FILETIME',
    PADDING: '',
    TO: 'the latest',
    PADDING2: '',
  },
};

export const numbers = {
  /** Values with a number (a power of two; three of five are used), copies of their bytes, and the longest that is kept. */
  ENTRIES: 1 << 16,
  COPY_BYTES: 8 << 20,
  LONGEST: 2048,
  /** Lists at values, by key (a power of two). A value of many fields, such as `-`, has many. */
  CELLS: 1 << 18,
  /** Places looked through in a table for one value; only values made to collide get there. */
  MOST_PROBES: 1024,
  /** Pairs of templates in a chunk that are recognised (a power of two), and kinds, in bytes. */
  MOST_TEMPLATES: 256,
  KINDS_AREA: 1 << 16,
  HANDED_ON: -1,
  /** Candidates of one event; when there are more, all rules of the query are. */
  MOST_FOUND: 1 << 14,
  /** Turns are numbers of 31 bits. */
  MOST_TURNS: 0x7fff_0000,
  /** Instead of the index of a value: it is the same for all records of these types; the matcher must be asked each time. */
  CONSTANT: -1,
  ASK: -2,
  /**
   * What `look` and `evaluate` return. From 0 on: the place to ask for; from FIELD_ASKED on, of a field. Below 0 and above
   * OTHER_TYPES: the complement of the place at which there was no room.
   */
  FIELD_ASKED: 0x4000_0000,
  OTHER_TYPES: -0x4000_0000,
  /** Done: `found` has what is left. */
  ALL_FOUND: -0x4000_0001,
  /** Candidates are to be evaluated, and the plan has no conditions yet. */
  NO_CONDITIONS: -0x4000_0002,
  /** More than MOST_FOUND. */
  TOO_MANY: -0x4000_0003,
  /** Done, and everything must be forgotten before the next event. */
  NO_ROOM_LEFT: -0x4000_0004,
};

/** Numbers that other parts of winnow define: name here, file in src/, how it stands there. */
export const borrowed = {
  GUARDED: ['model/match-plan.ts', /\bguarded: (\d+),/],
  IS_NULL: ['model/match-plan.ts', /\bisNull: (\d+),/],
  EXISTS: ['model/match-plan.ts', /\bexists: (\d+),/],
  FIELDREF: ['model/match-plan.ts', /\bfieldref: (\d+),/],
  SOME: ['model/match-plan.ts', /\bsome: (\d+),/],
  EVERY: ['model/match-plan.ts', /\bevery: (\d+),/],
  OR: ['model/match-plan.ts', /\bor: (\d+),/],
  NOT: ['model/match-plan.ts', /\bnot: (\d+),/],
  STRING_TYPE: ['logs/evtx/values/value-types.ts', /\bSTRING_TYPE = (0x[\da-f]+|\d+);/],
  HEAD_LENGTH: ['logs/evtx/values/record-values.ts', /\bHEAD_LENGTH = (0x[\da-f]+);/],
  BINXML_TYPE: ['logs/evtx/values/value-types.ts', /\bBINXML_TYPE = (0x[\da-f]+);/],
  TEMPLATE_INSTANCE: ['logs/evtx/binxml/tokens.ts', /\bTEMPLATE_INSTANCE = (0x[\da-f]+);/],
  FRAGMENT_HEADER: ['logs/evtx/binxml/tokens.ts', /\bFRAGMENT_HEADER = (0x[\da-f]+);/],
  DEFINITION_HEADER: ['logs/evtx/binxml/tokens.ts', /\bDEFINITION_HEADER = (\d+);/],
  RECORD_SIGNATURE: ['logs/evtx/chunk.ts', /\bRECORD_SIGNATURE = (0x[\da-f_]+);/],
  RECORD_HEADER: ['logs/evtx/chunk.ts', /\bRECORD_HEADER = (\d+);/],
  FILETIME_TYPE: ['logs/evtx/values/value-types.ts', /\bFILETIME_TYPE = (0x[\da-f]+|\d+);/],
  TYPE_SHIFT: ['logs/evtx/values/record-values.ts', /\bHEAD_TYPE_SHIFT = (\d+);/],
};
