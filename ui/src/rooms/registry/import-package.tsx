import { Button, Checkbox, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { FileArchive, PackageOpen } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';

import type { FindingRow } from '../../api/bindings/FindingRow';
import type { PackageReading } from '../../api/bindings/PackageReading';
import { host } from '../../api/call';
import { useRead, useWrite } from '../../api/query';
import { Advice, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Dialog } from '../../parts/dialog';
import { Digest } from '../../parts/digest';
import { Pairs } from '../../parts/pairs';
import { PathField } from '../../parts/path-field';
import { useWords } from '../../words/words';
import classes from './import-package.module.css';

/** Characters a waiver's reason must have; the rule lives in `governance`, this only says it sooner. */
const REASON_MIN = 10;

/**
 * Registers a package: where the zip lies, what reading it showed, what must be waived with a reason, then the entry.
 * Nothing is written before the last button.
 */
export function ImportPackage({ opened, onClose, project }: { opened: boolean; onClose: () => void; project?: string }) {
  const { t } = useWords();
  return (
    <Dialog opened={opened} onClose={onClose} title={t('import-title')} size="640px">
      {opened && <Steps onClose={onClose} {...(project === undefined ? {} : { project })} />}
    </Dialog>
  );
}

function Steps({ onClose, project }: { onClose: () => void; project?: string }) {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const [path, setPath] = useState<string | null>(null);
  const take = useCallback((dropped: string) => {
    setTyped(dropped);
    setPath(dropped);
  }, []);
  const over = useDroppedZip(take);
  const reading = useRead('registry.inspect_package', { path: path ?? '' }, { enabled: path !== null });
  return (
    <>
      <form
        className={classes.drop}
        data-over={over}
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = typed.trim();
          if (wanted === path) void reading.refetch();
          if (wanted !== '') setPath(wanted);
        }}
      >
        <FileArchive size={22} aria-hidden />
        <p className="dim">{t('import-drop')}</p>
        <PathField
          label={t('import-path')}
          what="file"
          extensions={['zip']}
          placeholder="/home/…/package.zip"
          first
          value={typed}
          onValue={setTyped}
          onChosen={setPath}
        >
          <Button type="submit" loading={reading.isFetching}>
            {t('import-read')}
          </Button>
        </PathField>
      </form>
      {reading.error && <FailureAdvice thrown={reading.error} />}
      {path !== null && reading.data && !reading.error && (
        <Register key={reading.data.digest} path={path} reading={reading.data} onClose={onClose} {...(project === undefined ? {} : { project })} />
      )}
    </>
  );
}

function Register({ path, reading, project, onClose }: { path: string; reading: PackageReading; project?: string; onClose: () => void }) {
  const { t, size } = useWords();
  const navigate = useNavigate();
  const projects = useRead('registry.list_projects', { page: { limit: 500 } });
  const [into, setInto] = useState<string | null>(project ?? null);
  const [name, setName] = useState(reading.name ?? '');
  const [step, setStep] = useState<'major' | 'minor' | 'replace'>('major');
  const [waivers, setWaivers] = useState<Record<string, string>>({});
  const [tried, setTried] = useState(false);
  const register = useWrite('registry.import_package');
  const models = useRead('registry.list_models', { project: into ?? '', page: { search: name.trim(), limit: 20 } }, { enabled: into !== null && name.trim() !== '' });
  const known = models.data?.rows.find((model) => model.name === name.trim());
  const blocking = reading.findings.filter((finding) => finding.severity === 'blocking' && finding.waived === null);
  const notes = reading.findings.filter((finding) => finding.severity !== 'blocking');
  const unwaived = blocking.filter((finding) => (waivers[finding.id] ?? '').trim().length < REASON_MIN);
  const total = reading.files.reduce((sum, file) => sum + file.size, 0);

  const submit = () => {
    setTried(true);
    if (into === null || name.trim() === '' || unwaived.length > 0) return;
    register.mutate(
      {
        path,
        project: into,
        name: name.trim(),
        ...(known ? { version: step } : {}),
        waivers: blocking.map((finding) => ({ finding: finding.id, reason: (waivers[finding.id] ?? '').trim() })),
      },
      {
        onSuccess: (made) => {
          onClose();
          void navigate({ to: '/versions/$version', params: { version: made.version } });
        },
      },
    );
  };
  return (
    <>
      <Pairs
        of={[
          [t('col-digest'), <Digest value={reading.digest} />],
          [t('import-contents'), t('import-contents-of', { files: reading.files.length, variables: reading.variables.length, size: size(total) })],
        ]}
      />
      {reading.warnings.length > 0 && (
        <Advice tone="info" title={t('import-warnings', { n: reading.warnings.length })}>
          <ul className={classes.list}>
            {reading.warnings.map((warning) => (
              <li key={warning}>
                <Ticks text={warning} />
              </li>
            ))}
          </ul>
        </Advice>
      )}
      {notes.map((finding) => (
        <Advice key={finding.id} tone="info" title={<Where finding={finding} />}>
          <Ticks text={finding.message} />
        </Advice>
      ))}
      {blocking.map((finding) => (
        <Waive
          key={finding.id}
          finding={finding}
          reason={waivers[finding.id]}
          error={tried && unwaived.includes(finding)}
          onReason={(reason) => setWaivers(reason === null ? Object.fromEntries(Object.entries(waivers).filter(([id]) => id !== finding.id)) : { ...waivers, [finding.id]: reason })}
        />
      ))}
      <div className="halves">
        <Select
          label={t('col-project')}
          required
          searchable
          data={(projects.data?.rows ?? []).map((row) => ({ value: row.id, label: row.name }))}
          value={into}
          onChange={setInto}
          nothingFoundMessage={t('nothing-here')}
          error={tried && into === null ? t('required') : null}
        />
        <TextInput
          label={t('col-model')}
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={tried && name.trim() === '' ? t('required') : null}
        />
      </div>
      {known && (
        <div className="stack-tight">
          <p>{t('import-known', { name: known.name, number: known.latest.number })}</p>
          <SegmentedControl
            aria-label={t('import-step')}
            value={step}
            onChange={(value) => setStep(value === 'minor' || value === 'replace' ? value : 'major')}
            data={[
              { value: 'major', label: t('import-major') },
              { value: 'minor', label: t('import-minor') },
              { value: 'replace', label: t('import-replace') },
            ]}
          />
          {step === 'replace' && <Advice tone="warn">{t('import-replace-text')}</Advice>}
        </div>
      )}
      {register.error && <FailureAdvice thrown={register.error} />}
      <div className="line-wrap" style={{ justifyContent: 'flex-end' }}>
        <Button onClick={onClose}>{t('back')}</Button>
        <Button variant="filled" leftSection={<PackageOpen size={14} aria-hidden />} loading={register.isPending} onClick={submit}>
          {t('import-register')}
        </Button>
      </div>
    </>
  );
}

/** A finding that blocks registration, and the reason for which it may pass. */
function Waive({ finding, reason, error, onReason }: { finding: FindingRow; reason: string | undefined; error: boolean; onReason: (reason: string | null) => void }) {
  const { t } = useWords();
  return (
    <div className={classes.finding}>
      <Advice tone="bad" title={<Where finding={finding} />}>
        <Ticks text={finding.message} />
      </Advice>
      <Checkbox label={t('finding-waive')} checked={reason !== undefined} onChange={(event) => onReason(event.currentTarget.checked ? '' : null)} error={error && reason === undefined ? t('finding-must') : null} />
      {reason !== undefined && (
        <Textarea
          label={t('reason')}
          description={t('reason-recorded')}
          value={reason}
          onChange={(event) => onReason(event.currentTarget.value)}
          error={error ? t('reason-short', { n: REASON_MIN }) : null}
        />
      )}
    </div>
  );
}

/** Where a finding is, and of what kind. */
export function Where({ finding }: { finding: FindingRow }) {
  const { known } = useWords();
  return (
    <span className="line-wrap">
      <code>{finding.line === null ? finding.file : `${finding.file}:${finding.line}`}</code>
      <Badge tone={finding.severity === 'blocking' && finding.waived === null ? 'bad' : 'quiet'}>{known('finding', finding.kind)}</Badge>
    </span>
  );
}

/** A zip let go on the window; whether one hovers over it now. */
function useDroppedZip(onZip: (path: string) => void): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let stop: (() => void) | null = null;
    let gone = false;
    void host().then((one) => {
      if (gone) return;
      stop = one.onDrop((drop) => {
        setOver(drop.kind === 'over');
        const zip = drop.kind === 'dropped' ? drop.paths.find((path) => path.toLowerCase().endsWith('.zip')) : undefined;
        if (zip) onZip(zip);
      });
    });
    return () => {
      gone = true;
      stop?.();
    };
  }, [onZip]);
  return over;
}
