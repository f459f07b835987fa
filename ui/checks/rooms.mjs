// Who may know whom in this folder: rooms never import rooms, parts know no room, and only `api/host` talks to Tauri.
// Run by `npm run check`; each message says where the line should move.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');
const FLOORS = {
  api: ['api'],
  words: ['words', 'api'],
  style: ['style'],
  parts: ['parts', 'words', 'style', 'api'],
  rooms: ['parts', 'words', 'style', 'api'],
  shell: ['shell', 'rooms', 'parts', 'words', 'style', 'api'],
};

/** @param {string} folder @returns {string[]} */
function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const problems = [];
for (const file of sources(src)) {
  const here = relative(src, file).split('/');
  const floor = here[0];
  if (!(floor in FLOORS) || /\.test\.tsx?$/.test(file)) continue;
  const text = readFileSync(file, 'utf8');
  for (const [, target] of text.matchAll(/(?:from|import\()\s*'([^']+)'/g)) {
    if (target.startsWith('@tauri-apps/') && !here.join('/').startsWith('api/host/')) {
      problems.push(`${here.join('/')} imports \`${target}\`: only src/api/host may; add what you need to the host and use it from there`);
    }
    if (!target.startsWith('.')) continue;
    const there = relative(src, resolve(dirname(file), target)).split('/');
    if (there[0] === '..') continue;
    if (floor === 'rooms' && there[0] === 'rooms' && there[1] !== here[1]) {
      problems.push(`${here.join('/')} imports from the room \`${there[1]}\`: rooms never import rooms; what both need belongs in src/parts, what joins them in src/shell`);
    } else if (!(there[0] === 'rooms' && floor === 'rooms') && !FLOORS[floor].includes(there[0])) {
      problems.push(`${here.join('/')} imports \`${there.join('/')}\`: ${floor} may know only ${FLOORS[floor].join(', ')}; move what knows a room to src/rooms, what joins rooms to src/shell`);
    }
  }
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
