/**
 * Turns a JSON record into the event that Windows logged. In: what the scanner found. Out: the event in the shape that its
 * exporter defines, or the event that stands as text inside the record.
 */
import type { ThreadContext } from '../../engine/thread-context.ts';
import type { EventRecord } from '../../model/event.ts';
import type { RecordShape } from '../../model/record-shape.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import type { Exporter } from '../exporters/exporter.ts';
import { hasKnownMessages } from '../exporters/message.ts';
import { ownShape } from '../exporters/own-shape.ts';
import { exporters } from '../exporters/registry.generated.ts';
import { TextEvent, type TextLayout } from '../text/text-event.ts';
import { JSON_NESTED } from '../text/text-value.ts';
import { layoutOrder } from './field-order.ts';
import { type JsonLayout, layoutOf, leavesOf, textLayout } from './layout.ts';
import { NestedReader } from './nested/nested-reader.ts';
import { holdsRows } from './rows/rows.ts';
import { JsonScanner } from './scanner.ts';

const EXPORTERS: readonly Exporter[] = [...exporters].sort((a, b) => a.priority - b.priority);
/** From a list of shapes to its exporters. Remembered, because a new list of exporters would make every layout anew. */
const withShapes = new WeakMap<readonly RecordShape[], readonly Exporter[]>();

function exportersWith(shapes: readonly RecordShape[] | undefined): readonly Exporter[] {
  if (shapes === undefined || shapes.length === 0) return EXPORTERS;
  return getOrInsert(withShapes, shapes, () => [...shapes.map(ownShape), ...EXPORTERS]);
}

/** Variants of one layout. Records that hold field names in values have one variant for each set of names. */
const MAX_VARIANTS = 512;
/** A longer text is neither the name of a field nor an EventID. */
const LONGEST_NAME = 256;
/** Records inside records, such as a container's log line that holds a document that holds the event. */
const MAX_DEPTH = 4;
/** Added to the end of a text, because the scanner reads a few bytes beyond the end. */
export const SENTINEL = '\0'.repeat(64);

export class RecordReader {
  readonly event: TextEvent;
  readonly scanner: JsonScanner;
  readonly #shapes: readonly RecordShape[] | undefined;
  /** Set per reader: layouts are shared by all readers of a thread, and these may know different shapes. */
  readonly #exporters: readonly Exporter[];
  readonly #thread: ThreadContext;
  readonly #depth: number;
  #nested: NestedReader | null = null;
  #child: RecordReader | null = null;
  #again: RecordReader | null = null;

  constructor(thread: ThreadContext, anyOrder: boolean, shapes?: readonly RecordShape[], depth = 0) {
    this.#thread = thread;
    this.event = new TextEvent(thread);
    this.scanner = new JsonScanner(this.event, thread, anyOrder);
    this.#shapes = shapes;
    this.#exporters = exportersWith(shapes);
    this.#depth = depth;
  }

  /** The layout of the record scanned last. */
  layout(): JsonLayout {
    const { node, count, tree } = this.scanner;
    if (node.layout !== null && node.layout.exporters === this.#exporters) return node.layout;
    const layout = tree.remember(node, layoutOf(node, count, this.#exporters), count);
    this.scanner.learnKeys();
    return layout;
  }

  /** The record scanned last, as an event. */
  begin(layout: JsonLayout, buffer: Buffer, index: number, offset: number): TextEvent {
    this.event.begin(layout, buffer, index, offset);
    this.event.inOrder = null;
    if (layout.variants !== null) this.event.begin(this.#variant(layout), buffer, index, offset);
    return this.event;
  }

  /**
   * Call when the values of the record scanned last came in the order of another record. Lets the event tell the record's own
   * order. The record starts at `start`.
   */
  reorder(layout: JsonLayout, start: number, end: number): void {
    const { event, scanner } = this;
    let own: EventRecord | null = null;
    event.inOrder = () => (own ??= this.inOrder(start, end).event);
    layout.order ??= layoutOrder(leavesOf(scanner.node, scanner.count), layout);
    const { order } = layout;
    event.fieldOrder = order === null ? null : () => order.of(event.starts);
  }

  /** Reads the record at `start` once more, with its fields in the order in which they are written. */
  inOrder(start: number, end: number): RecordReader {
    const { buffer, index, offset } = this.event;
    this.#again ??= new RecordReader(this.#thread, false, this.#shapes);
    this.#again.scanner.reset();
    this.#again.scanner.scanAnew(buffer, start, end);
    this.#again.begin(this.#again.layout(), buffer, index, offset);
    return this.#again;
  }

  /** True when one of the arrays of the record scanned last holds rows, or events as text. */
  holdsRows({ lists }: JsonLayout, buffer: Buffer): boolean {
    const { starts, forms, lengths } = this.event;
    return lists.some((slot) => forms[slot] === JSON_NESTED && holdsRows(buffer, starts[slot]!, starts[slot]! + lengths[slot]!));
  }

  /** False when no value begins like a text that holds an event. Values are not decoded to find out. */
  mayHoldNested({ plan }: JsonLayout): boolean {
    const { event } = this;
    for (const { leaf, holds } of plan.nested ?? []) {
      if (event.beginsAsText(leaf.slot) || (holds === 'data' && hasKnownMessages(event.provider))) return true;
    }
    return false;
  }

  /** The event, completed by what stands as text inside it. `fault` is told what cannot be read. */
  withNested(fault: (message: string) => void): EventRecord {
    // The record's own layout, not that of a record with the same keys in another order, whose texts stand in other slots.
    const layout = this.layout();
    const { plan } = layout;
    if (plan.nested === undefined || !this.mayHoldNested(layout)) return this.event;
    this.#nested ??= new NestedReader(this.#thread, (text, index, offset, told) => this.#readText(text, index, offset, told));
    return this.#nested.read(this.event, plan.nested, fault);
  }

  /** The event in the text of one JSON object; null when the object is no event. */
  #readText(text: string, index: number, offset: number, fault: (message: string) => void): EventRecord | null {
    if (this.#depth === MAX_DEPTH) return null;
    this.#child ??= new RecordReader(this.#thread, false, this.#shapes, this.#depth + 1);
    const { scanner } = this.#child;
    const buffer = Buffer.from(text + SENTINEL, 'utf8');
    scanner.reset();
    if (scanner.scan(buffer, 0, buffer.length - SENTINEL.length) < 0) return null;
    const layout = this.#child.layout();
    this.#child.begin(layout, buffer, index, offset);
    const event = this.#child.withNested(fault);
    scanner.trim();
    return event;
  }

  /** The layout for the field names, or for the kind of event, that this record holds in its values. */
  #variant(layout: JsonLayout): TextLayout {
    const texts = layout.plan.dependent!.on.map((slot) => {
      const text = this.event.text(slot);
      return text === undefined || text.length > LONGEST_NAME ? undefined : text;
    });
    const key = texts.map((text) => text ?? '\0').join('\n');
    const variants = layout.variants!;
    let variant = variants.get(key);
    if (variant === undefined) {
      if (variants.size >= MAX_VARIANTS) variants.clear();
      variant = textLayout([...layout.plan.fields, ...layout.plan.dependent!.fields(texts)], this.event.count);
      variants.set(key, variant);
    }
    return variant;
  }
}
