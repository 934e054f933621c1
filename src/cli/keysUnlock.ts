import type { Command } from 'commander';
import { answer, language } from './answer.ts';
import { type KeysOptions, keysOptions, runningDesk } from './keysDesk.ts';
import { statusText } from './keysStatus.ts';
import { typedFor, typedShares } from './keysTyped.ts';
import { verb } from './verb.ts';

interface Options extends KeysOptions {
  shares?: boolean;
}

export function register(program: Command): void {
  const command = verb(program, 'keys unlock', 'keys unlock --shares').option(
    '--shares',
    { fr: 'par deux parts plutôt que par la phrase secrète', en: 'by two shares rather than by the passphrase' }[
      language()
    ],
  );
  keysOptions(command).action(async (options: Options, self: Command) => {
    answer(self, await unlock(options), statusText);
  });
}

async function unlock(options: Options) {
  const desk = await runningDesk(options);
  if (!desk.ok) return desk;
  const { keys } = desk.value;
  const shown = await keys.status();
  if (!shown.ok || shown.value.state === 'open') return shown;
  return keys.unlock(options.shares === true ? { shares: await typedShares() } : await typedFor(shown.value));
}
