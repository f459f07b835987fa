import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Where `countersign serve` listens while the window's pages are being built in a browser. */
const SERVE = process.env.COUNTERSIGN_SERVE ?? 'http://127.0.0.1:7410';

export default defineConfig({
  plugins: [react()],
  // The words are shared with Rust and lie outside this folder; the icon is drawn once for everybody.
  server: { fs: { allow: ['..'] }, proxy: { '/api': SERVE } },
  build: {
    target: ['es2022', 'safari16'],
    // A strict content security policy knows no `data:` fonts: every asset is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    css: false,
  },
});
