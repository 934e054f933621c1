import { readFileSync } from 'node:fs';
import process from 'node:process';
import { language } from './answer.ts';
import type { Text } from './language.ts';

/**
 * What a person types that nobody else may see: on a terminal without echo; otherwise the next line of standard input. Never an
 * argument, never the environment: both are in process lists.
 */
export async function typedLine(prompt: Text, signal?: AbortSignal): Promise<string> {
  if (process.stdin.isTTY) return hiddenLine(`${prompt[language()]} `, signal);
  const text = piped();
  const end = text.indexOf('\n');
  consumed += end === -1 ? text.length : end + 1;
  return (end === -1 ? text : text.slice(0, end)).replace(/\r$/, '');
}

/** All that is left of standard input, but its last line break; on a terminal, one line. */
export async function typedValue(prompt: Text): Promise<string> {
  if (process.stdin.isTTY) return hiddenLine(`${prompt[language()]} `);
  const text = piped();
  consumed += text.length;
  return text.replace(/\r?\n$/, '');
}

export const isTyping = (): boolean => process.stdin.isTTY;

let all: string | undefined;
let consumed = 0;
/** Read once, when first asked for: a verb that needs nothing waits for nothing. */
function piped(): string {
  all ??= readFileSync(0, 'utf8');
  return all.slice(consumed);
}

const [interrupt, endOfInput, backspace, erase] = ['\u0003', '\u0004', '\b', '\u007f'];

function hiddenLine(prompt: string, signal?: AbortSignal): Promise<string> {
  const { stdin, stderr } = process;
  return new Promise((resolve, reject) => {
    let line = '';
    const end = (): void => {
      stdin.off('data', hear);
      signal?.removeEventListener('abort', stop);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
    };
    const stop = (): void => {
      end();
      reject(signal?.reason);
    };
    const hear = (text: string): void => {
      for (const letter of text) {
        if (letter === interrupt || letter === endOfInput) {
          end();
          process.exit(130);
        }
        if (letter === '\r' || letter === '\n') {
          end();
          resolve(line);
          return;
        }
        if (letter === backspace || letter === erase) line = [...line].slice(0, -1).join('');
        else line += letter;
      }
    };
    // Before the prompt: who answers at once is not shown either.
    stdin.setRawMode(true);
    stderr.write(prompt);
    stdin.setEncoding('utf8').on('data', hear).resume();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) stop();
  });
}
