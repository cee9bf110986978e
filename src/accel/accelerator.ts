/**
 * The accelerator. In: events of readers that it knows. Out: for events of EVTX a look that uses compiled code, for those of text
 * logs a look that uses filters, and the recognition of records of text logs. Its looks find the same rules as the plain look,
 * only faster. This folder may be deleted: winnow then works without acceleration.
 */
import {
  type Accelerator,
  type DescriptorReader,
  type EvtxPlaces,
  isPassing,
  type KnownKeys,
  type KnownRecords,
  type Look,
  type Passer,
  type ValuePlaces,
  type ValueWriter,
  type WordBlock,
} from '../engine/contract.ts';
import { EvtxEvent } from '../logs/evtx/event.ts';
import { TextEvent } from '../logs/text/text-event.ts';
import type { EventRecord, EventSink } from '../model/event.ts';
import { CompiledDescriptors } from './descriptors.ts';
import { EvtxLook } from './evtx-look.ts';
import { EvtxWriter } from './evtx-writer.ts';
import { CompiledPasser } from './passer.ts';
import { KnownJsonRecords, newJsonPatterns } from './text/known-json.ts';
import { KeySets, KnownJsonKeys } from './text/known-keys.ts';
import { KnownXmlRecords, newXmlPatterns } from './text/known-xml.ts';
import { TextLook } from './text-look.ts';
import { LookMemory } from './wasm/memory.ts';
import { compiledWordBlock } from './word-block.ts';

export class CompiledAccelerator implements Accelerator {
  /** Null when there is no WebAssembly (`node --jitless`) or not enough memory for it. */
  readonly lookMemory = newMemory();
  readonly #json = newJsonPatterns();
  readonly #xml = newXmlPatterns();
  readonly #keys = new KeySets();

  look(event: EventRecord): Look | null {
    if (event instanceof TextEvent) return new TextLook(event);
    if (event instanceof EvtxEvent && this.lookMemory !== null) return new EvtxLook(this.lookMemory, event);
    return null;
  }

  writer(event: EventRecord): ValueWriter | null {
    return event instanceof EvtxEvent ? new EvtxWriter(event) : null;
  }

  memory(bytes: number): Buffer | null {
    return this.lookMemory?.reserve(bytes) ?? null;
  }

  descriptors(places: EvtxPlaces): DescriptorReader | null {
    return this.lookMemory?.holds(places.offsets) ? new CompiledDescriptors(this.lookMemory, places) : null;
  }

  passer(event: EventRecord, sink: EventSink): Passer | null {
    if (this.lookMemory === null || !(event instanceof EvtxEvent) || !isPassing(sink)) return null;
    return this.lookMemory.holds(event.values.offsets) ? new CompiledPasser(this.lookMemory, event, sink) : null;
  }

  wordBlock(word: string, bytes: number): WordBlock | null {
    return this.lookMemory === null ? null : compiledWordBlock(this.lookMemory, word, bytes);
  }

  knownKeys<Node>(values: ValuePlaces, known: KnownRecords<unknown>): KnownKeys<Node> {
    // Only the JSON scanner calls this, with the `known` that it was given here.
    return new KnownJsonKeys(values, known as KnownJsonRecords, this.#keys) as KnownKeys<unknown> as KnownKeys<Node>;
  }

  knownRecords<Found>(format: 'json' | 'xml', values: ValuePlaces): KnownRecords<Found> {
    const known = format === 'json' ? new KnownJsonRecords(values, this.#json) : new KnownXmlRecords(values, this.#xml);
    // The patterns of a format store what its scanner gives them, whatever its type is.
    return known as KnownRecords<unknown> as KnownRecords<Found>;
  }
}

function newMemory(): LookMemory | null {
  try {
    return new LookMemory();
  } catch {
    return null;
  }
}

export function createAccelerator(): Accelerator {
  return new CompiledAccelerator();
}
