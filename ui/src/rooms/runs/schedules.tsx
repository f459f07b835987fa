import { Button, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { CalendarClock, CloudUpload, Plus, TriangleAlert } from 'lucide-react';
import { useState } from 'react';

import type { RuleTold } from '../../api/bindings/RuleTold';
import type { ScheduleRow } from '../../api/bindings/ScheduleRow';
import { useRead, useWrite } from '../../api/query';
import { Advice, Empty, FailureAdvice, Ticks } from '../../parts/advice';
import { CommandLine } from '../../parts/command';
import { Dialog } from '../../parts/dialog';
import { Ago, Moment } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { Pairs } from '../../parts/pairs';
import { Price } from '../../parts/price';
import { useWords } from '../../words/words';
import classes from './schedules.module.css';
import { RunState } from './states';
import { linesOf } from './submit';
import { RunsTabs } from './tabs';

/** Milliseconds after the last key until a rule is explained. */
const PAUSE_MS = 250;

/** Runs that are asked for again and again, when next, and what became of the last times. */
export function Schedules({ adding }: { adding: boolean }) {
  const { t, language } = useWords();
  const read = useRead('runs.schedules', { language });
  const [add, setAdd] = useState(adding);
  const button = (
    <Button variant="filled" leftSection={<Plus size={14} aria-hidden />} onClick={() => setAdd(true)}>
      {t('schedule-add')}
    </Button>
  );
  return (
    <Page title={t('schedules')} lead={t('schedules-lead')} actions={button}>
      <RunsTabs />
      {read.error && <FailureAdvice thrown={read.error} again={() => void read.refetch()} />}
      {read.isPending && <PageLoading />}
      {read.data?.length === 0 && (
        <Section>
          <Empty icon={<CalendarClock size={22} aria-hidden />} title={t('schedules-none')} actions={button}>
            {t('schedules-none-text')}
          </Empty>
        </Section>
      )}
      {read.data?.map((row) => (
        <Schedule key={row.id} row={row} />
      ))}
      <Dialog opened={add} onClose={() => setAdd(false)} title={t('schedule-add')} size="680px">
        {add && <Add onClose={() => setAdd(false)} />}
      </Dialog>
    </Page>
  );
}

function Schedule({ row }: { row: ScheduleRow }) {
  const { t, known, duration } = useWords();
  const remove = useWrite('runs.remove_schedule');
  const [sure, setSure] = useState(false);
  const [exporting, setExporting] = useState(false);
  return (
    <Section
      title={row.name}
      aside={
        <>
          <Button size="compact-xs" leftSection={<CloudUpload size={13} aria-hidden />} onClick={() => setExporting(true)} aria-label={`${t('schedule-export')}: ${row.name}`}>
            {t('schedule-export')}
          </Button>
          <Button size="compact-xs" variant="subtle" color="red" onClick={() => setSure(true)} aria-label={`${t('remove')}: ${row.name}`}>
            {t('remove')}
          </Button>
        </>
      }
    >
      <div className={classes.schedule}>
        <div>
          <p className={classes.words}>{row.words}</p>
          <Pairs
            of={[
              [t('col-run'), <span data-text>{known('run-kind', row.kind)} · <Link to="/versions/$version" params={{ version: row.version }}>{row.version_label}</Link></span>],
              [t('col-project'), row.project_name],
              [t('col-target'), known('built-in', row.target)],
              [t('col-bucket'), row.bucket && <code>{row.bucket}</code>],
              [t('submit-args'), row.args.length > 0 && <code>{row.args.join(' ')}</code>],
              [t('run-deadline'), row.deadline_s === null ? null : duration(row.deadline_s)],
              [t('estimate'), row.estimate && <Price of={row.estimate} dated />],
              [t('schedule-rule'), <code>{row.rule}</code>],
              [t('col-named-by'), <>{row.by}, <Moment at={row.at} /></>],
            ]}
          />
        </div>
        <div>
          <h3>{t('schedule-next')}</h3>
          <ol className={classes.times}>
            {row.next.map((time) => (
              <li key={time.at}>
                {time.words} <span className="dim small"><Ago at={time.at} /></span>
              </li>
            ))}
          </ol>
        </div>
        <div>
          <h3>{t('schedule-last', { n: row.fired })}</h3>
          {row.firings.length === 0 ? <p className="dim">{t('schedule-never')}</p> : (
            <ol className={classes.times}>
              {row.firings.slice(0, 4).map((firing) => (
                <li key={firing.due}>
                  <span className="line-wrap">
                    <Moment at={firing.due} />
                    {firing.run ? <Link to="/runs/$run" params={{ run: firing.run }}>{firing.run_state ? <RunState state={firing.run_state} /> : t('col-run')}</Link> : null}
                    {firing.missed > 0 && <span className="small dim">{t('schedule-missed', { n: firing.missed })}</span>}
                  </span>
                  {firing.problem && <span className={classes.problem}><Ticks text={firing.problem} /></span>}
                </li>
              ))}
            </ol>
          )}
        </div>
      </div>
      <Dialog
        opened={sure}
        onClose={() => setSure(false)}
        title={`${t('remove')}: ${row.name}`}
        foot={
          <>
            <Button onClick={() => setSure(false)}>{t('back')}</Button>
            <Button variant="filled" color="red" loading={remove.isPending} onClick={() => remove.mutate({ schedule: row.id }, { onSuccess: () => setSure(false) })}>
              {t('remove')}
            </Button>
          </>
        }
      >
        <p>{t('schedule-remove-text')}</p>
        {remove.error && <FailureAdvice thrown={remove.error} />}
      </Dialog>
      <Dialog opened={exporting} onClose={() => setExporting(false)} title={t('schedule-export')} size="680px">
        {exporting && <Export schedule={row.id} />}
      </Dialog>
    </Section>
  );
}

function Export({ schedule }: { schedule: string }) {
  const { t } = useWords();
  const read = useRead('runs.export_schedule', { schedule });
  if (read.error) return <FailureAdvice thrown={read.error} />;
  if (!read.data) return <div style={{ minHeight: 120 }} aria-busy="true" />;
  return (
    <>
      <p className="dim">{t('schedule-export-text')}</p>
      <CommandLine text={read.data.command} />
    </>
  );
}

function Add({ onClose }: { onClose: () => void }) {
  const { t, known, language } = useWords();
  const models = useRead('registry.list_models', { page: { limit: 500 } });
  const targets = useRead('runs.targets', {});
  const add = useWrite('runs.add_schedule');
  const [name, setName] = useState('');
  const [version, setVersion] = useState<string | null>(null);
  const [kind, setKind] = useState('score');
  const [target, setTarget] = useState('');
  const [bucket, setBucket] = useState('');
  const [args, setArgs] = useState('');
  const [minutes, setMinutes] = useState<number | ''>('');
  const [rule, setRule] = useState(() => t('schedule-rule-first'));
  const [tried, setTried] = useState(false);
  const [settled] = useDebouncedValue(rule.trim(), PAUSE_MS);
  const told = useRead('runs.explain_rule', { rule: settled, language }, { enabled: settled !== '', keep: true });
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (name.trim() === '' || version === null || rule.trim() === '') return;
        add.mutate({ name: name.trim(), version, kind, rule: rule.trim(), args: linesOf(args), ...(target === '' ? {} : { target }), ...(bucket.trim() === '' ? {} : { bucket: bucket.trim() }), ...(minutes === '' ? {} : { deadline_s: minutes * 60 }) }, { onSuccess: onClose });
      }}
    >
      <TextInput label={t('col-name')} required data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={tried && name.trim() === '' ? t('required') : null} />
      <div className="halves">
        <Select label={t('submit-what')} data={['score', 'train', 'retrain'].map((value) => ({ value, label: known('run-kind', value) }))} value={kind} onChange={(value) => setKind(value ?? 'score')} />
        <Select
          label={t('col-version')}
          required
          searchable
          data={(models.data?.rows ?? []).map((model) => ({ value: model.latest.version, label: `${model.name} ${model.latest.number} · ${model.project_name}` }))}
          value={version}
          onChange={setVersion}
          error={tried && version === null ? t('required') : null}
        />
      </div>
      <Select
        label={t('col-target')}
        data={[{ value: '', label: t('submit-target-local') }, ...(targets.data ?? []).filter((one) => !one.built_in).map((one) => ({ value: one.name, label: one.name }))]}
        value={target}
        onChange={(value) => setTarget(value ?? '')}
      />
      <TextInput label={t('col-bucket')} description={t('submit-bucket-text')} placeholder="gs://…" value={bucket} onChange={(event) => setBucket(event.currentTarget.value)} />
      <div className="halves">
        <Textarea label={t('submit-args')} description={t('submit-args-text')} value={args} onChange={(event) => setArgs(event.currentTarget.value)} spellCheck={false} />
        <NumberInput size="xs" label={t('submit-deadline')} description={t('submit-deadline-text')} min={1} max={20_160} allowDecimal={false} value={minutes} onChange={(value) => setMinutes(typeof value === 'number' ? value : '')} />
      </div>
      <TextInput label={t('schedule-rule')} description={t('schedule-rule-text')} required spellCheck={false} value={rule} onChange={(event) => setRule(event.currentTarget.value)} />
      <Explained told={told.error ? undefined : told.data} error={told.error} onInstead={setRule} />
      {add.error && <FailureAdvice thrown={add.error} />}
      <div className="line" style={{ justifyContent: 'flex-end' }}>
        <Button onClick={onClose}>{t('back')}</Button>
        <Button type="submit" variant="filled" loading={add.isPending} disabled={told.error !== null}>
          {t('schedule-add')}
        </Button>
      </div>
    </form>
  );
}

/** What the rule means and its next ten times, before anybody waits four weeks to find out. */
function Explained({ told, error, onInstead }: { told: RuleTold | undefined; error: unknown; onInstead: (rule: string) => void }) {
  const { t } = useWords();
  const instead = told?.instead;
  return (
    <div className={classes.explained} role="status">
      {error ? <FailureAdvice thrown={error} /> : null}
      {told && <p className={classes.words}>{told.words}</p>}
      {told?.surprises.map((surprise) => (
        <Advice
          key={surprise}
          tone="warn"
          icon={<TriangleAlert size={16} aria-hidden />}
          actions={instead && <Button onClick={() => onInstead(instead)}>{t('schedule-instead')}</Button>}
        >
          <Ticks text={surprise} />
          {instead && <p><code>{instead}</code></p>}
        </Advice>
      ))}
      {told && (
        <>
          <h3>{t('schedule-next-ten')}</h3>
          <ol className={classes.ten}>
            {told.next.map((time) => (
              <li key={time.at}>{time.words}</li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}
