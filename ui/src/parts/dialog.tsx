import { Button, Modal, Textarea } from '@mantine/core';
import { useLayoutEffect, useState, type ReactNode } from 'react';

import { useWords } from '../words/words';
import { FailureAdvice } from './advice';
import classes from './dialog.module.css';

/** A dialog with a title, contents, and buttons at its foot. */
export function Dialog({
  opened,
  onClose,
  title,
  size = 'md',
  foot,
  children,
}: {
  opened: boolean;
  onClose: () => void;
  title: string;
  size?: string;
  foot?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useWords();
  useFocusBack(opened);
  return (
    <Modal.Root opened={opened} onClose={onClose} size={size}>
      <Modal.Overlay />
      <Modal.Content>
        {/* Not Mantine's own header: that is a <header>, and a page has one banner. */}
        <div className={classes.head}>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t('close')} />
        </div>
        <Modal.Body className="stack">
        {children}
        {foot && (
          <div className="line-wrap" style={{ justifyContent: 'flex-end' }}>
            {foot}
          </div>
        )}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Gives the focus back to what had it when the dialog opened, also where the dialog is taken away rather than closed. */
function useFocusBack(opened: boolean): void {
  useLayoutEffect(() => {
    if (!opened) return;
    const before = document.activeElement;
    return () => {
      setTimeout(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (lost && before instanceof HTMLElement) before.focus();
      });
    };
  }, [opened]);
}

/** Asks for the reason that goes into the record, then does the thing. What was typed survives a failure. */
export function ReasonDialog({
  opened,
  onClose,
  title,
  text,
  action,
  danger = false,
  minimum = 1,
  busy,
  error,
  onReason,
}: {
  opened: boolean;
  onClose: () => void;
  title: string;
  text: ReactNode;
  action: string;
  danger?: boolean;
  /** Characters a reason must have. */
  minimum?: number;
  busy: boolean;
  error: unknown;
  onReason: (reason: string) => void;
}) {
  const { t } = useWords();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const short = reason.trim().length < minimum;
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={title}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button
            variant="filled"
            {...(danger ? { color: 'red' } : {})}
            loading={busy}
            onClick={() => {
              setTried(true);
              if (!short) onReason(reason.trim());
            }}
          >
            {action}
          </Button>
        </>
      }
    >
      <p>{text}</p>
      <Textarea
        label={t('reason')}
        description={t('reason-recorded')}
        required={minimum > 0}
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={tried && short ? t('reason-short', { n: minimum }) : null}
      />
      {error !== null && error !== undefined && <FailureAdvice thrown={error} />}
    </Dialog>
  );
}
