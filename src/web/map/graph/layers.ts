import type { ComponentState } from '../../../map/model.ts';
import type { MapNode } from './nodes.ts';

/** From care on the left to power on the right: where each kind of thing stands in the picture. */
export const layers = ['care', 'applications', 'data', 'servers', 'network', 'power'] as const;
export type Layer = (typeof layers)[number];

const layerOfKind: { [kind in MapNode['kind']]: Layer } = {
  careFunction: 'care',
  application: 'applications',
  service: 'applications',
  integrationEngine: 'applications',
  telephony: 'applications',
  accessPoint: 'applications',
  workstation: 'applications',
  database: 'data',
  directory: 'data',
  storage: 'data',
  server: 'servers',
  virtualMachine: 'servers',
  hosting: 'servers',
  networkLink: 'network',
  powerFeed: 'power',
  transferSwitch: 'power',
  generator: 'power',
  ups: 'power',
  pdu: 'power',
  environment: 'power',
};

export const layerOf = ({ kind }: Pick<MapNode, 'kind'>): Layer => layerOfKind[kind];

const everyState: { [state in ComponentState]: true } = {
  up: true,
  degraded: true,
  down: true,
  unknown: true,
  isolated: true,
  restoring: true,
};
/** In the order of the legend; a state that is missing here does not compile. */
export const states = Object.keys(everyState) as ComponentState[];
