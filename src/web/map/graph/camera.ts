/** Which part of the picture is seen: the point of it in the top left corner, and how many pixels one of its units takes. */
export interface Camera {
  x: number;
  y: number;
  scale: number;
}
export interface Size {
  width: number;
  height: number;
}
export interface Area extends Size {
  x: number;
  y: number;
}

export const SCALE_MAX = 2.5;
/** A picture of twenty thousand boxes is still seen whole. */
export const SCALE_MIN = 0.005;

export const bounded = (scale: number): number => Math.min(SCALE_MAX, Math.max(SCALE_MIN, scale));

/** Zooms so that what is under `at` (pixels of the screen) stays there. */
export function zoomedAt(camera: Camera, factor: number, at: { x: number; y: number }): Camera {
  const scale = bounded(camera.scale * factor);
  return {
    x: camera.x + at.x / camera.scale - at.x / scale,
    y: camera.y + at.y / camera.scale - at.y / scale,
    scale,
  };
}

export const panned = (camera: Camera, dx: number, dy: number): Camera => ({
  ...camera,
  x: camera.x - dx / camera.scale,
  y: camera.y - dy / camera.scale,
});

export function centredOn(middle: { x: number; y: number }, view: Size, scale: number): Camera {
  return { x: middle.x - view.width / 2 / scale, y: middle.y - view.height / 2 / scale, scale };
}

/** The whole area inside the view, `margin` pixels around it; never larger than life. */
export function fitted(area: Area, view: Size, margin: number, scaleMax = 1): Camera {
  const scale = bounded(
    Math.min(
      scaleMax,
      Math.max(1, view.width - 2 * margin) / Math.max(1, area.width),
      Math.max(1, view.height - 2 * margin) / Math.max(1, area.height),
    ),
  );
  return centredOn({ x: area.x + area.width / 2, y: area.y + area.height / 2 }, view, scale);
}

/** On the way from one view to another: zoom changes evenly to the eye, and what is arrived at never leaves the screen's reach. */
export function between(from: Camera, to: Camera, view: Size, part: number): Camera {
  const eased = part * part * (3 - 2 * part);
  const scale = from.scale * (to.scale / from.scale) ** eased;
  const middle = (camera: Camera, side: 'x' | 'y', length: number) => camera[side] + length / 2 / camera.scale;
  const mix = (side: 'x' | 'y', length: number) =>
    middle(from, side, length) + (middle(to, side, length) - middle(from, side, length)) * eased;
  return centredOn({ x: mix('x', view.width), y: mix('y', view.height) }, view, scale);
}

export const seen = (camera: Camera, view: Size): Area => ({
  x: camera.x,
  y: camera.y,
  width: view.width / camera.scale,
  height: view.height / camera.scale,
});
