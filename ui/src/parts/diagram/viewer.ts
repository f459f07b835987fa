import type BaseViewer from 'bpmn-js/lib/BaseViewer';

import type { DiagramLink, DiagramMark } from '../diagram';
import classes from '../diagram.module.css';

interface Canvas {
  zoom(level: number | 'fit-viewport', center?: 'auto' | { x: number; y: number }): number;
  viewbox(): { inner: { width: number; height: number }; scale: number };
  addMarker(element: string, marker: string): void;
  removeMarker(element: string, marker: string): void;
}
interface Overlays {
  add(element: string, kind: string, overlay: { position: object; html: HTMLElement; scale: boolean }): string;
  remove(filter: { type: string }): void;
}
interface Element {
  x: number;
  width: number;
  labelTarget?: unknown;
}
interface Elements {
  get(id: string): unknown;
  forEach(visit: (element: Element, drawn: SVGElement) => void): void;
}
interface Drawing {
  update(kind: 'shape', element: Element, drawn: SVGElement): void;
}

/** Labels beside shapes are given at least this width: many files say one in which no word has room. */
const LABEL_PX = 92;
/** A diagram is never drawn larger than life: small processes keep their size. */
const ZOOM_MAX = 1.1;

/** The colours and the letters of the house. */
export function drawingStyle(): object {
  const style = getComputedStyle(document.documentElement);
  return {
    bpmnRenderer: {
      defaultFillColor: style.getPropertyValue('--surface').trim(),
      defaultStrokeColor: style.getPropertyValue('--diagram-line').trim(),
      defaultLabelColor: style.getPropertyValue('--ink').trim(),
    },
    textRenderer: { defaultStyle: { fontFamily: "'Inter Variable', sans-serif", fontSize: 12 } },
  };
}

/** What stands on top of other things on one element: what needs somebody most. */
const TONES: readonly DiagramMark['tone'][] = ['incident', 'error', 'late', 'warning', 'token', 'armed', 'removed', 'added', 'changed', 'moved', 'done'];
/** Badges that are written out on one element; the others are counted. */
const BADGES = 2;

/** One mark for each element: several would stand at the same place, one on top of the other. */
export function merged(marks: readonly DiagramMark[]): DiagramMark[] {
  const of = new Map<string, DiagramMark[]>();
  for (const mark of marks) of.set(mark.element, [...(of.get(mark.element) ?? []), mark]);
  return [...of].map(([element, all]) => {
    const tone = TONES.find((one) => all.some((mark) => mark.tone === one)) ?? 'done';
    const badges = all.flatMap((mark) => mark.badge ?? []);
    const more = badges.length - BADGES;
    // Where none has a word of its own, they are counted.
    const said = badges.length === 0 && all.length > 1 ? [`${all.length}×`] : [...badges.slice(0, BADGES), ...(more > 0 ? [`+${more}`] : [])];
    return { element, tone, ...(said.length === 0 ? {} : { badge: said.join(' | ') }) };
  });
}

/** Puts the marks on, and returns how to take them off. */
export function draw(viewer: BaseViewer, marks: readonly DiagramMark[]): () => void {
  const canvas = viewer.get<Canvas>('canvas');
  const overlays = viewer.get<Overlays>('overlays');
  const elements = viewer.get<Elements>('elementRegistry');
  const known = merged(marks).filter((mark) => elements.get(mark.element) !== undefined);
  for (const mark of known) {
    canvas.addMarker(mark.element, `mark-${mark.tone}`);
    if (!mark.badge) continue;
    const badge = document.createElement('div');
    badge.className = classes.badge ?? '';
    badge.dataset.tone = mark.tone;
    badge.textContent = mark.badge;
    overlays.add(mark.element, 'badge', { position: { top: -11, right: 18 }, html: badge, scale: false });
  }
  return () => {
    // The viewer may be gone already, and its parts with it.
    try {
      for (const mark of known) canvas.removeMarker(mark.element, `mark-${mark.tone}`);
      overlays.remove({ type: 'badge' });
    } catch {
      // Nothing is left to take off.
    }
  };
}

export function widenLabels(viewer: BaseViewer): void {
  const drawing = viewer.get<Drawing>('graphicsFactory');
  viewer.get<Elements>('elementRegistry').forEach((element, drawn) => {
    if (!element.labelTarget || element.width >= LABEL_PX) return;
    element.x -= (LABEL_PX - element.width) / 2;
    element.width = LABEL_PX;
    drawing.update('shape', element, drawn);
  });
}

export function fit(viewer: BaseViewer): void {
  const canvas = viewer.get<Canvas>('canvas');
  if (canvas.zoom('fit-viewport', 'auto') > ZOOM_MAX) canvas.zoom(ZOOM_MAX, 'auto');
}

export function zoomBy(viewer: BaseViewer, factor: number): void {
  const canvas = viewer.get<Canvas>('canvas');
  canvas.zoom(canvas.viewbox().scale * factor, 'auto');
}

interface View {
  viewbox(box?: object): { x: number; y: number; width: number; height: number };
}
interface Bus {
  on(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
}

/** Lets the views of linked diagrams move together; returns how to let go. */
export function follow(viewer: BaseViewer, link: DiagramLink): () => void {
  const view = viewer.get<View>('canvas');
  const bus = viewer.get<Bus>('eventBus');
  let following = false;
  const one: typeof link extends Set<infer T> ? T : never = {
    follow(box) {
      following = true;
      view.viewbox({ x: box.x, y: box.y, width: box.width, height: box.height });
      following = false;
    },
  };
  const moved = () => {
    if (following) return;
    const box = view.viewbox();
    for (const other of link) if (other !== one) other.follow(box);
  };
  link.add(one);
  bus.on('canvas.viewbox.changed', moved);
  return () => {
    link.delete(one);
    try {
      bus.off('canvas.viewbox.changed', moved);
    } catch {
      // The viewer is gone already, and its events with it.
    }
  };
}
