import type { DefinitionRow } from '../api/bindings/DefinitionRow';
import type { DesignElement } from '../api/bindings/DesignElement';
import type { DesignPage } from '../api/bindings/DesignPage';
import type { DiagnosticRow } from '../api/bindings/DiagnosticRow';
import type { EntryRow } from '../api/bindings/EntryRow';
import type { Figure } from '../api/bindings/Figure';
import type { FileRow } from '../api/bindings/FileRow';
import type { InstanceRow } from '../api/bindings/InstanceRow';
import type { MemberRow } from '../api/bindings/MemberRow';
import type { ModelRow } from '../api/bindings/ModelRow';
import type { NoticeRow } from '../api/bindings/NoticeRow';
import type { ProjectRow } from '../api/bindings/ProjectRow';
import type { RehearsalState } from '../api/bindings/RehearsalState';
import type { RunRow } from '../api/bindings/RunRow';
import type { Settings } from '../api/bindings/Settings';
import type { TaskRow } from '../api/bindings/TaskRow';
import type { VersionPage } from '../api/bindings/VersionPage';
import type { WorkspaceStatus } from '../api/bindings/WorkspaceStatus';
import type { Answer, Command, Request } from '../api/call';
import { CallFailure } from '../api/failure';
import type { Changed, Drop, Host } from '../api/host';
import { monitoring } from './monitoring';
import { PROCESS } from './process';
import { runsAnswers } from './runs';

/** A made-up desk for tests of the pages: it answers every command, and remembers what was asked of it. */
export interface FakeDesk extends Host {
  asked: { command: Command; request: unknown }[];
  /** Answers this command so from now on; a function may throw a failure. */
  answer<C extends Command>(command: C, answer: (request: Request<C>) => Answer<C>): void;
  /** Tells the window that something changed. */
  change(changed: Changed): void;
  drop(drop: Drop): void;
}

type Answers = { [C in Command]?: (request: Request<C>) => Answer<C> };

export const DIGEST = `sha256:${'4f1c9a02'.repeat(8)}`;
export const OTHER = `sha256:${'b07d55e1'.repeat(8)}`;
const NOW = Date.now();
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

export const PROJECT = '01JD4Y6PROJECT000000000000';
export const VERSION = '01JD4Y6VERSION000000000000';
export const INSTANCE = '01JD4Y6INSTANCE00000000000';
export const TASK = `${INSTANCE}/1`;
export const RUN = '01JD4Y6RVN0000000000000000';
export const DEFINITION = '01JD4Y6DEF0000000000000000';

const member: MemberRow = {
  name: 'vera',
  display_name: 'Vera Lima',
  roles: ['validator'],
  email: 'vera@example.org',
  keys: [{ key: 'ed25519:9c41e07b9c41e07b9c41e07b9c41e07b9c41e07b9c41e07b9c41e07b9c41e07b', fingerprint: '9c41e07b', device: 'desk-2', enrolled_at: 3, enrolled_by: 'ada', valid_from: 3, revoked_at: null }],
  here: true,
};

export const status: WorkspaceStatus = {
  workspace: {
    id: DIGEST,
    name: 'Retail analytics',
    url: 'file:///srv/workspaces/retail',
    head: 41,
    member,
    members_here: ['ana', 'ivo', 'vera'],
    alone: false,
    demonstration: {
      playing: false,
      in_sandbox: false,
      place_open: true,
      steps: [
        { name: 'found', title: 'Found the workspace and enrol its people', state: 'done', detail: '5 members, each with a key of their own', link: '/people' },
        { name: 'register', title: 'Register the churn package', state: 'done', detail: '11 files, digest `sha256:4f1c9a02…`', link: `/versions/${VERSION}` },
        { name: 'start', title: 'Start “ModelOps for GCP” from the project', state: 'done', detail: '', link: `/instances/${INSTANCE}` },
        { name: 'refuse', title: 'The modeler tries to approve, and is refused', state: 'done', detail: '`ana` registered this version; a second person must approve it', link: null },
        { name: 'approve', title: 'The validator signs', state: 'next', detail: '', link: `/tasks/${TASK}` },
        { name: 'migrate', title: 'The exact files go to the bucket IT names', state: 'later', detail: '', link: null },
        { name: 'train', title: 'Training runs on local Spark, outputs are verified', state: 'later', detail: '', link: null },
      ],
    },
    pending: 0,
    keys_in: 'file',
    warnings: ['No keychain answers on this desk; keys lie in `~/.countersign/keys`, readable by you only.'],
  },
  recent: [{ name: 'Retail analytics', url: 'file:///srv/workspaces/retail', opened_at: ago(4000) }],
  home: '/home/vera/.countersign',
  version: '0.1.0',
};

const settings: Settings = { theme: 'system', language: 'en', desktop_notices: true, buckets: '/srv/buckets', mail: { host: '', port: 465, security: 'tls', user: '', from: '', whom: 'here', password_kept: false } };

const ref = { version: VERSION, model: '01JD4Y6MODEL00000000000000', model_name: 'churn_gbt', number: '1.0' };

/** A model of a long list; `n` makes it its own. */
export function model(n: number): ModelRow {
  const name = n === 0 ? 'churn_gbt' : `${['churn', 'fraud', 'credit', 'uplift', 'demand'][n % 5]}_${['gbt', 'forest', 'logit', 'net'][n % 4]}_${n}`;
  return {
    id: `01JD4Y6MODEL${String(n).padStart(14, '0')}`,
    name,
    project: PROJECT,
    project_name: n === 0 ? 'Customer churn' : `Project ${n % 40}`,
    role: n === 0 ? 'champion' : n % 9 === 1 ? 'challenger' : 'plain',
    latest: { ...ref, version: n === 0 ? VERSION : `01JD4Y6VERSION${String(n).padStart(12, '0')}`, model_name: name, number: `${1 + (n % 3)}.${n % 2}` },
    algorithm: ['Gradient boosting', 'Random forest', 'Logistic regression'][n % 3] ?? null,
    tool: n % 2 ? 'scikit-learn' : 'Spark MLlib',
    modified_by: 'ana',
    modified_at: ago(90 + n * 3),
  };
}

function project(n: number): ProjectRow {
  return {
    id: n === 0 ? PROJECT : `01JD4Y6PROJECT${String(n).padStart(12, '0')}`,
    name: n === 0 ? 'Customer churn' : `Project ${n}`,
    description: 'Who leaves in the next quarter, early enough to call them.',
    function: 'classification',
    models: n === 0 ? 3 : n,
    champion: n % 3 === 0 ? ref : null,
    challengers: n === 0 ? [{ ...ref, version: '01JD4Y6VERSION000000000001', model_name: 'churn_forest', number: '2.1' }] : [],
    instances_running: n === 0 ? 1 : 0,
    created_at: ago(6000 + n * 60),
    created_by: 'ana',
  };
}

const file = (path: string, role: string | null, size: number): FileRow => ({ path, role, size, sha256: OTHER });
const files = [
  file('ModelProperties.json', 'properties', 1204),
  file('demo-config.yml', null, 1873),
  file('dmcas_fitstat.json', null, 4102),
  file('dmcas_lift.json', null, 18_422),
  file('dmcas_roc.json', null, 61_030),
  file('gbt_pipeline.zip', null, 14_233),
  file('inputVar.json', 'inputVariables', 3_340),
  file('outputVar.json', 'outputVariables', 820),
  file('requirement.txt', null, 42),
  file('score.py', 'score', 2_911),
  file('train.py', 'train', 4_215),
];

const TEXT: Record<string, string> = {
  'score.py': `"""Scores customers with the fitted pipeline."""\nimport argparse\n\nimport yaml\nfrom pyspark.ml import PipelineModel\nfrom pyspark.sql import SparkSession\n\n\ndef main(configfile: str) -> None:\n    # Every path comes from the configuration: the same code runs on a desk and on a cluster.\n    with open(configfile) as handle:\n        config = yaml.safe_load(handle)\n    spark = SparkSession.builder.appName("churn score").getOrCreate()\n    data = spark.read.option("header", True).csv(config["data"]["datatoscore_path"])\n    scored = PipelineModel.load(config["output"]["pipeline_path"]).transform(data)\n    scored.write.mode("overwrite").parquet(config["output"]["datascored_path"])\n\n\nif __name__ == "__main__":\n    parser = argparse.ArgumentParser()\n    parser.add_argument("--configfile", required=True)\n    main(parser.parse_args().configfile)\n`,
};

export const version: VersionPage = {
  version: VERSION,
  number: '1.0',
  model: model(0),
  digest: DIGEST,
  role: 'champion',
  registered_by: 'ana',
  registered_at: ago(95),
  position: 17,
  files,
  variables: [
    { name: 'tenure_months', direction: 'input', data_type: 'decimal', level: 'interval', length: 8, description: 'Months since the contract began' },
    { name: 'plan', direction: 'input', data_type: 'string', level: 'nominal', length: 12, description: null },
    { name: 'calls_to_support', direction: 'input', data_type: 'decimal', level: 'interval', length: 8, description: 'In the last 90 days' },
    { name: 'churned', direction: 'target', data_type: 'decimal', level: 'binary', length: 8, description: null },
    { name: 'P_churned1', direction: 'output', data_type: 'decimal', level: 'interval', length: 8, description: 'Probability that the customer leaves' },
  ],
  properties: [
    { name: 'algorithm', value: 'Gradient boosting' },
    { name: 'tool', value: 'Spark MLlib' },
    { name: 'modeler', value: 'ana' },
    { name: 'targetVariable', value: 'churned' },
    { name: 'targetEvent', value: '1' },
    { name: 'trainTable', value: 'churn_2026q3' },
    { name: 'intended use', value: 'Call lists of the retention team, quarterly; not for pricing.' },
  ],
  fit_statistics: {
    partitions: ['TRAIN', 'TEST', 'VALIDATE'],
    rows: [
      { name: '_GINI_', label: 'Gini coefficient', values: [0.7042, 0.6944, null], inconsistent: null },
      { name: '_C_', label: 'Area under ROC', values: [0.8521, 0.8472, null], inconsistent: null },
      { name: '_KS_', label: 'KS (Youden)', values: [0.5034, 0.4995, null], inconsistent: 'the ROC points give `0.4871` on TEST' },
      { name: '_MCE_', label: 'Misclassification rate', values: [0.1712, 0.1748, null], inconsistent: null },
      { name: '_NObs_', label: 'Observations', values: [33123, 3692, null], inconsistent: null },
    ],
    curves: ['inconsistent statistic: `ROC` of TEST finds fewer events (0.5) at a false positive rate of 0.4 than at a lower one (0.7)'],
    contradictions: 2,
  },
  has_roc: true,
  has_lift: true,
  importance: [
    { variable: 'tenure_months', importance: 0.412 },
    { variable: 'calls_to_support', importance: 0.228 },
  ],
  warnings: ['`requirement.txt` does not name `PyYAML`, which `score.py` imports.'],
  findings: [
    { id: 'f1', kind: 'secret', severity: 'blocking', file: 'demo-config.yml', line: 14, message: 'the value of `password` looks like a credential: `hu****2`', waived: 'test account of the sandbox, by ana' },
    { id: 'f2', kind: 'pipeline', severity: 'note', file: 'gbt_pipeline.zip', line: null, message: 'an unfitted Spark pipeline of 6 stages', waived: null },
  ],
  versions: [
    { version: VERSION, number: '1.0', digest: DIGEST, role: 'champion', registered_by: 'ana', registered_at: ago(95) },
    { version: '01JD4Y6VERSION000000000009', number: '0.9', digest: OTHER, role: 'plain', registered_by: 'ana', registered_at: ago(9500) },
  ],
  approvals: [{ decision: 'approved', member: 'vera', at: ago(8000), gate: 'migrate', digest: OTHER, current: false, decides: true, waiting: null, note: 'Good on the holdout.', instance: INSTANCE, position: 12 }],
  migrations: [{ run: RUN, bucket: 'churn-prod', manifest: OTHER, at: ago(30) }],
};

export const task: TaskRow = {
  id: TASK,
  name: '[Validator] Approve model champion',
  element: 'approve',
  instance: INSTANCE,
  definition: 'ModelOps for GCP',
  project: PROJECT,
  project_name: 'Customer churn',
  version: { version: VERSION, label: 'churn_gbt 1.0', digest: DIGEST },
  assignee: null,
  candidates: ['Validator'],
  may_claim: true,
  may_not_because: null,
  due: ago(-1500),
  late: false,
  snoozed_until: null,
  created_at: ago(80),
  is_gate: true,
  signatures_needed: 1,
  signed_by: [],
  owner: null,
  may_administer: false,
  priority: null,
  form: null,
  reminded: 0,
  reminded_at: null,
  remind_at: ago(-1360),
  escalated_at: null,
  escalate_at: ago(-1500),
  escalate_to: null,
};

const tasks: TaskRow[] = [
  task,
  { ...task, id: `${INSTANCE}/2`, name: '[IT] Provide GCP bucket name', project_name: 'Fraud cards', version: { version: VERSION, label: 'fraud_forest 2.1', digest: OTHER }, assignee: 'vera', due: ago(300), late: true, is_gate: false, signatures_needed: 0 },
  { ...task, id: `${INSTANCE}/3`, name: 'Review performance report', project_name: 'Credit score', version: { version: VERSION, label: 'credit_logit 3.0', digest: OTHER }, due: null, may_claim: false, may_not_because: '`vera` registered this version; a second person must approve it.' },
];

const definition: DefinitionRow = {
  id: DEFINITION,
  name: 'ModelOps for GCP',
  version: 1,
  digest: OTHER,
  startable: true,
  bound: '8 of 8',
  errors: 0,
  warnings: 2,
  imported_by: 'ana',
  imported_at: ago(5000),
  disabled: null,
};

const diagnostics: DiagnosticRow[] = [
  { severity: 'warning', code: 'unread-answer', element: 'bucket', message: 'the answer `BucketName` of “[IT] Provide GCP bucket name” is never read by a later element' },
  { severity: 'warning', code: 'optional-decision', element: 'approve', message: '`ModelIsApproved` decides a gateway but may be left unanswered' },
];

const instance: InstanceRow = {
  id: INSTANCE,
  definition: 'ModelOps for GCP, version 1',
  definition_id: DEFINITION,
  project: PROJECT,
  project_name: 'Customer churn',
  version: task.version,
  state: 'running',
  waiting_for: ['[Validator] Approve model champion'],
  incidents: 1,
  started_by: 'ana',
  begun: null,
  started_at: ago(82),
  ended_at: null,
};

const run: RunRow = {
  id: RUN,
  kind: 'train',
  project: PROJECT,
  project_name: 'Customer churn',
  version_label: 'churn_gbt 1.0',
  version: VERSION,
  target: 'local-spark',
  state: 'running',
  reason: null,
  cleanup: 'required',
  closed: false,
  rehearsal: false,
  estimate: null,
  cost: null,
  requested_by: 'process ModelOps for GCP',
  requested_at: ago(4),
  ended_at: null,
  duration_s: 233,
};

const entries: EntryRow[] = Array.from({ length: 42 }, (_, n) => ({
  position: 41 - n,
  at: ago(n * 7),
  member: ['ana', 'vera', 'ivo'][n % 3] ?? 'ana',
  key: '9c41e07b',
  facts: [
    {
      id: `01JD4Y6FACT${String(n).padStart(15, '0')}`,
      kind: n % 2 ? 'version.registered' : 'task.claimed',
      subject: VERSION,
      text: n % 2 ? 'registered `churn_gbt` 1.0' : '`vera` claimed “[Validator] Approve model champion”',
      body: { version: VERSION, digest: DIGEST, files: [{ path: 'score.py', sha256: OTHER }] },
    },
  ],
  void: n === 9 ? 'the signature is not by a key enrolled at this position' : null,
  chain: DIGEST,
}));

const notices: NoticeRow[] = [
  { id: 'n1', title: 'Migration finished', body: '`churn_gbt` 1.0 is in bucket `churn-prod`, 11 files verified.', link: `/runs/${RUN}`, level: 'success', to: ['ivo'], at: ago(30), read: false, deliveries: [{ channel: 'desktop', result: 'delivered', at: ago(30) }] },
  { id: 'n2', title: 'Training failed', body: 'Exit status 1: `ValueError: no rows`. The log has the whole of it.', link: `/runs/${RUN}`, level: 'failure', to: ['ivo'], at: ago(240), read: true, deliveries: [{ channel: 'desktop', result: 'no notification service on this desk', at: ago(240) }] },
];

const nothing = {
  documentation: '', source: '', target: '', attached: '', assignee: '', groups: [], users: [], excluded: { groups: [], users: [], stand_ins: [] }, due: '', priority: '', form: '', prompts: [], condition: '', default: false, conditional: false,
  timer: null, interrupting: true, delegate: '', action: null, fields: [], tries: '', job: null, captures: [], listeners: [], repeatable: false, repeat: null, by_event: false,
  message: '', correlation_key: '', signal: '', error: '', error_variable: '', escalation: '', link: '', called: '', inherit: false, inputs: [], outputs: [], data: [],
} satisfies Partial<DesignElement>;

/** A working copy of the process of these tests. */
export const designPage: DesignPage = {
  design: { id: '01JD4Y6DESIGN0000000000000', name: 'ModelOps for GCP', base: DEFINITION, base_version: 1, revision: 3, changed_at: ago(2) },
  xml: PROCESS,
  elements: [
    { ...nothing, id: 'process', tag: 'process', kind: null, name: 'ModelOps for GCP', data: [{ id: 'd1', name: 'ModelIsApproved', type: 'boolean', value: '' }] },
    { ...nothing, id: 'start', tag: 'startEvent', kind: 'start', name: 'Start' },
    {
      ...nothing,
      id: 'approve',
      tag: 'userTask',
      kind: 'approve',
      name: task.name,
      groups: ['validator'],
      due: 'P3D',
      prompts: [{ variable: 'ModelIsApproved', question: 'Do you approve this model?', type: 'boolean', required: false, choices: [{ label: 'Yes', value: 'true' }, { label: 'No', value: 'false' }] }],
    },
  ],
  diagnostics,
  variables: ['ModelIsApproved'],
  undo: 'move',
  redo: null,
  published: definition,
};

const rehearsed: RehearsalState = {
  tasks: [{ id: 'approve', name: task.name, assignee: null, candidates: { users: [], groups: ['validator'], excluded: ['ana'] }, due: ago(-4320), variables: {}, prompts: [{ variable: 'ModelIsApproved', question: 'Do you approve this model?', type: 'boolean', required: true, choices: [] }] }],
  timers: [{ id: 'reminder', due: ago(-1440) }],
  waiting: [],
  incidents: [],
  effects: [{ kind: 'http', id: 'metadata', method: 'GET', url: '/modelRepository/projects?name=', body: null, status: 200 }],
  visited: ['start', 'metadata', 'approve'],
  variables: { ModelIsApproved: null },
  ended: false,
  outcome: null,
};

const LOG = Array.from({ length: 400 }, (_, n) =>
  n === 210
    ? '26/11/21 03:51:07 WARN TaskSetManager: Stage 12 contains a task of very large size (1043 KiB).'
    : n === 399
      ? '26/11/21 03:51:40 ERROR churn: 3 rows of the scored table have no probability'
      : `26/11/21 03:5${n % 10}:${String(n % 60).padStart(2, '0')} INFO DAGScheduler: Job ${n} finished: treeAggregate at Gbt.scala:${100 + n}, took 0.${n % 97} s`,
).join('\n');

/** A drawing of the kind crates/charts makes, for the size asked for. */
export function figure(kind: string, width: number, height: number): Figure {
  const [left, top, w, h] = [44, 16, width - 120, height - 52];
  const curve = (power: number) => Array.from({ length: 41 }, (_, n) => [n / 40, 1 - (1 - n / 40) ** power] as const);
  const at = ([x, y]: readonly [number, number]) => ({ x: left + x * w, y: top + (1 - y) * h });
  const path = (power: number) => curve(power).map((p) => `${at(p).x.toFixed(1)},${at(p).y.toFixed(1)}`).join(' ');
  const named = [
    ['Training', 4.1],
    ['Test', 3.4],
  ] as const;
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" role="img"><title>${kind}</title>${[0, 0.25, 0.5, 0.75, 1]
      .map((y) => `<line x1="${left}" x2="${left + w}" y1="${top + y * h}" y2="${top + y * h}" stroke="var(--chart-grid)"/><text x="${left - 8}" y="${top + y * h + 4}" font-size="11" text-anchor="end" fill="var(--chart-muted)">${1 - y}</text>`)
      .join('')}${named.map(([, power], n) => `<polyline points="${path(power)}" fill="none" stroke="var(--chart-series-${n + 1}, ${n ? '#b45309' : '#2a47b8'})" stroke-width="1.75"/>`).join('')}</svg>`,
    plot: [left, top, w, h],
    hits: named.flatMap(([series, power]) => curve(power).map((p) => ({ ...at(p), series, label: `sensitivity ${p[1].toFixed(3)} at ${p[0].toFixed(3)}` }))),
    table: { columns: ['1 - specificity', 'Training', 'Test'], rows: curve(4.1).map(([x, y], n) => [x.toFixed(3), y.toFixed(3), (curve(3.4)[n]?.[1] ?? 0).toFixed(3)]) },
  };
}

function page<R>(rows: R[], request: { page?: { after?: string; limit?: number; search?: string } }, name: (row: R) => string) {
  const search = (request.page?.search ?? '').toLowerCase();
  const found = rows.filter((row) => name(row).toLowerCase().includes(search));
  const from = Number(request.page?.after ?? 0);
  const to = from + (request.page?.limit ?? 200);
  return { rows: found.slice(from, to), total: found.length, next: to < found.length ? String(to) : null };
}

const done = (id = '01JD4Y6DONE000000000000000') => () => ({ position: 42, id });
/** What a search finds: the beginning of everything with a name. */
const named = [
  ...Array.from({ length: 6 }, (_, n) => ({ kind: 'model', title: `${model(n).name} ${model(n).latest.number}`, detail: model(n).project_name, link: `/versions/${VERSION}` })),
  ...tasks.map((one) => ({ kind: 'task', title: one.name, detail: one.project_name, link: `/tasks/${one.id}` })),
  { kind: 'variable', title: 'churned', detail: 'churn_gbt 1.0', link: `/versions/${VERSION}?tab=variables` },
  { kind: 'entry', title: '#17', detail: 'ana', link: '/ledger/17' },
];

const MODELS = Array.from({ length: 10_000 }, (_, n) => model(n));

function answers(): Answers {
  let now = settings;
  const definitionPage = () => ({
    definition,
    xml: PROCESS,
    diagnostics,
    calls: [
      { element: 'metadata', name: 'Get project metadata', call: 'GET /modelRepository/projects?name=${ProjectName}', action: 'find-project', inputs: [], connection: null, by_itself: true },
      { element: 'build', name: 'Build Model Contents', call: 'GET /SASJobExecution/?_program=${BuildImageJobPath}', action: 'build', inputs: [], connection: null, by_itself: true },
      { element: 'migrate', name: 'Migrate to GCP', call: 'GET /SASJobExecution/?_program=${MigrateJobPath}', action: 'migrate', inputs: [{ name: 'bucket', value: 'BucketName' }], connection: null, by_itself: true },
    ],
    parties: [
      { kind: 'group', name: 'CASHostAccountRequired', elements: ['approve'], excluded: false, told: false, role: 'validator', member: null },
      { kind: 'user', name: 'astana', elements: ['bucket'], excluded: true, told: false, role: null, member: 'ana' },
    ],
    tasks: [
      { element: 'approve', name: '[Validator] Approve model champion' },
      { element: 'bucket', name: '[IT] Name the bucket' },
    ],
    cycles: [],
    answers: [
      { element: 'approve', name: '[Validator] Approve model champion', variable: 'ModelIsApproved', question: 'Approve the model?' },
      { element: 'bucket', name: '[IT] Name the bucket', variable: 'BucketName', question: 'Which bucket?' },
    ],
    gates: [{ element: 'approve', name: '[Validator] Approve model champion', variable: 'ModelIsApproved', gate: 'migrate' }],
    reminders: [{ element: '*', after: 'P1D', escalate_after: 'P3D' }],
    prompts: [],
    processes: [],
    called: [],
    self_starts: [],
    versions: [definition],
    actions: ['find-project', 'build', 'migrate', 'train', 'score', 'notify', 'http'],
  });
  return {
    'workspace.status': () => status,
    'workspace.verify': () => ({ entries: 42, head: 41, blobs: 63, chain: DIGEST, problems: [], void: [], notes: [] }),
    'workspace.act_as': () => status,
    'workspace.refresh': () => status,
    'workspace.open': () => status,
    'workspace.create': () => status,
    'workspace.close': () => ({ ...status, workspace: null }),
    'demonstration.prepare': () => status,
    'demonstration.play': () => status.workspace?.demonstration ?? { steps: [], playing: false, in_sandbox: false, place_open: false },
    'people.list': () => ({
      members: [
        { ...member, name: 'ana', display_name: 'Ana Souza', roles: ['data-scientist'], keys: [{ key: 'ed25519:1f09aa311f09aa311f09aa311f09aa311f09aa311f09aa311f09aa311f09aa31', fingerprint: '1f09aa31', device: 'desk-1', enrolled_at: 2, enrolled_by: 'ada', valid_from: 2, revoked_at: 20 }] },
        { ...member, name: 'ivo', display_name: 'Ivo Prado', roles: ['it', 'dev-ops'], keys: [{ key: 'ed25519:ad41e09bad41e09bad41e09bad41e09bad41e09bad41e09bad41e09bad41e09b', fingerprint: 'ad41e09b', device: 'laptop', enrolled_at: 21, enrolled_by: 'ana', valid_from: null, revoked_at: null }, { key: 'ed25519:77d0b2c877d0b2c877d0b2c877d0b2c877d0b2c877d0b2c877d0b2c877d0b2c8', fingerprint: '77d0b2c8', device: 'desk-1', enrolled_at: 4, enrolled_by: 'ada', valid_from: 4, revoked_at: null }], here: false },
        member,
      ],
      roles: [
        { role: 'administrator', may: ['Add members, grant roles', 'Retry, skip and cancel'] },
        { role: 'data-scientist', may: ['Create projects', 'Register packages'] },
        { role: 'validator', may: ['Sign approvals'] },
        { role: 'it', may: ['Provide buckets'] },
        { role: 'dev-ops', may: ['Import definitions'] },
      ],
    }),
    'people.add_member': done(),
    'people.grant': done(),
    'people.revoke': done(),
    'people.revoke_key': done(),
    'people.enrol_key': done(),
    'people.create_key': ({ name }) => ({ name, key: `ed25519:${'5a0c9e11'.repeat(8)}`, fingerprint: '5a0c9e115a0c9e11', device: 'laptop', enrolled: false }),
    'workspace.invite': () => ({ link: `/srv/models#${DIGEST}`, id: DIGEST }),
    'registry.list_projects': (request) => page(Array.from({ length: 60 }, (_, n) => project(n)), request, (row) => row.name),
    'registry.create_project': done(PROJECT),
    'registry.show_project': () => ({ project: project(0), properties: [{ name: 'target_variable', value: 'churned' }], models: [model(0), model(1), model(2)] }),
    'registry.list_models': (request) => page(request.project ? MODELS.slice(0, 3) : MODELS, request, (row) => row.name),
    'registry.inspect_package': () => ({ digest: DIGEST, name: 'churn_gbt', files, variables: version.variables, properties: version.properties, warnings: version.warnings, findings: version.findings.map((finding) => ({ ...finding, waived: null })) }),
    'registry.import_package': () => ({ model: ref.model, version: VERSION, number: '2.0', digest: DIGEST, files, variables: [], warnings: [], position: 42 }),
    'registry.show_version': () => version,
    'registry.read_file': ({ path }) => {
      const found = files.find((one) => one.path === path);
      if (!found) throw new CallFailure('not-found', `there is no file \`${path}\` in this version`, 'Choose one of the list.', []);
      const text = path.endsWith('.zip') ? null : (TEXT[path] ?? '{\n  "name": "churn_gbt",\n  "level": 1.5\n}\n');
      return { file: found, text, truncated: false, language: path.endsWith('.py') ? 'python' : path.endsWith('.json') ? 'json' : 'text' };
    },
    'registry.figure': ({ kind, width, height }) => figure(kind, width, height),
    'registry.compare': () => ({
      versions: [ref, { ...ref, version: '01JD4Y6VERSION000000000001', model_name: 'churn_forest', number: '2.1' }],
      statistics: [
        { name: '_GINI_', label: 'Gini coefficient', partition: 'TEST', values: [0.6944, 0.7102], better: 'higher' },
        { name: '_MCE_', label: 'Misclassification rate', partition: 'TEST', values: [0.1748, 0.1804], better: 'lower' },
      ],
      variables: [{ name: 'plan', values: ['input nominal string', null], same: false }],
      properties: [{ name: 'algorithm', values: ['Gradient boosting', 'Random forest'], same: false }],
      files: [{ name: 'score.py', values: [OTHER, DIGEST], same: false }],
      diffs: [{ path: 'score.py', other: '01JD4Y6VERSION000000000001', diff: '@@ -9,3 +9,3 @@\n def main(configfile: str) -> None:\n-    depth = 5\n+    depth = 8\n' }],
    }),
    ...monitoring(done),
    'registry.set_champion': done(),
    'registry.set_challenger': done(),
    'registry.clear_place': done(),
    'workflow.templates': () => [{ name: 'ModelOps for GCP', description: 'Approve a champion, build its contents, migrate them to the bucket IT names.' }],
    'workflow.import_definition': definitionPage,
    'workflow.list_definitions': () => [definition, { ...definition, id: '01JD4Y6DEF0000000000000001', name: 'SAS_ModelLifeCycle_Docker', startable: false, bound: '11 of 19', errors: 1, warnings: 7 }],
    'workflow.show_definition': definitionPage,
    'workflow.bind': definitionPage,
    'workflow.start': done(INSTANCE),
    'workflow.list_instances': (request) => page([instance, { ...instance, id: '01JD4Y6INSTANCE00000000001', state: 'completed', incidents: 0, waiting_for: [], ended_at: ago(2000), started_at: ago(4000) }], request, (row) => row.definition),
    'workflow.show_instance': () => ({
      instance,
      diagrams: [{ definition: DEFINITION, name: 'ModelOps for GCP (version 1)', processes: ['approval'], xml: PROCESS }],
      tokens: [{ element: 'approve', process: 'approval', kind: 'task', badge: 'Validator', due: task.due }],
      elements: [
        { element: 'start', name: 'Start', process: 'approval', times: 1, spent_s: 0, last_at: ago(82), by: [] },
        { element: 'metadata', name: 'Get project metadata', process: 'approval', times: 1, spent_s: 2.4, last_at: ago(81), by: [] },
      ],
      tasks: [task],
      timers: [{ element: 'reminder', name: 'Remind the validators', due: ago(-600) }],
      waiting: [{ id: '9', element: 'told', name: 'Contract signed', kind: 'message', awaits: 'contract', correlation: 'C-7' }],
      scopes: [{ id: '4', element: 'build', name: 'Build', variables: [{ name: 'Tries', kind: 'Long', value: 2 }] }],
      effects: [{ element: 'build', name: 'Build Model Contents', action: 'build', key: `${INSTANCE}/build/1`, run: RUN }],
      incidents: [{ id: 'i1', element: 'migrate', name: 'Migrate to GCP', message: 'bucket `churn-prod` cannot be written: permission denied. Ask IT for `objectCreator`, then retry.', at: ago(12), again: { at: ago(-48), number: 1, of: 3 } }],
      variables: [
        { name: 'ProjectName', kind: 'String', value: 'Customer churn' },
        { name: 'ModelIsApproved', kind: 'Boolean', value: null },
      ],
      log: [
        { position: 41, at: ago(12), member: 'agent', text: '“Migrate to GCP” failed: permission denied' },
        { position: 22, at: ago(82), member: 'ana', text: 'started the process about `churn_gbt` 1.0' },
      ],
      comments: [{ at: ago(60), member: 'ana', text: '@vera the holdout is 2026-10, 48 112 rows.', mentions: ['vera'] }],
    }),
    'workflow.retry': done(),
    'workflow.deliver': done(),
    'workflow.export': () => ({}),
    'workflow.list_connections': () => [
      { name: 'models', base: 'https://models.example.com/api', methods: ['GET'], timeout_s: 30, answer_bytes_max: 65_536, reach: 'public', credential_header: 'authorization', credential_here: false, by: 'ada', at: ago(900) },
    ],
    'workflow.allow_connection': done(),
    'workflow.withdraw_connection': done(),
    'workflow.disable_definition': done(),
    'workflow.enable_definition': done(),
    'workflow.keep_credential': () => ({}),
    'workflow.skip': done(),
    'workflow.cancel': done(),
    'workflow.set_variables': done(),
    'workflow.turn': done(),
    'workflow.comment': done(),
    'workflow.snooze': () => ({}),
    'search.find': ({ text }) => ({ hits: named.filter((hit) => hit.title.toLowerCase().includes(text.toLowerCase())).slice(0, 12) }),
    'workflow.list_tasks': (request) => page(request.view === 'mine' ? tasks.slice(1, 2) : tasks, request, (row) => row.name),
    'workflow.show_task': () => ({
      task: { ...task, assignee: 'vera' },
      prompts: [
        {
          variable: 'ModelIsApproved',
          question: 'Do you approve model to be moved to GCP',
          type: 'boolean',
          required: true,
          choices: [
            { label: 'Yes', value: true },
            { label: 'No', value: false },
          ],
          value: null,
        },
      ],
      next: ['Yes: “Build Model Contents” collects the exact files, then IT is asked for the bucket.', 'No: `ana` is told, and the process ends.'],
      evidence: [
        { label: 'Package digest matches the registered version', state: 'ok', detail: '' },
        { label: 'Fit statistics for training and test', state: 'ok', detail: 'Gini 0.694 on test, 3,692 rows' },
        { label: 'Findings waived or gone', state: 'warning', detail: '1 accepted: `demo-config.yml:14`' },
        { label: 'Intended use is stated', state: 'missing', detail: 'add the property `intendedUse`' },
      ],
      digest: DIGEST,
      evidence_digests: [OTHER],
      definition: DEFINITION,
      version,
      draft: null,
      comments: [{ at: ago(60), member: 'ana', text: '@vera the holdout is 2026-10, 48 112 rows.', mentions: ['vera'] }],
      xml: PROCESS,
      tokens: [{ element: 'approve', process: 'approval', kind: 'task', badge: 'Vera Lima', due: task.due }],
    }),
    'workflow.claim': done(),
    'workflow.release': done(),
    'workflow.assign': done(),
    'workflow.complete': () => ({ ...done(TASK)(), signatures_left: 0 }),
    'workflow.give_back': done(TASK),
    'workflow.keep_draft': () => ({}),
    'workflow.list_designs': () => [designPage.design],
    'workflow.show_design': () => designPage,
    'workflow.begin_design': () => designPage,
    'workflow.edit_design': (request) => ({ ...designPage, xml: request.shown ? null : PROCESS, design: { ...designPage.design, revision: request.after + 1 } }),
    'workflow.undo_design': () => designPage,
    'workflow.redo_design': () => designPage,
    'workflow.rename_design': () => designPage,
    'workflow.discard_design': () => ({}),
    'workflow.publish_design': definitionPage,
    'workflow.explain': (request) =>
      request.timer
        ? { problem: null, words: null, surprises: [], next: [ago(-4320)], variables: [] }
        : { problem: null, words: null, surprises: [], next: [], variables: ['ModelIsApproved'] },
    'workflow.rehearse': (request) => ({
      name: 'ModelOps for GCP 1',
      xml: PROCESS,
      processes: [{ id: 'approval', name: 'Approval', prompts: [], start_events: [] }],
      errors: [],
      states: request.steps.map(() => rehearsed),
      clocks: request.steps.map(() => ago(0)),
      began: ago(0),
      names: { approve: task.name, metadata: 'Get project metadata', start: 'Start' },
      failure: null,
    }),
    'workflow.compare_definitions': () => ({
      before_name: 'ModelOps for GCP 1',
      after_name: 'ModelOps for GCP 2',
      before: PROCESS,
      after: PROCESS,
      differences: [
        { element: 'approve', tag: 'userTask', name: task.name, kind: 'changed', what: [{ property: 'due', before: '', after: 'P3D' }] },
        { element: 'bucket', tag: 'userTask', name: '[IT] Provide GCP bucket name', kind: 'added', what: [] },
        { element: 'f4', tag: 'sequenceFlow', name: 'approved', kind: 'changed', what: [{ property: 'condition', before: '${ModelIsApproved}', after: '${ModelIsApproved == true}' }] },
        { element: 'build', tag: 'serviceTask', name: 'Build Model Contents', kind: 'moved', what: [] },
      ],
    }),
    'workflow.inspect_definition': () => {
      const { xml, calls, parties, gates, called, cycles, actions } = definitionPage();
      return { name: definition.name, replaces: 1, size: 20_062, xml, diagnostics, calls, parties, gates, called, cycles, actions };
    },
    'workflow.show_form': () => ({ values: null }),
    'workflow.keep_form': () => ({}),
    'runs.list': (request) =>
      page(
        request.state === 'live' ? [run] : request.state === 'failed' ? [{ ...run, id: '01JD4Y6RVN0000000000000001', state: 'failed', reason: 'output `scored` is missing', kind: 'score' }] : [run, { ...run, id: '01JD4Y6RVN0000000000000002', kind: 'migrate', state: 'succeeded', target: 'folder-bucket', duration_s: 1.8, requested_at: ago(31) }, { ...run, id: '01JD4Y6RVN0000000000000001', kind: 'score', state: 'failed', reason: 'output `scored` is missing', requested_at: ago(300), duration_s: 71 }],
        request,
        (row) => row.version_label,
      ),
    'runs.show': ({ run: id }) => ({
      run: { ...run, id },
      key: `${INSTANCE}/train/1`,
      bucket: 'churn-prod',
      instance: INSTANCE,
      stages: [
        { state: 'requested', at: ago(4), detail: 'by `_READY.json` in bucket `churn-prod`' },
        { state: 'preparing', at: ago(3.9), detail: 'virtual environment `7f0c` reused' },
        { state: 'submitted', at: ago(3.6), detail: '' },
        { state: 'running', at: ago(3.5), detail: 'process 4711' },
      ],
      outputs: [
        { name: 'metrics', path: 'churn-prod/model/metrics.json', verified: true, rows: null, digest: OTHER, problem: null },
        { name: 'scored', path: 'churn-prod/model/scored', verified: false, rows: null, digest: null, problem: 'no Parquet file lies there' },
      ],
      files: files.slice(0, 3),
      metrics: [
        { name: 'test_area_roc', value: 0.84721 },
        { name: 'test_accuracy', value: 0.82516 },
      ],
      cancellable: true,
      stop_asked_by: null,
      endpoint: null,
      command: 'gcloud dataproc jobs submit pyspark gs://churn-prod/model/train.py --id=cs-7f0c --cluster=cs-7f0c --region=europe-west6 -- --configfile ./demo-config.yml',
      runtime: ['Dataproc image 2.3-debian12'],
      args: ['--verbose'],
      properties: { 'spark.sql.shuffle.partitions': '8' },
      cleanup_detail: 'cluster `cs-7f0c` is to be deleted',
      cleanup_at: ago(1),
      trigger: null,
      registered: null,
      deadline_s: 3600,
    }),
    'runs.log': ({ from }) => ({ text: LOG.slice(from, from + 20_000), next: Math.min(LOG.length, from + 20_000), errors_next: 0, size: LOG.length, ended: true }),
    'runs.cancel': done(),
    ...runsAnswers(VERSION, PROJECT, RUN),
    'ledger.list': (request) => page(entries.filter((entry) => !request.member || entry.member === request.member), request, (row) => row.member),
    'ledger.show': ({ position }) => entries.find((entry) => entry.position === position) ?? failNoEntry(position),
    'notices.list': (request) => page(request.unread ? notices.filter((notice) => !notice.read) : notices, request, (row) => row.title),
    'notices.mark_read': () => ({}),
    'settings.show': () => now,
    'settings.change': (request) => (now = request),
    'settings.keep_mail_password': () => (now = { ...now, mail: { ...now.mail, password_kept: true } }),
    'settings.send_test_mail': ({ to }) => ({ to: to ?? 'ana@example.com', answer: '250 taken' }),
  };
}



function failNoEntry(position: number): never {
  throw new CallFailure('not-found', `there is no entry \`${position}\` here`, 'The ledger shows which there are.', []);
}

/** A desk with a workspace open, the validator at it, and a task waiting. */
export function fakeDesk(): FakeDesk {
  const known = answers();
  const listeners = new Set<(changed: Changed) => void>();
  const drops = new Set<(drop: Drop) => void>();
  const desk: FakeDesk = {
    asked: [],
    answer(command, answer) {
      (known as Record<string, unknown>)[command] = answer;
    },
    change: (changed) => listeners.forEach((listener) => listener(changed)),
    drop: (drop) => drops.forEach((listener) => listener(drop)),
    async call(command, request) {
      desk.asked.push({ command: command as Command, request });
      const answer = (known as Record<string, ((request: unknown) => unknown) | undefined>)[command];
      if (!answer) throw new CallFailure('usage', `there is no command \`${command}\``, null, []);
      return structuredClone(answer(request));
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onOpen: () => () => {},
    openOutside: () => {},
    onDrop(listener) {
      drops.add(listener);
      return () => drops.delete(listener);
    },
  };
  return desk;
}
