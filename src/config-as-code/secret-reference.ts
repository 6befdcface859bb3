import type { Environment } from '../config/environment.js';

const PREFIX = 'DESKWIRE_SECRET_';
const REFERENCE = /^\$\{(DESKWIRE_SECRET_[A-Z0-9_]{1,200})\}$/;

/** A secret as a configuration document names it: what the variables hold, as far as they are set. */
export interface NamedSecret {
  /** Undefined where a variable is not set. */
  value: string | string[] | undefined;
  /** The variables that are not set. */
  unset: string[];
}

/** @returns what stands for a secret in a document: the variable that holds it */
export function secretReference(kind: string, name: string, field: string): string {
  return `\${${PREFIX}${[kind, name, field].map(toWords).join('_')}}`;
}

/** @returns the variable that a reference names; undefined for any other text, be it a secret written out */
export function referredVariable(text: unknown): string | undefined {
  return typeof text === 'string' ? REFERENCE.exec(text)?.[1] : undefined;
}

/** @param references one, or a list of them; all are references */
export function readNamedSecret(references: string | readonly string[], environment: Environment): NamedSecret {
  const isList = typeof references !== 'string';
  const variables = (isList ? references : [references]).map((reference) => referredVariable(reference) ?? '');
  const values = variables.map((variable) => environment.secret(variable));
  const unset = variables.filter((_variable, index) => values[index] === undefined);
  const [first] = values;
  if (unset.length > 0 || first === undefined) return { value: undefined, unset };
  return { value: isList ? (values as string[]) : first, unset };
}

function toWords(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_');
  return plain.replace(/^_+|_+$/g, '');
}
