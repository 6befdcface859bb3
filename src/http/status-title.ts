import { STATUS_CODES } from 'node:http';

/** @returns what a status means, as RFC 9110 calls it */
export function statusTitle(status: number): string {
  return STATUS_CODES[status] ?? 'Error';
}
