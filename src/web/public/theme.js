// Runs before the first paint, so that a dark screen at 03:00 never flashes white. A file, because the content policy refuses inline scripts.
try {
  const theme = localStorage.getItem('reflexe.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is refused by some browsers: the system's choice stands.
}
