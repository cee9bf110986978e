/** Small things that several views show: levels, times, harmless text. */
import type { ComponentChildren } from 'preact';
import type { FieldValue } from '../../../../model/event.ts';
import { visibleLines, visibleText } from '../../../sanitize.ts';
import { timeText } from '../../../wording.ts';
import { LEVEL_NAMES, type Report, type ReportEvent } from '../data/model.ts';
import type { ViewState } from '../data/state.ts';

/** Properties that every view gets. */
export interface ViewProps {
  readonly report: Report;
  readonly state: ViewState;
  /** The events that pass the filters, in the order of `place`. */
  readonly events: readonly ReportEvent[];
  readonly change: (change: Partial<ViewState>) => void;
  /** Opens an event beside the list. */
  readonly open: (id: string | null) => void;
}

/** Text of logs and rules on one line. Characters that reorder or hide text are made visible. */
export function Line({ text }: { readonly text: string }) {
  return <>{visibleText(text)}</>;
}

/** A whole value, with its line breaks. */
export function Value({ text }: { readonly text: string }) {
  return <span class="value">{visibleLines(text)}</span>;
}

/** Each value of a repeated field on a line of its own. */
export function valueLines(value: FieldValue): string {
  return [value]
    .flat()
    .map((item) => item ?? 'null')
    .join('\n');
}

export function Level({ rank }: { readonly rank: number }) {
  const name = LEVEL_NAMES[rank]!;
  return <span class={`level ${name}`}>{name === 'informational' ? 'info' : name === 'none' ? 'no level' : name}</span>;
}

export function Button(props: {
  readonly children: ComponentChildren;
  readonly onClick: () => void;
  readonly title?: string;
  readonly pressed?: boolean;
  readonly class?: string;
}) {
  const { children, onClick, title, pressed } = props;
  return (
    <button type="button" class={props.class} onClick={onClick} title={title} aria-pressed={pressed}>
      {children}
    </button>
  );
}

/** The time as the clock of the page is set: UTC with all digits, or local. */
export function clockText(event: { readonly time: string | null; readonly us: number | null }, local: boolean): string {
  return local && event.us !== null ? localText(event.us, true) : timeText(event.time);
}

export function localText(us: number, millis = false): string {
  const date = new Date(us / 1000);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time}${millis ? `.${String(date.getMilliseconds()).padStart(3, '0')}` : ''}`;
}

/** A time to the second. */
export function usText(us: number, local: boolean): string {
  return local ? localText(us) : new Date(us / 1000).toISOString().slice(0, 19).replace('T', ' ');
}
