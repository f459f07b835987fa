// A WebDriver client as small as our tests need it: https://www.w3.org/TR/webdriver2/
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';

/** How long a page may take to come to where a test expects it. */
export const PATIENCE_MS = 20_000;
/** Time between two looks: of what comes at once, and of what takes long, which nobody needs to hear of ten times a second. */
const LOOK_MS = 100;
const LONG_LOOK_MS = 1000;
/** What has not come by then takes long. */
const SOON_MS = 5000;
/** The longest a command called through the window may take. */
const SCRIPT_MS = 900_000;
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** Tries until `look` answers something true; says what it waited for when it gives up. */
export async function until(what, look, patience = PATIENCE_MS) {
  const begun = Date.now();
  const end = begun + patience;
  let last;
  for (;;) {
    try {
      const seen = await look();
      if (seen) return seen;
    } catch (thrown) {
      // A window that is gone never comes back.
      if (thrown.gone) throw thrown;
      last = thrown;
    }
    if (Date.now() > end) throw new Error(`waited ${patience} ms for ${what}${last ? `: ${last.message}` : ''}`, { cause: last });
    await new Promise((go) => setTimeout(go, Date.now() - begun < SOON_MS ? LOOK_MS : LONG_LOOK_MS));
  }
}

/** A port of loopback that is free now. */
export function freePort() {
  return new Promise((tell, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => tell(port));
    });
  });
}

/** Starts a program in a group of its own, its output in a file; `stop` ends it with all it started. */
export function start(program, words, { log, env = {} }) {
  const out = createWriteStream(log);
  const child = spawn(program, words, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  child.stdout.pipe(out);
  child.stderr.pipe(out, { end: false });
  const ended = new Promise((tell) => child.once('exit', tell));
  child.once('error', (error) => out.write(`${error}\n`));
  return {
    async stop() {
      if (child.pid === undefined || child.exitCode !== null) return;
      try {
        process.kill(-child.pid, 'SIGTERM');
      } catch {
        return;
      }
      await Promise.race([ended, new Promise((go) => setTimeout(go, 3000))]);
    },
  };
}

/** A session of the real window. */
export class Window {
  static async open({ binary, args, env, out }) {
    await mkdir(out, { recursive: true });
    const port = await freePort();
    const driver = start('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
      log: path.join(out, 'driver.log'),
      env: { TAURI_WEBVIEW_AUTOMATION: 'true', ...env },
    });
    const base = `http://127.0.0.1:${port}`;
    try {
      await until('WebKitWebDriver', async () => (await fetch(`${base}/status`)).ok);
      const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args } } };
      const { sessionId } = await send('POST', `${base}/session`, { capabilities });
      // Playing the story waits for Spark.
      await send('POST', `${base}/session/${sessionId}/timeouts`, { script: SCRIPT_MS });
      return new Window(`${base}/session/${sessionId}`, driver, out);
    } catch (thrown) {
      await driver.stop();
      throw thrown;
    }
  }

  constructor(base, driver, out) {
    this.base = base;
    this.driver = driver;
    this.out = out;
  }

  async close() {
    await send('DELETE', this.base).catch(() => {});
    await this.driver.stop();
  }

  run(script, ...args) {
    return send('POST', `${this.base}/execute/sync`, { script, args });
  }

  /** The same for a script that answers by the function it is given last. */
  runAsync(script, ...args) {
    return send('POST', `${this.base}/execute/async`, { script, args });
  }

  /** The whole text of the page. */
  text() {
    return this.run('return document.body.innerText');
  }

  /** Waits for the page to say this. */
  says(words, patience) {
    return until(`the page to say “${words}”`, async () => (await this.text()).includes(words), patience);
  }

  /** The first shown element that `xpath` names. */
  async find(xpath, patience) {
    return until(`an element ${xpath}`, async () => {
      const found = await send('POST', `${this.base}/elements`, { using: 'xpath', value: xpath });
      for (const one of found) {
        if (await send('GET', `${this.base}/element/${one[ELEMENT]}/displayed`)) return one[ELEMENT];
      }
      return null;
    }, patience);
  }

  /** Clicks the button, link or label that reads exactly so, once it may be clicked. */
  async click(words, patience) {
    const text = `normalize-space(.)=${quoted(words)} or @aria-label=${quoted(words)}`;
    await this.press(`(//button[${text}] | //a[${text}] | //label[${text}] | //*[@role='menuitem'][${text}])[not(@disabled)]`, patience);
  }

  /** Clicks what `xpath` names. */
  async press(xpath, patience) {
    await until(`a click on ${xpath}`, async () => {
      const element = await this.find(xpath, 1000);
      // In the middle of what scrolls: at its edge another part may lie over it.
      await this.run('arguments[0].scrollIntoView({ block: "center", inline: "center" })', { [ELEMENT]: element });
      await send('POST', `${this.base}/element/${element}/click`, {});
      return true;
    }, patience);
  }

  /** Types into what `xpath` names, in place of what is there. */
  async type(xpath, text) {
    const element = await this.find(xpath);
    await send('POST', `${this.base}/element/${element}/clear`, {});
    await send('POST', `${this.base}/element/${element}/value`, { text });
  }

  /** Goes to a route of the pages. */
  go(route) {
    return this.run('location.hash = arguments[0]', `#${route}`);
  }

  /** The route the pages are at. */
  route() {
    return this.run('return location.hash.slice(1)');
  }

  /** Calls a command of the desk through the window's own door, as its pages do. */
  async call(command, request = {}) {
    const script = `const done = arguments[arguments.length - 1];
      window.__TAURI_INTERNALS__.invoke('call', { command: arguments[0], request: arguments[1] })
        .then((answer) => done({ answer }), (failure) => done({ failure }));`;
    return this.runAsync(script, command, request);
  }

  /** Keeps what is seen now. */
  async picture(name) {
    const png = await send('GET', `${this.base}/screenshot`);
    await writeFile(path.join(this.out, `${name}.png`), Buffer.from(png, 'base64'));
  }
}

async function send(method, url, body) {
  const answer = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const { value } = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(`${value.error}: ${value.message}`), { gone: value.error === 'invalid session id' });
  return value;
}

/** A text as XPath writes it. */
function quoted(text) {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}
