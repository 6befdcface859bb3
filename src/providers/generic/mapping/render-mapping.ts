import { InvalidPayloadError } from '../../../ticket-event/errors.js';
import type { InboundRequest } from '../../../ticket-event/provider-adapter.js';
import { TemplateError } from '../../../templating/template-error.js';
import { asPayload, type Payload } from '../../read-payload.js';
import { fieldLanguage } from './field-language.js';
import { isMappable } from './mapping-fields.js';
import { makeTemplateDocument, type TemplateDocument } from './template-document.js';

/** For all templates of a mapping together. An ordinary mapping takes about a millisecond. */
const LONGEST_MS = 50;
/** The limit is by the wall clock: a process that stood still meanwhile, or is cold, gets a second chance. */
const MOST_TRIES = 2;

/** The templates before this one, and it, took longer than all may. */
class TooSlowError extends InvalidPayloadError {
  constructor(field: string) {
    super(`mapping.${field}: the templates of the mapping take too long.`);
  }
}

/**
 * Runs the templates of a mapping over a request.
 *
 * @param mapping field → template; what `checkMapping` would refuse is left out
 * @returns what they wrote by field, trimmed; fields of which nothing was written are absent
 * @throws InvalidPayloadError naming the field whose template cannot be rendered within the limits
 */
export function renderMapping(mapping: unknown, request: InboundRequest): Payload {
  const document = makeTemplateDocument(request);
  return renderWithin(asPayload(mapping) ?? {}, document, MOST_TRIES);
}

function renderWithin(mapping: Payload, document: TemplateDocument, tries: number): Payload {
  try {
    return renderAll(mapping, document);
  } catch (error) {
    if (error instanceof TooSlowError && tries > 1) return renderWithin(mapping, document, tries - 1);
    throw error;
  }
}

function renderAll(mapping: Payload, document: TemplateDocument): Payload {
  const endsAt = performance.now() + LONGEST_MS;
  const outputs: [string, string][] = [];
  for (const [field, template] of Object.entries(mapping)) {
    if (typeof template !== 'string' || !isMappable(field)) continue;
    const output = render(field, template, document, endsAt);
    if (output !== '') outputs.push([field, output]);
  }
  return Object.fromEntries(outputs);
}

/** @param endsAt by the steady clock: a template gets what those before it have left */
function render(field: string, template: string, document: TemplateDocument, endsAt: number): string {
  try {
    const leftMs = endsAt - performance.now();
    if (leftMs > 0) return fieldLanguage.renderOnce(template, document, leftMs).trim();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    if (performance.now() < endsAt) throw new InvalidPayloadError(`mapping.${field}: ${error.message}.`);
  }
  throw new TooSlowError(field);
}
