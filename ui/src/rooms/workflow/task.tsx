import { Button, Textarea } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { Link, useNavigate } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, CircleX, Hand, PenLine, Undo, Undo2 } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';

import type { EvidenceRow } from '../../api/bindings/EvidenceRow';
import type { TaskPage as Shown } from '../../api/bindings/TaskPage';
import type { VersionPage } from '../../api/bindings/VersionPage';
import { useRead, useWrite } from '../../api/query';
import { Advice, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Diagram } from '../../parts/diagram';
import { Digest } from '../../parts/digest';
import { useKeys } from '../../parts/keys';
import { Ago, Due } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { useWords } from '../../words/words';
import { Comments } from './comments';
import { HandOver } from './hand-over';
import { liveMarks } from './marks';
import { answered, beginning, problems, Prompts, type Answers } from './prompts';
import { Reminders } from './reminders';
import classes from './task.module.css';
import { Signatures, TaskState, type TaskPart } from './tasks';

/** Milliseconds of rest after which what was typed is kept on this desk. */
const DRAFT_MS = 600;

/** One user task: what is asked, what the answer rests on, what signing it means, and what happens next. */
export function Task({ id, at, evidence }: { id: string; at?: TaskPart | undefined; evidence: (version: VersionPage) => ReactNode }) {
  const { t } = useWords();
  // A task that is being completed is asked for no more: it is gone before this page is.
  const [leaving, setLeaving] = useState(false);
  const read = useRead('workflow.show_task', { task: id }, { enabled: !leaving });
  if (read.error && !read.data) {
    return (
      <Page title={t('tasks')} crumbs={[<Link to="/">{t('nav-inbox')}</Link>]}>
        <FailureAdvice thrown={read.error} again={() => void read.refetch()} />
      </Page>
    );
  }
  if (!read.data) return <PageLoading />;
  return <Opened key={read.data.task.id} shown={read.data} at={at} evidence={evidence} onLeaving={setLeaving} />;
}

/** Puts the focus on the first field of a part of this page. */
function focusPart(part: TaskPart): void {
  const place = document.getElementById(part);
  const field = place?.querySelector<HTMLElement>('input:not(:disabled), textarea:not(:disabled), button:not(:disabled)');
  place?.scrollIntoView({ block: 'nearest' });
  field?.focus();
}

interface Opening {
  shown: Shown;
  at: TaskPart | undefined;
  evidence: (version: VersionPage) => ReactNode;
  /** Told true when the task is handed in, and false when that was refused. */
  onLeaving: (leaving: boolean) => void;
}

function Opened({ shown, at, evidence, onLeaving }: Opening) {
  const words = useWords();
  const { t } = words;
  const { task } = shown;
  const marks = useMemo(() => liveMarks(shown.tokens, [], words), [shown.tokens, words]);
  const status = useRead('workspace.status', {});
  const me = status.data?.workspace?.member?.name;
  const mine = task.assignee !== null && task.assignee === me;
  const claim = useWrite('workflow.claim');
  const release = useWrite('workflow.release');
  useKeys({ c: () => task.assignee === null && claim.mutate({ task: task.id }), a: () => focusPart('answer'), m: () => focusPart('comments') });
  // The address may point at a part of the page; the page's own arrival puts the focus on its title first.
  const arrived = useRef(false);
  useEffect(() => {
    if (at === undefined || arrived.current) return;
    arrived.current = true;
    const frame = requestAnimationFrame(() => focusPart(at));
    return () => cancelAnimationFrame(frame);
  }, [at]);

  return (
    <Page
      title={task.name}
      crumbs={[
        <Link to="/">{t('nav-inbox')}</Link>,
        <Link to="/projects/$project" params={{ project: task.project }} search={{ tab: 'workflow' }}>
          {task.project_name}
        </Link>,
      ]}
      badges={
        <>
          <TaskState row={task} />
          <Signatures row={task} />
          {task.due && <Due at={task.due} />}
          {task.priority !== null && <Badge>{t('priority-n', { n: task.priority })}</Badge>}
        </>
      }
      lead={
        <>
          <Link to="/instances/$instance" params={{ instance: task.instance }}>
            {task.definition}
          </Link>
          {task.version && (
            <>
              {' · '}
              <Link to="/versions/$version" params={{ version: task.version.version }}>
                {task.version.label}
              </Link>
            </>
          )}
          {' · '}
          {t('task-waits')} <Ago at={task.created_at} />
          {' · '}
          <Reminders task={task} />
        </>
      }
      actions={
        <>
          <HandOver task={task} mine={mine} />
          {mine ? (
          <Button leftSection={<Undo2 size={14} aria-hidden />} loading={release.isPending} onClick={() => release.mutate({ task: task.id })}>
            {t('task-release')}
          </Button>
        ) : (
          task.assignee === null && (
            <Button variant="filled" leftSection={<Hand size={14} aria-hidden />} disabled={!task.may_claim} loading={claim.isPending} onClick={() => claim.mutate({ task: task.id })}>
              {t('task-claim')}
            </Button>
          )
        )}
        </>
      }
    >
      {claim.error && <FailureAdvice thrown={claim.error} />}
      {release.error && <FailureAdvice thrown={release.error} />}
      {task.assignee === null && !task.may_claim && task.may_not_because && (
        <Advice tone="warn" title={t('task-may-not')}>
          <Ticks text={task.may_not_because} />
        </Advice>
      )}
      <div className="columns">
        <div className="stack">
          {shown.version && evidence(shown.version)}
          <Section title={t('where-it-stands')} flush>
            <Diagram xml={shown.xml} marks={marks} height={360} description={t('diagram-of', { name: task.definition, tasks: task.name })} />
          </Section>
        </div>
        <div className="stack">
          {shown.evidence.length > 0 && <Evidence rows={shown.evidence} />}
          <div id="answer">
            {task.form !== null && (
              <Advice tone="info">
                <Ticks text={t('task-form', { form: task.form })} />
              </Advice>
            )}
            <Decide shown={shown} mine={mine} onLeaving={onLeaving} />
          </div>
          <div id="comments">
            <Comments instance={task.instance} comments={shown.comments} />
          </div>
        </div>
      </div>
    </Page>
  );
}

/** What a decision rests on, and whether it is there. */
function Evidence({ rows }: { rows: readonly EvidenceRow[] }) {
  const { t, known } = useWords();
  const there = rows.filter((row) => row.state === 'ok').length;
  return (
    <Section title={t('evidence')} aside={t('evidence-of', { there, of: rows.length })}>
      <ul className={classes.evidence}>
        {rows.map((row) => (
          <li key={row.label} data-state={row.state}>
            {row.state === 'ok' ? <CircleCheck size={16} aria-hidden /> : row.state === 'warning' ? <CircleAlert size={16} aria-hidden /> : <CircleX size={16} aria-hidden />}
            <div>
              <span className="hidden-text">{t(row.state === 'ok' ? 'evidence-ok' : row.state === 'warning' ? 'evidence-warning' : 'evidence-missing')}: </span>
              {known('evidence-kind', row.label)}
              {row.detail && (
                <div className="small dim">
                  <Ticks text={row.detail} />
                </div>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The form, what signing it binds, and the button that does. A failure loses nothing that was typed. */
function Decide({ shown, mine, onLeaving }: Pick<Opening, 'shown' | 'onLeaving'> & { mine: boolean }) {
  const words = useWords();
  const { t } = words;
  const navigate = useNavigate();
  const { task, prompts } = shown;
  const draft = shown.draft;
  const [answers, setAnswers] = useState<Answers>(() => beginning(prompts, (draft?.['answers'] as Answers | undefined) ?? draft));
  const [note, setNote] = useState(() => (typeof draft?.['note'] === 'string' ? draft['note'] : ''));
  // What is signed is what was on the screen when the person began to decide, not what arrived while they typed.
  const [seen] = useState({ digest: shown.digest, evidence: shown.evidence_digests, definition: shown.definition });
  const [tried, setTried] = useState(false);
  const complete = useWrite('workflow.complete');
  const back = useWrite('workflow.give_back');
  // Who was asked to help prepares: only the one who asked completes.
  const helping = mine && task.owner !== null;
  const keep = useWrite('workflow.keep_draft');
  const keepSoon = useDebouncedCallback((next: { answers: Answers; note: string }) => keep.mutate({ task: task.id, draft: next }), DRAFT_MS);
  const errors = problems(prompts, answers, words);
  const moved =
    seen.digest !== shown.digest || seen.definition !== shown.definition || seen.evidence.join() !== shown.evidence_digests.join();

  const change = (nextAnswers: Answers, nextNote: string) => {
    setAnswers(nextAnswers);
    setNote(nextNote);
    keepSoon({ answers: nextAnswers, note: nextNote });
  };
  const giveBack = () => {
    keepSoon.cancel();
    back.mutate({ task: task.id, answers: answered(prompts, answers), note: note.trim() });
  };
  const sign = () => {
    if (helping) return giveBack();
    setTried(true);
    const first = Object.keys(errors)[0];
    if (first !== undefined) {
      document.getElementById(`prompt-${first}`)?.focus();
      return;
    }
    onLeaving(true);
    complete.mutate(
      {
        task: task.id,
        answers: answered(prompts, answers),
        note: note.trim(),
        ...(seen.digest === null ? {} : { seen_digest: seen.digest, seen_evidence: seen.evidence, seen_definition: seen.definition }),
      },
      {
        onError: () => onLeaving(false),
        onSuccess: ({ signatures_left: n }) => {
          notifications.show({ message: n > 0 ? t('task-signed-more', { name: task.name, n }) : t('task-completed', { name: task.name }), color: 'green' });
          void navigate({ to: '/instances/$instance', params: { instance: task.instance } });
        },
      },
    );
  };
  return (
    <Section title={t(task.is_gate ? 'decide-title' : 'answer-title')} aside={keep.isSuccess && t('draft-kept')}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Ctrl Enter signs from any field */}
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          sign();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && event.ctrlKey) {
            event.preventDefault();
            sign();
          }
        }}
      >
        {!mine && <p className="dim">{t(task.assignee === null ? 'decide-claim-first' : 'decide-held', { who: task.assignee ?? '' })}</p>}
        <Prompts prompts={prompts} answers={answers} errors={tried ? errors : {}} disabled={!mine} onAnswers={(next) => change(next, note)} />
        <Textarea label={t('note')} description={t('note-text')} value={note} disabled={!mine} onChange={(event) => change(answers, event.currentTarget.value)} />
        {seen.digest !== null && (
          <div className={classes.seal}>
            <span className="small dim">{t('signs')}</span>
            <Digest value={seen.digest} length={24} />
          </div>
        )}
        {moved && <Advice tone="warn">{t('package-moved')}</Advice>}
        {shown.next.length > 0 && (
          <div>
            <h3>{t('what-next')}</h3>
            <ul className={classes.next}>
              {shown.next.map((line) => (
                <li key={line}>
                  <Ticks text={line} />
                </li>
              ))}
            </ul>
          </div>
        )}
        {complete.error && <FailureAdvice thrown={complete.error} />}
        {back.error && <FailureAdvice thrown={back.error} />}
        {helping && (
          <>
            <p id="not-mine-to-sign" className="dim">
              {t('decide-for-owner', { who: task.owner ?? '' })}
            </p>
            <Button variant="filled" size="sm" loading={back.isPending} leftSection={<Undo size={15} aria-hidden />} onClick={giveBack}>
              {t('task-give-back', { who: task.owner ?? '' })}
            </Button>
          </>
        )}
        <Button
          type="submit"
          variant={helping ? 'default' : 'filled'}
          size="sm"
          disabled={!mine || helping}
          aria-describedby={helping ? 'not-mine-to-sign' : undefined}
          loading={complete.isPending}
          leftSection={<PenLine size={15} aria-hidden />}
        >
          {t(task.is_gate ? 'sign' : 'complete')}
        </Button>
      </form>
    </Section>
  );
}
