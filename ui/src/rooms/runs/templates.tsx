import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ArrowRightLeft, PencilRuler, Server } from 'lucide-react';
import { useState } from 'react';

import type { ClusterTemplateRow } from '../../api/bindings/ClusterTemplateRow';
import { useRead, useWrite } from '../../api/query';
import { Empty, FailureAdvice } from '../../parts/advice';
import { CommandLine } from '../../parts/command';
import { Dialog } from '../../parts/dialog';
import { Moment } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { Price } from '../../parts/price';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';
import { RunsTabs } from './tabs';

/** Shapes of clusters that somebody who knows has made for the others. */
export function ClusterTemplates() {
  const { t } = useWords();
  const read = useRead('runs.cluster_templates', {});
  const make = (
    <>
      <Button renderRoot={(root) => <Link to="/cluster-template" search={{ from: 'map' }} {...root} />} leftSection={<ArrowRightLeft size={14} aria-hidden />}>
        {t('template-map')}
      </Button>
      <Button renderRoot={(root) => <Link to="/cluster-template" {...root} />} variant="filled" leftSection={<PencilRuler size={14} aria-hidden />}>
        {t('template-new')}
      </Button>
    </>
  );
  return (
    <Page title={t('cluster-templates')} lead={t('cluster-templates-lead')} actions={make}>
      <RunsTabs />
      {read.error && <FailureAdvice thrown={read.error} again={() => void read.refetch()} />}
      {read.isPending ? <PageLoading /> : (
        <Section flush>
          <Table
            label={t('cluster-templates')}
            rows={read.data ?? []}
            rowKey={(row) => row.name}
            empty={
              <Empty icon={<Server size={22} aria-hidden />} title={t('cluster-templates-none')} actions={make}>
                {t('cluster-templates-none-text')}
              </Empty>
            }
            columns={[
              { name: t('col-name'), header: true, cell: (row) => <Link to="/cluster-template" search={{ name: row.name }}>{row.name}</Link> },
              { name: t('template-machines'), cell: (row) => <Machines row={row} /> },
              { name: t('template-image'), cell: (row) => row.shape.image_version },
              { name: t('template-hour'), numeric: true, cell: (row) => <Price of={row.told.hour} /> },
              { name: t('template-targets'), cell: (row) => row.targets.join(', ') },
              { name: t('col-named-by'), cell: (row) => <>{row.by}, <Moment at={row.at} /></> },
              { name: t('actions'), cell: (row) => <Drop row={row} /> },
            ]}
          />
        </Section>
      )}
    </Page>
  );
}

export function Machines({ row }: { row: Pick<ClusterTemplateRow, 'shape'> }) {
  const { t } = useWords();
  const { master, workers } = row.shape;
  return workers.count === 0 ? (
    <>{t('template-single', { machine: master.machine_type })}</>
  ) : (
    <>{`${master.count} × ${master.machine_type} + ${workers.count} × ${workers.machine_type}`}</>
  );
}

function Drop({ row }: { row: ClusterTemplateRow }) {
  const { t } = useWords();
  const drop = useWrite('runs.drop_cluster_template');
  const [sure, setSure] = useState(false);
  return (
    <>
      <Button size="compact-xs" variant="subtle" color="red" onClick={() => setSure(true)} aria-label={t('template-drop', { name: row.name })}>
        {t('remove')}
      </Button>
      <Dialog
        opened={sure}
        onClose={() => setSure(false)}
        title={t('template-drop', { name: row.name })}
        foot={
          <>
            <Button onClick={() => setSure(false)}>{t('back')}</Button>
            <Button variant="filled" color="red" loading={drop.isPending} onClick={() => drop.mutate({ template: row.name }, { onSuccess: () => setSure(false) })}>
              {t('remove')}
            </Button>
          </>
        }
      >
        <p>{t('template-drop-text')}</p>
        <CommandLine text={row.told.command} />
        {drop.error && <FailureAdvice thrown={drop.error} />}
      </Dialog>
    </>
  );
}
