// HOT: writes the evidence of every match.
/**
 * Why a rule holds for an event: the fields, values and patterns that made its condition true. In: an event and a rule that
 * holds for it. Out: an array of `MatchedField` as JSON text, the form in which matches are kept. Refuses nothing.
 */

import { harmlessJson } from '../../../bytes/json-text.ts';
import { type JsonPieces, type JsonWriter, jsonPieces, jsonText } from '../../../bytes/json-writer.ts';
import type { EventRecord } from '../../../model/event.ts';
import { type MatchPlan, NODE, PREDICATE } from '../../../model/match-plan.ts';
import { Atom } from '../../../model/values/atom.ts';
import { rememberedUpTo } from '../../../model/values/maps.ts';
import { pooledText } from '../../compile/text-pool.ts';
import type { Binding, Evaluator } from '../evaluator.ts';
import type { Atoms } from '../field-access.ts';
import { everyPredicate } from '../program-predicates.ts';
import { EvidenceMemos } from './evidence-memos.ts';

/** A list of a hundred words may match many times. Showing more matches than this explains nothing further. */
const MAX_FIELDS = 64;
/** Names of event fields remembered as JSON. Beyond this number all are forgotten at once. */
const REMEMBERED_NAMES = 4096;

const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const CLOSE_OBJECT = 0x7d;

export class Explainer {
  readonly #plan: MatchPlan;
  readonly #evaluator: Evaluator;
  readonly #memos: EvidenceMemos;
  /** By leaf: the JSON that follows the value, `,"modifier":"contains","pattern":"x"`. Filled for leaves that have been shown. */
  readonly #patterns: (JsonPieces | undefined)[] = [];
  /** By field: the JSON before the value. */
  readonly #names: (JsonPieces | undefined)[] = [];
  /** By event field: the JSON at the end of an entry whose event field has another name than the rule's field. */
  readonly #eventFieldJson = rememberedUpTo(REMEMBERED_NAMES, (from: string) => jsonPieces([`,"eventField":${jsonText(from)}`]));
  /** By rule: what {@link showsOrder} has answered. */
  readonly #ordered: (boolean | undefined)[] = [];
  #event!: EventRecord;
  #binding!: Binding;
  #out!: JsonWriter;
  /** For the current rule: where each JSON object starts, and where the last one ends. A comma stands between two. */
  readonly #found: number[] = [];

  constructor(plan: MatchPlan, evaluator: Evaluator) {
    this.#plan = plan;
    this.#evaluator = evaluator;
    this.#memos = new EvidenceMemos(plan, evaluator);
  }

  /** True for a rule with keywords: their evidence has the values in the order of the event's fields. */
  showsOrder(rule: number): boolean {
    const start = this.#plan.programStart[rule] ?? -1;
    this.#ordered[rule] ??= start >= 0 && !everyPredicate(this.#plan, start, (predicate) => this.#plan.field[predicate] !== 0);
    return this.#ordered[rule];
  }

  /** Writes the evidence. */
  explain(event: EventRecord, binding: Binding, rule: number, out: JsonWriter): void {
    const start = this.#plan.programStart[rule] ?? -1;
    const from = out.at;
    if (start >= 0 && this.#memos.write(event, binding, rule, out)) return;
    out.sign(OPEN);
    this.#out = out;
    this.#event = event;
    this.#binding = binding;
    this.#found.length = 0;
    if (start >= 0) {
      this.#evaluator.turnTo(event, binding);
      this.#visit(start, true);
    }
    out.sign(CLOSE);
    if (start >= 0) this.#memos.keep(out, from);
  }

  /**
   * Visits the parts of a node that make it true; the node is known to be true. A part under an odd number of `not` is true
   * because it does not match, so it has nothing to show.
   */
  #visit(at: number, positive: boolean): void {
    const code = this.#plan.program;
    const end = code[at + 1]!;
    switch (code[at]) {
      case NODE.some:
      case NODE.every:
        if (positive) for (let i = at + 3; i < end; i++) this.#leaf(code[i]!, code[at + 2]! + i - at - 3);
        return;
      case NODE.or:
      case NODE.and:
        for (let child = at + 2; child < end; child = code[child + 1]!) {
          if (this.#evaluator.run(child) === positive) this.#visit(child, positive);
        }
        return;
      case NODE.not:
        this.#visit(at + 2, !positive);
        return;
      default:
        this.#visit(code[at + 2]!, positive);
    }
  }

  #leaf(predicate: number, leaf: number): void {
    if (this.#found.length >= MAX_FIELDS || !this.#evaluator.holds(predicate)) return;
    const field = this.#plan.field[predicate]!;
    if (field === 0) {
      for (const { name, slot } of this.#evaluator.everything(this.#binding)) {
        this.#addMatching(predicate, leaf, field, name, this.#event.atom(slot));
      }
      return;
    }
    const access = this.#evaluator.access(this.#binding, field);
    if (this.#plan.kind[predicate]! <= PREDICATE.unguarded) {
      this.#addMatching(predicate, leaf, field, access.from, access.atoms(this.#event));
    } else {
      const value = harmlessJson(JSON.stringify(this.#evaluator.value(field) ?? null));
      this.#begin(field);
      this.#out.json(value);
      this.#end(leaf, field, access.from);
    }
  }

  /** Adds those values of a field that satisfy the predicate. */
  #addMatching(predicate: number, leaf: number, field: number, from: string, atoms: Atoms): void {
    if (atoms === undefined || atoms === null) return;
    if (atoms instanceof Atom) this.#addIfSatisfied(predicate, leaf, field, from, atoms);
    else for (const atom of atoms) if (atom !== null) this.#addIfSatisfied(predicate, leaf, field, from, atom);
  }

  #addIfSatisfied(predicate: number, leaf: number, field: number, from: string, atom: Atom): void {
    if (this.#found.length >= MAX_FIELDS || !this.#satisfies(predicate, atom)) return;
    this.#begin(field);
    this.#out.atom(atom);
    this.#end(leaf, field, from);
  }

  /** Writes the JSON before the value. */
  #begin(field: number): void {
    if (this.#found.length > 0) this.#out.sign(COMMA);
    this.#found.push(this.#out.at);
    this.#out.piece(this.#nameJson(field));
  }

  /** Writes the JSON after the value, and removes the entry again if the same one was written before. */
  #end(leaf: number, field: number, from: string): void {
    const out = this.#out;
    out.piece(this.#patternJson(leaf));
    if (from !== this.#nameOf(field) && from !== '') out.piece(this.#eventFieldJson(from));
    out.sign(CLOSE_OBJECT);
    const found = this.#found;
    const last = found.length - 1;
    const start = found[last]!;
    for (let i = 0; i < last; i++) {
      if (found[i + 1]! - 1 - found[i]! !== out.at - start || !out.repeats(found[i]!, start)) continue;
      found.length = last;
      out.at = start - 1;
      return;
    }
  }

  #nameOf(field: number): string {
    return field === 0 ? 'keyword' : this.#plan.fields[field]!;
  }

  #nameJson(field: number): JsonPieces {
    this.#names[field] ??= jsonPieces([`{"name":${jsonText(this.#nameOf(field))},"value":`]);
    return this.#names[field];
  }

  #patternJson(leaf: number): JsonPieces {
    this.#patterns[leaf] ??= jsonPieces([
      `,"modifier":${this.#note('leafModifier', leaf)},"pattern":${this.#note('leafSource', leaf)}`,
    ]);
    return this.#patterns[leaf];
  }

  #note(column: 'leafModifier' | 'leafSource', leaf: number): string {
    const { notes, noteStart, [column]: numbers } = this.#plan;
    return jsonText(pooledText(notes, noteStart, numbers[leaf]!));
  }

  #satisfies(predicate: number, atom: Atom): boolean {
    const memo = this.#evaluator.memo(atom);
    if (this.#plan.kind[predicate] === PREDICATE.unguarded) return this.#evaluator.tested(predicate, atom, memo);
    return this.#evaluator.satisfied(this.#plan.field[predicate]!, atom, memo).includes(predicate);
  }
}
