import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';

import { replaceHost } from '../api/call';
import { queryClient } from '../api/query';
import { Desk } from '../shell/desk';
import { theme } from '../style/theme';
import { WordsProvider, type Language } from '../words/words';
import { fakeDesk, type FakeDesk } from './desk';

/** Opens the whole window at a page, over a made-up desk. */
export function openWindow(path: string, desk: FakeDesk = fakeDesk()) {
  replaceHost(desk);
  const history = createMemoryHistory({ initialEntries: [path] });
  const client = queryClient();
  const shown = render(
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} env="test">
        <Desk history={history} />
      </MantineProvider>
    </QueryClientProvider>,
  );
  return { ...shown, desk, history, user: userEvent.setup() };
}

/** Shows one part alone. */
export function showPart(part: ReactNode, language: Language = 'en') {
  const shown = render(
    <MantineProvider theme={theme} env="test">
      <WordsProvider language={language}>{part}</WordsProvider>
    </MantineProvider>,
  );
  return { ...shown, user: userEvent.setup() };
}
