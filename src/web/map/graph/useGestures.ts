import { type RefObject, useEffect } from 'react';
import { panned, zoomedAt } from './camera.ts';
import type { Picture } from './paint/Picture.ts';
import { useLatest } from './useLatest.ts';

/** A press that moved less than this, in pixels, is a press on what is there. */
const STILL = 5;
const WHEEL_STEP = 0.0016;

/** Mouse, fingers and pen: dragging moves the picture, two fingers or the wheel zoom, a press chooses. */
export function useGestures(
  surface: RefObject<HTMLElement | null>,
  picture: RefObject<Picture | null>,
  {
    onPress,
    onHover,
  }: {
    onPress(box: number | null, isAdding: boolean): void;
    onHover(box: number | null, at: { x: number; y: number }): void;
  },
): void {
  const told = useLatest({ onPress, onHover });
  useEffect(() => {
    const element = surface.current;
    if (element === null) return;
    const pointers = new Map<number, { x: number; y: number }>();
    let moved = 0;
    const place = (event: PointerEvent | WheelEvent) => {
      const { left, top } = element.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    const down = (event: PointerEvent) => {
      if (event.button > 0) return;
      if (pointers.size === 0) moved = 0;
      pointers.set(event.pointerId, place(event));
      element.setPointerCapture(event.pointerId);
    };
    const move = (event: PointerEvent) => {
      const here = place(event);
      const before = pointers.get(event.pointerId);
      const shown = picture.current;
      if (shown === null) return;
      if (before === undefined) return told.current.onHover(shown.boxAt(here), here);
      moved += Math.hypot(here.x - before.x, here.y - before.y);
      const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      pointers.set(event.pointerId, here);
      if (moved < STILL) return;
      told.current.onHover(null, here);
      if (other === undefined) shown.look(panned(shown.camera, here.x - before.x, here.y - before.y));
      else {
        const factor = apart(here, other) / Math.max(1, apart(before, other));
        const half = { x: (here.x - before.x) / 2, y: (here.y - before.y) / 2 };
        const middle = { x: (here.x + other.x) / 2, y: (here.y + other.y) / 2 };
        shown.look(zoomedAt(panned(shown.camera, half.x, half.y), factor, middle));
      }
    };
    const up = (event: PointerEvent) => {
      const wasDown = pointers.delete(event.pointerId);
      const shown = picture.current;
      if (!wasDown || pointers.size > 0 || moved >= STILL || shown === null) return;
      told.current.onPress(shown.boxAt(place(event)), event.shiftKey || event.ctrlKey || event.metaKey);
    };
    const cancel = (event: PointerEvent) => pointers.delete(event.pointerId);
    const leave = () => told.current.onHover(null, { x: 0, y: 0 });
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const shown = picture.current;
      if (shown === null) return;
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
      if (event.shiftKey) shown.look(panned(shown.camera, -(event.deltaX + event.deltaY) * lines, 0));
      // A pinch on a touch pad arrives as a wheel with the control key, in small steps.
      else
        shown.look(
          zoomedAt(shown.camera, Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : WHEEL_STEP)), place(event)),
        );
    };
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', cancel);
    element.addEventListener('pointerleave', leave);
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', cancel);
      element.removeEventListener('pointerleave', leave);
      element.removeEventListener('wheel', wheel);
    };
  }, [surface, picture, told]);
}

const apart = (one: { x: number; y: number }, other: { x: number; y: number }): number =>
  Math.hypot(one.x - other.x, one.y - other.y);
