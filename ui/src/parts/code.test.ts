import { expect, test } from 'vitest';

import { pieces } from './code';

test.each([
  ['python', 'x = 1  # "one"', [['x = ', null], ['1', 'number'], ['  ', null], ['# "one"', 'remark']]],
  ['python', 'return f"a#b"', [['return', 'key'], [' ', null], ['f"a#b"', 'text']]],
  ['json', '{"a": "b", "n": -1.5e3}', [['{', null], ['"a"', 'key'], [': ', null], ['"b"', 'text'], [', ', null], ['"n"', 'key'], [': ', null], ['-1.5e3', 'number'], ['}', null]]],
  ['yaml', 'seed: 6 # fixed', [['seed', 'key'], [': ', null], ['6', 'number'], [' # fixed', 'remark']]],
  ['xml', '<a b="c"/>', [['<a', 'key'], [' b=', null], ['"c"', 'text'], ['/>', 'key']]],
  ['text', 'plain "text" 1', [['plain "text" 1', null]]],
])('%s: %s', (language, line, wanted) => {
  expect(pieces(line, language)).toEqual(wanted);
});

test('whatever the line, nothing of it is lost', () => {
  for (const line of ['"open', "it's # not", '\t- k: v', '<!-- a --><b>', 'a'.repeat(5000), '']) {
    for (const language of ['python', 'json', 'yaml', 'xml', 'sas', 'text']) {
      expect(pieces(line, language).map(([text]) => text).join('')).toBe(line);
    }
  }
});
