import { Button } from '@mantine/core';
import { CircleAlert, CloudOff, Info, ShieldX, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

import { CallFailure } from '../api/failure';
import { useWords } from '../words/words';
import classes from './advice.module.css';

/** Something a person should know before going on. */
export function Advice({
  tone,
  title,
  icon,
  actions,
  children,
}: {
  tone: 'info' | 'warn' | 'bad' | 'good';
  title?: ReactNode;
  icon?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  const Icon = tone === 'info' || tone === 'good' ? Info : tone === 'warn' ? TriangleAlert : CircleAlert;
  return (
    <div className={classes.advice} data-tone={tone}>
      <span className={classes.icon}>{icon ?? <Icon size={16} aria-hidden />}</span>
      <div className="grow">
        {title && <div className={classes.title}>{title}</div>}
        {children && <div className={classes.text}>{children}</div>}
      </div>
      {actions && <div className="line">{actions}</div>}
    </div>
  );
}

/** A refusal or a failure, with what to do next. A rule's "no" is advice; a broken thing is an alarm. */
export function FailureAdvice({ thrown, again }: { thrown: unknown; again?: (() => void) | undefined }) {
  const { t } = useWords();
  const failure = CallFailure.from(thrown);
  const refused = failure.code === 'refused';
  return (
    <div role="alert">
      <Advice
        tone={refused ? 'warn' : 'bad'}
        icon={refused ? <ShieldX size={16} aria-hidden /> : failure.code === 'offline' ? <CloudOff size={16} aria-hidden /> : undefined}
        title={<Ticks text={failure.message} />}
        actions={again && <Button onClick={again}>{t('again')}</Button>}
      >
        {failure.hint && <Ticks text={failure.hint} />}
        {failure.causes.length > 0 && (
          <ul className={classes.causes}>
            {failure.causes.map((cause) => (
              <li key={cause}>
                <Ticks text={cause} />
              </li>
            ))}
          </ul>
        )}
      </Advice>
    </div>
  );
}

/** Text in which `backticks` name things, as every message of ours does. */
export function Ticks({ text }: { text: string }) {
  return (
    <>
      {text.split('`').map((piece, at) =>
        // oxlint-disable-next-line react/no-array-index-key -- pieces of one text have an order and nothing else
        at % 2 === 1 ? <code key={at} className={classes.name}>{piece}</code> : <span key={at}>{piece}</span>,
      )}
    </>
  );
}

/** Nothing here yet, and what to do about it. */
export function Empty({ icon, title, children, actions }: { icon?: ReactNode; title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className={classes.empty}>
      {icon && <span className={classes.emptyIcon}>{icon}</span>}
      <p className={classes.title}>{title}</p>
      {children && <p className="dim">{children}</p>}
      {actions && <div className="line-wrap">{actions}</div>}
    </div>
  );
}
