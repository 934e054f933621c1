/** Runs in the page: moves as a hand does, one step a frame, and tells how long each frame took to come. */
export const gesture = async ({ middle, steps, length }) => {
  const surface = document.querySelector('.graph-surface');
  if (surface === null) throw new Error('no picture');
  let longest = 0;
  const watch = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  watch.observe({ entryTypes: ['longtask'] });
  const told = (type, x, y) =>
    surface.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX: x, clientY: y, bubbles: true }));
  // A pointer made by a script cannot be captured: the picture asks for it all the same.
  Element.prototype.setPointerCapture = () => {};
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const between = [];
  const begun = await frame();
  let last = begun;
  told('pointerdown', middle.x, middle.y);
  for (const { dx, dy, zoom } of steps) {
    if (zoom === 0) told('pointermove', middle.x + dx, middle.y + dy);
    else
      surface.dispatchEvent(
        new WheelEvent('wheel', {
          deltaY: zoom,
          clientX: middle.x,
          clientY: middle.y,
          bubbles: true,
          cancelable: true,
        }),
      );
    const now = await frame();
    between.push(now - last);
    last = now;
    if (now - begun > length) break;
  }
  told('pointerup', middle.x, middle.y);
  watch.disconnect();
  return { between, longest };
};
