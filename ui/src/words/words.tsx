import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import { createContext, useContext, useMemo, type ReactNode } from 'react';

import english from '../../../crates/words/locales/en/window.ftl?raw';
import portuguese from '../../../crates/words/locales/pt-BR/window.ftl?raw';

/** Languages the window speaks, and their own names for themselves. */
export const LANGUAGES = { en: 'English', 'pt-BR': 'Português (Brasil)' } as const;
export type Language = keyof typeof LANGUAGES;

const SOURCES: Record<Language, string> = { en: english, 'pt-BR': portuguese };

/** Everything a page says, in one language. */
export interface Words {
  language: Language;
  /** The message of that name. A name nobody translated shows itself, so that it is noticed. */
  t(name: string, values?: Record<string, FluentVariable>): string;
  /** The message `family-value` for a word that came from Rust; the word itself where we have no better. */
  known(family: string, value: string): string;
  /** A moment: day and time, short. */
  moment(iso: string): string;
  /** A moment to the second, for what happens fast. */
  second(iso: string): string;
  /** How long ago, or how long until. */
  ago(iso: string, now?: number): string;
  /** A number with at most that many decimals. */
  number(value: number, decimals?: number): string;
  /** A length of time given in seconds. */
  duration(seconds: number): string;
  /** A size in bytes. */
  size(bytes: number): string;
}

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/**
 * Builds the words of one language; dates are written as in `region`, a fuller tag of the same language. English stands in for a message a language lacks.
 */
export function speak(language: Language, region: string = language): Words {
  const bundles = language === 'en' ? [bundle('en')] : [bundle(language), bundle('en')];
  const find = (name: string, values?: Record<string, FluentVariable>): string | null => {
    for (const one of bundles) {
      const pattern = one.getMessage(name)?.value;
      if (pattern) return one.formatPattern(pattern, values ?? null, []);
    }
    return null;
  };
  const t: Words['t'] = (name, values) => find(name, values) ?? name;
  const moment = new Intl.DateTimeFormat(region, { dateStyle: 'medium', timeStyle: 'short' });
  const second = new Intl.DateTimeFormat(region, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return {
    language,
    t,
    known: (family, value) => find(`${family}-${value.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`) ?? value,
    moment: (iso) => formatted(moment, iso),
    second: (iso) => formatted(second, iso),
    ago(iso, now = Date.now()) {
      const seconds = (Date.parse(iso) - now) / 1000;
      if (Number.isNaN(seconds)) return iso;
      for (const [unit, length] of UNITS) {
        if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
      }
      return t('time-now');
    },
    number: (value, decimals = 4) => new Intl.NumberFormat(language, { maximumFractionDigits: decimals }).format(value),
    duration(seconds) {
      if (seconds < 1) return t('time-milliseconds', { n: Math.round(seconds * 1000) });
      if (seconds < 60) return t('time-seconds', { n: Math.round(seconds * 10) / 10 });
      if (seconds < 3600) return t('time-minutes', { m: Math.floor(seconds / 60), s: Math.round(seconds % 60) });
      return t('time-hours', { h: Math.floor(seconds / 3600), m: Math.round((seconds % 3600) / 60) });
    },
    size(bytes) {
      const steps = ['B', 'kB', 'MB', 'GB', 'TB'];
      let at = 0;
      let value = bytes;
      for (; value >= 1000 && at < steps.length - 1; at += 1) value /= 1000;
      return `${new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 && at > 0 ? 1 : 0 }).format(value)} ${steps[at]}`;
    },
  };
}

function formatted(format: Intl.DateTimeFormat, iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : format.format(time);
}

function bundle(language: Language): FluentBundle {
  const made = new FluentBundle(language, { useIsolating: false });
  made.addResource(new FluentResource(SOURCES[language]));
  return made;
}

const Context = createContext<Words>(speak('en'));

/** Gives everything below it its words. */
export function WordsProvider({ language, region, children }: { language: Language; region?: string; children: ReactNode }) {
  const words = useMemo(() => speak(language, region), [language, region]);
  return <Context.Provider value={words}>{children}</Context.Provider>;
}

/** The words of the language in use. */
export function useWords(): Words {
  return useContext(Context);
}
