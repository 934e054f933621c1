import type { ProgramInput } from './programFile.ts';

/**
 * What the helper may execute when its programs file adds nothing. A deployer's file adds or replaces programs by name;
 * the hub only ever names one.
 */
export const defaultPrograms: { [name: string]: ProgramInput } = {
  /**
   * Configuration and access rules are generated: the restored ones belong to the fallen machine (its paths, addresses,
   * archive commands). What the data itself says (`postgresql.auto.conf`) is overruled where it could matter.
   */
  'postgresql-15': {
    executable: '/usr/lib/postgresql/15/bin/postgres',
    arguments: [
      '-D',
      '{data}',
      '-c',
      'config_file=/run/reflexe/postgresql.conf',
      '-c',
      'hba_file=/run/reflexe/pg_hba.conf',
      '-c',
      'listen_addresses=127.0.0.1,{address}',
      '-c',
      'port={port}',
      '-c',
      'unix_socket_directories=/tmp',
      '-c',
      'ssl=off',
      '-c',
      'archive_mode=off',
      '-c',
      'logging_collector=off',
      '-c',
      'log_destination=stderr',
      '-c',
      'shared_buffers={setting.sharedBuffersMegabytes}MB',
      '-c',
      'max_connections={setting.maxConnections}',
    ],
    user: 'postgres',
    files: {
      '/run/reflexe/postgresql.conf': '# Everything is on the command line.\n',
      '/run/reflexe/pg_hba.conf': [
        'local all all {setting.authentication}',
        'host all all 127.0.0.1/32 {setting.gatewayAuthentication}',
        'host all all {subnet} {setting.authentication}',
        '',
      ].join('\n'),
    },
    settings: {
      sharedBuffersMegabytes: { kind: 'integer', min: 1, max: 65_536, default: 128 },
      maxConnections: { kind: 'integer', min: 4, max: 2000, default: 100 },
      /** For other members of the room. `md5` also takes SCRAM passwords. */
      authentication: { kind: 'choice', values: ['md5', 'scram-sha-256', 'trust'], default: 'md5' },
      /** For the hub, which alone holds the gateway. */
      gatewayAuthentication: { kind: 'choice', values: ['md5', 'scram-sha-256', 'trust'], default: 'md5' },
    },
    // SIGINT is PostgreSQL's fast shutdown: it ends sessions and leaves the data folder clean.
    stop: { signal: 'SIGINT', seconds: 20 },
    readySeconds: 120,
  },

  /** Serves DICOMweb on the first port and DICOM on the second; knows no other modality, so nothing is forwarded. */
  orthanc: {
    executable: '/usr/sbin/Orthanc',
    arguments: ['/run/reflexe/orthanc.json'],
    user: 'orthanc',
    ports: { min: 2, max: 2 },
    files: {
      '/run/reflexe/orthanc.json': JSON.stringify({
        Name: 'clean-room',
        StorageDirectory: '{data}',
        IndexDirectory: '{data}',
        TemporaryDirectory: '/tmp',
        Plugins: ['/usr/share/orthanc/plugins/libOrthancDicomWeb.so'],
        HttpPort: '{port.1}',
        DicomPort: '{port.2}',
        DicomAet: '{setting.aet}',
        RemoteAccessAllowed: true,
        AuthenticationEnabled: false,
        DicomAlwaysAllowEcho: true,
        DicomAlwaysAllowFind: true,
        DicomAlwaysAllowGet: true,
        DicomAlwaysAllowStore: false,
        DicomCheckCalledAet: false,
        UnknownSopClassAccepted: false,
        DicomWeb: { Enable: true, Root: '/dicom-web/' },
      }).replace(/"(\{port\.\d\})"/g, '$1'),
    },
    settings: { aet: { kind: 'word', lengthMax: 16, default: 'CLEANROOM' } },
    stop: { signal: 'SIGTERM', seconds: 20 },
  },
};
