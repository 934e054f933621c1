import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** In a checkout beside the sources; installed, where a person's programs keep their state (XDG Base Directory). */
export const defaultData = (): string =>
  existsSync(join(root, 'src'))
    ? join(root, 'data')
    : join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'reflexe');
