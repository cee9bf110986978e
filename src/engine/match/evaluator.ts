// HOT: evaluates the candidates of an event.
/**
 * Evaluates a rule's program on one event, exactly. In: an event and a rule. Out: whether the rule holds. What the field indexes
 * say about a value is loaded once per event and field, when a program first asks for it. Results are marked with the event's
 * number, so nothing has to be cleared between events.
 */
import type { EventRecord, FieldValue, Shape } from '../../model/event.ts';
import type { EventSource } from '../../model/logsource.ts';
import { type MatchPlan, NODE, PREDICATE } from '../../model/match-plan.ts';
import { Atom, lowerOf } from '../../model/values/atom.ts';
import {
  type Atoms,
  accessEverything,
  accessField,
  DerivedTexts,
  type FieldAccess,
  type SlotName,
  textOf,
} from './field-access.ts';
import { FieldIndex } from './values/field-index.ts';
import { compileReference, type FieldReference } from './values/field-reference.ts';
import { type MemoOwner, memoOf, type ValueMemo } from './values/value-memo.ts';
import { ValueTests } from './values/value-tests.ts';

const { guarded, unguarded, isNull, exists } = PREDICATE;

/** How events of one shape are read through one field mapping. A field is bound when it is first asked for. */
export class Binding {
  readonly shape: Shape;
  readonly source: EventSource;
  readonly fields: (FieldAccess | undefined)[] = [];
  everything: readonly SlotName[] | null = null;

  constructor(shape: Shape, source: EventSource) {
    this.shape = shape;
    this.source = source;
  }
}

export class Evaluator {
  readonly #plan: MatchPlan;
  readonly #tests: ValueTests;
  readonly #texts = new DerivedTexts();
  readonly #indexes: (FieldIndex | undefined)[] = [];
  readonly #references: (FieldReference | undefined)[] = [];
  readonly #fieldStamp: Int32Array;
  /** The number of the event in which the predicate was found to hold, or (for tests only) not to hold. */
  readonly #holds: Int32Array;
  readonly #fails: Int32Array;
  #owner: MemoOwner = { gone: false };
  #epoch = 0;
  #event: EventRecord | null = null;
  #binding: Binding | null = null;

  constructor(plan: MatchPlan) {
    this.#plan = plan;
    this.#tests = new ValueTests(plan);
    this.#fieldStamp = new Int32Array(plan.fields.length);
    this.#holds = new Int32Array(plan.field.length);
    this.#fails = new Int32Array(plan.field.length);
  }

  /**
   * While `judge` runs, a predicate that cannot be decided counts as not holding and is added to the set. Nothing found
   * meanwhile is remembered.
   */
  withoutLimits<T>(judge: (undecided: ReadonlySet<number>) => T): T {
    const undecided = new Set<number>();
    this.forget();
    this.#tests.undecided = undecided;
    try {
      return judge(undecided);
    } finally {
      this.#tests.undecided = null;
      this.forget();
    }
  }

  /** Invalidates everything that is remembered at values. */
  forget(): void {
    this.#owner.gone = true;
    this.#owner = { gone: false };
  }

  /** Moves to an event. Returns a number that no other event in use has. */
  turnTo(event: EventRecord, binding: Binding): number {
    if (this.#epoch === 0x7fffffff) {
      this.#fieldStamp.fill(0);
      this.#holds.fill(0);
      this.#fails.fill(0);
      this.#epoch = 0;
    }
    this.#event = event;
    this.#binding = binding;
    return ++this.#epoch;
  }

  access(binding: Binding, field: number): FieldAccess {
    let access = binding.fields[field];
    if (access === undefined) {
      access = accessField(binding.shape, binding.source, this.#plan.fields[field]!, this.#texts, this.#owner);
      binding.fields[field] = access;
    }
    return access;
  }

  everything(binding: Binding): readonly SlotName[] {
    binding.everything ??= accessEverything(binding.shape);
    return binding.everything;
  }

  memo(atom: Atom): ValueMemo {
    return memoOf(atom, this.#owner);
  }

  /** The indexed predicates of `field` that a value satisfies. */
  satisfied(field: number, atom: Atom, memo: ValueMemo): Int32Array {
    let list = memo.get(field);
    if (list === undefined) {
      this.#indexes[field] ??= new FieldIndex(this.#plan, field, this.#tests.run);
      list = this.#indexes[field].satisfied(atom.text, lowerOf(atom));
      memo.set(field, list);
    }
    return list;
  }

  /** The indexed predicates of `field` that at least one of the values satisfies. */
  satisfiedByAny(field: number, atoms: Atoms): Int32Array {
    if (atoms instanceof Atom) return this.satisfied(field, atoms, this.memo(atoms));
    const all = new Set<number>();
    for (const atom of atoms ?? []) {
      if (atom !== null) for (const predicate of this.satisfied(field, atom, this.memo(atom))) all.add(predicate);
    }
    return Int32Array.from(all);
  }

  /** Runs a test that no index can answer on one value. */
  tested(predicate: number, atom: Atom, memo: ValueMemo): boolean {
    let holds = memo.tested(predicate);
    if (holds === undefined) {
      holds = this.#tests.run(predicate, atom.text, lowerOf(atom));
      memo.setTested(predicate, holds);
    }
    return holds;
  }

  #load(field: number): void {
    this.#fieldStamp[field] = this.#epoch;
    const event = this.#event!;
    const binding = this.#binding!;
    if (field === 0) {
      const slots = this.everything(binding);
      for (let i = 0; i < slots.length; i++) this.#loadAtoms(0, event.atom(slots[i]!.slot));
    } else this.#loadAtoms(field, this.access(binding, field).atoms(event));
  }

  #loadAtoms(field: number, atoms: Atoms): void {
    if (atoms === undefined || atoms === null) return;
    if (atoms instanceof Atom) this.#loadAtom(field, atoms);
    else {
      for (let i = 0; i < atoms.length; i++) {
        const atom = atoms[i]!;
        if (atom !== null) this.#loadAtom(field, atom);
      }
    }
  }

  #loadAtom(field: number, atom: Atom): void {
    const list = this.satisfied(field, atom, this.memo(atom));
    for (let i = 0; i < list.length; i++) this.#holds[list[i]!] = this.#epoch;
  }

  /** Whether the predicate holds for the event. */
  holds(predicate: number): boolean {
    const kind = this.#plan.kind[predicate]!;
    if (kind <= guarded) {
      const field = this.#plan.field[predicate]!;
      if (this.#fieldStamp[field] !== this.#epoch) this.#load(field);
      return this.#holds[predicate] === this.#epoch;
    }
    if (this.#holds[predicate] === this.#epoch) return true;
    if (this.#fails[predicate] === this.#epoch) return false;
    const holds = this.#ask(predicate, kind);
    if (holds) this.#holds[predicate] = this.#epoch;
    else this.#fails[predicate] = this.#epoch;
    return holds;
  }

  #ask(predicate: number, kind: number): boolean {
    const event = this.#event!;
    const binding = this.#binding!;
    const field = this.#plan.field[predicate]!;
    if (kind === unguarded) {
      if (field !== 0) return this.#testAtoms(predicate, this.access(binding, field).atoms(event));
      const slots = this.everything(binding);
      for (let i = 0; i < slots.length; i++) if (this.#testAtoms(predicate, event.atom(slots[i]!.slot))) return true;
      return false;
    }
    const atoms = field === 0 ? undefined : this.access(binding, field).atoms(event);
    if (kind === isNull) return atoms === undefined || atoms === null || (!(atoms instanceof Atom) && atoms.length === 0);
    if (kind === exists) return atoms !== undefined;
    const reference = this.#reference(predicate);
    return reference.holds(atoms, this.access(binding, reference.field).atoms(event));
  }

  #testAtoms(predicate: number, atoms: Atoms): boolean {
    if (atoms === undefined || atoms === null) return false;
    if (atoms instanceof Atom) return this.tested(predicate, atoms, this.memo(atoms));
    for (let i = 0; i < atoms.length; i++) {
      const atom = atoms[i]!;
      if (atom !== null && this.tested(predicate, atom, this.memo(atom))) return true;
    }
    return false;
  }

  /** The value of a field in the current event. Keywords are not a field and have none. */
  value(field: number): FieldValue | undefined {
    return field === 0 ? undefined : textOf(this.access(this.#binding!, field).atoms(this.#event!));
  }

  #reference(predicate: number): FieldReference {
    const { fields, pattern, patterns } = this.#plan;
    this.#references[predicate] ??= compileReference(patterns[pattern[predicate]!]!, fields);
    return this.#references[predicate];
  }

  /** Runs the program node at `at` and returns whether it holds. */
  run(at: number): boolean {
    const code = this.#plan.program;
    const end = code[at + 1]!;
    switch (code[at]) {
      case NODE.some:
        for (let i = at + 3; i < end; i++) if (this.holds(code[i]!)) return true;
        return false;
      case NODE.every:
        for (let i = at + 3; i < end; i++) if (!this.holds(code[i]!)) return false;
        return true;
      case NODE.or:
        for (let child = at + 2; child < end; child = code[child + 1]!) if (this.run(child)) return true;
        return false;
      case NODE.and:
        for (let child = at + 2; child < end; child = code[child + 1]!) if (!this.run(child)) return false;
        return true;
      case NODE.not:
        return !this.run(at + 2);
      default:
        return this.run(code[at + 2]!);
    }
  }
}
