import { SignatureError } from '../../ticket-event/errors.js';

/**
 * @param headers lower-case names
 * @param name in any spelling; as it is written here it is shown to the sender
 * @throws SignatureError where the header is missing or blank
 */
export function requireHeader(headers: Readonly<Record<string, string>>, name: string): string {
  const key = name.toLowerCase();
  const value: unknown = Object.hasOwn(headers, key) ? headers[key] : undefined;
  if (typeof value !== 'string' || value.trim() === '') throw new SignatureError(`The header ${name} is missing.`);
  return value;
}

/** @returns the error for a header that is not written as its scheme has it, which one that was sent twice is not either */
export function malformedHeader(name: string): SignatureError {
  return new SignatureError(`The header ${name} is malformed.`);
}

/** @returns the error for a signature, or what stands for one, that none of the source's secrets can have made */
export function unfitHeader(name: string): SignatureError {
  return new SignatureError(`The value of the header ${name} does not fit.`);
}
