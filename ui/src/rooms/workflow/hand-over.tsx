import { Button, Menu, Select, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { CalendarClock, Ellipsis, HandHelping, Undo2, UserRoundPen } from 'lucide-react';
import { useState } from 'react';

import type { TaskRow } from '../../api/bindings/TaskRow';
import { useRead, useWrite } from '../../api/query';
import { FailureAdvice, Ticks } from '../../parts/advice';
import { Dialog } from '../../parts/dialog';
import { useWords } from '../../words/words';

type What = 'delegate' | 'assign' | 'due';

/** What becomes of a task beside being answered: given to somebody to help, to somebody else for good, or more time. */
export function HandOver({ task, mine }: { task: TaskRow; mine: boolean }) {
  const { t } = useWords();
  const [what, setWhat] = useState<What | null>(null);
  const release = useWrite('workflow.release');
  const helping = mine && task.owner !== null;
  if (!mine && !task.may_administer) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button leftSection={<Ellipsis size={14} aria-hidden />}>{t('task-more')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {mine && !helping && (
            <Menu.Item leftSection={<HandHelping size={14} aria-hidden />} onClick={() => setWhat('delegate')}>
              {t('task-delegate')}
            </Menu.Item>
          )}
          {task.may_administer && task.assignee !== null && !mine && (
            <Menu.Item
              leftSection={<Undo2 size={14} aria-hidden />}
              onClick={() => release.mutate({ task: task.id }, { onError: (failure) => notifications.show({ title: failure.message, message: failure.hint ?? '', color: 'red' }) })}
            >
              {t('task-release-of', { who: task.assignee })}
            </Menu.Item>
          )}
          {task.may_administer && (
            <Menu.Item leftSection={<UserRoundPen size={14} aria-hidden />} onClick={() => setWhat('assign')}>
              {t('task-assign')}
            </Menu.Item>
          )}
          {task.may_administer && (
            <Menu.Item leftSection={<CalendarClock size={14} aria-hidden />} onClick={() => setWhat('due')}>
              {t('task-move-due')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {what === 'due' && <MoveDue task={task} onClose={() => setWhat(null)} />}
      {(what === 'delegate' || what === 'assign') && <Give task={task} what={what} onClose={() => setWhat(null)} />}
    </>
  );
}

/** To whom, and why. Who may not take it is shown with the rule that says so. */
function Give({ task, what, onClose }: { task: TaskRow; what: 'delegate' | 'assign'; onClose: () => void }) {
  const { t } = useWords();
  const takers = useRead('workflow.takers', { task: task.id });
  const delegate = useWrite('workflow.delegate');
  const assign = useWrite('workflow.assign');
  const give = what === 'delegate' ? delegate : assign;
  const [member, setMember] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const short = reason.trim() === '';
  const may = (takers.data ?? []).filter((one) => one.may);
  const not = (takers.data ?? []).filter((one) => !one.may && one.may_not_because);
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t(`task-${what}`)}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button
            variant="filled"
            loading={give.isPending}
            onClick={() => {
              setTried(true);
              if (member === null || short) return;
              give.mutate({ task: task.id, member, reason: reason.trim() }, { onSuccess: onClose });
            }}
          >
            {t(`task-${what}`)}
          </Button>
        </>
      }
    >
      <p>{t(`task-${what}-text`)}</p>
      <Select
        label={t('task-to')}
        required
        searchable
        data-autofocus
        data={may.map((one) => ({ value: one.member, label: one.display_name }))}
        value={member}
        onChange={setMember}
        error={tried && member === null ? t('required') : null}
        nothingFoundMessage={t('task-nobody')}
      />
      {not.length > 0 && (
        <ul className="small dim" style={{ margin: 0, paddingInlineStart: 18 }}>
          {not.map((one) => (
            <li key={one.member}>
              <Ticks text={one.may_not_because ?? ''} />
            </li>
          ))}
        </ul>
      )}
      <Textarea label={t('reason')} description={t('reason-recorded')} required value={reason} onChange={(event) => setReason(event.currentTarget.value)} error={tried && short ? t('required') : null} />
      {takers.error && <FailureAdvice thrown={takers.error} />}
      {give.error && <FailureAdvice thrown={give.error} />}
    </Dialog>
  );
}

/** A moment as a field for local times takes it. */
function localMinutes(moment: string | null): string {
  if (moment === null) return '';
  const at = new Date(moment);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function MoveDue({ task, onClose }: { task: TaskRow; onClose: () => void }) {
  const { t } = useWords();
  const move = useWrite('workflow.move_due');
  const [due, setDue] = useState(() => localMinutes(task.due));
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const short = reason.trim() === '';
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('task-move-due')}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button
            variant="filled"
            loading={move.isPending}
            onClick={() => {
              setTried(true);
              if (short) return;
              move.mutate({ task: task.id, reason: reason.trim(), ...(due === '' ? {} : { due: new Date(due).toISOString() }) }, { onSuccess: onClose });
            }}
          >
            {t('task-move-due')}
          </Button>
        </>
      }
    >
      <TextInput type="datetime-local" label={t('col-due')} description={t('task-due-text')} data-autofocus value={due} onChange={(event) => setDue(event.currentTarget.value)} />
      <Textarea label={t('reason')} description={t('reason-recorded')} required value={reason} onChange={(event) => setReason(event.currentTarget.value)} error={tried && short ? t('required') : null} />
      {move.error && <FailureAdvice thrown={move.error} />}
    </Dialog>
  );
}
