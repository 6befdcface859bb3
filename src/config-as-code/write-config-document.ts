import { dump } from 'js-yaml';
import { secretReference } from './secret-reference.js';

const HEAD = `# Deskwire's configuration. A part that is left out stays as it is when this is applied; of a part that is there,
# what it does not name is removed. Secrets are variables of the gateway's environment; one that is not set leaves the
# secret as it is stored.
`;

/** A thing as a document has it; what is empty is left out. */
export interface ExportedThing {
  kind: 'source' | 'destination' | 'route';
  name: string;
  /** In the order in which they are to be written. */
  fields: Readonly<Record<string, unknown>>;
  settings: object;
  /** How many values each secret has; undefined = it is no list. */
  secrets: Readonly<Record<string, number | undefined>>;
  isDisabled: boolean;
}

/** @returns the YAML of a configuration, without a secret in it: the same for the same configuration */
export function writeConfigDocument(parts: Readonly<Record<string, readonly ExportedThing[]>>): string {
  const taken = new Set<string>();
  const document = Object.fromEntries(
    Object.entries(parts).map(([part, things]) => [part, things.map((thing) => toPlain(thing, taken))]),
  );
  return HEAD + dump(document, { lineWidth: 120 });
}

function toPlain({ kind, name, fields, settings, secrets, isDisabled }: ExportedThing, taken: Set<string>): object {
  const reference = (field: string): string => unused(secretReference(kind, name, field), taken);
  const references: Record<string, string | string[]> = {};
  for (const [secret, count] of Object.entries(secrets)) {
    references[secret] =
      count === undefined
        ? reference(secret)
        : Array.from({ length: count }, (_value, index) => reference(`${secret}_${index + 1}`));
  }
  return {
    name,
    ...fields,
    ...(Object.keys(settings).length > 0 && { settings }),
    ...(Object.keys(references).length > 0 && { secrets: references }),
    ...(isDisabled && { disabled: true }),
  };
}

/** Names that differ in signs alone would share a variable. */
function unused(reference: string, taken: Set<string>): string {
  let candidate = reference;
  for (let number = 2; taken.has(candidate); number += 1) candidate = reference.replace(/\}$/, `_${number}}`);
  taken.add(candidate);
  return candidate;
}
