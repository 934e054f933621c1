// Loaded before the writer (`node --import`) to prove that the power-cut test can fail: every connection is told not to flush.
import { DatabaseSync } from 'node:sqlite';

const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function withoutFlush(sql) {
  return exec.call(this, sql.replace(/synchronous\s*=\s*FULL/gi, 'synchronous = OFF'));
};
