// Starting the window where it cannot open: it says so, and what to do instead, and leaves the desk alone.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

const BINARY = path.join(process.env.COUNTERSIGN_PROGRAMS, 'countersign-window');
/** A window that opened after all would never end by itself. */
const END_MS = 60_000;

let folder;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'countersign-start-'));
});
after(async () => {
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** Starts the window with these variables on top of ours (`undefined` takes one away). */
function started(change) {
  const home = path.join(folder, 'home');
  const env = { ...process.env, ...change };
  for (const name of Object.keys(env)) if (env[name] === undefined) delete env[name];
  const done = spawnSync(BINARY, ['--home', home, '--demonstration'], { env, encoding: 'utf8', timeout: END_MS });
  assert.equal(done.error, undefined, `${done.error}: ${done.stderr}`);
  assert.ok(!existsSync(home), 'the desk was not touched');
  return done;
}

test('without a display it names what is missing and three ways on', () => {
  const done = started({ DISPLAY: undefined, WAYLAND_DISPLAY: undefined });
  assert.equal(done.status, 1, done.stderr);
  assert.match(done.stderr, /neither `DISPLAY` nor `WAYLAND_DISPLAY` is set/);
  assert.match(done.stderr, /countersign --help.*countersign serve.*xvfb-run/s);
});

test('with a display that does not answer it says so, and does not crash', () => {
  const done = started({ DISPLAY: ':4711', WAYLAND_DISPLAY: undefined });
  assert.equal(done.status, 1, done.stderr);
  assert.match(done.stderr, /The display `:4711` does not answer/);
  assert.doesNotMatch(done.stderr, /panicked/);
});
