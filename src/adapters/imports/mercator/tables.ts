import type { ComponentKind } from '../../../map/model.ts';

/** Mercator's objects that care may depend on, and what each is on a map. */
export const componentTables: { readonly [table: string]: ComponentKind } = {
  m_applications: 'application',
  application_services: 'service',
  application_modules: 'service',
  databases: 'database',
  containers: 'virtualMachine',
  logical_servers: 'virtualMachine',
  clusters: 'server',
  physical_servers: 'server',
  storage_devices: 'storage',
  routers: 'networkLink',
  network_switches: 'networkLink',
  physical_routers: 'networkLink',
  physical_switches: 'networkLink',
  gateways: 'networkLink',
  wifi_terminals: 'networkLink',
  security_devices: 'service',
  physical_security_devices: 'service',
  dhcp_servers: 'service',
  dnsservers: 'service',
  domaine_ads: 'directory',
  annuaires: 'directory',
  phones: 'telephony',
  workstations: 'workstation',
  peripherals: 'workstation',
  bays: 'environment',
  buildings: 'environment',
};

/**
 * What needs what, by join table: `[table, who needs, its column, what it needs, its column]`. `any`: of several, one is enough.
 * A logical server with several physical ones may run on each; a cluster is made to lose one. An application with several servers
 * or databases is held to need them all: Mercator does not say otherwise, and a person may.
 */
export const joins: readonly {
  table: string;
  from: readonly [table: string, column: string];
  to: readonly [table: string, column: string];
  any?: true;
}[] = [
  {
    table: 'logical_server_m_application',
    from: ['m_applications', 'm_application_id'],
    to: ['logical_servers', 'logical_server_id'],
  },
  {
    table: 'm_application_physical_server',
    from: ['m_applications', 'm_application_id'],
    to: ['physical_servers', 'physical_server_id'],
  },
  { table: 'database_m_application', from: ['m_applications', 'm_application_id'], to: ['databases', 'database_id'] },
  {
    table: 'container_m_application',
    from: ['m_applications', 'm_application_id'],
    to: ['containers', 'container_id'],
  },
  {
    table: 'm_application_security_device',
    from: ['m_applications', 'm_application_id'],
    to: ['security_devices', 'security_device_id'],
  },
  {
    table: 'application_service_m_application',
    from: ['m_applications', 'm_application_id'],
    to: ['application_services', 'application_service_id'],
  },
  {
    table: 'application_module_application_service',
    from: ['application_services', 'application_service_id'],
    to: ['application_modules', 'application_module_id'],
  },
  {
    table: 'database_logical_server',
    from: ['databases', 'database_id'],
    to: ['logical_servers', 'logical_server_id'],
  },
  { table: 'container_database', from: ['databases', 'database_id'], to: ['containers', 'container_id'] },
  {
    table: 'container_logical_server',
    from: ['containers', 'container_id'],
    to: ['logical_servers', 'logical_server_id'],
    any: true,
  },
  {
    table: 'logical_server_physical_server',
    from: ['logical_servers', 'logical_server_id'],
    to: ['physical_servers', 'physical_server_id'],
    any: true,
  },
  {
    table: 'cluster_logical_server',
    from: ['logical_servers', 'logical_server_id'],
    to: ['clusters', 'cluster_id'],
    any: true,
  },
  { table: 'cluster_router', from: ['routers', 'router_id'], to: ['clusters', 'cluster_id'], any: true },
  {
    table: 'cluster_physical_server',
    from: ['clusters', 'cluster_id'],
    to: ['physical_servers', 'physical_server_id'],
    any: true,
  },
  {
    table: 'physical_router_router',
    from: ['routers', 'router_id'],
    to: ['physical_routers', 'physical_router_id'],
    any: true,
  },
  {
    table: 'network_switch_physical_switch',
    from: ['network_switches', 'network_switch_id'],
    to: ['physical_switches', 'physical_switch_id'],
    any: true,
  },
  {
    table: 'physical_security_device_security_device',
    from: ['security_devices', 'security_device_id'],
    to: ['physical_security_devices', 'physical_security_device_id'],
    any: true,
  },
];

/** Ends of a cable, as columns name them, and how far each is from what people use: a cable is needed from the nearer end. */
export const cableEnds: readonly (readonly [column: string, table: string, distance: number])[] = [
  ['workstation', 'workstations', 0],
  ['phone', 'phones', 0],
  ['peripheral', 'peripherals', 0],
  ['wifi_terminal', 'wifi_terminals', 1],
  ['logical_server', 'logical_servers', 1],
  ['physical_server', 'physical_servers', 1],
  ['storage_device', 'storage_devices', 1],
  ['network_switch', 'network_switches', 2],
  ['physical_switch', 'physical_switches', 2],
  ['router', 'routers', 3],
  ['physical_router', 'physical_routers', 3],
  ['physical_security_device', 'physical_security_devices', 3],
];
