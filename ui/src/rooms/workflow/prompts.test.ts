import { describe, expect, test } from 'vitest';

import type { ElementTime } from '../../api/bindings/ElementTime';
import type { PromptRow } from '../../api/bindings/PromptRow';
import type { TokenRow } from '../../api/bindings/TokenRow';
import { speak } from '../../words/words';
import { liveMarks, marksIn } from './marks';
import { answered, beginning, problems, today } from './prompts';

const prompt = (change: Partial<PromptRow>): PromptRow => ({ variable: 'x', question: 'X?', type: 'string', required: true, choices: [], value: null, ...change });
const words = speak('en');

describe('answers', () => {
  test.each([
    ['a required answer is missing', prompt({}), undefined, 'This must be answered.'],
    ['spaces are no answer', prompt({}), '   ', 'This must be answered.'],
    ['an optional one may be missing', prompt({ required: false }), undefined, undefined],
    ['no is an answer', prompt({ type: 'boolean' }), false, undefined],
    ['zero is an answer', prompt({ type: 'long' }), 0, undefined],
    ['a long is whole', prompt({ type: 'long' }), 1.5, 'This must be a whole number.'],
    ['a long is not text', prompt({ type: 'long' }), '12', 'This must be a whole number.'],
    ['a double is a number', prompt({ type: 'double' }), 'much', 'This must be a number.'],
    ['a date is a date', prompt({ type: 'date' }), '2026-13-01', 'This must be a date.'],
    ['text is text', prompt({}), 'churn-prod', undefined],
  ])('%s', (_, one, value, problem) => {
    expect(problems([one], value === undefined ? {} : { x: value }, words)['x']).toBe(problem);
  });

  test('a draft goes before what the definition proposes', () => {
    const prompts = [prompt({ variable: 'a', value: true }), prompt({ variable: 'b', value: 7 }), prompt({ variable: 'c' })];
    expect(beginning(prompts, { a: false })).toEqual({ a: false, b: 7 });
    expect(beginning(prompts, null)).toEqual({ a: true, b: 7 });
  });

  test('a day that must be named is today to begin with', () => {
    const asked = [prompt({ variable: 'day', type: 'date' }), prompt({ variable: 'other', type: 'date', required: false }), prompt({ variable: 'text' })];
    expect(today(asked)).toEqual({ day: new Date().toLocaleDateString('sv') });
    expect(problems(asked.slice(0, 1), today(asked), words)).toEqual({});
  });

  test('an empty field is no answer, but no and zero are', () => {
    expect(answered([], { a: '', b: null, c: undefined, d: false, e: 0, f: 'x' })).toEqual({ d: false, e: 0, f: 'x' });
  });

  test('a field that began with a value and was emptied takes it back', () => {
    const prompts = [prompt({ variable: 'kept', value: 'x' }), prompt({ variable: 'text', value: 'x' }), prompt({ variable: 'number', value: 0 }), prompt({ variable: 'none' }), prompt({ variable: 'gone', value: true })];
    expect(answered(prompts, { kept: 'x', text: '', number: null, none: '' })).toEqual({ kept: 'x', text: null, number: null, gone: null });
    expect(beginning(prompts, { kept: 'x', text: '', number: null, gone: null })).toEqual({ kept: 'x', text: '' });
  });
});

const left = (element: string, change: Partial<ElementTime>): ElementTime => ({ element, name: element, process: 'p', times: 1, spent_s: 0, last_at: '2026-11-20T12:00:00Z', by: [], ...change });

test('the live diagram shows tokens, lateness and what is done', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  const marks = liveMarks(
    [
      { element: 'approve', process: 'p', kind: 'task', badge: 'Vera', due: '2026-11-20T12:00:00Z' },
      { element: 'migrate', process: 'p', kind: 'incident', badge: null, due: null },
      { element: 'reminder', process: 'p', kind: 'armed', badge: null, due: '2026-11-22T12:00:00Z' },
    ],
    [
      left('build', { spent_s: 75 }),
      left('approve', { spent_s: 9 }),
      left('review', { spent_s: 75, by: ['walt'] }),
      left('start', {}),
    ],
    words,
    now,
  );
  expect(marks).toEqual([
    { element: 'build', tone: 'done', badge: '1 min 15 s' },
    { element: 'review', tone: 'done', badge: 'walt · 1 min 15 s' },
    { element: 'start', tone: 'done' },
    { element: 'approve', tone: 'late', badge: 'Vera, yesterday' },
    { element: 'migrate', tone: 'incident' },
    { element: 'reminder', tone: 'armed', badge: 'tomorrow' },
  ]);
});

test('a diagram is marked by what stands in its own processes', () => {
  const token = (process: string, badge: string): TokenRow => ({ element: 't', process, kind: 'task', badge, due: null });
  const diagram = (process: string) => ({ definition: 'd', name: 'D', processes: [process], xml: '' });
  const elements = [left('s', { process: 'called' }), left('e', { process: null })];
  const marks = (process: string) => marksIn(diagram(process), [token('own', 'vera'), token('called', 'walt')], elements, words);
  expect(marks('own')).toEqual([{ element: 't', tone: 'token', badge: 'vera' }]);
  expect(marks('called')).toEqual([
    { element: 's', tone: 'done' },
    { element: 't', tone: 'token', badge: 'walt' },
  ]);
});
