/**
 * Reads fields from the message that Windows made from an event. In: text. Out: the fields, for events whose messages use the
 * event's own names. Sysmon's do: `Name: value`, one field per line, in English on every Windows. Refuses all other messages,
 * because they have labels instead of names.
 */

/** `Process Create:`, then the first field. */
const SYSMON = /^[A-Z][^\r\n]{3,60}\r?\n(?:RuleName|UtcTime): /;
const FIELD = /^([A-Z]\w{1,40}):(?: |$)(.*)$/;
/** Lines of a message that are looked at. */
const MAX_LINES = 10_000;

export function messageData(message: string): readonly (readonly [name: string, value: string])[] {
  if (!SYSMON.test(message)) return [];
  const fields: [string, string][] = [];
  for (const line of message.split('\n', MAX_LINES).slice(1)) {
    const text = line.replace(/\r$/, '');
    const found = FIELD.exec(text);
    const last = fields.at(-1);
    if (found !== null) fields.push([found[1]!, found[2]!]);
    // Another line of a value. Blank lines at the end of the message do not belong to the value.
    else if (last !== undefined) last[1] += `\n${text}`;
  }
  return fields.map(([name, value]) => [name, value.trimEnd()]);
}
