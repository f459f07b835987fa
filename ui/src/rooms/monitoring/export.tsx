import { Button } from '@mantine/core';
import { useState } from 'react';

import { useWrite } from '../../api/query';
import { Advice, FailureAdvice } from '../../parts/advice';
import { Dialog } from '../../parts/dialog';
import { PathField } from '../../parts/path-field';
import { useWords } from '../../words/words';

/** Writes a report into files: one page to read and print, or its tables. */
export function ExportDialog({ report, format, onClose }: { report: string; format: 'html' | 'csv' | 'parquet' | null; onClose: () => void }) {
  const { t } = useWords();
  return (
    <Dialog opened={format !== null} onClose={onClose} title={t(`export-${format ?? 'html'}`)}>
      {format !== null && <Place report={report} format={format} onClose={onClose} />}
    </Dialog>
  );
}

function Place({ report, format, onClose }: { report: string; format: 'html' | 'csv' | 'parquet'; onClose: () => void }) {
  const { t, language } = useWords();
  const [to, setTo] = useState('');
  const write = useWrite('monitoring.export');
  const named = format === 'html' && to.trim() !== '' && !/\.html?$/i.test(to.trim()) ? `${to.trim().replace(/\/$/, '')}/report.html` : to.trim();
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (named !== '') write.mutate({ report, format, to: named, language });
      }}
    >
      <p className="dim">{t(format === 'html' ? 'export-html-text' : 'export-tables-text')}</p>
      <PathField label={t('export-folder')} what="folder" placeholder="/home/…/reports" first value={to} onValue={setTo} />
      {write.error && <FailureAdvice thrown={write.error} />}
      {write.data && (
        <Advice tone="good" title={t('export-written')}>
          <ul>
            {write.data.files.map((file) => (
              <li key={file}>
                <code>{file}</code>
              </li>
            ))}
          </ul>
        </Advice>
      )}
      <div className="line-wrap" style={{ justifyContent: 'flex-end' }}>
        <Button onClick={onClose}>{t('close')}</Button>
        <Button type="submit" variant="filled" loading={write.isPending} disabled={named === ''}>
          {t('export-write')}
        </Button>
      </div>
    </form>
  );
}
