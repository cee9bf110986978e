/**
 * What the page shows, as a part of its address. In: the address after `#`. Out: the state, and back, so that a shared address
 * shows the same view.
 */
export interface ViewState {
  readonly query: string;
  /** Names of the levels that are shown; empty means all. */
  readonly levels: readonly string[];
  readonly host: string;
  readonly user: string;
  readonly tactic: string;
  /** Microseconds since 1970. */
  readonly fromUs: number | null;
  readonly toUs: number | null;
  readonly related: boolean;
  readonly order: 'incident' | 'time';
  readonly local: boolean;
  readonly tab: string;
  /** Id of the open event. */
  readonly event: string | null;
  readonly stars: readonly string[];
}

export const START: ViewState = {
  query: '',
  levels: [],
  host: '',
  user: '',
  tactic: '',
  fromUs: null,
  toUs: null,
  related: true,
  order: 'incident',
  local: false,
  tab: 'events',
  event: null,
  stars: [],
};

export function stateOf(hash: string): ViewState {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const text = (name: string): string => parameters.get(name) ?? '';
  const list = (name: string): string[] =>
    text(name)
      .split(',')
      .filter((item) => item !== '');
  const number = (name: string): number | null => (/^\d+$/.test(text(name)) ? Number(text(name)) : null);
  return {
    query: text('q'),
    levels: list('level'),
    host: text('host'),
    user: text('user'),
    tactic: text('tactic'),
    fromUs: number('from'),
    toUs: number('to'),
    related: text('related') !== 'no',
    order: text('order') === 'time' ? 'time' : 'incident',
    local: text('clock') === 'local',
    tab: text('tab') || START.tab,
    event: text('event') || null,
    stars: list('stars'),
  };
}

/** Whether the view shows or searches what is read after the first view. */
export function needsDetails({ query, event, stars }: ViewState): boolean {
  return query !== '' || event !== null || stars.length > 0;
}

export function hashOf(state: ViewState): string {
  const parameters = new URLSearchParams();
  const set = (name: string, value: string): void => {
    if (value !== '') parameters.set(name, value);
  };
  set('q', state.query);
  set('level', state.levels.join(','));
  set('host', state.host);
  set('user', state.user);
  set('tactic', state.tactic);
  set('from', String(state.fromUs ?? ''));
  set('to', String(state.toUs ?? ''));
  set('related', state.related ? '' : 'no');
  set('order', state.order === 'time' ? 'time' : '');
  set('clock', state.local ? 'local' : '');
  set('tab', state.tab === START.tab ? '' : state.tab);
  set('event', state.event ?? '');
  set('stars', state.stars.join(','));
  return `#${parameters}`;
}
