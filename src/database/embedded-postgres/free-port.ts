import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { errorCode } from '../error-code.js';

/**
 * Below the ports that systems lend to outgoing connections (Linux from 32768, others from 49152). There, while the
 * server is restarted, somebody's outgoing connection could be given its port; even its own clients', which would then
 * be connected to themselves.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const TRIES = 100;

/**
 * @param preferred is returned if it is free
 * @returns a port of 127.0.0.1 that nobody listens on at this moment
 */
export async function findFreePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
  throw new Error(`There is no free port between ${LOWEST} and ${HIGHEST}.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      const code = errorCode(error);
      if (code === 'EADDRINUSE' || code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
