import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accept, type Result, refuse } from '../../../journal/result.ts';
import type { SettingsOf } from '../keyringFile.ts';

/** Which TPM: `undefined` is the machine's own (tpm2-tools' default, /dev/tpmrm0); tests name a simulated one. */
export interface TpmOptions {
  tcti: string | undefined;
}

type Settings = SettingsOf<'tpm'>;

/** A TPM answers within seconds, or is not there. */
const answerMilliseconds = 30_000;
/** The primary key is made anew each time from the TPM's own seed: nothing of ours stays in its small memory. */
const primary = ['-C', 'o', '-g', 'sha256', '-G', 'ecc', '-c', 'primary.ctx'];

/** Seals a new key in the TPM, for this machine and, with `pcrs`, for a start whose registers are those of now. */
export async function newTpmKey(
  pcrs: string,
  options: TpmOptions,
): Promise<Result<{ settings: Settings; key: Uint8Array }>> {
  if (!/^(|[a-z0-9_]+:[0-9]+(,[0-9]+)*)$/.test(pcrs)) {
    return refuse('tpm-registers-unreadable', 'These are not registers of a TPM.', {
      where: pcrs,
      expected: 'for example sha256:7, or sha256:0,7',
    });
  }
  const key = new Uint8Array(randomBytes(32));
  return inFolder(async (folder) => {
    const tools = new Tools(folder, options);
    await tools.run('tpm2_createprimary', primary);
    if (pcrs !== '') await tools.run('tpm2_createpolicy', ['--policy-pcr', '-l', pcrs, '-L', 'policy.dat']);
    const policy = pcrs === '' ? [] : ['-L', 'policy.dat', '-a', 'fixedtpm|fixedparent|noda'];
    // The key goes in on standard input, `-i -`: never in an argument, nor in a file.
    await tools.run(
      'tpm2_create',
      ['-C', 'primary.ctx', '-i', '-', '-u', 'public.dat', '-r', 'private.dat', ...policy],
      key,
    );
    const [publicArea, privateArea] = await Promise.all(
      ['public.dat', 'private.dat'].map((name) => readFile(join(folder, name))),
    );
    if (publicArea === undefined || privateArea === undefined) throw new Error('tpm2_create wrote nothing');
    const settings: Settings = {
      kind: 'tpm',
      publicArea: new Uint8Array(publicArea),
      privateArea: new Uint8Array(privateArea),
      pcrs,
    };
    return { settings, key };
  });
}

export function tpmKey({ publicArea, privateArea, pcrs }: Settings, options: TpmOptions): Promise<Result<Uint8Array>> {
  return inFolder(async (folder) => {
    const tools = new Tools(folder, options);
    await Promise.all([
      writeFile(join(folder, 'public.dat'), publicArea),
      writeFile(join(folder, 'private.dat'), privateArea),
    ]);
    await tools.run('tpm2_createprimary', primary);
    await tools.run('tpm2_load', ['-C', 'primary.ctx', '-u', 'public.dat', '-r', 'private.dat', '-c', 'sealed.ctx']);
    const auth = pcrs === '' ? [] : ['-p', `pcr:${pcrs}`];
    return new Uint8Array(await tools.run('tpm2_unseal', ['-c', 'sealed.ctx', ...auth]));
  });
}

class ToolFailed extends Error {}

export class Tools {
  readonly #folder: string;
  readonly #options: TpmOptions;
  constructor(folder: string, options: TpmOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** The machine's own TPM is reached through the kernel's resource manager, which forgets what a tool loaded; a named one is not. */
  async run(tool: string, args: readonly string[], input: Uint8Array = new Uint8Array()): Promise<Buffer> {
    const output = await this.#run(tool, args, input);
    if (this.#options.tcti !== undefined)
      await this.#run('tpm2_flushcontext', ['--transient-object'], new Uint8Array());
    return output;
  }

  #run(tool: string, args: readonly string[], input: Uint8Array): Promise<Buffer> {
    const { tcti } = this.#options;
    const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', ...(tcti === undefined ? {} : { TPM2TOOLS_TCTI: tcti }) };
    return new Promise((resolve, reject) => {
      const child = spawn(tool, args, {
        cwd: this.#folder,
        env,
        stdio: ['pipe', 'pipe', 'pipe'],
        timeout: answerMilliseconds,
      });
      const output: Buffer[] = [];
      let complaint = '';
      child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        complaint = `${complaint}${text}`.slice(-1_000);
      });
      child.stdin.on('error', () => undefined);
      child.once('error', (error) => reject(new ToolFailed(`${tool}: ${error.message}`)));
      child.once('close', (code) =>
        code === 0
          ? resolve(Buffer.concat(output))
          : reject(
              new ToolFailed(
                `${tool}: ${
                  complaint
                    .trim()
                    .split('\n')
                    .find((line) => line.startsWith('ERROR')) ?? complaint.trim()
                }`,
              ),
            ),
      );
      child.stdin.end(input);
    });
  }
}

/** tpm2-tools pass contexts and sealed blobs by files: none of them opens anything without this TPM. */
async function inFolder<Value>(work: (folder: string) => Promise<Value>): Promise<Result<Value>> {
  const folder = await mkdtemp(join(tmpdir(), 'reflexe-tpm-'));
  try {
    return accept(await work(folder));
  } catch (error) {
    if (!(error instanceof ToolFailed)) throw error;
    return refuse('tpm-refused', 'The TPM of this machine did not give what was asked.', {
      expected: 'a TPM 2.0, the package tpm2-tools, and the machine started as when the key was sealed in it',
      kept: `Nothing was changed. ${error.message}`,
      cure: 'Unlock with a passphrase or shares (reflexe keys unlock), then remove this protector and add it again.',
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}
