import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openText } from '../../../access/sealer.ts';
import type { Result } from '../../../journal/result.ts';
import { installed, startService, temporaryFolder } from '../../fixtures/service.ts';
import { DataKeys } from '../dataKeys.ts';
import { Tools, type TpmOptions } from './tpm.ts';

const swtpm = installed('/usr/bin/swtpm');
const tools = installed('/usr/bin/tpm2_unseal');

/** A simulated TPM 2.0, its seeds in `state`: the same folder is the same chip, after a power cut too. */
async function simulatedTpm(folder: string, name: string) {
  const state = join(folder, name);
  mkdirSync(state, { recursive: true });
  const socket = join(folder, `${name}.socket`);
  rmSync(socket, { force: true });
  const tpm: TpmOptions = { tcti: `swtpm:path=${socket}` };
  const service = await startService({
    command: swtpm ?? '',
    args: ['socket', '--tpm2', '--tpmstate', `dir=${state}`, '--server', `type=unixio,path=${socket}`].concat([
      '--ctrl',
      `type=unixio,path=${socket}.ctrl`,
      '--flags',
      'not-need-init,startup-clear',
    ]),
    ready: () =>
      new Tools(folder, tpm).run('tpm2_getcap', ['properties-fixed']).then(
        () => true,
        () => false,
      ),
  });
  return {
    ...tpm,
    extend: (pcr: string) => new Tools(folder, tpm).run('tpm2_pcrextend', [pcr]),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

function value<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message} ${result.refusal.kept ?? ''}`);
  return result.value;
}

describe('a master key protected by a TPM', () => {
  it('opens on this machine by itself, not on another, nor after another start than the one it was sealed for', async (context) => {
    if (swtpm === undefined || tools === undefined) return context.skip('swtpm or tpm2-tools is not installed');
    await using place = await temporaryFolder();
    const at = { dataFolder: join(place.path, 'data'), keyFile: join(place.path, 'data.key'), now: () => 0 };
    let sealed: Uint8Array;
    {
      await using machine = await simulatedTpm(place.path, 'machine');
      const keys = value(await DataKeys.open({ ...at, tcti: machine.tcti }));
      sealed = keys.master.seal('here', 'a text');
      expect(await keys.add({ kind: 'tpm', label: '', pcrs: 'seven' })).toMatchObject({
        refusal: { code: 'tpm-registers-unreadable' },
      });
      value(await keys.add({ kind: 'tpm', label: 'carte mère', pcrs: 'sha256:7' }));
      expect(await keys.remove(keys.shown.protectors[0]?.id ?? '')).toMatchObject({
        refusal: { code: 'protector-last' },
      });
      value(await keys.add({ kind: 'passphrase', label: '', passphrase: 'correct cheval pile' }));
      value(await keys.remove(keys.shown.protectors[0]?.id ?? ''));
      value(await keys.rotate({ [keys.shown.protectors[1]?.id ?? '']: 'correct cheval pile' }, async () => undefined));
      sealed = keys.master.seal('here', 'a text');
      await keys.close();
    }
    {
      // The same chip after a power cut: nobody there, and it opens.
      await using machine = await simulatedTpm(place.path, 'machine');
      const keys = value(await DataKeys.open({ ...at, tcti: machine.tcti }));
      expect(keys.shown).toMatchObject({ state: 'open', protectors: [{ kind: 'tpm', detail: 'sha256:7' }, {}] });
      expect(openText(keys.master, 'here', sealed)).toBe('a text');
      await keys.close();
      await machine.extend(`7:sha256=${'ab'.repeat(32)}`);
      const started = value(await DataKeys.open({ ...at, tcti: machine.tcti }));
      expect(started.shown.state).toBe('locked');
      value(await started.unlock({ passphrase: 'correct cheval pile' }));
      await started.close();
    }
    await using other = await simulatedTpm(place.path, 'other');
    const elsewhere = value(await DataKeys.open({ ...at, tcti: other.tcti }));
    expect(elsewhere.shown.state).toBe('locked');
    await elsewhere.close();
  });

  it('says so where there is no TPM', async (context) => {
    if (tools === undefined) return context.skip('tpm2-tools is not installed');
    await using place = await temporaryFolder();
    const keys = value(
      await DataKeys.open({
        dataFolder: join(place.path, 'data'),
        keyFile: join(place.path, 'k'),
        now: () => 0,
        tcti: `swtpm:path=${place.path}/nowhere`,
      }),
    );
    expect(await keys.add({ kind: 'tpm', label: '', pcrs: '' })).toMatchObject({ refusal: { code: 'tpm-refused' } });
    expect(keys.shown.protectors).toHaveLength(1);
    await keys.close();
  });
});
