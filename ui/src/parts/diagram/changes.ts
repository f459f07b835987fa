import type { DesignChange } from '../../api/bindings/DesignChange';
import type { DesignKind } from '../../api/bindings/DesignKind';
import type { DesignRectangle } from '../../api/bindings/DesignRectangle';
import type { DesignSpot } from '../../api/bindings/DesignSpot';

/** What a canvas shows of one element: as much as its document must be told when it differs. */
export interface Drawn {
  id: string;
  /** The process or sub-process it is in. */
  into: string;
  name: string;
  /** A shape's place; a flow has none. */
  bounds?: DesignRectangle;
  /** The activity a boundary event is attached to. */
  host?: string;
  /** What a new shape is. */
  kind?: DesignKind;
  /** A flow's points and ends. */
  points?: readonly DesignSpot[];
  source?: string;
  target?: string;
  /** The place of the name beside it, where it has one. */
  label?: DesignRectangle;
}

export type Drawing = ReadonlyMap<string, Drawn>;

/** What was done, in the words that undoing it is offered with. */
export type Done = 'add' | 'connect' | 'remove' | 'move' | 'name' | 'bend' | 'reconnect' | 'set';

/**
 * What must be told to the document so that it says what the canvas shows. The order is one that can be carried out: what
 * is added before what refers to it, what goes last, and an activity before the events at its boundary, which are
 * measured from it.
 */
export function changesBetween(before: Drawing, after: Drawing): { done: Done; changes: DesignChange[] } {
  const changes: DesignChange[] = [];
  const now = [...after.values()];
  const shapes = now.filter((one) => one.bounds).toSorted((a, b) => Number(a.host !== undefined) - Number(b.host !== undefined) || depth(a, after) - depth(b, after));
  const flows = now.filter((one) => one.points);
  for (const one of shapes) {
    if (before.has(one.id) || !one.bounds || !one.kind) continue;
    changes.push({ change: 'add', id: one.id, kind: one.kind, into: one.into, name: one.name, bounds: one.bounds, ...(one.host === undefined ? {} : { host: one.host }) });
  }
  for (const one of shapes) {
    const was = before.get(one.id);
    if (was && was.into !== one.into) changes.push({ change: 'into', id: one.id, into: one.into });
  }
  for (const one of flows) {
    const was = before.get(one.id);
    if (was && was.into !== one.into) changes.push({ change: 'into', id: one.id, into: one.into });
    if (was && one.source && one.target && (was.source !== one.source || was.target !== one.target)) {
      changes.push({ change: 'reconnect', id: one.id, source: one.source, target: one.target });
    }
  }
  for (const one of flows) {
    if (!before.has(one.id) && one.source && one.target && one.points) {
      changes.push({ change: 'connect', id: one.id, source: one.source, target: one.target, points: [...one.points] });
    }
  }
  for (const one of shapes) {
    const was = before.get(one.id);
    if (was?.bounds && one.bounds && !same(was.bounds, one.bounds)) changes.push({ change: 'move', id: one.id, bounds: one.bounds });
  }
  for (const one of flows) {
    const was = before.get(one.id);
    if (was?.points && one.points && !sameWay(was.points, one.points)) changes.push({ change: 'bend', id: one.id, points: [...one.points] });
  }
  for (const one of now) {
    const was = before.get(one.id);
    // A name beside a new shape is placed by whoever draws it, until somebody moves it.
    if (was && one.label && !(was.label && same(was.label, one.label)) && was.name === one.name) changes.push({ change: 'label', id: one.id, bounds: one.label });
    if (was ? was.name !== one.name : one.points && one.name !== '') changes.push({ change: 'set', id: one.id, set: { property: 'name', text: one.name } });
  }
  const gone = [...before.keys()].filter((id) => !after.has(id));
  if (gone.length > 0) changes.push({ change: 'remove', ids: gone });
  return { done: doneBy(changes), changes };
}

function doneBy(changes: readonly DesignChange[]): Done {
  const is = (kind: DesignChange['change']) => changes.some((one) => one.change === kind);
  if (is('add')) return 'add';
  if (is('remove')) return 'remove';
  if (is('connect')) return 'connect';
  if (is('reconnect')) return 'reconnect';
  if (changes.every((one) => one.change === 'set')) return 'name';
  if (changes.every((one) => one.change === 'bend')) return 'bend';
  return 'move';
}

function depth(one: Drawn, all: Drawing): number {
  let found = 0;
  for (let at = all.get(one.into); at && found < 64; at = all.get(at.into)) found += 1;
  return found;
}

const near = (a: number, b: number) => Math.abs(a - b) < 0.01;

function same(a: DesignRectangle, b: DesignRectangle): boolean {
  return near(a.x, b.x) && near(a.y, b.y) && near(a.width, b.width) && near(a.height, b.height);
}

function sameWay(a: readonly DesignSpot[], b: readonly DesignSpot[]): boolean {
  return a.length === b.length && a.every((point, at) => near(point.x, b[at]?.x ?? Number.NaN) && near(point.y, b[at]?.y ?? Number.NaN));
}
