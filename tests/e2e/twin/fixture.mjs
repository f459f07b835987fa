// A stand-in for `countersign serve` to look at pages with: the built window, answered by the made-up desk of its tests.
// Used by the author and by tests of states that are hard to reach; the twin's own tests drive the real program.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ui = join(dirname(fileURLToPath(import.meta.url)), '../../../ui');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };

/** Starts it on a free port; returns its address and how to stop it. */
export async function fixture({ port = 0, settings = {} } = {}) {
  const vite = await import(pathToFileURL(createRequire(join(ui, 'package.json')).resolve('vite')).href);
  const loader = await vite.createServer({ root: ui, configFile: false, logLevel: 'error', server: { middlewareMode: true, hmr: false, ws: false }, appType: 'custom', optimizeDeps: { noDiscovery: true } });
  const { fakeDesk } = await loader.ssrLoadModule('/src/testing/desk.ts');
  await loader.close();
  const desk = fakeDesk();
  const first = await desk.call('settings.show', {});
  let now = { ...first, ...settings };
  desk.answer('settings.show', () => now);
  desk.answer('settings.change', (request) => (now = request));
  const server = createServer(async (request, response) => {
    response.setHeader('content-security-policy', "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'");
    const path = normalize(new URL(request.url ?? '/', 'http://x').pathname);
    if (path === '/api/changed') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': open\n\n');
      const stop = desk.onChanged((changed) => response.write(`data: ${JSON.stringify(changed)}\n\n`));
      request.on('close', stop);
      return;
    }
    if (path === '/api/call') {
      let body = '';
      for await (const piece of request) body += piece;
      const asked = JSON.parse(body);
      try {
        const answer = await desk.call(asked.command, asked.request);
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      } catch (failure) {
        response.writeHead(422, { 'content-type': 'application/json' }).end(JSON.stringify({ code: failure.code, message: failure.message, hint: failure.hint, causes: failure.causes }));
      }
      return;
    }
    const file = join(ui, 'dist', path === '/' ? 'index.html' : path);
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, desk, stop: () => server.close() };
}
