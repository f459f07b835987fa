import { CallFailure } from '../failure';
import type { Changed, Host } from '../host';

/** The host of `countersign serve`: the same commands over loopback HTTP. */
export function httpHost(): Host {
  return {
    async call(command, request) {
      let answer: Response;
      try {
        answer = await fetch('/api/call', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ command, request }),
        });
      } catch (thrown) {
        throw CallFailure.from(thrown);
      }
      const text = await answer.text();
      let body: unknown;
      try {
        body = text === '' ? null : JSON.parse(text);
      } catch {
        throw new CallFailure('host', text.slice(0, 500) || `HTTP ${answer.status}`, null, []);
      }
      if (!answer.ok) throw CallFailure.from(body ?? new CallFailure('host', `HTTP ${answer.status}`, null, []));
      return body;
    },
    onChanged(listener) {
      const stream = new EventSource('/api/changed');
      const hear = (event: MessageEvent<string>) => listener(JSON.parse(event.data) as Changed);
      stream.addEventListener('message', hear);
      stream.addEventListener('changed', hear);
      return () => stream.close();
    },
    onOpen: () => () => {},
    openOutside: (url) => void window.open(url, '_blank', 'noopener,noreferrer'),
    // A browser does not tell where a dropped file lies; the path is typed instead.
    onDrop: () => () => {},
  };
}
