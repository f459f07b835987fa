import type BaseViewer from 'bpmn-js/lib/BaseViewer';

interface Point {
  x: number;
  y: number;
}
interface Connection {
  waypoints?: Point[];
  source?: { id: string };
  target?: { id: string };
}
interface Canvas {
  getLayer(name: string, index?: number): SVGElement;
}
interface Elements {
  getAll(): Connection[];
}

/** Milliseconds a token takes along one flow. */
const FLOW_MS = 420;
/** Flows that are shown one after the other, at most: more would be waited for. */
const FLOWS_MAX = 12;

/** The flows that lead from one visited element to a later one, in the order they were taken. */
export function flowsTaken(visited: readonly string[], flows: readonly Connection[]): Connection[] {
  const taken: Connection[] = [];
  for (const [at, element] of visited.entries()) {
    const before = new Set(visited.slice(0, at));
    // The nearest element before it that leads here: processes branch, and tokens of several branches take turns.
    const lead = flows.filter((flow) => flow.target?.id === element && flow.source && before.has(flow.source.id));
    const last = lead.toSorted((a, b) => visited.lastIndexOf(b.source?.id ?? '', at - 1) - visited.lastIndexOf(a.source?.id ?? '', at - 1))[0];
    if (last) taken.push(last);
  }
  return taken;
}

/** A point at that share of the way along a line. */
export function along(points: readonly Point[], share: number): Point {
  const lengths = points.slice(1).map((point, at) => Math.hypot(point.x - (points[at]?.x ?? 0), point.y - (points[at]?.y ?? 0)));
  let left = lengths.reduce((sum, one) => sum + one, 0) * share;
  for (const [at, length] of lengths.entries()) {
    const [from, to] = [points[at], points[at + 1]];
    if (!from || !to) break;
    if (left <= length) {
      const part = length === 0 ? 0 : left / length;
      return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
    }
    left -= length;
  }
  return points.at(-1) ?? { x: 0, y: 0 };
}

/** Moves a token along the flows that were taken, and returns how to stop it. Who wants no motion sees none. */
export function travel(viewer: BaseViewer, visited: readonly string[]): () => void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return () => {};
  const flows = flowsTaken(visited, viewer.get<Elements>('elementRegistry').getAll().filter((one) => one.waypoints)).slice(-FLOWS_MAX);
  if (flows.length === 0) return () => {};
  const layer = viewer.get<Canvas>('canvas').getLayer('tokens', 5);
  const token = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
  token.setAttribute('r', '8');
  token.setAttribute('fill', 'var(--accent)');
  token.setAttribute('stroke', 'var(--surface)');
  token.setAttribute('stroke-width', '2');
  layer.append(token);
  const began = performance.now();
  let frame = 0;
  const step = (now: number) => {
    const at = (now - began) / FLOW_MS;
    const flow = flows[Math.floor(at)];
    if (!flow?.waypoints) {
      token.remove();
      return;
    }
    const { x, y } = along(flow.waypoints, at % 1);
    token.setAttribute('transform', `translate(${x} ${y})`);
    frame = requestAnimationFrame(step);
  };
  frame = requestAnimationFrame(step);
  return () => {
    cancelAnimationFrame(frame);
    token.remove();
  };
}
