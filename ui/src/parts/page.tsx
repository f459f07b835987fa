import { Skeleton } from '@mantine/core';
import { createContext, useContext, useEffect, useId, useRef, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

import classes from './page.module.css';

/** Where the frame shows the way to the page: an element of the top bar, once it is there. */
export const CrumbsPlace = createContext<HTMLElement | null>(null);

/** Answers, once, whether the window has just come to another page, whose title is then to have the focus. */
export const Arrival = createContext<() => boolean>(() => false);

/** What every page is made of: the way to it, its title, what can be done, and its contents. */
export function Page({
  title,
  crumbs = [],
  badges,
  lead,
  actions,
  fills = false,
  children,
}: {
  title: string;
  crumbs?: ReactNode[];
  badges?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  /** The page keeps to the height of the window and scrolls within, as one with a long list does. */
  fills?: boolean;
  children: ReactNode;
}) {
  const place = useContext(CrumbsPlace);
  const heading = useRef<HTMLHeadingElement>(null);
  const arrived = useContext(Arrival);
  useEffect(() => {
    if (arrived()) heading.current?.focus({ preventScroll: true });
  }, [arrived]);
  useEffect(() => {
    document.title = `${title} · Countersign`;
  }, [title]);
  return (
    <div className={fills ? classes.fills : classes.page}>
      {place &&
        createPortal(
          <ol className={classes.crumbs}>
            {/* oxlint-disable-next-line react/no-array-index-key -- the way has an order and nothing else */}
            {crumbs.map((crumb, at) => (<li key={at} className="cut">{crumb}</li>))}
            <li aria-current="page" className="cut">
              {title}
            </li>
          </ol>,
          place,
        )}
      <header className={classes.header}>
        <div className={classes.titles}>
          <div className="line-wrap">
            <h1 ref={heading} tabIndex={-1} data-page-title>
              {title}
            </h1>
            {badges}
          </div>
          {lead && <div className={classes.lead} data-text>{lead}</div>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A page that is still being fetched, of the size it will have. */
export function PageLoading() {
  return (
    <div className={classes.page} aria-busy="true">
      <header className={classes.header}>
        <div className={classes.titles}>
          <Skeleton height={26} width={280} />
          <Skeleton height={20} width={420} mt={6} />
        </div>
      </header>
      <Skeleton height={280} radius={10} />
      <Skeleton height={180} radius={10} />
    </div>
  );
}

/** A part of a page with a title of its own. */
export function Section({
  title,
  aside,
  flush = false,
  children,
}: {
  title?: ReactNode;
  aside?: ReactNode;
  /** The contents reach the section's edges, as a table's rows do. */
  flush?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={title ? id : undefined}>
      {(title || aside) && (
        <div className={classes.sectionHead}>
          {title && <h2 id={id}>{title}</h2>}
          {aside && <div className="line dim small">{aside}</div>}
        </div>
      )}
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  );
}
