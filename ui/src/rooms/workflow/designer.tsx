import { ActionIcon, Button, Select, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Link, useNavigate } from '@tanstack/react-router';
import { CircleX, GitCompare, Maximize, Play, Redo2, Rocket, Trash2, TriangleAlert, Undo2 } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';

import type { DesignKind } from '../../api/bindings/DesignKind';
import type { DesignPage } from '../../api/bindings/DesignPage';
import type { DesignProperty } from '../../api/bindings/DesignProperty';
import { useWrite } from '../../api/query';
import { FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Dialog } from '../../parts/dialog';
import { DrawingBoard, type Board } from '../../parts/drawing-board';
import { Ago } from '../../parts/moment';
import { Page, PageLoading } from '../../parts/page';
import { useWords } from '../../words/words';
import { lintMarks } from './marks';
import classes from './designer/designer.module.css';
import { KIND_ICONS, PALETTE } from './designer/kinds';
import { labelOf, Properties, type Act } from './designer/properties';
import { Typed } from './designer/typed';
import { useDesign, type Design } from './designer/use-design';

/** Draws and changes a process. The working copy lies on this desk, step by step, until it is published. */
export function Designer({ id }: { id: string }) {
  const { t } = useWords();
  const design = useDesign(id);
  if (!design.page || !design.sheet) {
    if (!design.error) return <PageLoading />;
    return (
      <Page title={t('design')} crumbs={[<Link to="/workflows">{t('nav-workflows')}</Link>]}>
        <FailureAdvice thrown={design.error} />
      </Page>
    );
  }
  return <Opened design={design} page={design.page} sheet={design.sheet} />;
}

function Opened({ design, page, sheet }: { design: Design; page: DesignPage; sheet: NonNullable<Design['sheet']> }) {
  const { t, known } = useWords();
  const board = useRef<Board | null>(null);
  const [selected, setSelected] = useState<string[]>([]);
  const [said, setSaid] = useState('');
  const [dialog, setDialog] = useState<'publish' | 'discard' | null>(null);
  const { edit, undo, redo } = design;
  const marks = useMemo(() => lintMarks(page.diagnostics, null), [page.diagnostics]);
  const process = page.elements.find((one) => one.tag === 'process');
  const element = page.elements.find((one) => one.id === selected[0]) ?? process;
  const errors = page.diagnostics.filter((one) => one.severity === 'error').length;
  const select = useCallback((one: string) => {
    board.current?.select(one);
    setSelected([one]);
  }, []);
  const act: Act = useMemo(
    () => ({
      set: (one: string, property: DesignProperty, shown: boolean) => edit(property.property, [{ change: 'set', id: one, set: property }], shown),
      edit,
      rename: (one, name) => board.current?.rename(one, name),
      connect: (source, target) => board.current?.connect(source, target) ?? false,
      remove: (one) => board.current?.remove(one),
      select,
    }),
    [edit, select],
  );
  const add = (kind: DesignKind) => {
    const made = board.current?.add(kind, t(`design-name-${kind}`));
    setSaid(made ? t('design-added', { kind: t(`design-kind-${kind}`) }) : t('design-needs-task'));
    if (!made) notifications.show({ message: t('design-needs-task'), color: 'yellow' });
    else setSelected([made]);
  };
  const done = (word: string | null) => (word === null ? '' : known('design-done', word));
  return (
    <Page
      title={page.design.name}
      fills
      crumbs={[<Link to="/workflows">{t('nav-workflows')}</Link>]}
      badges={
        <>
          <Badge tone="accent">{t('design')}</Badge>
          {errors > 0 ? <Badge tone="bad">{t('errors-n', { n: errors })}</Badge> : <Badge tone="good">{t('design-ready')}</Badge>}
        </>
      }
      lead={
        <>
          {page.design.base ? t('design-from', { n: page.design.base_version ?? 0 }) : t('design-new')} · {t('design-kept')} <Ago at={page.design.changed_at} />
        </>
      }
      actions={
        <>
          <Tooltip label={page.undo ? t('design-undo', { what: done(page.undo) }) : t('design-undo-none')}>
            <ActionIcon aria-label={page.undo ? t('design-undo', { what: done(page.undo) }) : t('design-undo-none')} disabled={page.undo === null} onClick={undo}>
              <Undo2 size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={page.redo ? t('design-redo', { what: done(page.redo) }) : t('design-redo-none')}>
            <ActionIcon aria-label={page.redo ? t('design-redo', { what: done(page.redo) }) : t('design-redo-none')} disabled={page.redo === null} onClick={redo}>
              <Redo2 size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t('design-discard')}>
            <ActionIcon aria-label={t('design-discard')} onClick={() => setDialog('discard')}>
              <Trash2 size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
          {page.design.base && (
            <Button leftSection={<GitCompare size={14} aria-hidden />} component={Link} to="/compare-definitions" search={{ before: page.design.base, after: page.design.id } as never}>
              {t('compare-title')}
            </Button>
          )}
          <Button leftSection={<Play size={14} aria-hidden />} component={Link} to="/rehearsal" search={{ design: page.design.id } as never}>
            {t('rehearse')}
          </Button>
          <Button variant="filled" leftSection={<Rocket size={14} aria-hidden />} onClick={() => setDialog('publish')}>
            {t('design-publish')}
          </Button>
        </>
      }
    >
      {design.error && <FailureAdvice thrown={design.error} again={design.dismiss} />}
      <p className="hidden-text" role="status">
        {said}
      </p>
      <div className={classes.desk}>
        <div className={classes.paletteSide}>
          {/* The tools in it take the focus, one at a time; the bar itself never does. */}
          {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus */}
          <div className={classes.palette} role="toolbar" aria-orientation="vertical" aria-label={t('design-palette')} onKeyDown={arrows}>
            {PALETTE.map(({ group, kinds }, first) => (
              <div key={group}>
                <h2>{t(`design-group-${group}`)}</h2>
                {kinds.map((kind, at) => {
                  const Icon = KIND_ICONS[kind];
                  return (
                    <button
                      key={kind}
                      type="button"
                      className={classes.tool}
                      data-kind={kind}
                      tabIndex={first === 0 && at === 0 ? 0 : -1}
                      draggable
                      onDragStart={(event) => {
                        event.preventDefault();
                        board.current?.drag(kind, t(`design-name-${kind}`), event.nativeEvent);
                      }}
                      onClick={() => add(kind)}
                    >
                      <Icon size={15} aria-hidden />
                      <span className="cut">{t(`design-kind-${kind}`)}</span>
                    </button>
                  );
                })}
              </div>
            ))}
          </div>
        </div>
        <div className={classes.board}>
          <DrawingBoard
            sheet={sheet}
            marks={marks}
            board={board}
            label={t('design-board', { name: page.design.name })}
            onChanges={(what, changes) => edit(what, changes, true)}
            onSelect={setSelected}
            onUndo={undo}
            onRedo={redo}
          />
          <div className={classes.tools}>
            <Select
              aria-label={t('design-go')}
              placeholder={t('design-go')}
              searchable
              w={190}
              value={null}
              data={page.elements.filter((one) => one.tag !== 'process').map((one) => ({ value: one.id, label: labelOf(one, one.id, t) }))}
              onChange={(one) => one !== null && select(one)}
            />
            <Tooltip label={t('diagram-fit')}>
              <ActionIcon aria-label={t('diagram-fit')} onClick={() => board.current?.fit()}>
                <Maximize size={14} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </div>
        </div>
        <div className={classes.side}>
          <aside className={classes.panel} aria-label={t('design-properties')}>
            {element && <Properties key={element.id} page={page} element={element} act={act} />}
          </aside>
        </div>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a list that scrolls must be reached to be scrolled */}
        <section className={classes.checks} aria-label={t('lint')} tabIndex={0}>
          {page.diagnostics.length === 0 && <p className={classes.clean}>{t('lint-clean')}</p>}
          {page.diagnostics
            .toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'))
            .map((one) => (
              <button key={`${one.code} ${one.element} ${one.message}`} type="button" className={classes.finding} data-severity={one.severity} onClick={() => one.element && select(one.element)}>
                {one.severity === 'error' ? <CircleX size={14} aria-hidden /> : <TriangleAlert size={14} aria-hidden />}
                <span>
                  <span className="hidden-text">{t(one.severity === 'error' ? 'severity-error' : 'severity-warning')}: </span>
                  <Ticks text={one.message} />
                </span>
              </button>
            ))}
        </section>
      </div>
      <Publish opened={dialog === 'publish'} onClose={() => setDialog(null)} design={design} page={page} errors={errors} />
      <Discard opened={dialog === 'discard'} onClose={() => setDialog(null)} page={page} />
    </Page>
  );
}

/** Arrow keys lead through the palette, as through every toolbar. */
function arrows(event: React.KeyboardEvent<HTMLDivElement>) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  const tools = [...event.currentTarget.querySelectorAll('button')];
  const at = tools.indexOf(document.activeElement as HTMLButtonElement);
  const to = event.key === 'Home' ? 0 : event.key === 'End' ? tools.length - 1 : step === undefined ? -1 : (at + step + tools.length) % tools.length;
  if (to < 0) return;
  event.preventDefault();
  for (const tool of tools) tool.tabIndex = -1;
  const tool = tools[to];
  if (tool) tool.tabIndex = 0;
  tool?.focus();
}

function Publish({ opened, onClose, design, page, errors }: { opened: boolean; onClose: () => void; design: Design; page: DesignPage; errors: number }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const publish = useWrite('workflow.publish_design');
  const next = (page.published?.version ?? 0) + 1;
  const conflict = publish.error?.code === 'conflict';
  const send = (anyway: boolean) =>
    publish.mutate(
      { design: page.design.id, anyway },
      {
        onSuccess: (made) => {
          notifications.show({ message: t('design-published', { name: made.definition.name, n: made.definition.version }), color: 'green' });
          void navigate({ to: '/definitions/$definition', params: { definition: made.definition.id } });
        },
      },
    );
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={t('design-publish')}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button variant="filled" loading={publish.isPending || design.busy} onClick={() => send(conflict)}>
            {t(conflict ? 'design-publish-anyway' : 'design-publish')}
          </Button>
        </>
      }
    >
      <Typed label={t('col-name')} value={page.design.name} onValue={(name) => name.trim() !== '' && design.rename(name.trim())} />
      <p>{t('design-publish-text', { n: next })}</p>
      {errors > 0 && <p className={classes.problem}>{t('design-publish-errors', { n: errors })}</p>}
      {publish.error && <FailureAdvice thrown={publish.error} />}
    </Dialog>
  );
}

function Discard({ opened, onClose, page }: { opened: boolean; onClose: () => void; page: DesignPage }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const discard = useWrite('workflow.discard_design');
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={t('design-discard')}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button color="red" variant="filled" loading={discard.isPending} onClick={() => discard.mutate({ design: page.design.id }, { onSuccess: () => void navigate({ to: '/workflows' }) })}>
            {t('design-discard')}
          </Button>
        </>
      }
    >
      <p>{t('design-discard-text', { name: page.design.name, n: page.design.revision })}</p>
      {discard.error && <FailureAdvice thrown={discard.error} />}
    </Dialog>
  );
}
