import type { ClusterShape } from '../api/bindings/ClusterShape';
import type { ClusterTemplateRow } from '../api/bindings/ClusterTemplateRow';
import type { RuleTold } from '../api/bindings/RuleTold';
import type { TargetRow } from '../api/bindings/TargetRow';
import type { Answer, Command, Request } from '../api/call';

type Answers = { [C in Command]?: (request: Request<C>) => Answer<C> };

const PRICE = { amount: 0.4218, currency: 'USD', prices_of: '2026-11-02' };

const shape: ClusterShape = {
  image_version: '2.3-debian12',
  zone: '',
  subnetwork: '',
  service_account: '',
  staging_bucket: '',
  master: { count: 1, machine_type: 'n2-standard-4', disk_gb: 100 },
  workers: { count: 3, machine_type: 'n2-standard-16', disk_gb: 200 },
  properties: { 'spark:spark.executor.memory': '45875m', 'spark:spark.sql.shuffle.partitions': '64' },
  pip_packages: ['PyYAML==6.0.2', 'pandas>=2'],
  idle_delete_s: 600,
  age_delete_s: 7200,
  provision_deadline_s: 900,
};

const COMMAND = 'gcloud dataproc clusters create NAME --project=PROJECT --region=europe-west6 --image-version=2.3-debian12 --master-machine-type=n2-standard-4 --max-idle=600s --max-age=7200s --num-workers=3 --worker-machine-type=n2-standard-16';
const told = { findings: [], hour: { ...PRICE, amount: 3.9114 }, command: COMMAND, region: 'europe-west6' };
const decisions = [
  { source: 'node table', value: '3 nodes', result: '3 × 16 cores, 128 GB', reason: 'all nodes are alike', said: {} },
  { source: 'Spark', value: '3.5.1', result: '2.3-debian12', reason: 'the image with Spark 3.5', said: {} },
  { source: 'spark.executor.memory', value: '48g', result: 'spark:spark.executor.memory=45875m', reason: 'a worker has 64 GB and YARN takes its part', said: {} },
  { source: 'spark.eventLog.dir', value: 'hdfs:///logs', result: '', reason: 'Dataproc keeps event logs in the staging bucket', said: {} },
  { source: 'requirements', value: 'PyYAML==6.0.2, pandas>=2', result: 'PIP_PACKAGES and its init action', reason: "derived from the package's own file, not kept in code", said: {} },
  { source: 'cluster life', value: 'always on', result: 'idle 10 min, at most 2 h', reason: 'a cluster of a run deletes itself even when nobody is left to do it', said: {} },
];
const template: ClusterTemplateRow = { name: 'churn-small', number: 2, shape, told, decisions, targets: ['churn-cluster'], by: 'ivo', at: '2026-11-20T09:12:00Z' };

const blank: Omit<TargetRow, 'name' | 'kind' | 'description' | 'ready' | 'detail' | 'built_in'> = {
  cloud_project: null,
  region: null,
  cluster: null,
  template: null,
  shape: null,
  impersonate: null,
  endpoint: null,
  services: {},
  deadline_s: 3600,
  stored: false,
  by: null,
  at: null,
  live_runs: 0,
};

const times = (words: readonly string[]) => words.map((text, at) => ({ at: new Date(Date.parse('2026-11-30T01:00:00Z') + at * 28 * 86_400_000).toISOString(), words: text }));
const rule: RuleTold = {
  rule: '0 2 * * 1/4 in Europe/Zurich',
  words: 'at 02:00, on Mondays and Fridays (Europe/Zurich)',
  surprises: ['`1/4` counts days within each week, not weeks: it means on Mondays and Fridays. For every 4 weeks use an interval, `R/P4W`'],
  instead: 'every 4 weeks on Monday at 02:00 in Europe/Zurich',
  next: times(['Friday, 27 November 2026, 02:00', 'Monday, 30 November 2026, 02:00', 'Friday, 4 December 2026, 02:00', 'Monday, 7 December 2026, 02:00', 'Friday, 11 December 2026, 02:00', 'Monday, 14 December 2026, 02:00', 'Friday, 18 December 2026, 02:00', 'Monday, 21 December 2026, 02:00', 'Friday, 25 December 2026, 02:00', 'Monday, 28 December 2026, 02:00']),
  cron: '0 2 * * 1/4',
  zone: 'Europe/Zurich',
};

/** What the made-up desk answers about the pages of the runs room. */
export function runsAnswers(version: string, project: string, run: string): Answers {
  const recorded = () => ({ position: 42, id: run });
  return {
    'runs.targets': () => [
      { ...blank, name: 'local-spark', kind: 'local-spark', description: 'Apache Spark on this machine', ready: true, detail: 'Java 17 at /usr/lib/jvm/java-17', built_in: true },
      { ...blank, name: 'bucket', kind: 'bucket', description: 'Folder buckets of this desk', ready: true, detail: '/home/vera/.countersign/buckets', built_in: true },
      { ...blank, name: 'churn-cluster', kind: 'dataproc-cluster', description: 'A Dataproc cluster for each run', ready: true, detail: 'Google Cloud', built_in: false, cloud_project: 'retail-ml', region: 'europe-west6', template: 'churn-small', by: 'ivo', at: '2026-11-20T09:14:00Z', live_runs: 1 },
      { ...blank, name: 'nightly', kind: 'dataproc-serverless', description: 'A Dataproc Serverless batch for each run', ready: false, detail: 'No Google credentials answer. Run `gcloud auth application-default login`.', built_in: false, cloud_project: 'retail-ml', region: 'europe-west6', by: 'ivo', at: '2026-11-20T09:18:00Z' },
    ],
    'runs.add_target': recorded,
    'runs.remove_target': recorded,
    'runs.preflight': (request) => ({
      may_go_on: request.kind !== 'migrate',
      findings:
        request.kind === 'migrate'
          ? [
              { severity: 'blocking', code: 'wrong-bucket', message: '`gs://network-migrate` is named, and the files go to `churn-prod`; name the bucket in the configuration', file: 'demo-config.yml', line: 12 },
              { severity: 'warning', code: 'missing-package', message: '`yaml` is imported and no requirement brings it; add `PyYAML`', file: 'train.py', line: 3 },
            ]
          : [{ severity: 'warning', code: 'age-limit', message: 'the run may take 10800 s and its cluster deletes itself after 7200 s', file: null, line: null }],
      estimate: request.target ? PRICE : null,
      minutes: 15,
      deadline_s: request.deadline_s ?? 3600,
      command: `${COMMAND} && gcloud dataproc jobs submit pyspark gs://churn-prod/model/train.py --cluster=NAME`,
      target: request.target ?? 'local-spark',
      bucket: 'churn-prod',
      endpoint: null,
      data: request.kind === 'score' ? [{ name: 'scores', path: 'gs://churn-prod/data/toscore' }] : [{ name: 'trains', path: 'gs://churn-prod/data/train' }],
    }),
    'runs.submit': recorded,
    'runs.migrate': recorded,
    'runs.buckets': () => [
      { name: 'churn-prod', kind: 'cloud-storage', place: 'gs://churn-prod', endpoint: null, version_label: 'churn 1.0', version, run, target: 'churn-cluster', differs: [] },
      { name: 'churn-old', kind: 'folder', place: '/home/vera/.countersign/buckets/churn-old', endpoint: null, version_label: 'churn 1.0', version, run, target: null, differs: [{ path: 'train.py', how: 'it holds `sha256:b07d…`, and `sha256:4f1c…` was approved' }] },
      { name: 'churn-rehearsal', kind: 'sandbox', place: 'gs://churn-rehearsal', endpoint: 'sandbox', version_label: null, version: null, run: null, target: null, differs: [] },
    ],
    'runs.list_objects': (request) =>
      request.prefix === ''
        ? { prefix: '', folders: ['data/', 'model/', 'output/'], objects: [{ name: 'README.txt', size_bytes: 812, generation: '1', modified_at: '2026-11-20T09:20:00Z' }], next: null }
        : { prefix: request.prefix ?? '', folders: [], objects: [{ name: `${request.prefix}_READY.json`, size_bytes: 2_114, generation: '7', modified_at: '2026-11-20T09:22:00Z' }, { name: `${request.prefix}train.py`, size_bytes: 9_480, generation: '3', modified_at: '2026-11-20T09:21:00Z' }], next: null },
    'runs.upload': (request) => request.files.map((file) => ({ name: `${request.prefix ?? ''}${file.split('/').at(-1)}`, size_bytes: 1_200_000, generation: '9', modified_at: new Date().toISOString() })),
    'runs.uploads': () => [],
    'runs.stop_upload': () => ({}),
    'runs.prices': () => ({ recorded_on: '2026-11-02', currency: 'USD', note: 'list prices', regions: [{ recorded_on: '2026-11-02', regions: ['europe-west6', 'europe-west1'] }, { recorded_on: '2025-03-06', regions: ['us-east1'] }], own: false }),
    'runs.set_prices': () => ({ recorded_on: '2026-11-27', currency: 'CHF', note: 'our own', regions: [{ recorded_on: '2026-11-27', regions: ['europe-west6'] }], own: true }),
    'runs.reconcile': () => [{ run, bucket: 'churn-prod', endpoint: null, version, version_label: 'churn 1.0', differs: [], unreachable: null }],
    'runs.leftovers': () => [
      { resource: 'projects/retail-ml/regions/europe-west6/clusters/cs-7f0c2a', kind: 'cluster', state: 'RUNNING', since: new Date(Date.now() - 26 * 3_600_000).toISOString(), run: null, run_state: null, live: false, cost: { ...PRICE, amount: 41.28 }, endpoint: null, sweep: 'none', purpose: null, unreachable: null },
      { resource: 'projects/retail-ml/regions/europe-west6/clusters/cs-91ab04', kind: 'cluster', state: 'RUNNING', since: new Date(Date.now() - 600_000).toISOString(), run, run_state: 'running', live: true, cost: PRICE, endpoint: null, sweep: 'none', purpose: null, unreachable: null },
      { resource: 'projects/retail-ml/regions/us-east1', kind: 'region', state: '', since: null, run: null, run_state: null, live: false, cost: null, endpoint: null, sweep: 'none', purpose: null, unreachable: 'The service does not answer.' },
    ],
    'runs.sweep': () => [],
    'runs.cluster_templates': () => [template],
    'runs.describe_shape': (request) => ({ ...told, findings: request.shape.workers.count === 1 ? [{ severity: 'blocking', code: 'workers', message: 'a cluster has 0 workers (single node) or at least 2, not 1', file: null, line: null }] : [] }),
    'runs.map_configuration': () => ({ shape, decisions, told: { ...told, findings: [{ severity: 'warning', code: 'hdfs-path', message: '`spark.sql.warehouse.dir` points to `hdfs://nn/warehouse`; name the place in the bucket', file: null, line: null }] } }),
    'runs.keep_cluster_template': recorded,
    'runs.drop_cluster_template': recorded,
    'runs.schedules': () => [
      {
        id: '01JD4Y6SCHED0000000000000A',
        name: 'Monthly retraining',
        version,
        version_label: 'churn 1.0',
        project,
        project_name: 'Customer churn',
        kind: 'retrain',
        target: 'churn-cluster',
        bucket: 'churn-prod',
        args: ['--seed=7'],
        deadline_s: 7200,
        estimate: PRICE,
        rule: 'every 4 weeks on Monday at 02:00 in Europe/Zurich',
        words: 'every 4 weeks on Monday, at 02:00 (Europe/Zurich)',
        next: times(['Monday, 30 November 2026, 02:00', 'Monday, 28 December 2026, 02:00', 'Monday, 25 January 2027, 02:00']),
        fired: 2,
        firings: [
          { due: '2026-11-02T01:00:00Z', at: '2026-11-02T01:00:02Z', missed: 0, run, run_state: 'succeeded', problem: null },
          { due: '2026-10-05T00:00:00Z', at: '2026-10-06T07:31:00Z', missed: 1, run: null, run_state: null, problem: 'to retrain `sha256:4f1c…` needs an approval of exactly these contents' },
        ],
        by: 'ivo',
        at: '2026-09-10T12:00:00Z',
      },
    ],
    'runs.explain_rule': () => rule,
    'runs.add_schedule': recorded,
    'runs.remove_schedule': recorded,
    'runs.export_schedule': () => ({ command: "gcloud scheduler jobs create http monthly --schedule='0 2 * * 1'", cron: '0 2 * * 1' }),
    'runs.sandbox': () => ({ running: true, url: 'http://127.0.0.1:40123', ours: true, folder: '/home/vera/.countersign/sandbox', speed: 100, buckets: ['churn-rehearsal'], faults: [{ kind: 'status', code: 429, retry_after_s: 2, path: 'clusters', after: 0, times: 2 }] }),
    'runs.start_sandbox': () => ({ running: true, url: 'http://127.0.0.1:40123', ours: true, folder: '/home/vera/.countersign/sandbox', speed: 100, buckets: [], faults: [] }),
    'runs.stop_sandbox': () => ({ running: false, url: null, ours: false, folder: '/home/vera/.countersign/sandbox', speed: 100, buckets: [], faults: [] }),
    'runs.misbehave': () => ({ running: true, url: 'http://127.0.0.1:40123', ours: true, folder: '/home/vera/.countersign/sandbox', speed: 100, buckets: ['churn-rehearsal'], faults: [] }),
  };
}
