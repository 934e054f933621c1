/**
 * Types a room's ports.ts may mention and a pure file may meet through it. Types only: no value of them exists in a room,
 * so nothing can be made or called.
 */
interface AbortSignal {
  readonly aborted: boolean;
}
