// One browser for the twin's tests: Debian's Chromium, quiet and without a network of its own.
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider',
  '--font-render-hinting=none',
];

/** Opens the browser named by CHROMIUM, or Debian's. */
export function browser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: FLAGS });
}

/** A page of a usual laptop's size. `offHost` collects every request that would leave this machine. */
export async function page(of, { scheme = 'light', width = 1440, height = 900, reduced = true } = {}) {
  const context = await of.newContext({ viewport: { width, height }, colorScheme: scheme, reducedMotion: reduced ? 'reduce' : 'no-preference', locale: 'en-GB' });
  const made = await context.newPage();
  const complaints = [];
  const offHost = [];
  made.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(`${message.text()} ${message.location().url}`));
  made.on('pageerror', (error) => complaints.push(String(error)));
  made.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') offHost.push(request.url());
  });
  return { page: made, complaints, offHost, close: () => context.close() };
}
