import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './style/fonts.css';
import './style/tokens.css';
import './style/base.css';

import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { queryClient } from './api/query';
import { Desk } from './shell/desk';
import { theme } from './style/theme';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient()}>
        <MantineProvider theme={theme} defaultColorScheme="auto">
          <Desk />
        </MantineProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
