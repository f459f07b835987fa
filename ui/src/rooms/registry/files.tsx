import { Skeleton } from '@mantine/core';
import { FileCode2, FileJson2, FileText, Package } from 'lucide-react';

import type { FileRow } from '../../api/bindings/FileRow';
import { useRead } from '../../api/query';
import { Advice, Empty, FailureAdvice } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Code } from '../../parts/code';
import { CopyIcon, Digest } from '../../parts/digest';
import { Section } from '../../parts/page';
import { useWords } from '../../words/words';
import classes from './files.module.css';

/** Height of the viewer in pixels. */
const VIEWER_PX = 560;

/** A version's files at the left, the one being read at the right. */
export function Files({ version, files, file, onFile }: { version: string; files: readonly FileRow[]; file: string | undefined; onFile: (path: string) => void }) {
  const { t, size, known } = useWords();
  const shown = files.find((one) => one.path === file) ?? files.find((one) => one.role === 'score') ?? files[0];
  if (!shown) return <Empty title={t('files-none')} />;
  return (
    <div className={classes.files}>
      <Section flush>
        <ul className={classes.list} aria-label={t('tab-files')}>
          {files.map((one) => (
            <li key={one.path}>
              <button type="button" className={classes.file} aria-current={one.path === shown.path} onClick={() => onFile(one.path)}>
                <Icon path={one.path} />
                <span className="grow cut">{one.path}</span>
                {one.role && <Badge>{known('file-role', one.role)}</Badge>}
                <span className={classes.size}>{size(one.size)}</span>
              </button>
            </li>
          ))}
        </ul>
      </Section>
      <Viewer version={version} file={shown} />
    </div>
  );
}

function Viewer({ version, file }: { version: string; file: FileRow }) {
  const { t, size } = useWords();
  const read = useRead('registry.read_file', { version, path: file.path });
  return (
    <Section
      title={<code>{file.path}</code>}
      aside={
        <>
          <span>{size(file.size)}</span>
          <Digest value={file.sha256} />
          {read.data?.text && <CopyIcon value={read.data.text} label={t('copy-text')} />}
        </>
      }
      flush
    >
      {read.error ? (
        <FailureAdvice thrown={read.error} again={() => void read.refetch()} />
      ) : !read.data ? (
        <Skeleton height={VIEWER_PX} />
      ) : read.data.text === null ? (
        <div style={{ height: VIEWER_PX }}>
          <Empty icon={<Package size={28} aria-hidden />} title={t('file-binary')}>
            {t('file-binary-text')}
          </Empty>
        </div>
      ) : (
        <>
          {read.data.truncated && <Advice tone="info">{t('file-cut')}</Advice>}
          <Code text={read.data.text} language={read.data.language} label={file.path} height={VIEWER_PX} />
        </>
      )}
    </Section>
  );
}

function Icon({ path }: { path: string }) {
  if (/\.(py|sas|r|sql)$/i.test(path)) return <FileCode2 size={15} aria-hidden />;
  if (/\.(json|ya?ml|xml)$/i.test(path)) return <FileJson2 size={15} aria-hidden />;
  if (/\.(zip|pickle|pkl|joblib|parquet)$/i.test(path)) return <Package size={15} aria-hidden />;
  return <FileText size={15} aria-hidden />;
}
