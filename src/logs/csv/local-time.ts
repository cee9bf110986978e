/**
 * Times as Windows writes them for people, in the regional format of the person who exported them: `3/5/2024 9:06:22 AM`,
 * `05.03.2024 09:06:22`. Kibana's form is read as well. In: text. Out: ISO 8601 without a zone, because the text has none.
 * Refuses (null) anything else.
 */

/** Which part of `3/5/2024` is the month. `unknown`: both are possible, and the day is then taken to come first. */
export type DateOrder = 'month-first' | 'day-first' | 'unknown';

const TIME =
  /^(\d{1,4})([./-]) ?(\d{1,2})\2 ?(\d{1,4})\.?,?\s+([^\d\s]\D{0,8}?)?\s*(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?(?:[.,](\d{1,9}))?\s*(\D{0,8})$/u;
/** Direction marks, which some languages put between the parts. */
const MARKS = /[\u200e\u200f]/g;
/** The word for afternoon in languages with a twelve-hour clock: English, Spanish, Chinese, Japanese, Korean, Greek. */
const AFTERNOON = /^(?:p\.?\s?m\.?|下午|午後|오후|μ\.?μ\.?)$/iu;
const MORNING = /^(?:a\.?\s?m\.?|上午|午前|오전|π\.?μ\.?)$/iu;

/** The form of Kibana: `Mar 5, 2024 @ 09:06:22.441`. */
const KIBANA = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}) @ (\d\d:\d\d:\d\d(?:\.\d{1,9})?)$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function isLocalTime(text: string): boolean {
  return TIME.test(text.replace(MARKS, '')) || KIBANA.test(text);
}

/** The order of dates that a sample of times shows. */
export function dateOrderOf(times: readonly string[]): DateOrder {
  let order: DateOrder = 'unknown';
  for (const time of times) {
    // The name of the month leaves no doubt.
    if (KIBANA.test(time)) return 'month-first';
    const parts = TIME.exec(time.replace(MARKS, ''));
    if (parts === null || parts[1]!.length > 2) continue;
    // Only one country writes the month first, and it uses slashes and a twelve-hour clock.
    if (parts[2] !== '/') return 'day-first';
    if (Number(parts[1]) > 12) return 'day-first';
    if (Number(parts[3]) > 12) return 'month-first';
    if (/^[ap]m$/i.test(parts[10]!)) order = 'month-first';
  }
  return order;
}

const two = (number: number): string => String(number).padStart(2, '0');

export function isoOfLocal(text: string, order: DateOrder): string | null {
  const [, name, dayOfMonth, ofYear, clock] = KIBANA.exec(text) ?? [];
  if (name !== undefined) return `${ofYear}-${two(MONTHS.indexOf(name) + 1)}-${two(Number(dayOfMonth))}T${clock}`;
  const parts = TIME.exec(text.replace(MARKS, ''));
  if (parts === null) return null;
  const [, first, , second, third, before = '', hours, minute, seconds = '00', fraction = '', behind] = parts;
  let [year, month, day] = [Number(first), Number(second), Number(third)];
  if (first!.length <= 2) {
    [year, month, day] = order === 'month-first' ? [Number(third), year, month] : [Number(third), month, year];
    if (month > 12) [month, day] = [day, month];
    if (third!.length <= 2) year += 2000;
  }
  const half = `${before}${behind}`.trim();
  const hour = AFTERNOON.test(half) ? (Number(hours) % 12) + 12 : MORNING.test(half) ? Number(hours) % 12 : Number(hours);
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  return `${date}T${two(hour)}:${minute}:${seconds}${fraction === '' ? '' : `.${fraction}`}`;
}
