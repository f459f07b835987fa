// The desktop around the window: a real notification daemon on the session's bus.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

import { start, until } from './driver.mjs';

const run = promisify(execFile);

/** Starts dunst and waits until the bus knows it. */
export async function notifications(out) {
  const dunst = start('dunst', ['-conf', path.join(import.meta.dirname, 'dunstrc')], { log: path.join(out, 'dunst.log') });
  const question = ['--session', '--print-reply=literal', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus',
    'org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.Notifications'];
  await until('the notification daemon', async () => (await run('dbus-send', question)).stdout.includes('true'));
  return {
    /** How many stand on the screen. */
    async shown() {
      return Number((await run('dunstctl', ['count', 'displayed'])).stdout.trim());
    },
    /** Clicks the one on top. */
    async click() {
      await run('dunstctl', ['action', '0']);
    },
    /** Closes the one on top. */
    async close() {
      await run('dunstctl', ['close']);
    },
    /** Closes them all; only then are they history. */
    async closeAll() {
      await run('dunstctl', ['close-all']);
    },
    /** Those that were closed, latest first: title and text. */
    async history() {
      const { data } = JSON.parse((await run('dunstctl', ['history'])).stdout);
      return data[0].map((one) => ({ title: one.summary.data, text: one.body.data, program: one.appname.data }));
    },
    /** The whole screen as a person sees it, notifications included. */
    async picture(name) {
      await run('import', ['-window', 'root', path.join(out, `${name}.png`)]);
    },
    stop: () => dunst.stop(),
  };
}
