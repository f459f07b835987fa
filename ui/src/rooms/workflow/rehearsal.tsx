import { Button, NumberInput, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { AlarmClock, FastForward, Play, RotateCcw, SkipForward, Undo2 } from 'lucide-react';
import { useMemo, useState } from 'react';

import type { ProcessRow } from '../../api/bindings/ProcessRow';
import type { PromptRow } from '../../api/bindings/PromptRow';
import type { Rehearsal as Played } from '../../api/bindings/Rehearsal';
import type { RehearsalReply } from '../../api/bindings/RehearsalReply';
import type { RehearsalState } from '../../api/bindings/RehearsalState';
import type { RehearsalStep } from '../../api/bindings/RehearsalStep';
import { useRead } from '../../api/query';
import { Advice, Empty, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Diagram, type DiagramMark } from '../../parts/diagram';
import { Moment } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { useWords } from '../../words/words';
import { answered, beginning, problems, Prompts, type Answers } from './prompts';
import classes from './rehearsal.module.css';
import { Correct, Waits } from './rehearse-told';

/** Tries a process out: a clock to advance, tasks to answer, tokens that move. Nothing outside is touched or recorded. */
export function Rehearsal({ of }: { of: { definition?: string | undefined; design?: string | undefined } }) {
  const { t } = useWords();
  const [steps, setSteps] = useState<RehearsalStep[]>([]);
  const [replies, setReplies] = useState<RehearsalReply[]>([]);
  // The clock begins once: every step is played again from there.
  const [clock] = useState(() => new Date().toISOString());
  const request = { ...(of.definition ? { definition: of.definition } : {}), ...(of.design ? { design: of.design } : {}), clock, replies, steps };
  const read = useRead('workflow.rehearse', request, { enabled: Boolean(of.definition ?? of.design), keep: true });
  const crumbs = [<Link to="/workflows">{t('nav-workflows')}</Link>];
  if (read.error) {
    return (
      <Page title={t('rehearse')} crumbs={crumbs}>
        <FailureAdvice thrown={read.error} again={() => void read.refetch()} />
      </Page>
    );
  }
  if (!read.data) return of.definition || of.design ? <PageLoading /> : <Page title={t('rehearse')} crumbs={crumbs}><Empty title={t('rehearse-choose')} /></Page>;
  return <Opened of={of} played={read.data} steps={steps} replies={replies} onSteps={setSteps} onReplies={setReplies} />;
}

function Opened({
  of,
  played,
  steps,
  replies,
  onSteps,
  onReplies,
}: {
  of: { definition?: string | undefined; design?: string | undefined };
  played: Played;
  steps: readonly RehearsalStep[];
  replies: readonly RehearsalReply[];
  onSteps: (steps: RehearsalStep[]) => void;
  onReplies: (replies: RehearsalReply[]) => void;
}) {
  const words = useWords();
  const { t } = words;
  const state = played.states.at(-1);
  const clock = played.clocks.at(-1) ?? played.began;
  const marks = useMemo(() => rehearsedMarks(played), [played]);
  const way = useMemo(() => ({ visited: wayOf(played.states), at: played.states.length }), [played.states]);
  const step = (next: RehearsalStep) => onSteps([...steps.slice(0, played.states.length), next]);
  const name = (id: string) => played.names[id] ?? id;
  return (
    <Page
      title={t('rehearse-title', { name: played.name })}
      crumbs={[
        <Link to="/workflows">{t('nav-workflows')}</Link>,
        of.design ? (
          <Link to="/designs/$design" params={{ design: of.design }}>
            {played.name}
          </Link>
        ) : (
          <Link to="/definitions/$definition" params={{ definition: of.definition ?? '' }}>
            {played.name}
          </Link>
        ),
      ]}
      badges={state?.ended ? <Badge tone={state.outcome === 'completed' ? 'good' : 'warn'}>{outcome(state, words.known)}</Badge> : state && <Badge tone="accent">{words.known('instance', 'running')}</Badge>}
      lead={t('rehearse-lead')}
      actions={
        <>
          <span className={classes.clock}>
            <AlarmClock size={14} aria-hidden />
            <span className="hidden-text">{t('rehearse-clock')}: </span>
            <Moment at={clock} />
          </span>
          <Button leftSection={<Undo2 size={14} aria-hidden />} disabled={played.states.length === 0} onClick={() => onSteps(steps.slice(0, Math.max(0, played.states.length - 1)))}>
            {t('rehearse-back')}
          </Button>
          <Button leftSection={<RotateCcw size={14} aria-hidden />} disabled={steps.length === 0} onClick={() => onSteps([])}>
            {t('rehearse-again')}
          </Button>
        </>
      }
    >
      {played.errors.length > 0 && (
        <Advice tone="bad" title={t('rehearse-errors')}>
          {played.errors.map((one) => (
            <p key={`${one.element} ${one.message}`}>
              <Ticks text={one.message} />
            </p>
          ))}
        </Advice>
      )}
      {played.failure && (
        <div role="alert">
          <Advice tone="warn" actions={<Button onClick={() => onSteps(steps.slice(0, played.states.length))}>{t('rehearse-forget')}</Button>}>
            <Ticks text={played.failure.message} />
          </Advice>
        </div>
      )}
      <div className="columns" style={{ gridTemplateColumns: 'minmax(0, 1fr) 360px' }}>
        <div className="stack">
          <Section flush>
            <Diagram xml={played.xml} marks={marks} way={way} height={420} description={t('diagram-of', { name: played.name, tasks: state?.tasks.map((task) => task.name ?? name(task.id)).join(', ') || t('none') })} />
          </Section>
          <Happened played={played} steps={steps} name={name} />
        </div>
        <div className="stack">
          {!state && played.errors.length === 0 && <Begin processes={played.processes} onStart={step} />}
          {state && !state.ended && <Clock state={state} name={name} step={step} />}
          {state?.incidents.map((incident) => (
            <Advice
              key={incident.id}
              tone="bad"
              title={name(incident.id)}
              actions={
                <>
                  <Button leftSection={<RotateCcw size={13} aria-hidden />} onClick={() => step({ retry: `#${incident.id}` })}>
                    {t('incident-retry')}
                  </Button>
                  <Button leftSection={<SkipForward size={13} aria-hidden />} onClick={() => step({ skip: `#${incident.id}` })}>
                    {t('incident-skip')}
                  </Button>
                </>
              }
            >
              <Ticks text={incident.message} />
            </Advice>
          ))}
          {state?.tasks.map((task) => (
            <Task key={`${task.id} ${played.states.length}`} task={task} name={name} onComplete={(answers, by) => step({ complete: `#${task.id}`, answers, ...(by === '' ? {} : { as: by }) })} />
          ))}
          {state?.waiting.map((one) => (
            <Waits key={`${one.kind} ${one.id} ${played.states.length}`} one={one} name={name(one.id)} step={step} />
          ))}
          {state && <Variables state={state} step={step} />}
          <Replies replies={replies} onReplies={onReplies} />
        </div>
      </div>
    </Page>
  );
}

function outcome(state: RehearsalState, known: (family: string, value: string) => string): string {
  return state.outcome === null ? '' : typeof state.outcome === 'string' ? known('instance', state.outcome) : state.outcome.error;
}

/** Where tokens stand now, and what was visited before. */
export function rehearsedMarks(played: Pick<Played, 'states'>): DiagramMark[] {
  const state = played.states.at(-1);
  const here = new Map<string, DiagramMark>();
  for (const one of state?.timers ?? []) here.set(one.id, { element: one.id, tone: 'token' });
  for (const one of state?.waiting ?? []) here.set(one.id, { element: one.id, tone: 'token' });
  for (const one of state?.tasks ?? []) here.set(one.id, { element: one.id, tone: 'token', ...(one.assignee ? { badge: one.assignee } : {}) });
  for (const one of state?.incidents ?? []) here.set(one.id, { element: one.id, tone: 'incident', badge: '!' });
  const times = new Map<string, number>();
  for (const one of played.states) for (const id of one.visited) times.set(id, (times.get(id) ?? 0) + 1);
  const done = [...times].filter(([id]) => !here.has(id)).map(([element, n]): DiagramMark => ({ element, tone: 'done', ...(n > 1 ? { badge: `${n}×` } : {}) }));
  return [...done, ...here.values()];
}

/** What the last step visited, beginning where its tokens came from. */
function wayOf(states: readonly RehearsalState[]): string[] {
  const [last, before] = [states.at(-1), states.at(-2)];
  if (!last) return [];
  const from = before ? [...before.tasks, ...before.timers, ...before.waiting, ...before.incidents].map((one) => one.id) : [];
  return [...from, ...last.visited];
}

/** Which process of the file is begun, and with which answers. */
function Begin({ processes, onStart }: { processes: readonly ProcessRow[]; onStart: (step: RehearsalStep) => void }) {
  const { t } = useWords();
  const [process, setProcess] = useState<string | null>(null);
  const begun = processes.find((one) => one.id === process) ?? processes[0];
  return (
    <Section title={t('rehearse-begin')}>
      <div className="stack">
        {processes.length > 1 && (
          <Select label={t('start-process')} data={processes.map((one) => ({ value: one.id, label: one.name }))} value={begun?.id ?? null} onChange={(value) => value !== null && setProcess(value)} />
        )}
        <BeginWith key={begun?.id ?? ''} prompts={begun?.prompts ?? []} onStart={(start) => onStart({ start, ...(process === null ? {} : { process }) })} />
      </div>
    </Section>
  );
}

function BeginWith({ prompts, onStart }: { prompts: readonly PromptRow[]; onStart: (variables: Answers) => void }) {
  const words = useWords();
  const { t } = words;
  const [answers, setAnswers] = useState<Answers>(() => beginning(prompts, null));
  const [tried, setTried] = useState(false);
  const errors = problems(prompts, answers, words);
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (Object.keys(errors).length === 0) onStart(answered(prompts, answers));
      }}
    >
      <p className="dim">{t('rehearse-begin-text')}</p>
      <Prompts prompts={prompts} answers={answers} errors={tried ? errors : {}} onAnswers={setAnswers} />
      <Button type="submit" variant="filled" leftSection={<Play size={14} aria-hidden />}>
        {t('start')}
      </Button>
    </form>
  );
}

/** The clock: on by a time, or to the next timer. */
function Clock({ state, name, step }: { state: RehearsalState; name: (id: string) => string; step: (step: RehearsalStep) => void }) {
  const { t } = useWords();
  const [n, setN] = useState<number | string>(1);
  const [unit, setUnit] = useState('D');
  const next = state.timers[0];
  const amount = typeof n === 'number' && n > 0 ? Math.floor(n) : null;
  return (
    <Section title={t('rehearse-clock')}>
      <div className="stack-tight">
        <div className="line" style={{ alignItems: 'flex-end' }}>
          <NumberInput size="xs" aria-label={t('rehearse-advance-by')} min={1} max={9999} allowDecimal={false} value={n} onChange={setN} w={84} />
          <Select
            aria-label={t('rehearse-unit')}
            w={120}
            data={[
              { value: 'M', label: t('unit-minutes') },
              { value: 'H', label: t('unit-hours') },
              { value: 'D', label: t('unit-days') },
              { value: 'W', label: t('unit-weeks') },
            ]}
            value={unit}
            onChange={(value) => value !== null && setUnit(value)}
          />
          <Button disabled={amount === null} leftSection={<FastForward size={13} aria-hidden />} onClick={() => amount !== null && step({ advance: unit === 'M' || unit === 'H' ? `PT${amount}${unit}` : `P${amount}${unit}` })}>
            {t('rehearse-advance')}
          </Button>
        </div>
        {next ? (
          <div className="spread">
            <span className="small dim">
              {name(next.id)}: <Moment at={next.due} />
            </span>
            <Button leftSection={<AlarmClock size={13} aria-hidden />} onClick={() => step({ fire: 'next' })}>
              {t('rehearse-fire')}
            </Button>
          </div>
        ) : (
          <span className="small dim">{t('rehearse-no-timer')}</span>
        )}
      </div>
    </Section>
  );
}

function Task({ task, name, onComplete }: { task: RehearsalState['tasks'][number]; name: (id: string) => string; onComplete: (answers: Answers, by: string) => void }) {
  const words = useWords();
  const { t } = words;
  const prompts: PromptRow[] = task.prompts.map((prompt) => ({
    variable: prompt.variable,
    question: prompt.question,
    type: prompt.type === 'any' ? 'string' : prompt.type,
    required: prompt.required,
    choices: prompt.choices,
    value: task.variables[prompt.variable] ?? null,
  }));
  const [answers, setAnswers] = useState<Answers>(() => beginning(prompts, null));
  const [by, setBy] = useState('');
  const [tried, setTried] = useState(false);
  const errors = problems(prompts, answers, words);
  const who = [...task.candidates.groups, ...task.candidates.users];
  return (
    <Section title={task.name ?? name(task.id)} aside={task.due && <Moment at={task.due} />}>
      <form
        className="stack-tight"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (Object.keys(errors).length === 0) onComplete(answered(prompts, answers), by.trim());
        }}
      >
        <span className="line-wrap small dim">
          {who.map((one) => (
            <Badge key={one}>{words.known('role', one)}</Badge>
          ))}
          {task.candidates.excluded.map((one) => (
            <Badge key={one} tone="warn">
              {t('rehearse-not', { who: one })}
            </Badge>
          ))}
        </span>
        <Prompts prompts={prompts} answers={answers} errors={tried ? errors : {}} onAnswers={setAnswers} />
        <div className="line" style={{ alignItems: 'flex-end' }}>
          <TextInput className="grow" label={t('rehearse-as')} placeholder={t('rehearse-anybody')} value={by} onChange={(event) => setBy(event.currentTarget.value)} />
          <Button type="submit" variant="filled">
            {t('complete')}
          </Button>
        </div>
      </form>
    </Section>
  );
}

/** What happened, step by step, with what would have been asked of the world. */
function Happened({ played, steps, name }: { played: Played; steps: readonly RehearsalStep[]; name: (id: string) => string }) {
  const { t, known } = useWords();
  const said = (step: RehearsalStep | undefined): string => {
    if (!step) return '';
    if (step.start) return t('rehearse-did-start');
    if (step.complete) return t('rehearse-did-complete', { name: name(step.complete.replace(/^#/, '')), who: step.as ?? t('rehearse-anybody') });
    if (step.advance) return t('rehearse-did-advance', { time: step.advance });
    if (step.fire) return t('rehearse-did-fire');
    if (step.retry) return t('rehearse-did-retry', { name: name(step.retry.replace(/^#/, '')) });
    if (step.set) return t('rehearse-did-set', { names: Object.keys(step.set).join(', ') });
    if (step.skip) return t('rehearse-did-skip', { name: name(step.skip.replace(/^#/, '')) });
    return t('rehearse-did-send', { name: step.message ?? step.signal ?? name((step.trigger ?? '').replace(/^#/, '')) });
  };
  return (
    <Section title={t('operations')}>
      {played.states.length === 0 && <p className="dim">{t('rehearse-nothing')}</p>}
      <ol className={classes.steps} reversed>
        {played.states
          .map((state, at) => ({ state, step: steps[at], at, clock: played.clocks[at] ?? '' }))
          .toReversed()
          .map(({ state, step, at, clock }) => (
            <li key={at}>
              <div className="spread">
                <strong>{said(step)}</strong>
                <span className="small dim">
                  <Moment at={clock} />
                </span>
              </div>
              {state.visited.length > 0 && <p className="small dim">{state.visited.map(name).join(' → ')}</p>}
              {state.effects.map((effect, place) => (
                // oxlint-disable-next-line react/no-array-index-key -- effects of a step have an order and nothing else
                <p key={place} className={classes.effect}>
                  <Badge tone="accent">{known('effect', effect.kind)}</Badge> <span>{name(effect.id)}</span> <code className="cut">{effectText(effect, known)}</code>
                </p>
              ))}
            </li>
          ))}
      </ol>
    </Section>
  );
}

/** What an effect would do, in a line. */
export function effectText(effect: Record<string, unknown>, known: (family: string, value: string) => string): string {
  const text = (name: string) => (typeof effect[name] === 'string' ? effect[name] : '');
  const list = (name: string) => (Array.isArray(effect[name]) ? effect[name].join(', ') : '');
  const url = text('url');
  if (url.startsWith('countersign:')) {
    const [address = '', query = ''] = url.slice('countersign:'.length).split('?');
    const action = { retrain: 'train', 'performance-report': 'report' }[address] ?? address;
    return [known('action', action), query.replaceAll('&', ', ')].filter((part) => part !== '').join(': ');
  }
  if (effect['kind'] === 'http') return `${text('method')} ${url}`;
  if (effect['kind'] === 'mail') return `${text('to')}: ${text('subject')}`;
  if (effect['kind'] === 'notify') return `${[list('groups'), list('users')].filter((part) => part !== '').join(', ')}: ${text('template')}`;
  if (effect['kind'] === 'set') return `${text('variable')} = ${JSON.stringify(effect['value'])}`;
  return text('name') || text('delegate') || text('job') || text('text');
}

function Variables({ state, step }: { state: RehearsalState; step: (step: RehearsalStep) => void }) {
  const { t } = useWords();
  const rows = Object.entries(state.variables);
  return (
    <Section title={t('process-variables')} aside={!state.ended && <Correct step={step} />}>
      {rows.length === 0 && <p className="dim">{t('nothing-here')}</p>}
      <dl className={classes.variables}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <code>{value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value)}</code>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

/** What calls are answered with: where none fits, they succeed. */
function Replies({ replies, onReplies }: { replies: readonly RehearsalReply[]; onReplies: (replies: RehearsalReply[]) => void }) {
  const { t } = useWords();
  const [url, setUrl] = useState('*');
  const [status, setStatus] = useState('200');
  const [body, setBody] = useState('{"items": [{"id": "1"}]}');
  const read = (() => {
    try {
      return { value: JSON.parse(body) as unknown };
    } catch {
      return null;
    }
  })();
  return (
    <Section title={t('rehearse-replies')}>
      <div className="stack-tight">
        <p className="small dim">{t('rehearse-replies-text')}</p>
        {replies.map((one, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- replies have an order, and the first that fits counts
          <div key={at} className="spread">
            <code className="cut">
              {one.url} → {one.status}
            </code>
            <Button size="compact-xs" onClick={() => onReplies(replies.filter((_, place) => place !== at))}>
              {t('rehearse-reply-remove')}
            </Button>
          </div>
        ))}
        <TextInput label={t('rehearse-reply-url')} value={url} onChange={(event) => setUrl(event.currentTarget.value)} styles={{ input: { fontFamily: 'var(--mono)' } }} />
        <SegmentedControl size="xs" aria-label={t('rehearse-reply-status')} data={['200', '404', '500']} value={status} onChange={setStatus} />
        <Textarea label={t('rehearse-reply-body')} value={body} minRows={1} error={read === null ? t('rehearse-reply-json') : null} onChange={(event) => setBody(event.currentTarget.value)} styles={{ input: { fontFamily: 'var(--mono)', fontSize: 12 } }} />
        <Button
          style={{ alignSelf: 'flex-end' }}
          disabled={read === null || url.trim() === ''}
          onClick={() => read && onReplies([{ method: '*', url: url.trim(), status: Number(status), body: read.value }, ...replies])}
        >
          {t('rehearse-reply-add')}
        </Button>
      </div>
    </Section>
  );
}
