import type { Duplex } from 'node:stream';

/** Errors of connections over which nothing was ever sent. Weak: they are forgotten with the errors. */
const errorsBeforeConnection = new WeakSet<object>();
/** An error may be wrapped a few times on its way up. */
const MOST_CAUSES = 5;

/**
 * Watches a socket from its making until it stands. What goes wrong before is remembered, since a request that never
 * left us may be repeated without doubt; so is taking too long.
 *
 * @param ready the event after which the socket carries requests: `connect`, or `secureConnect` under TLS
 * @param limitMs for looking up the name, connecting and shaking hands together
 */
export function watchConnection(socket: Duplex, ready: 'connect' | 'secureConnect', limitMs: number): void {
  const timer = setTimeout(() => {
    socket.destroy(new Error(`There was no connection within ${limitMs} ms.`));
  }, limitMs);
  const onError = (error: Error): void => {
    clearTimeout(timer);
    errorsBeforeConnection.add(error);
  };
  socket.once('error', onError);
  socket.once(ready, () => {
    clearTimeout(timer);
    socket.off('error', onError);
  });
  socket.once('close', () => {
    clearTimeout(timer);
  });
}

/** @returns whether the error, or what caused it, ended a connection before it stood. */
export function neverConnected(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < MOST_CAUSES && typeof current === 'object' && current !== null; depth++) {
    if (errorsBeforeConnection.has(current)) return true;
    current = 'cause' in current ? current.cause : undefined;
  }
  return false;
}
