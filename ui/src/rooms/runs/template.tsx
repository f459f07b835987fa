import { Button, NumberInput, Switch, Tabs, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowRight, CircleCheck, OctagonX, TriangleAlert } from 'lucide-react';
import { useState } from 'react';

import type { ClusterShape } from '../../api/bindings/ClusterShape';
import type { MappingDecision } from '../../api/bindings/MappingDecision';
import type { ShapeTold } from '../../api/bindings/ShapeTold';
import { useRead, useWrite } from '../../api/query';
import { FailureAdvice, Ticks } from '../../parts/advice';
import { CommandLine } from '../../parts/command';
import { Page, PageLoading, Section } from '../../parts/page';
import { Price } from '../../parts/price';
import { useWords } from '../../words/words';
import { linesOf, propertiesOf } from './submit';
import classes from './template.module.css';

/** A small cluster that ends by itself: where an editor begins. */
const SMALL: ClusterShape = {
  image_version: '2.3-debian12',
  zone: '',
  subnetwork: '',
  service_account: '',
  staging_bucket: '',
  master: { count: 1, machine_type: 'n2-standard-4', disk_gb: 100 },
  workers: { count: 2, machine_type: 'n2-standard-4', disk_gb: 200 },
  properties: {},
  pip_packages: [],
  idle_delete_s: 600,
  age_delete_s: 7200,
  provision_deadline_s: 900,
};

/** Milliseconds after the last key until the shape is looked at anew. */
const PAUSE_MS = 300;

/** A cluster template: typed, or mapped from what stands on premise. */
export function ClusterTemplate({ name, mapping }: { name: string | undefined; mapping: boolean }) {
  const { t } = useWords();
  const read = useRead('runs.cluster_templates', {}, { enabled: name !== undefined });
  if (name !== undefined && read.isPending) return <PageLoading />;
  const kept = read.data?.find((row) => row.name === name);
  return (
    <Page title={name ?? t(mapping ? 'template-map' : 'template-new')} crumbs={[<Link to="/runs">{t('nav-runs')}</Link>, <Link to="/cluster-templates">{t('cluster-templates')}</Link>]} lead={t(mapping ? 'template-map-lead' : 'template-lead')}>
      {read.error && <FailureAdvice thrown={read.error} again={() => void read.refetch()} />}
      <Steps key={kept ? `${kept.name} ${kept.number}` : 'new'} name={kept?.name ?? name ?? ''} shape={kept?.shape ?? SMALL} decisions={kept?.decisions ?? []} mapping={mapping && !kept} />
    </Page>
  );
}

function Steps({ name: given, shape: begin, decisions: before, mapping }: { name: string; shape: ClusterShape; decisions: MappingDecision[]; mapping: boolean }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const [name, setName] = useState(given);
  const [region, setRegion] = useState('europe-west6');
  const [shape, setShape] = useState(begin);
  const [decisions, setDecisions] = useState(before);
  const [mapped, setMapped] = useState(!mapping);
  const [unread, setUnread] = useState(false);
  const [settled] = useDebouncedValue(shape, PAUSE_MS);
  const [place] = useDebouncedValue(region, PAUSE_MS);
  const told = useRead('runs.describe_shape', { shape: settled, region: place }, { keep: true, enabled: mapped });
  const keep = useWrite('runs.keep_cluster_template');
  const blocked = told.data?.findings.some((finding) => finding.severity === 'blocking') ?? true;
  return (
    <>
      {mapping && (
        <Mapping
          region={region}
          onMapped={(made, why) => {
            setShape(made);
            setDecisions(why);
            setMapped(true);
          }}
        />
      )}
      {decisions.length > 0 && <Decisions rows={decisions} />}
      {mapped && (
        <div className="columns">
          <Editor key={mapping ? JSON.stringify(decisions) : given} shape={shape} onShape={setShape} onUnread={setUnread} />
          <div className={classes.beside}>
            <Told told={told.data} error={told.error} />
            <Section title={t('template-keep')}>
              <form
                className="stack"
                onSubmit={(event) => {
                  event.preventDefault();
                  keep.mutate({ name: name.trim(), shape, decisions }, { onSuccess: () => void navigate({ to: '/cluster-templates' }) });
                }}
              >
                <TextInput label={t('col-name')} description={t('target-name-text')} required placeholder="churn-small" value={name} onChange={(event) => setName(event.currentTarget.value)} />
                <TextInput label={t('col-region')} description={t('template-region-text')} value={region} onChange={(event) => setRegion(event.currentTarget.value)} />
                {keep.error && <FailureAdvice thrown={keep.error} />}
                <Button type="submit" variant="filled" disabled={name.trim() === '' || blocked || unread} loading={keep.isPending}>
                  {t('template-keep')}
                </Button>
              </form>
            </Section>
          </div>
        </div>
      )}
    </>
  );
}

/** What stands on premise: nodes, Spark, and the files as they are. */
function Mapping({ region, onMapped }: { region: string; onMapped: (shape: ClusterShape, decisions: MappingDecision[]) => void }) {
  const { t } = useWords();
  const map = useWrite('runs.map_configuration');
  const [table, setTable] = useState('');
  const [spark, setSpark] = useState('3.5');
  const [defaults, setDefaults] = useState('');
  const [yarn, setYarn] = useState('');
  const [requirements, setRequirements] = useState('');
  const [single, setSingle] = useState(false);
  return (
    <Section title={t('template-source')}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          map.mutate(
            { node_table: table, nodes: 0, cores: 0, memory_gb: 0, spark_version: spark, spark_defaults: defaults, yarn_site: yarn, requirements, single_node: single, region },
            { onSuccess: (made) => onMapped(made.shape, made.decisions) },
          );
        }}
      >
        <div className="halves">
          <Textarea label={t('map-nodes')} description={t('map-nodes-text')} required placeholder={'node01 16 128\nnode02 16 128'} minRows={4} value={table} onChange={(event) => setTable(event.currentTarget.value)} spellCheck={false} />
          <div className="stack">
            <TextInput label={t('map-spark')} required placeholder="3.1.2" value={spark} onChange={(event) => setSpark(event.currentTarget.value)} />
            <Switch label={t('map-single')} description={t('map-single-text')} checked={single} onChange={(event) => setSingle(event.currentTarget.checked)} />
          </div>
        </div>
        <Tabs defaultValue="defaults" keepMounted>
          <Tabs.List>
            <Tabs.Tab value="defaults">spark-defaults.conf</Tabs.Tab>
            <Tabs.Tab value="yarn">yarn-site.xml</Tabs.Tab>
            <Tabs.Tab value="requirements">requirements.txt</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="defaults" pt="xs">
            <Textarea aria-label="spark-defaults.conf" minRows={6} placeholder="spark.executor.memory 8g" value={defaults} onChange={(event) => setDefaults(event.currentTarget.value)} spellCheck={false} className={classes.file} />
          </Tabs.Panel>
          <Tabs.Panel value="yarn" pt="xs">
            <Textarea aria-label="yarn-site.xml" minRows={6} placeholder="<configuration>…</configuration>" value={yarn} onChange={(event) => setYarn(event.currentTarget.value)} spellCheck={false} className={classes.file} />
          </Tabs.Panel>
          <Tabs.Panel value="requirements" pt="xs">
            <Textarea aria-label="requirements.txt" minRows={6} placeholder="PyYAML==6.0.2" value={requirements} onChange={(event) => setRequirements(event.currentTarget.value)} spellCheck={false} className={classes.file} />
          </Tabs.Panel>
        </Tabs>
        {map.error && <FailureAdvice thrown={map.error} />}
        <div className="line">
          <Button type="submit" variant="filled" disabled={table.trim() === ''} loading={map.isPending} leftSection={<ArrowRight size={14} aria-hidden />}>
            {t('map-go')}
          </Button>
        </div>
      </form>
    </Section>
  );
}

/** Source and result side by side, with the reason for each. What was left out says so. */
function Decisions({ rows }: { rows: readonly MappingDecision[] }) {
  const { t } = useWords();
  const left = rows.filter((row) => row.result === '').length;
  return (
    <Section title={t('decisions')} aside={t('decisions-of', { n: rows.length, left })} flush>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide table scrolls, and a keyboard must reach it */}
      <div className={classes.scroll} tabIndex={0} role="group" aria-label={t('decisions')}>
        <table className={classes.decisions}>
          <thead>
            <tr>
              <th scope="col">{t('decision-source')}</th>
              <th scope="col">{t('decision-result')}</th>
              <th scope="col">{t('decision-reason')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.source} ${row.value}`} data-left={row.result === ''}>
                <th scope="row">
                  <code>{row.source}</code>
                  <span className="dim"> {row.value}</span>
                </th>
                <td>{row.result === '' ? <em>{t('decision-left')}</em> : <code>{row.result}</code>}</td>
                <td>
                  <Ticks text={row.reason} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

/** The shape, field by field; a line that cannot be read is said, for it would be lost. */
function Editor({ shape, onShape, onUnread }: { shape: ClusterShape; onShape: (shape: ClusterShape) => void; onUnread: (unread: boolean) => void }) {
  const { t } = useWords();
  const [properties, setProperties] = useState(() => Object.entries(shape.properties).map(([name, value]) => `${name}=${value}`).join('\n'));
  const pairs = propertiesOf(properties);
  const text = (name: 'image_version' | 'zone' | 'subnetwork' | 'service_account' | 'staging_bucket', required = false) => (
    <TextInput label={t(`shape-${name.replaceAll('_', '-')}`)} required={required} value={shape[name]} onChange={(event) => onShape({ ...shape, [name]: event.currentTarget.value })} />
  );
  const number = (label: string, value: number, onValue: (value: number) => void, min: number) => (
    <NumberInput size="xs" label={label} min={min} allowDecimal={false} allowNegative={false} value={value} onChange={(typed) => typeof typed === 'number' && onValue(typed)} />
  );
  const machines = (role: 'master' | 'workers') => (
    <fieldset className={classes.role}>
      <legend>{t(`shape-${role}`)}</legend>
      {number(t('shape-count'), shape[role].count, (count) => onShape({ ...shape, [role]: { ...shape[role], count } }), 0)}
      <TextInput label={t('shape-machine')} required value={shape[role].machine_type} onChange={(event) => onShape({ ...shape, [role]: { ...shape[role], machine_type: event.currentTarget.value } })} />
      {number(t('shape-disk'), shape[role].disk_gb, (disk_gb) => onShape({ ...shape, [role]: { ...shape[role], disk_gb } }), 10)}
    </fieldset>
  );
  return (
    <div className="stack">
      <Section title={t('shape-machines')} aside={<Switch size="xs" label={t('map-single')} checked={shape.workers.count === 0} onChange={(event) => onShape({ ...shape, workers: { ...shape.workers, count: event.currentTarget.checked ? 0 : 2 } })} />}>
        <div className="stack">
          {machines('master')}
          {machines('workers')}
          <div className="halves">
            {text('image_version', true)}
            {text('zone')}
          </div>
        </div>
      </Section>
      <Section title={t('shape-life')} aside={t('shape-life-text')}>
        <div className={classes.three}>
          {number(t('shape-idle'), Math.round(shape.idle_delete_s / 60), (minutes) => onShape({ ...shape, idle_delete_s: minutes * 60 }), 5)}
          {number(t('shape-age'), Math.round(shape.age_delete_s / 60), (minutes) => onShape({ ...shape, age_delete_s: minutes * 60 }), 10)}
          {number(t('shape-provision'), Math.round(shape.provision_deadline_s / 60), (minutes) => onShape({ ...shape, provision_deadline_s: minutes * 60 }), 1)}
        </div>
      </Section>
      <Section title={t('shape-software')}>
        <div className="halves">
          <Textarea
            label={t('shape-properties')}
            description={t('shape-properties-text')}
            minRows={4}
            spellCheck={false}
            value={properties}
            error={pairs.bad.length > 0 ? t('submit-properties-bad', { line: pairs.bad[0] ?? '' }) : null}
            onChange={(event) => {
              const typed = propertiesOf(event.currentTarget.value);
              setProperties(event.currentTarget.value);
              onUnread(typed.bad.length > 0);
              onShape({ ...shape, properties: typed.good });
            }}
          />
          <Textarea label={t('shape-packages')} description={t('shape-packages-text')} minRows={4} spellCheck={false} defaultValue={shape.pip_packages.join('\n')} onChange={(event) => onShape({ ...shape, pip_packages: linesOf(event.currentTarget.value) })} />
        </div>
      </Section>
      <Section title={t('shape-network')}>
        <div className={classes.three}>
          {text('subnetwork')}
          {text('service_account')}
          {text('staging_bucket')}
        </div>
      </Section>
    </div>
  );
}

/** What the shape means: whether it would be taken, its price, its command. */
function Told({ told, error }: { told: ShapeTold | undefined; error: unknown }) {
  const { t } = useWords();
  if (error) return <FailureAdvice thrown={error} />;
  const findings = told?.findings ?? [];
  return (
    <>
      <Section title={t('template-told')}>
        <div className="stack-tight" style={{ minHeight: 76 }}>
          {told && (
            <p className={classes.price}>
              {told.hour ? <Price of={told.hour} dated /> : t('template-no-price', { region: told.region })}
              {told.hour && <span className="dim"> {t('template-per-hour')}</span>}
            </p>
          )}
          {told && findings.length === 0 && (
            <p className="line">
              <CircleCheck size={15} aria-hidden color="var(--good)" /> {t('template-fine')}
            </p>
          )}
          {findings.map((finding) => (
            <p key={finding.message} className={classes.finding} data-severity={finding.severity}>
              {finding.severity === 'blocking' ? <OctagonX size={14} aria-label={t('finding-blocking')} /> : <TriangleAlert size={14} aria-label={t('finding-warning')} />}
              <span>
                <Ticks text={finding.message} />
              </span>
            </p>
          ))}
        </div>
      </Section>
      {told && (
        <Section title={t('command')}>
          <CommandLine text={told.command} />
        </Section>
      )}
    </>
  );
}
