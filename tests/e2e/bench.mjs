// Measures the real window: `bench.mjs WINDOW TERMINAL MODELS`, both programs as they are given to people. One JSON object on
// standard output; run it on a display and a bus of its own.
import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { until, Window } from './driver.mjs';

const [WINDOW, TERMINAL, MODELS] = process.argv.slice(2);
const STARTS = 7;
const PAGE = 200;
const SORTS = ['name', 'algorithm', '-modified_at'];

const folder = await mkdtemp(path.join(tmpdir(), 'countersign-bench-'));
const home = path.join(folder, 'home');
const env = { ...process.env, COUNTERSIGN_HOME: home, COUNTERSIGN_WORKSPACE: path.join(folder, 'workspace'), COUNTERSIGN_MEMBER: 'ana' };
const terminal = (...words) => execFileSync(TERMINAL, [...words, '--json'], { env, encoding: 'utf8', maxBuffer: 1 << 28 });

/** Registers the models through the program's own door, one process for all of them. */
async function models() {
  terminal('workspace', 'init', env.COUNTERSIGN_WORKSPACE, '--name', 'Bench', '--member', 'ana');
  terminal('project', 'create', 'Churn');
  const zip = path.join(folder, 'package.zip');
  execFileSync('python3', ['-c', PACK, zip]);
  const requests = Array.from({ length: Number(MODELS) }, (_, n) => JSON.stringify({
    command: 'registry.import_package',
    request: { path: zip, project: 'Churn', name: `model_${String((n * 7919) % Number(MODELS)).padStart(6, '0')}`, waivers: [] },
  }));
  const serve = spawn(TERMINAL, ['serve', '--port', '0', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await new Promise((tell) => serve.stdout.once('data', (bytes) => tell(String(bytes).split('\n'))));
  const { url } = JSON.parse(line);
  for (const body of requests) {
    const answer = await fetch(`${url}api/call`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    if (!answer.ok) throw new Error(await answer.text());
  }
  serve.kill('SIGINT');
  await new Promise((gone) => serve.once('exit', gone));
}

const PACK = `import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as package:
    package.writestr('ModelProperties.json', json.dumps({'name': 'churn', 'algorithm': 'Gradient boosting', 'function': 'classification', 'targetVariable': 'churn'}))
    package.writestr('inputVar.json', json.dumps([{'name': 'tenure', 'role': 'INPUT', 'type': 'decimal', 'level': 'interval', 'length': 8}]))
    package.writestr('outputVar.json', json.dumps([{'name': 'P_churn1', 'role': 'OUTPUT', 'type': 'decimal', 'level': 'interval', 'length': 8}]))
    package.writestr('score.py', 'def score(tenure):\\n    return tenure / 72\\n')
`;

/** Opens the window by way of a script that notes the moment, and returns it with that moment. */
async function opened(out) {
  await mkdir(out);
  const begun = path.join(out, 'begun');
  const script = path.join(out, 'window.sh');
  await writeFile(script, `#!/bin/sh\ndate +%s%3N > '${begun}'\nexec '${WINDOW}' "$@"\n`);
  await chmod(script, 0o755);
  const window = await Window.open({ binary: script, args: ['--home', home], env, out });
  return { window, begun: Number(await readFile(begun, 'utf8')) };
}

/** When the window painted something first: after its process began, and after its page did. */
async function paint(n) {
  const { window, begun } = await opened(path.join(folder, `start-${n}`));
  try {
    return await until('the first paint', async () => window.run(`
      const [first] = performance.getEntriesByName('first-contentful-paint');
      return first ? { process: performance.timeOrigin + first.startTime - arguments[0], page: first.startTime } : null;`, begun));
  } finally {
    await window.close();
  }
}

/** How long the window waits for each page of the list, walked from its beginning to its end in each order. */
async function pages() {
  const { window } = await opened(path.join(folder, 'list'));
  try {
    await window.says('Inbox', 60_000);
    // What the window still does to open is told by its first paint; a list is asked for in one that is open.
    await new Promise((rested) => setTimeout(rested, 5000));
    const script = `const done = arguments[arguments.length - 1];
      (async () => {
        const took = [];
        for (const sort of arguments[0]) {
          let after, rows = 0, total = 0;
          do {
            const begun = performance.now();
            const page = await window.__TAURI_INTERNALS__.invoke('call', { command: 'registry.list_models', request: { page: { limit: arguments[1], sort, ...(after ? { after } : {}) } } });
            took.push(performance.now() - begun);
            rows += page.rows.length;
            total = page.total;
            after = page.next;
          } while (after);
          if (rows !== total) throw new Error(rows + ' of ' + total + ' rows by ' + sort);
        }
        return took;
      })().then((took) => done({ took }), (thrown) => done({ failure: String(thrown.message ?? JSON.stringify(thrown)) }));`;
    const { took, failure } = await window.runAsync(script, SORTS, PAGE);
    if (failure) throw new Error(failure);
    return took;
  } finally {
    await window.close();
  }
}

try {
  await models();
  const starts = [];
  for (let n = 0; n < STARTS; n += 1) starts.push(await paint(n));
  console.log(JSON.stringify({ starts, pages: await pages(), models: Number(MODELS) }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
