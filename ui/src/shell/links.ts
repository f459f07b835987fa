/** Kinds of things a deep link can name, and the page that shows each. */
const PAGES: Record<string, string> = {
  task: 'tasks',
  run: 'runs',
  version: 'versions',
  project: 'projects',
  instance: 'instances',
  definition: 'definitions',
  entry: 'ledger',
  monitor: 'monitoring',
  report: 'reports',
};

/**
 * The route of `countersign://run/01J…` (also `countersign:///runs/01J…`, the route itself). Anything else is no link of
 * ours and opens nothing.
 */
export function routeOfLink(link: string): string | null {
  const rest = /^countersign:\/\/(.*)$/.exec(link)?.[1];
  if (rest === undefined) return null;
  const [path = '', search = ''] = rest.split('?', 2);
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.some((part) => part === '..' || part === '.')) return null;
  const [kind = '', ...id] = parts;
  const route = `/${[PAGES[kind] ?? kind, ...id].join('/')}`;
  return search === '' ? route : `${route}?${search}`;
}
