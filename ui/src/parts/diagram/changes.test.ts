import { describe, expect, test } from 'vitest';

import { changesBetween, type Drawn } from './changes';

const box = (x: number) => ({ x, y: 0, width: 100, height: 80 });
const drawing = (...all: Drawn[]) => new Map(all.map((one) => [one.id, one]));
const a: Drawn = { id: 'a', into: 'p', name: 'A', bounds: box(0), kind: 'task' };
const b: Drawn = { id: 'b', into: 'p', name: 'B', bounds: box(200), kind: 'task' };
const f: Drawn = { id: 'f', into: 'p', name: '', source: 'a', target: 'b', points: [{ x: 100, y: 40 }, { x: 200, y: 40 }] };
const kinds = (before: Drawn[], after: Drawn[]) => {
  const found = changesBetween(drawing(...before), drawing(...after));
  return [found.done, ...found.changes.map((one) => one.change)];
};

describe('what the document is told', () => {
  test.each<[string, Drawn[], Drawn[], string[]]>([
    ['nothing when nothing was done', [a, b, f], [a, b, f], ['name']],
    ['rounding is no move', [a], [{ ...a, bounds: { ...box(0), x: 0.001 } }], ['name']],
    ['elements before their flows', [a], [f, a, b], ['add', 'add', 'connect']],
    ['a move with the flows that follow', [a, b, f], [a, { ...b, bounds: box(300) }, { ...f, points: [{ x: 100, y: 40 }, { x: 300, y: 40 }] }], ['move', 'move', 'bend']],
    ['what goes, last', [a, b, f], [a], ['remove', 'remove']],
    ['a name', [a], [{ ...a, name: 'New' }], ['name', 'set']],
    ['a way into a sub-process', [a, { ...b, kind: 'sub-process' }], [{ ...a, into: 'b' }, { ...b, kind: 'sub-process' }], ['move', 'into']],
    ['other ends before what goes', [a, b, f], [a, { ...b, id: 'c' }, { ...f, target: 'c' }], ['add', 'add', 'reconnect', 'remove']],
  ])('%s', (_, before, after, wanted) => {
    expect(kinds(before, after)).toEqual(wanted);
  });

  test('an activity is told before the event at its boundary, and a sub-process before what is in it', () => {
    const boundary: Drawn = { id: 'x', into: 'p', name: '', bounds: box(90), kind: 'timer-boundary', host: 'a' };
    const inner: Drawn = { ...b, into: 's' };
    const sub: Drawn = { id: 's', into: 'p', name: '', bounds: box(10), kind: 'sub-process' };
    const { changes } = changesBetween(drawing(), drawing(boundary, inner, a, sub));
    expect(changes.map((one) => ('id' in one ? one.id : ''))).toEqual(['a', 's', 'b', 'x']);
  });

  test('a name that moves with its shape is told; one that a new name widened is not', () => {
    const labelled = { ...a, label: box(0) };
    expect(kinds([labelled], [{ ...labelled, label: box(9) }])).toEqual(['move', 'label']);
    expect(kinds([labelled], [{ ...labelled, label: box(9), name: 'Longer' }])).toEqual(['name', 'set']);
  });
});
