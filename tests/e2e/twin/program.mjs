// The real program behind the pages: `countersign serve` over a home folder of its own.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const binary = process.env.COUNTERSIGN_BINARY ?? join(root, 'target/debug/countersign');

/** Starts it on a free port; returns its address, a way to call commands, and how to stop it. */
export async function program() {
  if (!existsSync(binary)) throw new Error(`there is no program at ${binary}: build it with \`cargo build -p cli\`, or name it in COUNTERSIGN_BINARY`);
  const home = mkdtempSync(join(tmpdir(), 'countersign-twin-'));
  // No bus, no keychain: a test must not touch that of whoever runs it.
  const env = { ...process.env, COUNTERSIGN_HOME: home, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
  const child = spawn(binary, ['--home', home, 'serve', '--port', '0', '--dist', join(root, 'ui/dist'), '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const children = [child];
  let said = '';
  child.stderr.on('data', (piece) => (said += piece));
  const url = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${said}`)));
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line).url));
  });
  return {
    url,
    home,
    async call(command, request = {}) {
      const answer = await fetch(`${url}api/call`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ command, request }) });
      const body = await answer.json();
      if (!answer.ok) throw Object.assign(new Error(`${command}: ${body.message}`), body);
      return body;
    },
    /** Starts an agent for a workspace of this home: it carries out what processes ask for, as the window does by itself. */
    agent(workspace, member) {
      const agent = spawn(binary, ['--home', home, '--workspace', workspace, '--as', member, 'agent'], { env, stdio: 'ignore' });
      children.push(agent);
      /** Ends it. */
      return async () => {
        const gone = new Promise((resolve) => agent.once('exit', resolve));
        agent.kill('SIGINT');
        await gone;
      };
    },
    async stop() {
      for (const one of children.toReversed()) {
        if (one.exitCode !== null || one.signalCode !== null) continue;
        const gone = new Promise((resolve) => one.once('exit', resolve));
        one.kill('SIGINT');
        await gone;
      }
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
