import type { ApprovalsView } from '../../access/views.ts';
import type { IncidentsView } from '../../activate/views.ts';
import type { AlarmsView } from '../../detect/views.ts';
import type { BoardView } from '../../map/care.ts';
import type { MapGraphView } from '../../map/views.ts';
import type { BackupsView } from '../../restore/nights/views.ts';
import type { RestorationView } from '../../restore/views.ts';

/** The views the interface follows, and their shapes: the server of the same release computes them. */
export interface Views {
  board: BoardView;
  incidents: IncidentsView;
  restoration: RestorationView;
  map: MapGraphView;
  approvals: ApprovalsView;
  /** Followed by its own screen only. */
  backups: BackupsView;
  /** Likewise. */
  alarms: AlarmsView;
}
