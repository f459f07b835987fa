import { expect, test } from 'vitest';

import type { DiagramMark } from '../diagram';
import { merged } from './viewer';

test.each<[string, DiagramMark[], DiagramMark[]]>([
  ['one token keeps its badge', [{ element: 'a', tone: 'token', badge: 'vera' }], [{ element: 'a', tone: 'token', badge: 'vera' }]],
  [
    'two people at one element stand in one badge, and what is late comes first',
    [
      { element: 'a', tone: 'token', badge: 'vera' },
      { element: 'a', tone: 'late', badge: 'walt' },
      { element: 'b', tone: 'done' },
    ],
    [
      { element: 'a', tone: 'late', badge: 'vera | walt' },
      { element: 'b', tone: 'done' },
    ],
  ],
  [
    'many are counted',
    ['vera', 'walt', 'ada', 'ivo'].map((badge): DiagramMark => ({ element: 'a', tone: 'token', badge })),
    [{ element: 'a', tone: 'token', badge: 'vera | walt | +2' }],
  ],
  [
    'tokens without a word are counted, too',
    [
      { element: 'a', tone: 'token' },
      { element: 'a', tone: 'incident' },
      { element: 'a', tone: 'token' },
    ],
    [{ element: 'a', tone: 'incident', badge: '3×' }],
  ],
])('%s', (_, marks, wanted) => {
  expect(merged(marks)).toEqual(wanted);
});
