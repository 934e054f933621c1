import process from 'node:process';

/** Progress of the set-up: standard error, so that what runs next keeps standard output to itself. */
export function say(text) {
  process.stderr.write(`set-up: ${text}\n`);
}

/** Something the set-up cannot go on without; `cure` says what to do about it. */
export class SetupError extends Error {
  constructor(message, cure) {
    super(message);
    this.cure = cure;
  }
}
