import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';

import type { Preflight } from '../../api/bindings/Preflight';
import type { RunPage } from '../../api/bindings/RunPage';
import type { RunRow } from '../../api/bindings/RunRow';
import { CallFailure } from '../../api/failure';
import { fakeDesk, RUN, VERSION } from '../../testing/desk';
import { openWindow } from '../../testing/render';
import { linesOf, propertiesOf } from './submit';

const asked = (desk: ReturnType<typeof fakeDesk>, command: string) => desk.asked.filter((one) => one.command === command).map((one) => one.request);

describe('asking for a run', () => {
  test('what is asked for is what was looked at, and the run opens', async () => {
    const { desk, user, history } = openWindow(`/submit?version=${VERSION}&kind=train&target=churn-cluster`);
    fireEvent.change(await screen.findByLabelText('Arguments'), { target: { value: '--seed=7' } });
    fireEvent.change(screen.getByLabelText('Spark properties'), { target: { value: 'spark.a=b' } });
    await screen.findByText('It may go; one thing to know');
    await waitFor(() => expect(asked(desk, 'runs.preflight').at(-1)).toMatchObject({ kind: 'train', version: VERSION, target: 'churn-cluster', args: ['--seed=7'], properties: { 'spark.a': 'b' } }));
    const go = screen.getByRole('button', { name: 'Ask for the run' });
    await waitFor(() => expect(go).toHaveProperty('disabled', false));
    await user.click(go);
    await waitFor(() => expect(history.location.pathname).toBe(`/runs/${RUN}`));
    expect(asked(desk, 'runs.submit')).toEqual([{ kind: 'train', version: VERSION, target: 'churn-cluster', rehearse: false, args: ['--seed=7'], properties: { 'spark.a': 'b' } }]);
  });

  test('what stands in the way keeps it from going, and names the place', async () => {
    const { desk } = openWindow(`/submit?version=${VERSION}&kind=migrate&bucket=churn-prod`);
    expect(await screen.findByText('One thing stands in the way')).toBeDefined();
    expect(screen.getByText('demo-config.yml:12')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Migrate' })).toHaveProperty('disabled', true);
    expect(asked(desk, 'runs.migrate')).toEqual([]);
  });

  test('what lies in the way of a migration is removed when somebody says so', async () => {
    const desk = fakeDesk();
    const looked = (await desk.call('runs.preflight', { kind: 'migrate', version: VERSION, rehearse: false, args: [], properties: {} })) as Preflight;
    const foreign = { severity: 'warning', code: 'stale-object', message: '`gs://churn-prod/model/old.py` is not part of it', file: null, line: null };
    desk.answer('runs.preflight', () => ({ ...looked, may_go_on: true, findings: [foreign] }));
    const { user } = openWindow(`/submit?version=${VERSION}&kind=migrate&bucket=churn-prod`, desk);
    await screen.findByText('It may go; one thing to know');
    await user.click(screen.getByRole('switch', { name: /^Remove what is not part/ }));
    const go = screen.getByRole('button', { name: 'Migrate' });
    await waitFor(() => expect(go).toHaveProperty('disabled', false));
    await user.click(go);
    await waitFor(() => expect(asked(desk, 'runs.migrate')).toEqual([{ version: VERSION, bucket: 'churn-prod', rehearse: false, remove_foreign: true }]));
  });

  test('what is asked for again is asked for as it was', async () => {
    const desk = fakeDesk();
    const shown = (await desk.call('runs.show', { run: RUN })) as RunPage;
    desk.answer('runs.show', () => ({ ...shown, run: { ...shown.run, state: 'succeeded', ended_at: shown.run.requested_at, closed: true } }));
    const { user } = openWindow(`/runs/${RUN}`, desk);
    await user.click(await screen.findByRole('link', { name: 'Ask again' }));
    expect(await screen.findByLabelText('Arguments')).toHaveProperty('value', '--verbose');
    expect(screen.getByLabelText('Spark properties')).toHaveProperty('value', 'spark.sql.shuffle.partitions=8');
    expect(screen.getByLabelText('Stopped after minutes')).toHaveProperty('value', '60');
  });

  test('a migration that failed is asked for again as it was', async () => {
    const desk = fakeDesk();
    const shown = (await desk.call('runs.show', { run: RUN })) as RunPage;
    desk.answer('runs.show', () => ({ ...shown, run: { ...shown.run, kind: 'migrate', target: 'bucket', state: 'failed', ended_at: shown.run.requested_at, closed: true } }));
    const { user } = openWindow(`/runs/${RUN}`, desk);
    await user.click(await screen.findByRole('link', { name: 'Ask again' }));
    await waitFor(() => expect(asked(desk, 'runs.preflight').at(-1)).toMatchObject({ kind: 'migrate', bucket: 'churn-prod' }));
    expect(asked(desk, 'runs.preflight').at(-1)).not.toHaveProperty('target');
  });

  test('the data that is read is shown before the run', async () => {
    openWindow(`/submit?version=${VERSION}&kind=score`);
    expect(await screen.findByText('gs://churn-prod/data/toscore')).toBeDefined();
  });

  test('a limit is asked for in seconds', async () => {
    const { desk } = openWindow(`/submit?version=${VERSION}&kind=train`);
    fireEvent.change(await screen.findByLabelText('Stopped after minutes'), { target: { value: '90' } });
    await waitFor(() => expect(asked(desk, 'runs.preflight').at(-1)).toMatchObject({ deadline_s: 5400 }));
  });

  test('lines and properties as people write them', () => {
    expect(linesOf(' a \n\n b')).toEqual(['a', 'b']);
    expect(propertiesOf('spark.a = 1\nspark.b=x=y\nnothing')).toEqual({ good: { 'spark.a': '1', 'spark.b': 'x=y' }, bad: ['nothing'] });
  });
});

describe('the page of a run', () => {
  test('its properties are shown, and who asked for it to be stopped', async () => {
    const desk = fakeDesk();
    const shown = (await desk.call('runs.show', { run: RUN })) as RunPage;
    desk.answer('runs.show', () => ({ ...shown, cancellable: false, stop_asked_by: 'ana' }));
    openWindow(`/runs/${RUN}`, desk);
    expect(await screen.findByText('ana asked for it to be stopped')).toBeDefined();
    expect(screen.getByText('spark.sql.shuffle.partitions=8')).toBeDefined();
  });

  test('runs to look at are those that left something and failures that were not seen', async () => {
    const desk = fakeDesk();
    const runs = (await desk.call('runs.list', { page: {} })) as { rows: RunRow[] };
    const one = runs.rows[0] as RunRow;
    const row = (id: string, state: string, about: string): RunRow => ({ ...one, id, state, version_label: about, reason: null });
    desk.answer('runs.list', (request: { state?: string }) => ({
      rows: request.state === 'unclean' ? [row('A1', 'failed', 'left something')] : request.state === 'failed' ? [row('B1', 'failed', 'seen'), row('B2', 'failed', 'unseen')] : [],
      total: 2,
      next: null,
    }));
    desk.answer('notices.list', () => ({ rows: [{ id: 'N1', at: '2026-11-20T09:20:00Z', title: 'Run failed', body: '', level: 'failure', link: '/runs/B2', read: false, to: ['vera'], deliveries: [] }], total: 1, next: null }));
    openWindow('/', desk);
    expect(await screen.findByText(/· unseen/)).toBeDefined();
    expect(screen.getByText(/· left something/)).toBeDefined();
    expect(screen.queryByText(/· seen/)).toBeNull();
  });
});

describe('schedules', () => {
  test('a bucket is named where it is not the one of the latest migration', async () => {
    const { desk, user } = openWindow('/schedules?add=true');
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByRole('textbox', { name: /^Name/ }), 'Nightly');
    await user.click(within(dialog).getByRole('combobox', { name: /^Version/ }));
    await user.click((await screen.findAllByRole('option'))[0] as HTMLElement);
    await user.type(within(dialog).getByRole('textbox', { name: /^Bucket/ }), 'churn-other');
    await user.click(within(dialog).getByRole('button', { name: 'Add a schedule' }));
    await waitFor(() => expect(asked(desk, 'runs.add_schedule')[0]).toMatchObject({ name: 'Nightly', bucket: 'churn-other' }));
  });

  test('a rule is explained while it is written, and the one that was meant is a click away', async () => {
    const { desk, user } = openWindow('/schedules?add=true');
    const rule = await screen.findByRole('textbox', { name: /^Rule/ });
    fireEvent.change(rule, { target: { value: '0 2 * * 1/4 in Europe/Zurich' } });
    expect(await screen.findByText('at 02:00, on Mondays and Fridays (Europe/Zurich)')).toBeDefined();
    expect(screen.getByText(/counts days within each week/)).toBeDefined();
    await waitFor(() => expect(asked(desk, 'runs.explain_rule').at(-1)).toEqual({ rule: '0 2 * * 1/4 in Europe/Zurich', language: 'en' }));
    await user.click(screen.getByRole('button', { name: 'Use this instead' }));
    expect(rule).toHaveProperty('value', 'every 4 weeks on Monday at 02:00 in Europe/Zurich');
  });

  test('what became of the last times is told, with the reason where nothing was run', async () => {
    openWindow('/schedules');
    expect(await screen.findByText('every 4 weeks on Monday, at 02:00 (Europe/Zurich)')).toBeDefined();
    expect(screen.getByText('stands for one that was missed')).toBeDefined();
    expect(screen.getByText(/needs an approval of exactly these contents/)).toBeDefined();
  });
});

describe('buckets', () => {
  test('files that are dropped are uploaded and scored', async () => {
    const { desk, user } = openWindow('/buckets/churn-prod');
    await screen.findByText('README.txt');
    desk.drop({ kind: 'dropped', paths: ['/data/a.csv', '/data/b.csv'] });
    const files = await screen.findByLabelText('Files');
    await waitFor(() => expect(files).toHaveProperty('value', '/data/a.csv\n/data/b.csv'));
    await user.click(screen.getByRole('switch', { name: /Score them/ }));
    await user.click(screen.getByRole('button', { name: 'Upload 2 files and score them' }));
    expect(await screen.findByText('2 objects are there')).toBeDefined();
    expect(asked(desk, 'runs.upload')).toEqual([{ bucket: 'churn-prod', prefix: '', files: ['/data/a.csv', '/data/b.csv'], score: true, upload: expect.any(String) }]);
  });

  test('a folder is shown a page at a time', async () => {
    const desk = fakeDesk();
    const object = (name: string) => ({ name, size_bytes: 1, generation: '1', modified_at: '2026-11-20T09:20:00Z' });
    desk.answer('runs.list_objects', (request: { after?: string }) => ({ prefix: '', folders: [], objects: [object(request.after ? 'last' : 'first')], next: request.after ? null : 'first' }));
    const { user } = openWindow('/buckets/churn-prod', desk);
    await screen.findByText('first');
    await user.click(screen.getByRole('button', { name: 'More' }));
    expect(await screen.findByText('last')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'From the beginning' }));
    await screen.findByText('first');
  });

  test('a bucket that nothing was migrated to is opened by the sign-in of a target', async () => {
    const { desk, user, history } = openWindow('/buckets');
    await user.type(await screen.findByLabelText('Another bucket'), 'gs://other-bucket/');
    await user.click(screen.getByRole('button', { name: 'Open' }));
    await waitFor(() => expect(history.location.pathname).toBe('/buckets/other-bucket'));
    await waitFor(() => expect(asked(desk, 'runs.list_objects')).toEqual([{ bucket: 'other-bucket', prefix: '' }]));
  });

  test('a long upload says how far it is, and is stopped', async () => {
    const desk = fakeDesk();
    let fail: (reason: unknown) => void = () => {};
    const upload = new Promise((_, reject) => (fail = reject));
    const { call } = desk;
    let name = '';
    desk.call = (async (command: string, request: { upload?: string }) => {
      if (command !== 'runs.upload') return call(command, request);
      name = request.upload ?? '';
      return upload;
    }) as typeof desk.call;
    desk.answer('runs.uploads', () => [{ upload: name, bucket: 'churn-prod', files: 3, files_done: 1, size_bytes: 3_000_000, sent_bytes: 1_000_000 }]);
    const { user } = openWindow('/buckets/churn-prod', desk);
    fireEvent.change(await screen.findByLabelText('Files'), { target: { value: '/data/customers.parquet' } });
    await user.click(screen.getByRole('button', { name: /^Upload/ }));
    expect(await screen.findByText(/1 of 3 files/)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Stop' }));
    await waitFor(() => expect(asked(desk, 'runs.stop_upload')).toEqual([{ upload: name }]));
    fail(new CallFailure('refused', 'The upload into `churn-prod` was stopped', null, []));
    expect(await screen.findByText(/was stopped/)).toBeDefined();
  });

  test('what lies there and was not approved is named', async () => {
    openWindow('/buckets/churn-old?prefix=model/');
    expect(await screen.findByText('What lies here is not what was approved: one object differs')).toBeDefined();
  });
});

describe('what was left behind', () => {
  test('nothing is deleted before it is confirmed, and what a live run owns cannot be chosen', async () => {
    const { desk, user } = openWindow('/leftovers');
    const boxes = await screen.findAllByRole('checkbox');
    expect(boxes).toHaveLength(1);
    expect(screen.getByText('One region could not be looked at; nothing can be said of it')).toBeDefined();
    await user.click(screen.getByRole('checkbox'));
    await user.click(screen.getByRole('button', { name: 'Delete one' }));
    const dialog = await screen.findByRole('dialog', { name: 'Delete one resource?' });
    expect(asked(desk, 'runs.sweep')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(asked(desk, 'runs.sweep')).toEqual([{ resources: ['projects/retail-ml/regions/europe-west6/clusters/cs-7f0c2a'] }]));
  });
});

describe('cluster templates', () => {
  test('a configuration is mapped, every decision has its reason, and the result is kept with them', async () => {
    const { desk, user } = openWindow('/cluster-template?from=map');
    fireEvent.change(await screen.findByRole('textbox', { name: /^Nodes/ }), { target: { value: 'node01 16 128' } });
    await user.click(screen.getByRole('button', { name: 'Map it' }));
    expect(await screen.findByText('Dataproc keeps event logs in the staging bucket')).toBeDefined();
    expect(screen.getByText('left out')).toBeDefined();
    await user.type(screen.getByRole('textbox', { name: /^Name/ }), 'churn-small');
    const keep = screen.getByRole('button', { name: 'Keep the template' });
    await waitFor(() => expect(keep).toHaveProperty('disabled', false));
    await user.click(keep);
    await waitFor(() => expect(asked(desk, 'runs.keep_cluster_template')).toHaveLength(1));
    expect(asked(desk, 'runs.keep_cluster_template')[0]).toMatchObject({ name: 'churn-small', decisions: expect.arrayContaining([expect.objectContaining({ source: 'spark.eventLog.dir', result: '' })]) });
  });

  test('a template with a line that cannot be read is not kept without it', async () => {
    openWindow('/cluster-template?name=churn-small');
    const properties = await screen.findByLabelText(/^Properties/);
    const keep = screen.getByRole('button', { name: 'Keep the template' });
    await waitFor(() => expect(keep).toHaveProperty('disabled', false));
    fireEvent.change(properties, { target: { value: 'spark.x 8g' } });
    await waitFor(() => expect(keep).toHaveProperty('disabled', true));
    fireEvent.change(properties, { target: { value: 'spark:spark.x=8g' } });
    await waitFor(() => expect(keep).toHaveProperty('disabled', false));
  });

  test('a shape that Dataproc would refuse cannot be kept', async () => {
    openWindow('/cluster-template?name=churn-small');
    const workers = await screen.findByRole('group', { name: 'Workers' });
    fireEvent.change(within(workers).getByRole('textbox', { name: 'How many' }), { target: { value: '1' } });
    expect(await screen.findByText(/at least 2, not 1/)).toBeDefined();
    await waitFor(() => expect(screen.getByRole('button', { name: 'Keep the template' })).toHaveProperty('disabled', true));
  });
});

describe('targets and the sandbox', () => {
  test('a target is added with the template it is made after', async () => {
    const { desk, user } = openWindow('/targets?add=true');
    await user.type(await screen.findByRole('textbox', { name: /^Name/ }), 'churn-2');
    await user.type(screen.getByRole('textbox', { name: /^Cloud project/ }), 'retail-ml');
    const dialog = screen.getByRole('dialog');
    fireEvent.change(within(dialog).getByLabelText('Addresses of single services'), { target: { value: ' storage = https://storage.example.com ' } });
    await user.click(within(dialog).getByRole('button', { name: 'Add a target' }));
    await waitFor(() => expect(asked(desk, 'runs.add_target')).toEqual([{ name: 'churn-2', kind: 'dataproc-cluster', cloud_project: 'retail-ml', region: 'europe-west6', stored: false, services: { storage: 'https://storage.example.com' } }]));
  });

  test('a batch has every field that the service knows, and a limit', async () => {
    const { desk, user } = openWindow('/targets?add=true');
    await user.click(await screen.findByRole('radio', { name: 'Serverless' }));
    await user.type(screen.getByRole('textbox', { name: /^Name/ }), 'nightly-2');
    await user.type(screen.getByRole('textbox', { name: /^Cloud project/ }), 'retail-ml');
    await user.type(screen.getByRole('textbox', { name: 'Container image' }), 'repo/image:1');
    fireEvent.change(screen.getByRole('textbox', { name: 'Jars' }), { target: { value: 'gs://a/one.jar\ngs://a/two.jar' } });
    fireEvent.change(screen.getByLabelText('Stopped after minutes'), { target: { value: '120' } });
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Add a target' }));
    await waitFor(() => expect(asked(desk, 'runs.add_target')).toEqual([{ name: 'nightly-2', kind: 'dataproc-serverless', cloud_project: 'retail-ml', region: 'europe-west6', stored: false, services: {}, deadline_s: 7200, shape: { runtime_version: '2.3', container_image: 'repo/image:1', jars: ['gs://a/one.jar', 'gs://a/two.jar'] } }]));
  });

  test('a refusal of the rules is shown where it was asked for', async () => {
    const desk = fakeDesk();
    desk.answer('runs.remove_target', () => {
      throw new CallFailure('refused', 'the run `01JD` is not closed yet', 'Cancel it, or wait.', []);
    });
    const { user } = openWindow('/targets', desk);
    await user.click(await screen.findByRole('button', { name: 'Remove churn-cluster' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Remove' }));
    expect(await screen.findByText(/is not closed yet/)).toBeDefined();
  });

  test('the price table that counts is shown and changed in the settings', async () => {
    const { desk, user } = openWindow('/settings');
    expect(await screen.findByText('the one that comes with this version')).toBeDefined();
    fireEvent.change(screen.getByRole('textbox', { name: /^Another table/ }), { target: { value: '{}' } });
    await user.click(screen.getByRole('button', { name: 'Use this table' }));
    await waitFor(() => expect(asked(desk, 'runs.set_prices')).toEqual([{ table: '{}', bundled: false }]));
  });

  test('the sandbox is told to misbehave, and to forget it', async () => {
    const { desk, user } = openWindow('/settings');
    await user.click(await screen.findByRole('button', { name: 'Add' }));
    await waitFor(() => expect(asked(desk, 'runs.misbehave')).toEqual([{ clear: false, faults: [{ kind: 'status', code: 429, retry_after_s: 2, path: '', after: 0, times: 1 }] }]));
    await user.click(screen.getByRole('button', { name: 'Forget them all' }));
    await waitFor(() => expect(asked(desk, 'runs.misbehave')).toHaveLength(2));
  });
});

describe('two runs', () => {
  test('are compared, and only their differences where that is wanted', async () => {
    const desk = fakeDesk();
    const { user } = openWindow(`/compare-runs?runs=${RUN},01JD4Y6RVN0000000000000001`, desk);
    expect(await screen.findByRole('heading', { level: 1, name: 'Two runs compared' })).toBeDefined();
    expect(screen.getByRole('rowheader', { name: 'test_area_roc' })).toBeDefined();
    await user.click(screen.getByRole('switch', { name: 'Differences only' }));
    expect(screen.queryByRole('rowheader', { name: 'test_area_roc' })).toBeNull();
  });
});
