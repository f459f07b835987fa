// A real workspace with a watched champion: two packages of the demonstration's model, quarters whose truth is known, a
// monitor and its report. Run by itself, it renews what the made-up desk answers: node monitored.mjs
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { program } from './program.mjs';
import { writeQuarters } from './quarters.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const ANSWERS = join(root, 'ui/src/testing/monitoring.json');
/** Identifiers of the made-up desk. */
const MADE_UP = { version: '01JD4Y6VERSION000000000000', project: '01JD4Y6PROJECT000000000000', monitor: '01JD4Y6M0N1T0R000000000000', report: '01JD4Y6REP0RT0000000000000' };

/** Founds a workspace in the program's home, imports the model, writes the quarters, and watches them. */
export async function watched(served, { quarters = 8, rows = 4000, extra = 0 } = {}) {
  const place = join(served.home, 'desk');
  await served.call('workspace.create', { url: place, name: 'Retail analytics', member: 'ana', display_name: 'Ana Prado' });
  const { id: project } = await served.call('registry.create_project', { name: 'Churn', description: 'Who leaves within a quarter', function: 'classification' });
  const version = [];
  for (const name of ['churn_gbt', 'churn_logistic']) {
    const path = join(served.home, `${name}.zip`);
    pack(name, path);
    const made = await served.call('registry.import_package', { path, project, name, waivers: [] });
    version.push(made.version);
  }
  await served.call('registry.set_champion', { version: version[0] });
  await served.call('registry.set_challenger', { version: version[1] });
  const folder = join(served.home, 'scored');
  writeQuarters(folder, { quarters, rows, extra });
  const data = { folder, pattern: 'CHURN_*' };
  const preview = await served.call('monitoring.preview', { version: version[0], data });
  const terms = { ...preview.terms, cadence: 'P3M', groups: ['contract'], thresholds: { gini: 0.25 }, ...(extra > 0 ? { inputs: preview.columns.filter((column) => ['input', 'other'].includes(column.part)).map((column) => column.name) } : {}) };
  const { id: monitor } = await served.call('monitoring.define', { version: version[0], name: 'Churn by quarter', terms });
  const report = await computed(served, monitor);
  return { project, version, monitor, report: report.id, preview, terms };
}

/** The monitor's report; the program's own agent may have begun it already. */
export async function computed(served, monitor, patience = 60_000) {
  for (const end = Date.now() + patience; ; ) {
    try {
      return await served.call('monitoring.compute', { monitor });
    } catch (thrown) {
      if (thrown.code !== 'conflict' || Date.now() > end) throw thrown;
      await new Promise((go) => setTimeout(go, 50));
    }
  }
}

/** Packs the demonstration's model into a zip. */
function pack(name, path) {
  const demo = join(root, 'demo');
  const files = [...['ModelProperties.json', 'score.py', 'train.py'].map((file) => join(demo, name, file)), ...['inputVar.json', 'outputVar.json'].map((file) => join(demo, 'churn_gbt', file))];
  execFileSync('python3', ['-m', 'zipfile', '-c', path, ...files]);
}

/** Asks the real program what the pages ask, and keeps its answers under made-up names. */
async function renew() {
  const served = await program();
  try {
    const made = await watched(served);
    const answers = {};
    const ask = async (command, request) => {
      answers[command] = await served.call(command, request);
    };
    await ask('monitoring.list', { page: {} });
    await ask('monitoring.show', { monitor: made.monitor });
    await ask('monitoring.portfolio', {});
    await ask('monitoring.alerts', { state: 'all', page: {} });
    await ask('monitoring.reports', { page: {} });
    await ask('monitoring.reading', { report: made.report, language: 'en' });
    await ask('monitoring.dry_run', { monitor: made.monitor, rules: made.terms.rules });
    answers['monitoring.preview'] = made.preview;
    const figures = {};
    for (const kind of ['trend', 'heatmap', 'psi', 'roc', 'distribution']) {
      const more = kind === 'distribution' ? { variable: 'monthly_charges' } : {};
      figures[kind] = await served.call('monitoring.figure', { report: made.report, kind, width: 620, height: 300, language: 'en', ...more });
    }
    answers['monitoring.figure'] = figures;
    let text = JSON.stringify(answers);
    for (const [real, name] of [[made.version[0], MADE_UP.version], [made.version[1], '01JD4Y6VERSION000000000001'], [made.project, MADE_UP.project], [made.monitor, MADE_UP.monitor], [made.report, MADE_UP.report], [served.home, '/srv']]) text = text.replaceAll(real, name);
    writeFileSync(ANSWERS, `${JSON.stringify(JSON.parse(text), null, 1)}\n`);
  } finally {
    await served.stop();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await renew();
