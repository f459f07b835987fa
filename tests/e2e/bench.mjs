// Measures the real window: `bench.mjs WINDOW TERMINAL MODELS`, both programs as they are given to people. One JSON object on
// standard output; run it on a display and a bus of its own.
import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { until, Window } from './driver.mjs';
import { watched } from './twin/monitored.mjs';

const [WINDOW, TERMINAL, MODELS] = process.argv.slice(2);
const STARTS = 7;
const PAGE = 200;
const OPENINGS = 7;
const SORTS = ['name', 'algorithm', '-modified_at'];

const folder = await mkdtemp(path.join(tmpdir(), 'countersign-bench-'));
const environment = (home, workspace) => ({ ...process.env, COUNTERSIGN_HOME: home, COUNTERSIGN_WORKSPACE: workspace, COUNTERSIGN_MEMBER: 'ana' });
const env = environment(path.join(folder, 'home'), path.join(folder, 'workspace'));
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
  await served(env, async (post) => {
    for (const body of requests) await post(body);
  });
}

/** Serves a home while `work` posts requests to it. */
async function served(env, work) {
  const serve = spawn(TERMINAL, ['serve', '--port', '0', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await new Promise((tell) => serve.stdout.once('data', (bytes) => tell(String(bytes).split('\n'))));
  const { url } = JSON.parse(line);
  try {
    return await work(async (body) => {
      const answer = await fetch(`${url}api/call`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const text = await answer.text();
      if (!answer.ok) throw Object.assign(new Error(text), JSON.parse(text));
      return JSON.parse(text);
    });
  } finally {
    const gone = new Promise((end) => serve.once('exit', end));
    serve.kill('SIGINT');
    await gone;
  }
}

/** How long a report of 12 periods and 25 inputs takes from the click to its table and its two pictures, opened anew each time. */
async function reports() {
  const home = path.join(folder, 'watched');
  await mkdir(home);
  const watchedEnv = environment(home, path.join(home, 'desk'));
  // The workspace is founded through its door: a program that is told of one that is not there yet does not begin.
  const { COUNTERSIGN_WORKSPACE: _, ...founding } = watchedEnv;
  const { report } = await served(founding, (post) =>
    watched({ home, call: (command, request = {}) => post(JSON.stringify({ command, request })) }, { quarters: 12, rows: 1500, extra: 16 }));
  const { window } = await opened(path.join(folder, 'report'), watchedEnv);
  try {
    await window.says('Inbox', 60_000);
    await new Promise((rested) => setTimeout(rested, 5000));
    const script = `const done = arguments[arguments.length - 1];
      const there = () => document.querySelector('main table') !== null && document.querySelectorAll('main figure svg[role=img]').length >= 2;
      (async () => {
        const took = [];
        for (let round = 0; round < arguments[1]; round += 1) {
          location.hash = '#/monitoring?tab=reports';
          while (there()) await new Promise((next) => setTimeout(next, 20));
          await new Promise((rested) => setTimeout(rested, 500));
          const begun = performance.now();
          location.hash = '#/reports/' + arguments[0];
          while (!there()) {
            if (performance.now() - begun > 20000) throw new Error('the report did not open');
            await new Promise((painted) => requestAnimationFrame(painted));
          }
          took.push(performance.now() - begun);
        }
        return took;
      })().then((took) => done({ took }), (thrown) => done({ failure: String(thrown.message) }));`;
    const { took, failure } = await window.runAsync(script, report, OPENINGS);
    if (failure) throw new Error(failure);
    return took;
  } finally {
    await window.close();
  }
}

const PACK = `import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as package:
    package.writestr('ModelProperties.json', json.dumps({'name': 'churn', 'algorithm': 'Gradient boosting', 'function': 'classification', 'targetVariable': 'churn'}))
    package.writestr('inputVar.json', json.dumps([{'name': 'tenure', 'role': 'INPUT', 'type': 'decimal', 'level': 'interval', 'length': 8}]))
    package.writestr('outputVar.json', json.dumps([{'name': 'P_churn1', 'role': 'OUTPUT', 'type': 'decimal', 'level': 'interval', 'length': 8}]))
    package.writestr('score.py', 'def score(tenure):\\n    return tenure / 72\\n')
`;

/** Opens the window by way of a script that notes the moment, and returns it with that moment. */
async function opened(out, of = env) {
  await mkdir(out);
  const begun = path.join(out, 'begun');
  const script = path.join(out, 'window.sh');
  await writeFile(script, `#!/bin/sh\ndate +%s%3N > '${begun}'\nexec '${WINDOW}' "$@"\n`);
  await chmod(script, 0o755);
  const window = await Window.open({ binary: script, args: ['--home', of.COUNTERSIGN_HOME], env: of, out });
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
  console.log(JSON.stringify({ starts, pages: await pages(), reports: await reports(), models: Number(MODELS) }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
