import { BaseBackupSource } from '../adapters/baseBackup/source.ts';
import { BorgSource } from '../adapters/borg/source.ts';
import { CommandSource } from '../adapters/command/source.ts';
import { PgBackRestSource } from '../adapters/pgBackRest/source.ts';
import type { Secrets } from '../detect/ports.ts';
import type { SourceSection } from '../restore/configuration.ts';
import type { BackupSource } from '../restore/ports.ts';

/** The sources that other tools made, or that other programs read. */
export type ToolSection = Extract<SourceSection, { kind: 'borg' | 'pgBackRest' | 'baseBackup' | 'command' }>;

export function toolSource(section: ToolSection, secrets: Secrets): BackupSource {
  switch (section.kind) {
    case 'borg': {
      const { repository, passphrase, keyFile } = section;
      return new BorgSource({
        repository,
        ...(passphrase === undefined ? {} : { passphrase: () => secrets.read(passphrase) }),
        ...(keyFile === undefined ? {} : { keyFile }),
      });
    }
    case 'pgBackRest': {
      const { repository, stanza, passphrase } = section;
      return new PgBackRestSource({
        repository,
        stanza,
        ...(passphrase === undefined ? {} : { passphrase: () => secrets.read(passphrase) }),
      });
    }
    case 'baseBackup': {
      const { folder, archive } = section;
      return new BaseBackupSource(archive === undefined ? { folder } : { folder, archive });
    }
    case 'command': {
      const { name, secret } = section;
      return new CommandSource(secret === undefined ? { name } : { name, secret: () => secrets.read(secret) });
    }
  }
}
