import type { FieldProblem } from '../http/problem.js';
import { changed } from '../http/validated.js';
import { validationProblem } from '../http/validation.js';
import type { ProviderAdapter, SourceSecrets } from '../ticket-event/provider-adapter.js';
import { SCHEMES_WITH_HEADER } from './signature-schemes.js';
import { SourceSecretsBody, SourceSettingsBody } from './source-settings.dto.js';

/** The one that lets a source describe its own fields. */
const MAPPED_PROVIDER = 'generic';

/**
 * Refuses what could never work, before it is saved: settings that need others, and those that the provider itself
 * judges.
 *
 * @param secrets undefined = nobody can read them
 * @throws Problem 400 `validation_failed` that names each fault
 */
export function checkSource(
  settings: SourceSettingsBody,
  secrets: SourceSecrets | undefined,
  adapter: ProviderAdapter,
): void {
  const errors = [
    ...signatureProblems(settings, secrets),
    ...mappingProblems(settings, adapter),
    ...(adapter.checkSettings?.({ ...settings }) ?? []),
  ];
  if (errors.length > 0) throw validationProblem(errors.map(asSettingProblem));
}

/**
 * @returns a document of settings with changes applied: null removes one (RFC 7396)
 * @throws Problem 400 `validation_failed`
 */
export function changedSettings(known: SourceSettingsBody, changes: Record<string, unknown>): SourceSettingsBody {
  return changed(SourceSettingsBody, known, changes, 'settings');
}

/** @see changedSettings */
export function changedSecrets(known: SourceSecrets, changes: Record<string, unknown>): SourceSecretsBody {
  return changed(SourceSecretsBody, known, changes, 'secrets');
}

function signatureProblems(
  { signature, signature_header: header }: SourceSettingsBody,
  secrets: SourceSecrets | undefined,
): FieldProblem[] {
  if (signature === undefined) {
    // Else an admin who set them would believe that they are looked at.
    const message = 'is needed where there are signing_secrets';
    return secrets?.signing_secrets ? [{ field: 'signature', message }] : [];
  }
  const problems: FieldProblem[] = [];
  if (secrets && !secrets.signing_secrets) {
    problems.push({ field: 'signature', message: 'needs secrets.signing_secrets' });
  }
  if (header === undefined && SCHEMES_WITH_HEADER.includes(signature)) {
    problems.push({ field: 'signature_header', message: `is needed for the signature ${signature}` });
  }
  return problems;
}

/** Nobody would look at it. */
function mappingProblems({ mapping }: SourceSettingsBody, { provider }: ProviderAdapter): FieldProblem[] {
  if (mapping === undefined || provider === MAPPED_PROVIDER) return [];
  return [{ field: 'mapping', message: `is for sources of the provider ${MAPPED_PROVIDER}` }];
}

function asSettingProblem({ field, message }: FieldProblem): FieldProblem {
  const path = `settings.${field}`;
  return { field: path, message: `${path}: ${message}` };
}
