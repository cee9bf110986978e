/** Fields of an event with their values, and what codes mean in words. */
import { wordsOf } from '../../../dictionary/words.ts';
import type { PageDetails } from '../../page-data.ts';
import type { ReportEvent } from '../data/model.ts';
import { Line, Value, valueLines } from './parts.tsx';

export function FieldTable({ values, event }: { readonly values: PageDetails['data']; readonly event: ReportEvent }) {
  const kind = { Channel: event.channel, EventID: event.eventId };
  return (
    <table class="fields">
      <tbody>
        {Object.entries(values).map(([name, value]) => {
          const words = typeof value === 'string' ? wordsOf(name, value, kind) : null;
          return (
            <tr key={name}>
              <th>
                <Line text={name} />
              </th>
              <td>
                <Value text={valueLines(value)} />
                {words !== null && (
                  <div class="quiet">
                    <Line text={words} />
                  </div>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
