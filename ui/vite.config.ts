import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vitest/config';

/** Where `countersign serve` listens while the window's pages are being built in a browser. */
const SERVE = process.env.COUNTERSIGN_SERVE ?? 'http://127.0.0.1:7410';

/**
 * The real window freezes `Object.prototype`, and then `x.prototype.toString = …` is an error: what is inherited from a
 * frozen object cannot be shadowed by assignment. bpmn-js's XML reader does just that, once; here the property is made
 * first. A version that reads otherwise stops the build, so that this is not forgotten.
 */
function frozenPrototypes(): Plugin {
  const assignment = 'ElementHandler.prototype.toString = ';
  return {
    name: 'frozen-prototypes',
    transform(code, id) {
      if (!/moddle-xml\/dist\/index\.(esm\.)?js/.test(id)) return null;
      if (!code.includes(assignment)) this.error('moddle-xml no longer assigns `toString`; take this plugin away');
      return code.replace(assignment, `Object.defineProperty(ElementHandler.prototype, 'toString', { writable: true });\n${assignment}`);
    },
  };
}

export default defineConfig({
  plugins: [react(), frozenPrototypes()],
  // The words are shared with Rust and lie outside this folder; the icon is drawn once for everybody.
  server: { fs: { allow: ['..'] }, proxy: { '/api': SERVE } },
  build: {
    target: ['es2022', 'safari16'],
    // A strict content security policy knows no `data:` fonts: every asset is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_200,
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    css: false,
    testTimeout: 30_000,
  },
});
