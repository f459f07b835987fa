import { Button, NumberInput, SegmentedControl, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link, useNavigate } from '@tanstack/react-router';
import { CircleCheck, FlaskConical, OctagonX, TriangleAlert } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import type { Preflight } from '../../api/bindings/Preflight';
import type { Request } from '../../api/call';
import { useRead, useWrite } from '../../api/query';
import { FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { CommandLine } from '../../parts/command';
import { Page, Section } from '../../parts/page';
import { Pairs } from '../../parts/pairs';
import { Price } from '../../parts/price';
import { useWords } from '../../words/words';
import classes from './submit.module.css';

/** What can be asked for by hand. */
export const KINDS = ['migrate', 'train', 'score', 'retrain'] as const;
export type Kind = (typeof KINDS)[number];

/** What the address carries: a link from a version's page fills the form. */
export interface SubmitSearch {
  version?: string | undefined;
  kind?: Kind | undefined;
  target?: string | undefined;
  bucket?: string | undefined;
  rehearse?: boolean | undefined;
  /** Arguments for the script, a line each. */
  args?: string | undefined;
  /** Spark properties, a `name=value` line each. */
  properties?: string | undefined;
  /** Minutes after which it is stopped. */
  deadline?: number | undefined;
}

/** Milliseconds after the last key until the look before the run is taken anew. */
const PAUSE_MS = 350;

/** Asks for a run: what, of which version, where; with what stands against it, its price and its command beside it all the time. */
export function Submit({ search }: { search: SubmitSearch }) {
  const { t, known } = useWords();
  const navigate = useNavigate();
  const [version, setVersion] = useState<string | null>(search.version ?? null);
  const [kind, setKind] = useState<Kind>(search.kind ?? 'train');
  const [target, setTarget] = useState(search.target ?? '');
  const [bucket, setBucket] = useState(search.bucket ?? '');
  const [rehearse, setRehearse] = useState(search.rehearse ?? false);
  const [args, setArgs] = useState(search.args ?? '');
  const [properties, setProperties] = useState(search.properties ?? '');
  const [deadline, setDeadline] = useState<number | ''>(search.deadline ?? '');
  const [minutes, setMinutes] = useState<number | ''>('');
  const [removeForeign, setRemoveForeign] = useState(false);
  const models = useRead('registry.list_models', { page: { limit: 500 } });
  const shown = useRead('registry.show_version', { version: version ?? '' }, { enabled: version !== null });
  const targets = useRead('runs.targets', {});
  const buckets = useRead('runs.buckets', {});
  const submit = useWrite('runs.submit');
  const migrate = useWrite('runs.migrate');

  const pairs = propertiesOf(properties);
  const where = {
    ...(target === '' ? {} : { target }),
    ...(bucket.trim() === '' ? {} : { bucket: bucket.trim() }),
    rehearse,
  };
  const request: Request<'runs.preflight'> = {
    kind,
    version: version ?? '',
    ...where,
    args: linesOf(args),
    properties: pairs.good,
    ...(minutes === '' ? {} : { minutes }),
    ...(deadline === '' ? {} : { deadline_s: deadline * 60 }),
  };
  const [settled] = useDebouncedValue(request, PAUSE_MS);
  const enough = settled.version !== '' && (settled.kind !== 'migrate' || settled.bucket !== undefined);
  const preflight = useRead('runs.preflight', settled, { enabled: enough, keep: true });
  const stale = preflight.isFetching || JSON.stringify(settled) !== JSON.stringify(request);
  const may = enough && !stale && preflight.data?.may_go_on === true && !preflight.error && pairs.bad.length === 0;
  const hasForeign = kind === 'migrate' && preflight.data?.findings.some((finding) => finding.code === 'stale-object') === true;
  const writing = submit.isPending || migrate.isPending;

  // The latest of each model, and every version of the model that is chosen.
  const choices = new Map((models.data?.rows ?? []).map((model) => [model.latest.version, { label: `${model.name} ${model.latest.number}`, group: model.project_name }]));
  for (const one of shown.data?.versions ?? []) {
    if (shown.data) choices.set(one.version, { label: `${shown.data.model.name} ${one.number}`, group: shown.data.model.project_name });
  }
  const places = (targets.data ?? []).filter((one) => (kind === 'migrate' ? one.kind.startsWith('dataproc') : one.kind !== 'bucket'));

  const go = () => {
    if (version === null || !may) return;
    const opened = { onSuccess: (made: { id: string }) => void navigate({ to: '/runs/$run', params: { run: made.id } }) };
    if (kind === 'migrate') migrate.mutate({ version, ...where, bucket: bucket.trim(), remove_foreign: hasForeign && removeForeign }, opened);
    else submit.mutate({ kind, version, ...where, args: linesOf(args), properties: pairs.good, ...(deadline === '' ? {} : { deadline_s: deadline * 60 }) }, opened);
  };
  return (
    <Page title={t('submit-title')} crumbs={[<Link to="/runs">{t('nav-runs')}</Link>]} lead={t('submit-lead')}>
      <form
        className="columns"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <div className="stack">
          <Section title={t('submit-what')}>
            <div className="stack">
              <SegmentedControl
                aria-label={t('submit-what')}
                value={kind}
                onChange={(value) => setKind(value as Kind)}
                data={KINDS.map((value) => ({ value, label: known('run-kind', value) }))}
              />
              <p className="dim small">{t(`submit-kind-${kind}`)}</p>
              <Select
                label={t('col-version')}
                required
                searchable
                data={grouped(choices)}
                value={version}
                onChange={setVersion}
                nothingFoundMessage={t('submit-version-none')}
                placeholder={t('submit-version-choose')}
              />
              {shown.data && (
                <div className="line-wrap small">
                  {shown.data.approvals[0]?.decision === 'approved' ? (
                    <Badge tone="good" icon={<CircleCheck aria-hidden />}>
                      {t('submit-approved', { who: shown.data.approvals[0].member })}
                    </Badge>
                  ) : (
                    <Badge tone="warn">{t('submit-not-approved')}</Badge>
                  )}
                  <Link to="/versions/$version" params={{ version: shown.data.version }}>
                    {t('submit-version-open')}
                  </Link>
                </div>
              )}
            </div>
          </Section>
          <Section title={t('submit-where')}>
            <div className="stack">
              <Select
                label={t('col-target')}
                data={[{ value: '', label: t(kind === 'migrate' ? 'submit-target-bucket' : 'submit-target-local') }, ...places.filter((one) => !one.built_in).map((one) => ({ value: one.name, label: `${one.name} · ${known('target-kind-short', one.kind)}` }))]}
                value={target}
                onChange={(value) => setTarget(value ?? '')}
              />
              <TextInput
                label={t('col-bucket')}
                required={kind === 'migrate'}
                description={t(kind === 'migrate' ? 'submit-bucket-migrate' : 'submit-bucket-text')}
                placeholder="gs://…"
                list="submit-buckets"
                value={bucket}
                onChange={(event) => setBucket(event.currentTarget.value)}
              />
              <datalist id="submit-buckets">
                {(buckets.data ?? []).map((one) => (
                  <option key={`${one.kind} ${one.name}`} value={one.name}>
                    {one.name}
                  </option>
                ))}
              </datalist>
              <Switch
                label={t('submit-rehearse')}
                description={t('submit-rehearse-text')}
                checked={rehearse}
                onChange={(event) => setRehearse(event.currentTarget.checked)}
              />
              {hasForeign && (
                <Switch
                  label={t('submit-remove-foreign')}
                  description={t('submit-remove-foreign-text')}
                  checked={removeForeign}
                  onChange={(event) => setRemoveForeign(event.currentTarget.checked)}
                />
              )}
            </div>
          </Section>
          {kind !== 'migrate' && (
            <Section title={t('submit-settings')}>
              <div className="halves">
                <Textarea label={t('submit-args')} description={t('submit-args-text')} value={args} onChange={(event) => setArgs(event.currentTarget.value)} spellCheck={false} />
                <Textarea
                  label={t('submit-properties')}
                  description={t('submit-properties-text')}
                  placeholder="spark.sql.shuffle.partitions=8"
                  value={properties}
                  onChange={(event) => setProperties(event.currentTarget.value)}
                  error={pairs.bad.length > 0 ? t('submit-properties-bad', { line: pairs.bad[0] ?? '' }) : null}
                  spellCheck={false}
                />
                <NumberInput
                  size="xs"
                  label={t('submit-minutes')}
                  description={t('submit-minutes-text')}
                  min={1}
                  max={10_080}
                  allowDecimal={false}
                  placeholder={preflight.data ? String(preflight.data.minutes) : ''}
                  value={minutes}
                  onChange={(value) => setMinutes(typeof value === 'number' ? value : '')}
                />
                <NumberInput
                  size="xs"
                  label={t('submit-deadline')}
                  description={t('submit-deadline-text')}
                  min={1}
                  max={20_160}
                  allowDecimal={false}
                  placeholder={preflight.data ? String(Math.round(preflight.data.deadline_s / 60)) : ''}
                  value={deadline}
                  onChange={(value) => setDeadline(typeof value === 'number' ? value : '')}
                />
              </div>
            </Section>
          )}
        </div>
        <div className={classes.beside}>
          <Before enough={enough} stale={stale} preflight={preflight.data} error={preflight.error} again={() => void preflight.refetch()} rehearse={rehearse} />
          {submit.error && <FailureAdvice thrown={submit.error} />}
          {migrate.error && <FailureAdvice thrown={migrate.error} />}
          <Button type="submit" size="sm" variant="filled" fullWidth disabled={!may} loading={writing} leftSection={rehearse ? <FlaskConical size={14} aria-hidden /> : undefined}>
            {t(rehearse ? 'submit-go-rehearse' : kind === 'migrate' ? 'submit-go-migrate' : 'submit-go')}
          </Button>
        </div>
      </form>
    </Page>
  );
}

/** What stands against the run, what it would cost, and the same thing as a command. */
function Before({ enough, stale, preflight, error, again, rehearse }: { enough: boolean; stale: boolean; preflight: Preflight | undefined; error: unknown; again: () => void; rehearse: boolean }) {
  const { t, known } = useWords();
  const found = enough && !error ? preflight : undefined;
  const blocking = found?.findings.filter((finding) => finding.severity === 'blocking') ?? [];
  return (
    <>
      <Section title={t('preflight')} aside={<span aria-live="polite">{enough && stale ? t('preflight-looking') : ''}</span>}>
        <div className={classes.before} data-stale={stale && enough}>
          {!enough && <p className="dim">{t('preflight-waiting')}</p>}
          {enough && error ? <FailureAdvice thrown={error} again={again} /> : null}
          {found && (
            <div role="status" className="line">
              {found.may_go_on ? <CircleCheck size={16} aria-hidden color="var(--good)" /> : <OctagonX size={16} aria-hidden color="var(--bad)" />}
              <strong>{found.may_go_on ? t(found.findings.length === 0 ? 'preflight-clear' : 'preflight-warnings', { n: found.findings.length }) : t('preflight-blocked', { n: blocking.length })}</strong>
            </div>
          )}
          {found && found.findings.length > 0 && (
            <ul className={classes.findings}>
              {found.findings.map((finding) => (
                <li key={`${finding.code} ${finding.file} ${finding.line} ${finding.message}`} data-severity={finding.severity}>
                  {finding.severity === 'blocking' ? <OctagonX size={14} aria-label={t('finding-blocking')} /> : <TriangleAlert size={14} aria-label={t('finding-warning')} />}
                  <span>
                    {finding.file && (
                      <code>
                        {finding.file}
                        {finding.line !== null && `:${finding.line}`}
                      </code>
                    )}{' '}
                    <Ticks text={finding.message} />
                  </span>
                </li>
              ))}
            </ul>
          )}
          {found && (
            <Pairs
              of={[
                [t('col-target'), known('built-in', found.target)],
                [t('col-bucket'), found.bucket && <code>{found.bucket}</code>],
                ...found.data.map((one): [string, ReactNode] => [known('data', one.name), <code>{one.path}</code>]),
                [t('estimate'), rehearse ? t('estimate-sandbox') : found.estimate ? <><Price of={found.estimate} dated /> · {t('estimate-minutes', { n: found.minutes })}</> : found.no_price_in ? t('estimate-no-price', { region: found.no_price_in }) : t('estimate-none')],
              ]}
            />
          )}
        </div>
      </Section>
      {found?.command && (
        <Section title={t('command')}>
          <CommandLine text={found.command} />
        </Section>
      )}
    </>
  );
}

function grouped(choices: Map<string, { label: string; group: string }>) {
  const groups = new Map<string, { value: string; label: string }[]>();
  for (const [value, { label, group }] of choices) groups.set(group, [...(groups.get(group) ?? []), { value, label }]);
  return [...groups].map(([group, items]) => ({ group, items }));
}

/** The lines that say something. */
export function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
}

/** `name=value` lines as properties, and the lines that are none. */
export function propertiesOf(text: string): { good: Record<string, string>; bad: string[] } {
  const good: Record<string, string> = {};
  const bad: string[] = [];
  for (const line of linesOf(text)) {
    const at = line.indexOf('=');
    if (at > 0) good[line.slice(0, at).trim()] = line.slice(at + 1).trim();
    else bad.push(line);
  }
  return { good, bad };
}
