import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests on one connection that may be under way. Browsers and balancers send one, and wait for its answer. */
export const MOST_AT_ONCE = 16;

/**
 * Ends connections on which more requests are sent ahead of their answers (RFC 9112, 9.3.2) than anybody needs: some
 * kilobytes would else keep the process busy for seconds, with nobody there to read the answers. Stands before all other
 * listeners that the server has by now.
 */
export function limitPipelining(server: Server): void {
  const underWay = new WeakMap<Socket, ServerResponse[]>();
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    // What was read together with a request that ended it.
    if (socket.destroyed) return;
    const before = underWay.get(socket)?.filter(({ writableFinished }) => !writableFinished) ?? [];
    if (before.length >= MOST_AT_ONCE) {
      socket.destroy();
      return;
    }
    underWay.set(socket, [...before, response]);
    for (const listener of listeners) listener.call(server, request, response);
  });
}
