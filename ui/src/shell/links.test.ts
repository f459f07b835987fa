import { expect, test } from 'vitest';

import { spoken } from './desk';
import { routeOfLink } from './links';

test.each([
  ['countersign://runs/01J8', '/runs/01J8'],
  ['countersign://run/01J8', '/runs/01J8'],
  ['countersign:///runs/01J8?x=1', '/runs/01J8?x=1'],
  ['countersign://task/01J8/3', '/tasks/01J8/3'],
  ['countersign://', '/'],
  ['countersign://runs/../settings', null],
  ['https://example.org/runs/1', null],
  ['javascript:alert(1)', null],
])('%s opens %s', (link, route) => {
  expect(routeOfLink(link)).toBe(route);
});

test.each([
  ['pt-BR', ['en-US'], 'pt-BR'],
  ['system', ['pt-PT', 'en'], 'pt-BR'],
  ['system', ['de-DE', 'en-GB'], 'en'],
  ['system', ['ja'], 'en'],
  ['klingon', [], 'en'],
])('asked for %s on a system of %j, the window speaks %s', (chosen, system, language) => {
  expect(spoken(chosen, system)).toBe(language);
});
