import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { FluentResource } from '@fluent/bundle';
import { describe, expect, test } from 'vitest';

import { LANGUAGES, speak, type Language } from './words';

const SRC = join(import.meta.dirname, '..');
const LOCALES = join(SRC, '../../crates/words/locales');
const languages = Object.keys(LANGUAGES) as Language[];

function names(language: Language): string[] {
  return new FluentResource(readFileSync(join(LOCALES, language, 'window.ftl'), 'utf8')).body.map((message) => message.id);
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [readFileSync(path, 'utf8')] : [];
  });
}

/** What the sources ask for: whole names, and the beginnings of names whose end is only known at run time. */
function asked(): { whole: Set<string>; beginnings: Set<string> } {
  const whole = new Set<string>();
  const beginnings = new Set<string>();
  for (const source of sources(SRC)) {
    for (const [, inside] of source.matchAll(/(?<![\w.])t\(((?:[^()]|\([^()]*\))*)\)/g)) {
      // Names stand before the values' brace.
      for (const [, name] of (inside ?? '').split('{')[0]?.replaceAll(/[!=]== '[^']*'/g, '').matchAll(/'([a-z0-9-]+)'/g) ?? []) if (name) whole.add(name);
    }
    for (const [, name] of source.matchAll(/word: '([a-z0-9-]+)'/g)) if (name) whole.add(name);
    for (const [, beginning] of source.matchAll(/(?<![\w.])t\(`([a-z0-9-]+)\$\{/g)) if (beginning) beginnings.add(beginning);
    for (const [, family] of source.matchAll(/known\('([a-z-]+)'/g)) if (family) beginnings.add(`${family}-`);
  }
  return { whole, beginnings };
}

describe('the words', () => {
  test('every language has the same names, each once', () => {
    for (const language of languages) {
      const have = names(language);
      expect(have.length, language).toBe(new Set(have).size);
      expect(have.toSorted(), language).toEqual(names('en').toSorted());
    }
  });

  test('every name the window asks for exists', () => {
    const { whole, beginnings } = asked();
    expect(whole.size).toBeGreaterThan(300);
    const have = new Set(names('en'));
    expect([...whole].filter((name) => !have.has(name))).toEqual([]);
    expect([...beginnings].filter((beginning) => ![...have].some((name) => name.startsWith(beginning)))).toEqual([]);
  });

  test('no name is left that nothing asks for', () => {
    const { whole, beginnings } = asked();
    // `kind ? 'a' : 'b'` inside other calls and lists of names are found as plain strings.
    const text = sources(SRC).join('\n');
    const spare = names('en').filter((name) => !whole.has(name) && ![...beginnings].some((one) => name.startsWith(one)) && !text.includes(`'${name}'`));
    expect(spare).toEqual([]);
  });

  test('every message can be formatted, and values are where the English ones are', () => {
    for (const language of languages) {
      const file = readFileSync(join(LOCALES, language, 'window.ftl'), 'utf8');
      for (const block of file.split(/\n(?=[a-z])/)) {
        const name = /^([a-z0-9-]+) =/.exec(block)?.[1];
        if (!name) continue;
        const values = Object.fromEntries([...block.matchAll(/\$(\w+)/g)].map(([, value]) => [value, 2]));
        const said = speak(language).t(name, values);
        expect(said, `${language} ${name}`).not.toMatch(/\{|\}|^$/);
        expect(said === name && said.includes('-'), `${language} ${name} says its own name`).toBe(false);
      }
    }
  });
});

describe('values in words', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  test.each([
    ['en', '2026-11-21T11:55:00Z', '5 minutes ago'],
    ['en', '2026-11-21T12:00:20Z', 'just now'],
    ['en', '2026-11-23T12:00:00Z', 'in 2 days'],
    ['pt-BR', '2026-11-21T10:00:00Z', 'há 2 horas'],
    ['en', 'no date', 'no date'],
  ] as const)('%s: %s is %s', (language, at, said) => {
    expect(speak(language).ago(at, now)).toBe(said);
  });

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_500, '1.5 kB'],
    [23_000_000, '23 MB'],
  ])('%d bytes are %s', (bytes, said) => {
    expect(speak('en').size(bytes)).toBe(said);
  });

  test.each([
    [0.012, '12 ms'],
    [12.34, '12.3 s'],
    [75, '1 min 15 s'],
    [3_725, '1 h 2 min'],
  ])('%d seconds are %s', (seconds, said) => {
    expect(speak('en').duration(seconds)).toBe(said);
  });

  test('a word from Rust that we do not know is shown as it is', () => {
    expect(speak('pt-BR').known('role', 'data-scientist')).toBe('Cientista de dados');
    expect(speak('pt-BR').known('role', 'astronaut')).toBe('astronaut');
  });
});
