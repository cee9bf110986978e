/**
 * Every match of a scan, in bounded memory. In: matches in any order, as objects or as blocks that worker threads made. Out:
 * the same matches in file order, in event-time order, or one by one. A match costs 62 bytes of index; the rest of it goes to a
 * temporary file beyond a bound. Refuses nothing.
 */
import { InternalError } from '../../model/errors.ts';
import type { EventSnapshot } from '../../model/event.ts';
import { eventIdOfJson } from '../../model/event-id.ts';
import type { Match, MatchedField, MatchText, RecordPlace } from '../../model/match.ts';
import { float64Column, uint16Column, uint32Column } from './columns.ts';
import { Copies } from './copies.ts';
import { MatchBlockWriter, readMatchBlock } from './match-block.ts';
import type { MatchStream, StreamedMatch } from './match-stream.ts';
import { type MatchTask, MatchTasks } from './match-tasks.ts';
import { NameTable } from './name-table.ts';
import { Names } from './names.ts';
import { sortPositions } from './sort-positions.ts';
import { Spool } from './spool.ts';

export { MatchBlockWriter } from './match-block.ts';

export interface MatchStoreOptions {
  /** Bytes of serialised matches kept in memory before they go to a file. */
  readonly memoryBytes?: number;
  /** Where that file goes; the system's folder for temporary files when not given. */
  readonly folder?: string;
}

/** A bit that no number of an event source needs. */
const NOTABLE = 0x8000;

export class MatchStore implements MatchStream {
  readonly #spool: Spool;
  readonly #times = float64Column();
  /** Where the event's text starts in the spool. */
  readonly #offsets = float64Column();
  readonly #heads = uint32Column();
  readonly #tails = uint32Column();
  /** Where the fields start, counted from the event's text: they are of one block. */
  readonly #fieldsAfter = uint32Column();
  readonly #fields = uint32Column();
  readonly #rules = uint32Column();
  readonly #indexes = uint32Column();
  readonly #tasks = uint32Column();
  readonly #computers = uint32Column();
  /** With {@link NOTABLE} where the event has notes of its own. */
  readonly #vias = uint16Column();
  readonly #records = uint32Column();
  readonly #contents = uint32Column();
  readonly #computerNames = new NameTable();
  /** Apart from the computers: there are few, so that a column of 16 bits holds them. */
  readonly #viaNames = new Names();
  readonly #from = new MatchTasks();
  readonly #single = new MatchBlockWriter();
  /** Positions whose events a filter has left out: they are not reported, but others may name them. */
  #hidden: Uint8Array | null = null;
  /** The event whose id was asked for last: rules that match one event follow each other. */
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
  });
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

  /** Adds one match; without `task`, files are numbered as they are first seen. Returns its position. */
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

  /** Says which record of its file a range starts with, once the ranges before it have been counted. 0 until then. */
  setFirstIndex(task: MatchTask, firstIndex: number): void {
    this.#from.firstIndexes[this.#from.id(task)] = firstIndex;
  }

  /** Bytes of matches in memory. */
  get held(): number {
    return this.#spool.held;
  }

  /** The matches that were added together with that at `position` are not read again, by `get` or `textAt`. */
  release(position: number): void {
    this.#spool.release(this.#offsets.at(position));
  }

  /** The first matches of their records among these positions, which are the next in file order; see `copies.ts`. */
  withoutCopies(positions: Uint32Array): Uint32Array {
    return positions.filter((position) => !this.#copies.judge(position));
  }

  /** Leaves copies out of every order from now on. What {@link withoutCopies} was given are the first in file order. */
  leaveOutCopies(): void {
    const all = this.positionsInFileOrder();
    this.withoutCopies(all.subarray(this.#copies.judged));
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
      event: revive(event),
      fields,
    };
    const alsoIn = this.alsoInAt(position);
    return alsoIn === undefined ? match : { ...match, alsoIn };
  }

  /** The match at a position as machine formats print it, not parsed; its bytes are valid until the next call. */
  textAt(position: number): MatchText {
    this.#check(position);
    const offset = this.#offsets.at(position);
    const head = this.#heads.at(position);
    const fieldsAfter = this.#fieldsAfter.at(position);
    const end = fieldsAfter + this.#fields.at(position);
    // Fields stand behind their event, or behind the fields of other rules for the same event: one read has both.
    const bytes = this.#spool.read(offset, end);
    if (offset !== this.#idOffset) {
      this.#id = eventIdOfJson(bytes.subarray(0, head));
      this.#idOffset = offset;
    }
    return {
      eventId: this.#id,
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
      this.#id = eventIdOfJson(this.#spool.read(offset, this.#heads.at(position)));
      this.#idOffset = offset;
    }
    return this.#id;
  }

  /** The same number for matches of the same record: where it stands. */
  eventAt(position: number): number {
    this.#check(position);
    return this.#offsets.at(position);
  }

  /** The match is not reported and takes no part in correlations; look-back still knows of it. */
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

  /** Where its copies are; undefined when it has none. */
  alsoInAt(position: number): readonly RecordPlace[] | undefined {
    if (this.#copies.records === 0) return undefined;
    const places = Array.from(this.#copies.of(position), (copy) => this.placeAt(copy));
    return places.length === 0 ? undefined : places;
  }

  /** The computers of all matches, as written, in order of appearance. */
  computers(): Iterable<string> {
    return this.#computerNames;
  }

  /** These positions by file, record and rule; may reorder the array. */
  inOrder(positions: Uint32Array): Uint32Array {
    return sortPositions(positions, (a, b) => this.#compareFile(a, b));
  }

  /** Positions by file, record and rule. Do not change the array. */
  positionsInFileOrder(): Uint32Array {
    this.#fileOrder ??= this.inOrder(this.#from.positions(this.#tasks));
    return this.#fileOrder;
  }

  /** Positions by event time; ties by file, record and rule. Matches without a time come last. Do not change the array. */
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

  /** The matches by file, record and rule; of those rules only for which `wanted` says so. */
  *inFileOrder(wanted?: (rule: number) => boolean): Generator<Match> {
    for (const position of this.positionsInFileOrder()) {
      if (wanted === undefined || wanted(this.#rules.at(position))) yield this.get(position);
    }
  }

  /** The matches by event time, those of wanted rules only; matches without a time are left out. */
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

  /** Removes the temporary file. Matches can no longer be read. */
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
    return this.#indexes.at(a) - this.#indexes.at(b) || this.#rules.at(a) - this.#rules.at(b);
  }

  #check(position: number): void {
    if (this.#closed)
      throw new InternalError('matches have been asked for after their store, or the result of the scan, was closed');
    if (!(position >= 0 && position < this.size)) throw new InternalError(`no match at position ${position}`);
  }
}

/** What JSON cannot say: NaN times, and field maps without a prototype (field names come from logs). */
function revive(event: EventSnapshot): EventSnapshot {
  Object.setPrototypeOf(event.system, null);
  Object.setPrototypeOf(event.data, null);
  return event.timeUs === null ? { ...event, timeUs: Number.NaN } : event;
}
