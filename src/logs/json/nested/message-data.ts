/**
 * The message that Windows made of an event. In: text. Out: the fields in it, of the events whose messages name them as the event
 * does: Sysmon writes `Name: value`, one field a line, in English on every Windows. Any other message has labels, not names.
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
    // A value of several lines; blanks at the end of the message are none.
    else if (last !== undefined) last[1] += `\n${text}`;
  }
  return fields.map(([name, value]) => [name, value.trimEnd()]);
}
