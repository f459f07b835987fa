import type { TaskRow } from '../../api/bindings/TaskRow';
import { Moment } from '../../parts/moment';
import { useWords } from '../../words/words';

/** How often whoever may answer was told again, when that is next, and when and to whom it goes then. */
export function Reminders({ task }: { task: TaskRow }) {
  const { t, known } = useWords();
  if (task.reminded === 0 && task.remind_at === null && task.escalate_at === null && task.escalated_at === null) return null;
  const to = task.escalate_to;
  const who = to === null ? t('escalates-to-administrators') : to.startsWith('@') ? to.slice(1) : known('role', to);
  return (
    <span className="small dim">
      {t('reminded-times', { n: task.reminded })}
      {task.reminded_at && (
        <>
          {', '}
          {t('reminded-last')} <Moment at={task.reminded_at} />
        </>
      )}
      {task.remind_at && (
        <>
          {' · '}
          {t('remind-next')} <Moment at={task.remind_at} />
        </>
      )}
      {task.escalated_at && (
        <>
          {' · '}
          {t('escalated', { who })} <Moment at={task.escalated_at} />
        </>
      )}
      {task.escalate_at && (
        <>
          {' · '}
          {t('escalate-next', { who })} <Moment at={task.escalate_at} />
        </>
      )}
    </span>
  );
}
