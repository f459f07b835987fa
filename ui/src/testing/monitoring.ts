import type { Figure } from '../api/bindings/Figure';
import type { Answer, Command, Request } from '../api/call';
import kept from './monitoring.json';

/**
 * What the made-up desk says of the monitoring room: answers of the real program about quarters whose truth is known, kept
 * by `node tests/e2e/twin/monitored.mjs` under the names of this desk.
 */
const answers = kept as unknown as { [C in Exclude<Command, 'monitoring.figure'>]: Answer<C> } & { 'monitoring.figure': Record<string, Figure> };

export const MONITOR = '01JD4Y6M0N1T0R000000000000';
export const REPORT = '01JD4Y6REP0RT0000000000000';

type Listed = { rows: unknown[]; total: number; next: string | null };
const some = <A extends Listed>(all: A, rows: A['rows']): A => ({ ...all, rows, total: rows.length, next: null });

export function monitoring(done: (id?: string) => () => { position: number; id: string }) {
  const figures = answers['monitoring.figure'];
  return {
    'monitoring.list': (request: Request<'monitoring.list'>) => some(answers['monitoring.list'], request.version === undefined || request.version === answers['monitoring.list'].rows[0]?.version ? answers['monitoring.list'].rows : []),
    'monitoring.show': () => answers['monitoring.show'],
    'monitoring.portfolio': () => answers['monitoring.portfolio'],
    'monitoring.alerts': (request: Request<'monitoring.alerts'>) => some(answers['monitoring.alerts'], answers['monitoring.alerts'].rows.filter((row) => request.state === 'all' || row.state === (request.state ?? 'open'))),
    'monitoring.decisions': () =>
      answers['monitoring.alerts'].rows
        .filter((row) => row.state === 'open')
        .slice(0, 1)
        .map(({ monitor, monitor_name, version, version_label, level, period, raised_at }) => ({ monitor, monitor_name, version, version_label, level, period, alerts: 1, since: raised_at })),
    'monitoring.reports': () => answers['monitoring.reports'],
    'monitoring.reading': () => answers['monitoring.reading'],
    'monitoring.preview': () => answers['monitoring.preview'],
    'monitoring.dry_run': () => answers['monitoring.dry_run'],
    'monitoring.figure': (request: Request<'monitoring.figure'>) => figures[request.kind] ?? (figures['roc'] as Figure),
    'monitoring.picture': () => ({ png: 'iVBORw0KGgo=' }),
    'monitoring.export': (request: Request<'monitoring.export'>) => ({ files: [request.to], report: REPORT }),
    'monitoring.progress': () => ({ running: false, done: 0, of: 0 }),
    'monitoring.stop': () => ({}),
    'monitoring.compute': () => ({ ...(answers['monitoring.reports'].rows[0] as Answer<'monitoring.compute'>), known: true }),
    'monitoring.define': done(MONITOR),
    'monitoring.change': done(MONITOR),
    'monitoring.retire': done(MONITOR),
    'monitoring.settle': done(),
    'monitoring.decide': done(),
  };
}
