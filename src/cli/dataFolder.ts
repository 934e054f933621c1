import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { language } from './answer.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface DataOptions {
  data?: string;
}

/** In a checkout beside the sources; installed, where a person's programs keep their state (XDG Base Directory). */
const defaultData = (): string =>
  existsSync(join(root, 'src'))
    ? join(root, 'data')
    : join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'reflexe');

export const dataFolderOf = ({ data }: DataOptions): string => resolve(data ?? defaultData());

export const dataOption = (command: Command): Command =>
  command.option('--data <folder>', { fr: 'dossier des données', en: 'data folder' }[language()]);
