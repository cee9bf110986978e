/**
 * Keeps every match of a scan in limited memory. In: matches in any order, as objects or as blocks from worker threads. Out:
 * the same matches in file order, by event time, or one by one. A match takes 62 bytes of index in memory; above a limit, the
 * rest goes to a temporary file. Refuses nothing.
 */
import { InternalError } from '../../model/errors.ts';
import type { EventSnapshot } from '../../model/event.ts';
import { eventIdOfJson } from '../../model/event-id.ts';
import type { Match, MatchedField, MatchText, RecordPlace } from '../../model/match.ts';
import { float64Column, uint16Column, uint32Column } from './columns.ts';
import { Copies } from './copies.ts';
import { HeadComparison } from './event-identity.ts';
import { revived, userIdIn } from './event-json.ts';
import { MatchBlockWriter, readMatchBlock } from './match-block.ts';
import type { MatchStream, StreamedMatch } from './match-stream.ts';
import { type MatchTask, MatchTasks } from './match-tasks.ts';
import { NameTable } from './name-table.ts';
import { Names } from './names.ts';
import { sortPositions } from './sort-positions.ts';
import { Spool } from './spool.ts';

export { MatchBlockWriter } from './match-block.ts';

export interface MatchStoreOptions {
  /** Above this many bytes of serialised matches, they go to a file. */
  readonly memoryBytes?: number;
  /** The folder of that file. Default: the system's folder for temporary files. */
  readonly folder?: string;
}

/** A bit that is higher than any number of an event source. */
const NOTABLE = 0x8000;

export class MatchStore implements MatchStream {
  readonly #spool: Spool;
  readonly #times = float64Column();
  /** Where the event's text starts in the spool. */
  readonly #offsets = float64Column();
  readonly #heads = uint32Column();
  readonly #tails = uint32Column();
  /** Where the fields start, counted from the start of the event's text, because both are in one block. */
  readonly #fieldsAfter = uint32Column();
  readonly #fields = uint32Column();
  readonly #rules = uint32Column();
  readonly #indexes = uint32Column();
  readonly #tasks = uint32Column();
  readonly #computers = uint32Column();
  /** The event source. {@link NOTABLE} is set where the event has notes of its own. */
  readonly #vias = uint16Column();
  readonly #records = uint32Column();
  readonly #contents = uint32Column();
  readonly #computerNames = new NameTable();
  /** A separate table, because there are so few that 16 bits are enough for their numbers. */
  readonly #viaNames = new Names();
  readonly #from = new MatchTasks();
  readonly #single = new MatchBlockWriter();
  /** Positions of matches that a filter has hidden: they are not reported, but other matches may refer to them. */
  #hidden: Uint8Array | null = null;
  /** The event whose id was asked for last, because matches of one event follow each other. */
  #idOffset = -1;
  #id = '';
  #closed = false;
  readonly #copies = new Copies({
    ruleAt: (position) => this.#rules.at(position),
    timeUsAt: (position) => this.#times.at(position),
    recordAt: (position) => this.#records.at(position),
    contentAt: (position) => this.#contents.at(position),
    sourceAt: (position) => this.#from.list[this.#tasks.at(position)]!.file,
    eventAt: (position) => this.#offsets.at(position),
    eventOf: (position) => this.get(position).event,
    // Released bytes cannot be compared any more. Then the hash decides, for records with the same number in one log.
    sameBytes: (one, other) => this.#hasReleased || this.#comparison.with(this.#headAt(one)).isSame(this.#headAt(other)),
  });
  #hasReleased = false;
  readonly #comparison = new HeadComparison();
  #fileOrder: Uint32Array | null = null;
  #timeOrder: Uint32Array | null = null;

  constructor(options: MatchStoreOptions = {}) {
    this.#spool = new Spool(options.memoryBytes, options.folder);
  }

  /** Matches so far. Positions are 0 to `size - 1`, in the order of arrival. */
  get size(): number {
    return this.#times.length;
  }

  /** True once matches have gone to a temporary file. */
  get spilled(): boolean {
    return this.#spool.spilled;
  }

  /** Adds one match and returns its position. Without `task`, files are numbered in the order in which they are first seen. */
  append(match: Match, task?: MatchTask): number {
    this.#single.add(match);
    this.appendSerialized(this.#single.take(), task ?? { file: this.#from.fileNumber(match.event.file), range: 0 });
    return this.size - 1;
  }

  /** Adds the matches of a block that a {@link MatchBlockWriter} made, without parsing them. */
  appendSerialized(block: Uint8Array, task: MatchTask): void {
    const { names, rows, row, text } = readMatchBlock(block);
    const taskId = this.#from.id(task);
    this.#from.files[taskId] = names[0]!;
    const offset = this.#spool.append(text);
    for (let i = 0; i < rows; i++) {
      const {
        timeUs,
        rule,
        index,
        computer,
        via,
        eventAt,
        headBytes,
        tailBytes,
        fieldsAt,
        fieldsBytes,
        notable,
        record,
        content,
      } = row(i);
      this.#times.push(timeUs);
      this.#rules.push(rule);
      this.#indexes.push(index);
      this.#computers.push(this.#computerNames.id(names[computer]!));
      this.#vias.push(this.#viaNames.id(names[via]!) | (notable ? NOTABLE : 0));
      this.#tasks.push(taskId);
      this.#records.push(record);
      this.#contents.push(content);
      this.#offsets.push(offset + eventAt);
      this.#heads.push(headBytes);
      this.#tails.push(tailBytes);
      this.#fieldsAfter.push(fieldsAt - eventAt);
      this.#fields.push(fieldsBytes);
    }
    this.#fileOrder = null;
    this.#timeOrder = null;
  }

  /**
   * Sets the number of a range's first record in its file. It is known once the ranges before it have been counted, and is 0
   * until then.
   */
  setFirstIndex(task: MatchTask, firstIndex: number): void {
    this.#from.firstIndexes[this.#from.id(task)] = firstIndex;
  }

  /** Bytes of matches in memory. */
  get held(): number {
    return this.#spool.held;
  }

  /**
   * Frees the matches that were added together with the one at `position`: neither `get` nor `textAt` will be called for them
   * again.
   */
  release(position: number): void {
    this.#hasReleased = true;
    this.#spool.release(this.#offsets.at(position));
  }

  /**
   * Those of the given positions that are the first match of their record. The positions must be the next ones in file order;
   * see `copies.ts`.
   */
  withoutCopies(positions: Uint32Array): Uint32Array {
    return positions.filter((position) => !this.#copies.judge(position));
  }

  /**
   * From now on, copies are left out of every order. What {@link withoutCopies} was given must be the first matches in file
   * order.
   */
  leaveOutCopies(): void {
    const all = this.positionsInFileOrder();
    for (let i = this.#copies.judged; i < all.length; i++) this.#copies.judge(all[i]!);
    this.#timeOrder = null;
    if (this.#copies.records > 0) this.#fileOrder = all.filter((position) => !this.#copies.isCopy(position));
  }

  /** How many matched records were copies, and how many matches were not compared. */
  get copies(): Pick<Copies, 'records' | 'undecided'> {
    return this.#copies;
  }

  /** The match at a position, parsed anew. */
  get(position: number): Match {
    this.#check(position);
    const file = JSON.stringify(this.#from.files[this.#tasks.at(position)]);
    const offset = this.#offsets.at(position);
    const text = this.#spool.read(offset, this.#heads.at(position) + this.#tails.at(position)).toString('utf8');
    const event = JSON.parse(`{"file":${file},"index":${this.recordIndexAt(position)},${text}}`) as EventSnapshot;
    const fields = JSON.parse(this.#fieldsJson(position)) as MatchedField[];
    const match: Match = {
      kind: 'match',
      rule: this.#rules.at(position),
      via: this.viaAt(position),
      event: revived(event),
      fields,
    };
    const alsoIn = this.alsoInAt(position);
    return alsoIn === undefined ? match : { ...match, alsoIn };
  }

  /** The match at a position as machine formats print it, without parsing it. Its bytes are valid until the next call. */
  textAt(position: number): MatchText {
    this.#check(position);
    const offset = this.#offsets.at(position);
    const head = this.#heads.at(position);
    const fieldsAfter = this.#fieldsAfter.at(position);
    const end = fieldsAfter + this.#fields.at(position);
    // A match's fields follow its event, or the fields of other rules for the same event, so that one read gets both.
    const bytes = this.#spool.read(offset, end);
    if (offset !== this.#idOffset) {
      this.#id = eventIdOfJson(bytes.subarray(0, head));
      this.#idOffset = offset;
    }
    return {
      eventId: this.#id,
      userId: userIdIn(bytes.subarray(head, head + this.#tails.at(position))),
      rule: this.#rules.at(position),
      via: this.viaAt(position),
      file: this.#from.files[this.#tasks.at(position)]!,
      index: this.recordIndexAt(position),
      event: bytes.subarray(0, head),
      fields: bytes.subarray(fieldsAfter, end),
      alsoIn: this.alsoInAt(position),
    };
  }

  /** The id of the event at a position (event-id.ts). */
  eventIdAt(position: number): string {
    this.#check(position);
    const offset = this.#offsets.at(position);
    if (offset !== this.#idOffset) {
      this.#id = eventIdOfJson(this.#headAt(position));
      this.#idOffset = offset;
    }
    return this.#id;
  }

  /** A number that is equal for matches of the same record: the place where it is kept. */
  eventAt(position: number): number {
    this.#check(position);
    return this.#offsets.at(position);
  }

  /** Hides a match: it is not reported and takes no part in correlations, but look-back still knows it. */
  hide(position: number): void {
    this.#check(position);
    this.#hidden ??= new Uint8Array(this.size);
    this.#hidden[position] = 1;
  }

  isHidden(position: number): boolean {
    return this.#hidden !== null && this.#hidden[position] === 1;
  }

  ruleAt(position: number): number {
    this.#check(position);
    return this.#rules.at(position);
  }

  /** Microseconds; NaN when the event has no readable time. */
  timeUsAt(position: number): number {
    this.#check(position);
    return this.#times.at(position);
  }

  computerAt(position: number): string {
    this.#check(position);
    return this.#computerNames.at(this.#computers.at(position));
  }

  /** The place of {@link computerAt} in {@link computers}. */
  computerIdAt(position: number): number {
    this.#check(position);
    return this.#computers.at(position);
  }

  viaAt(position: number): string {
    this.#check(position);
    return this.#viaNames.list[this.#vias.at(position) & ~NOTABLE]!;
  }

  /** Whether the event says something beyond the rule, see {@link wmiNotes}. */
  isNotable(position: number): boolean {
    this.#check(position);
    return (this.#vias.at(position) & NOTABLE) !== 0;
  }

  /** 0-based record number in its file. */
  recordIndexAt(position: number): number {
    this.#check(position);
    return this.#indexes.at(position) + this.#from.firstIndexes[this.#tasks.at(position)]!;
  }

  placeAt(position: number): RecordPlace {
    return { file: this.#from.files[this.#tasks.at(position)]!, index: this.recordIndexAt(position) };
  }

  /** The places of its copies; undefined when it has none. */
  alsoInAt(position: number): readonly RecordPlace[] | undefined {
    if (this.#copies.records === 0) return undefined;
    const places = Array.from(this.#copies.of(position), (copy) => this.placeAt(copy));
    return places.length === 0 ? undefined : places;
  }

  /** The computers of all matches, as written, in the order in which they were first seen. */
  computers(): Iterable<string> {
    return this.#computerNames;
  }

  /** Sorts these positions by file, record and rule. May reorder the given array. */
  inOrder(positions: Uint32Array): Uint32Array {
    return sortPositions(positions, (a, b) => this.#compareFile(a, b));
  }

  /** All positions by file, record and rule. Do not change the array. */
  positionsInFileOrder(): Uint32Array {
    this.#fileOrder ??= this.inOrder(this.#from.positions(this.#tasks));
    return this.#fileOrder;
  }

  /**
   * All positions by event time; equal times by file, record and rule. Matches without a time come last. Do not change the
   * array.
   */
  positionsInTimeOrder(): Uint32Array {
    this.#timeOrder ??= sortPositions(this.positionsInFileOrder().slice(), (a, b) => {
      const left = this.#times.at(a);
      const right = this.#times.at(b);
      if (left < right) return -1;
      if (left > right) return 1;
      return (Number.isNaN(left) ? 1 : 0) - (Number.isNaN(right) ? 1 : 0);
    });
    return this.#timeOrder;
  }

  /** The matches by file, record and rule, limited to rules that `wanted` accepts. */
  *inFileOrder(wanted?: (rule: number) => boolean): Generator<Match> {
    for (const position of this.positionsInFileOrder()) {
      if (wanted === undefined || wanted(this.#rules.at(position))) yield this.get(position);
    }
  }

  /** The matches by event time, limited to wanted rules. Matches without a time are left out. */
  *inTimeOrder(wanted?: (rule: number) => boolean): Generator<StreamedMatch> {
    for (const position of this.positionsInTimeOrder()) {
      const rule = this.#rules.at(position);
      const timeUs = this.#times.at(position);
      if (Number.isNaN(timeUs)) return;
      if (this.isHidden(position)) continue;
      if (wanted === undefined || wanted(rule)) yield { position, rule, timeUs, match: this.get(position) };
    }
  }

  /** How many matches have no readable time. */
  countWithoutTime(wanted?: (rule: number) => boolean): number {
    let count = 0;
    for (const position of this.positionsInFileOrder()) {
      if (!Number.isNaN(this.#times.at(position)) || this.isHidden(position)) continue;
      if (wanted === undefined || wanted(this.#rules.at(position))) count++;
    }
    return count;
  }

  /** Removes the temporary file. Matches can no longer be read after this. */
  close(): void {
    this.#closed = true;
    this.#spool.close();
  }

  #fieldsJson(position: number): string {
    const at = this.#offsets.at(position) + this.#fieldsAfter.at(position);
    return this.#spool.read(at, this.#fields.at(position)).toString('utf8');
  }

  #compareFile(a: number, b: number): number {
    const left = this.#tasks.at(a);
    const right = this.#tasks.at(b);
    if (left !== right) return this.#from.compare(left, right);
    const byIndex = this.#indexes.at(a) - this.#indexes.at(b);
    if (byIndex !== 0) return byIndex;
    // Recovered records may share an index. The matches of each stay together.
    return this.#records.at(a) - this.#records.at(b) || this.#rules.at(a) - this.#rules.at(b);
  }

  #headAt(position: number): Buffer {
    return this.#spool.read(this.#offsets.at(position), this.#heads.at(position));
  }

  #check(position: number): void {
    if (this.#closed)
      throw new InternalError('matches have been asked for after their store, or the result of the scan, was closed');
    if (!(position >= 0 && position < this.size)) throw new InternalError(`no match at position ${position}`);
  }
}
