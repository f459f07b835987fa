import { MantineThemeProvider, useMantineColorScheme } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { RouterProvider, type RouterHistory } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';

import { useRead } from '../api/query';
import { LANGUAGES, WordsProvider, useWords, type Language } from '../words/words';
import { deskRouter } from './routes';

/** The whole window: this desk's language and colours around its pages. */
export function Desk({ history }: { history?: RouterHistory }) {
  const settings = useRead('settings.show', {});
  const { setColorScheme } = useMantineColorScheme();
  const wanted = settings.data?.theme;
  useEffect(() => {
    if (wanted) setColorScheme(wanted === 'light' || wanted === 'dark' ? wanted : 'auto');
  }, [wanted, setColorScheme]);

  const language = spoken(settings.data?.language ?? 'system', navigator.languages);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const router = useMemo(() => deskRouter(history), [history]);
  return (
    <WordsProvider language={language} region={navigator.languages.find((tag) => tag.split('-')[0] === language.split('-')[0]) ?? language}>
      <RouterProvider router={router} />
      <Toasts />
    </WordsProvider>
  );
}

/** Short messages in the corner, with a close button that says what it is. */
function Toasts() {
  const { t } = useWords();
  const components = { Notification: { defaultProps: { closeButtonProps: { 'aria-label': t('close') } } } };
  return (
    <MantineThemeProvider theme={{ components }}>
      <Notifications position="bottom-right" limit={4} zIndex={400} />
    </MantineThemeProvider>
  );
}

/** The language to speak: the one chosen, or the first of the system's that we know, or English. */
export function spoken(chosen: string, system: readonly string[]): Language {
  const known = Object.keys(LANGUAGES) as Language[];
  const of = (tag: string) => known.find((one) => one === tag) ?? known.find((one) => one.split('-')[0] === tag.split('-')[0]);
  if (chosen !== 'system') return of(chosen) ?? 'en';
  return system.map(of).find((one) => one !== undefined) ?? 'en';
}
