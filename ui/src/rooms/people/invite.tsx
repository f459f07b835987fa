import { Button } from '@mantine/core';

import { useRead } from '../../api/query';
import { FailureAdvice } from '../../parts/advice';
import { CommandLine } from '../../parts/command';
import { Dialog } from '../../parts/dialog';
import { PageLoading } from '../../parts/page';
import { useWords } from '../../words/words';

/** What to send to somebody who is to work here from another desk, and what both do then. */
export function Invite({ onClose }: { onClose: () => void }) {
  const { t } = useWords();
  const read = useRead('workspace.invite', {});
  return (
    <Dialog opened onClose={onClose} title={t('invite')} size="lg" foot={<Button onClick={onClose}>{t('close')}</Button>}>
      <p>{t('invite-text')}</p>
      {read.error && <FailureAdvice thrown={read.error} again={() => void read.refetch()} />}
      {read.data ? <CommandLine text={read.data.link} label={t('invite-link')} copy={t('invite-copy')} /> : !read.error && <PageLoading />}
      <ol className="stack-tight" style={{ margin: 0, paddingLeft: 20 }}>
        <li>{t('invite-step-open')}</li>
        <li>{t('invite-step-key')}</li>
        <li>{t('invite-step-enrol')}</li>
      </ol>
    </Dialog>
  );
}
