/** Draws WMI subscriptions as chains: filter -> binding -> consumer -> the processes that ran. */
import type { ComponentChildren } from 'preact';
import { visibleLines } from '../../../sanitize.ts';
import type { PageSubscription } from '../../page-data.ts';
import { Line, type ViewProps } from './parts.tsx';

export function Subscriptions({ report, open, state }: ViewProps) {
  const chains = report.head.subscriptions.filter(({ host }) => state.host === '' || host === state.host);
  return (
    <div class="panel">
      <h2>WMI subscriptions</h2>
      {chains.length === 0 && (
        <p class="empty">No event of this {state.host === '' ? 'report' : 'host'} belongs to a WMI subscription.</p>
      )}
      {chains.map((chain) => (
        <section key={`${chain.host} ${chain.filter.name} ${chain.consumer.name}`}>
          <h3>
            <Line text={chain.host} />
          </h3>
          <Subscription chain={chain} open={open} current={null} />
        </section>
      ))}
    </div>
  );
}

interface SubscriptionProps {
  readonly chain: PageSubscription;
  readonly open: (id: string) => void;
  /** Id of the event that is open. */
  readonly current: string | null;
}

export function Subscription({ chain, open, current }: SubscriptionProps) {
  const { filter, consumer, binding, payloads, processes } = chain;
  const step = (kind: string, name: string, id: string | null, children: ComponentChildren) => (
    <Step kind={kind} name={name} id={id} current={id !== null && id === current} open={open}>
      {children}
    </Step>
  );
  return (
    <div class="chain">
      {step('filter', filter.name, filter.event, <Line text={filter.query} />)}
      <Arrow />
      {step('binding', '', binding, binding === null ? 'not seen' : 'ties the filter to the consumer')}
      <Arrow />
      {step(
        'consumer',
        consumer.name,
        consumer.event,
        <>
          {consumer.type !== '' && (
            <div class="quiet">
              <Line text={consumer.type} />
            </div>
          )}
          <div class="scroll">{visibleLines(consumer.runs)}</div>
          {payloads.map((payload) => (
            <div key={payload} class="payload">
              <div class="quiet">decoded base64</div>
              <div class="scroll">{visibleLines(payload)}</div>
            </div>
          ))}
        </>,
      )}
      <Arrow />
      <div class="step process">
        <div class="kind">process</div>
        {processes.length === 0 && <div class="quiet">none seen</div>}
        {processes.map(({ text, event }) => (
          <button key={event} type="button" class="link value" onClick={() => open(event)}>
            <Line text={text} />
          </button>
        ))}
      </div>
    </div>
  );
}

function Arrow() {
  return (
    <div class="arrow" aria-hidden="true">
      →
    </div>
  );
}

interface StepProps {
  readonly kind: string;
  readonly name: string;
  readonly id: string | null;
  readonly current: boolean;
  readonly open: (id: string) => void;
  readonly children: ComponentChildren;
}

function Step({ kind, name, id, current, open, children }: StepProps) {
  return (
    <div class={`step ${kind}${current ? ' current' : ''}${id === null ? ' absent' : ''}`}>
      <div class="kind">{kind}</div>
      {name !== '' && (
        <strong>
          <Line text={name} />
        </strong>
      )}
      <div class="value">{children}</div>
      {id === null && name !== '' && <div class="quiet">its registration was not seen</div>}
      {id !== null && !current && (
        <button type="button" class="link" onClick={() => open(id)}>
          open event
        </button>
      )}
    </div>
  );
}
