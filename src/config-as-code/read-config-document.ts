import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';
import { checkCleanInput } from '../http/clean-input.pipe.js';
import { type FieldProblem, Problem } from '../http/problem.js';
import { fieldProblems, validationProblem } from '../http/validation.js';
import { ConfigDocument } from './config-document.dto.js';

/** In UTF-16 units; some thousand routes. */
const LARGEST_DOCUMENT = 1_048_576;
/** The deepest that a document of ours nests is seven. */
const DEEPEST = 20;
/** Of a thousand routes with all that they can have. */
const MOST_VALUES = 250_000;

/**
 * Reads a configuration document: YAML 1.2 of plain values, without tags and aliases, which could make much of little.
 *
 * @throws Problem 413 `document_too_large`, 400 `invalid_yaml` with line and column, 400 `validation_failed`
 */
export function readConfigDocument(yaml: string): ConfigDocument {
  if (yaml.length > LARGEST_DOCUMENT) {
    throw new Problem(413, 'document_too_large', `A configuration has at most ${LARGEST_DOCUMENT} characters.`);
  }
  const plain = parse(yaml);
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    throw new Problem(400, 'validation_failed', 'A configuration has the parts sources, destinations and routes.');
  }
  checkCleanInput(plain, MOST_VALUES);
  const document = plainToInstance(ConfigDocument, plain);
  const errors = validateSync(document, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  if (errors.length > 0) throw validationProblem(errors.flatMap((error) => fieldProblems(error)));
  const doubled = doubledNames(document);
  if (doubled.length > 0) throw validationProblem(doubled);
  return document;
}

function parse(yaml: string): unknown {
  try {
    return load(yaml, { schema: CORE_SCHEMA, maxDepth: DEEPEST, maxAliases: 0 });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // Its own message shows the lines around, and with them what may be a secret.
    const { reason, mark } = error as { reason?: string; mark?: { line: number; column: number } };
    const place = mark ? ` (line ${mark.line + 1}, column ${mark.column + 1})` : '';
    throw new Problem(400, 'invalid_yaml', `The document is not YAML of plain values: ${reason ?? ''}${place}.`);
  }
}

/** Those that differ in case alone are told apart here; the database refuses them when they are saved. */
function doubledNames(document: ConfigDocument): FieldProblem[] {
  return (['sources', 'destinations', 'routes'] as const).flatMap((part) => {
    const known = new Set<string>();
    return (document[part] ?? []).flatMap(({ name }, index) => {
      const isDoubled = known.has(name);
      known.add(name);
      const field = `${part}.${index}.name`;
      return isDoubled ? [{ field, message: `${field}: another of the ${part} has this name` }] : [];
    });
  });
}
