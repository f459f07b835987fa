import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';

import { figure } from '../testing/desk';
import { showPart } from '../testing/render';
import { Figure, lines, nearest, step } from './figure';

const hit = (series: string, x: number, y: number) => ({ series, x, y, label: `${x}/${y}` });
const HITS = [hit('a', 30, 5), hit('a', 10, 9), hit('b', 10, 40), hit('b', 20, 42), hit('a', 20, 7)];

describe('points of a figure', () => {
  test('each line runs from left to right', () => {
    expect(lines(HITS)).toEqual([
      [1, 4, 0],
      [2, 3],
    ]);
  });

  test.each([
    ['on a point', 20, 42, 3],
    ['near two, the nearer', 12, 20, 1],
    ['out of reach of all', 300, 300, null],
  ])('the pointer %s', (_, x, y, at) => {
    expect(nearest(HITS, x, y)).toBe(at);
  });

  test.each([
    ['the first key starts at the first line', null, 'ArrowRight', 1],
    ['right goes along', 1, 'ArrowRight', 4],
    ['right stops at the end', 0, 'ArrowRight', 0],
    ['left goes back', 4, 'ArrowLeft', 1],
    ['end leads to the end', 1, 'End', 0],
    ['down leads to the next line, as far along', 0, 'ArrowDown', 3],
    ['up from the first line leads to the last', 1, 'ArrowUp', 2],
    ['any other key leads nowhere', 1, 'x', null],
  ])('%s', (_, at, key, to) => {
    expect(step(lines(HITS), at, key)).toBe(to);
  });
});

test('a figure says its values by key and shows them as a table', async () => {
  const { user } = showPart(<Figure title="ROC" drawing={figure('roc', 600, 300)} onWidth={() => {}} />);
  const chart = screen.getByRole('application', { name: /ROC/ });
  fireEvent.keyDown(chart, { key: 'ArrowRight' });
  fireEvent.keyDown(chart, { key: 'End' });
  expect(document.querySelector('[aria-live="polite"]')?.textContent).toBe('Training: sensitivity 1.000 at 1.000');
  fireEvent.keyDown(chart, { key: 'Escape' });
  expect(document.querySelector('[aria-live="polite"]')?.textContent).toBe('');

  await user.click(screen.getByText('Table'));
  expect(screen.getByRole('columnheader', { name: 'Training' })).toBeDefined();
  expect(screen.getAllByRole('row')).toHaveLength(42);
});
