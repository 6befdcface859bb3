import type { Socket } from 'node:net';
import { errorCode } from '../database/error-code.js';
import type { ProblemDocument } from './problem.js';
import { statusTitle } from './status-title.js';

type Refusal = Pick<ProblemDocument, 'status' | 'code' | 'detail'>;

/** By the codes of Node's server and its parser: https://nodejs.org/api/http.html#event-clienterror */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'request_timeout', detail: 'The request took too long to arrive.' },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'headers_too_large',
    detail: 'The headers are larger than this gateway accepts.',
  },
};
const UNREADABLE: Refusal = { status: 400, code: 'bad_request', detail: 'This is no HTTP request.' };

/** Whatever `refusalOf` may say: a closed list. */
export const REFUSAL_CODES: readonly string[] = [...Object.values(REFUSALS), UNREADABLE].map(({ code }) => code);

/** @returns what is to be answered; undefined where nobody listens any more */
export function refusalOf(error: Error, socket: Socket): Refusal | undefined {
  const code = errorCode(error) ?? '';
  return code === 'ECONNRESET' || socket.destroyed ? undefined : (REFUSALS[code] ?? UNREADABLE);
}

/** Answers what never became a request, as a problem document like everything else, and ends its connection. */
export function refuseConnection(error: Error, socket: Socket): void {
  const found = refusalOf(error, socket);
  if (!found) return;
  const { status, ...refusal } = found;
  const document: ProblemDocument = { type: 'about:blank', title: statusTitle(status), status, ...refusal };
  const body = JSON.stringify(document);
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status} ${document.title}\r\ncontent-type: application/problem+json; charset=utf-8\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}
