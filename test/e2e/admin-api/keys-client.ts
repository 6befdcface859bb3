import { type Answer, call, type TestGateway } from '../../support/test-gateway.js';

export interface KeyRequest {
  body?: unknown;
  /** The admin's unless given; null: none. */
  key?: string | null;
  headers?: Record<string, string>;
}

/** @returns whatever an address of a gateway answers, with headers of the test's own */
export function ask(
  gateway: Pick<TestGateway, 'url' | 'adminKey'>,
  method: string,
  path: string,
  { body, key = gateway.adminKey, headers = {} }: KeyRequest = {},
): Promise<Answer> {
  return call(gateway.url + path, {
    method,
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

/** @returns a new key's view, the key in it */
export async function makeKey(gateway: TestGateway, fields: object): Promise<Record<string, string>> {
  const answer = await gateway.api('POST', '/api-keys', { name: 'A key', role: 'auditor', ...fields });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body as unknown as Record<string, string>;
}

/** @returns what the record says of a key, oldest first */
export async function changesOf(gateway: TestGateway, id: string | undefined): Promise<Record<string, unknown>[]> {
  return (await gateway.api('GET', `/changes?subject_id=${String(id)}`)).body.data.reverse();
}
