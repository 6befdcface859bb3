import { InvalidPayloadError } from '../../../ticket-event/errors.js';
import type { InboundRequest } from '../../../ticket-event/provider-adapter.js';
import { TemplateError } from '../../../templating/template-error.js';
import { asPayload, type Payload } from '../../read-payload.js';
import { fieldLanguage } from './field-language.js';
import { isMappable } from './mapping-fields.js';
import { makeTemplateDocument, type TemplateDocument } from './template-document.js';

/**
 * For all templates of a mapping together; each alone has the language's own limits. Time on the processor, since a
 * process that stood still is no fault of the templates. An ordinary mapping takes about a millisecond.
 */
const MOST_CPU_MICROSECONDS = 250_000;

/**
 * Runs the templates of a mapping over a request.
 *
 * @param mapping field → template; what `checkMapping` would refuse is left out
 * @returns what they wrote by field, trimmed; fields of which nothing was written are absent
 * @throws InvalidPayloadError naming the field whose template cannot be rendered within the limits
 */
export function renderMapping(mapping: unknown, request: InboundRequest): Payload {
  const document = makeTemplateDocument(request);
  const startedAt = process.cpuUsage();
  const outputs: [string, string][] = [];
  for (const [field, template] of Object.entries(asPayload(mapping) ?? {})) {
    if (typeof template !== 'string' || !isMappable(field)) continue;
    const output = render(field, template, document);
    const { user, system } = process.cpuUsage(startedAt);
    if (user + system > MOST_CPU_MICROSECONDS) {
      throw new InvalidPayloadError(`mapping.${field}: the templates of the mapping take too long.`);
    }
    if (output !== '') outputs.push([field, output]);
  }
  return Object.fromEntries(outputs);
}

function render(field: string, template: string, document: TemplateDocument): string {
  try {
    return fieldLanguage.render(template, document).trim();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new InvalidPayloadError(`mapping.${field}: ${error.message}.`);
  }
}
