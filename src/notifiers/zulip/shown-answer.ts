import { answerShower } from '../answer-shower.js';

/** @returns what makes of an answer to that account what may be recorded */
export function accountShower({ email, apiKey }: { email: string; apiKey: string }): (text: string) => string {
  return answerShower(secretForms(email, apiKey));
}

/** @returns every form in which an answer could hold the credentials of a request. */
export function secretForms(email: string, apiKey: string): string[] {
  const token = basicToken(email, apiKey);
  return [apiKey, encodeURIComponent(apiKey), JSON.stringify(apiKey).slice(1, -1), token, token.replace(/=+$/, '')];
}

/** https://zulip.com/api/http-headers#the-authorization-header */
export function basicToken(email: string, apiKey: string): string {
  return Buffer.from(`${email}:${apiKey}`, 'utf8').toString('base64');
}
