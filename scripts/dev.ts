import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { createServer } from 'vite';

/**
 * For those who change the code: the server, restarted when its files change, and the interface through vite, which asks
 * the server for its data. `npm run dev -- <options of start>`.
 */
const root = join(import.meta.dirname, '..');
const serverAddress = 'http://localhost:8420';

const server = spawn(
  process.execPath,
  ['--watch', '--watch-preserve-output', join(root, 'src/cli/reflexe.ts'), 'start', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
const vite = await createServer({
  configFile: join(root, 'vite.config.ts'),
  server: { proxy: { '/api': { target: serverAddress, ws: true } } },
});
await vite.listen();
vite.printUrls();

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  server.kill('SIGTERM');
  await vite.close();
}
process.on('SIGINT', () => void end());
process.on('SIGTERM', () => void end());
server.on('exit', () => void end());
