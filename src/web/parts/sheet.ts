/** Prints one part of the page as a sheet of its own: the print stylesheet hides what surrounds it. */
export function printSheet(part: HTMLElement | null): void {
  if (part === null) return;
  const root = document.documentElement;
  root.dataset.sheet = 'true';
  part.dataset.sheetPrinted = 'true';
  addEventListener(
    'afterprint',
    () => {
      delete root.dataset.sheet;
      delete part.dataset.sheetPrinted;
    },
    { once: true },
  );
  print();
}
