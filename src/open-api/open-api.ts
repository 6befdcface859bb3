import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, type SwaggerCustomOptions, SwaggerModule } from '@nestjs/swagger';
import { completeDocument } from './complete-document.js';
import { protectPages } from './protect-pages.js';

/** Where the document is; the second is the same as seen from `/docs/`, whatever stands before our addresses at a proxy. */
const DOCUMENT_PATHS = ['/docs-json', '/docs/docs-json'];

const PAGE: SwaggerCustomOptions = {
  customSiteTitle: 'Deskwire',
  // Its page keeps this out of sight by an attribute, which the page's policy does not let through.
  customCss: 'body > svg { position: absolute; width: 0; height: 0; }',
  swaggerUrl: 'docs-json',
  // Would be written anew for everybody who asks, keys or not: YAML took 50 ms each.
  raw: false,
  // It would ask a server of somebody else's about us.
  swaggerOptions: { validatorUrl: null },
};

/** The page fetches the document itself. */
const NOT_IN_THE_PAGE = undefined as unknown as OpenAPIObject;

/** Serves the API's description: pages at `/docs`, the document at `/docs-json`. Made on first use, so that starting is not slower. */
export function setUpOpenApi(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  protectPages(fastify);
  SwaggerModule.setup('docs', app, () => NOT_IN_THE_PAGE, PAGE);
  let bytes: Buffer | undefined;
  for (const path of DOCUMENT_PATHS) {
    fastify.get(path, (_request, reply) => {
      // The same bytes for all: whoever fetches it slowly, and often, costs no memory.
      bytes ??= Buffer.from(JSON.stringify(createOpenApiDocument(app)));
      void reply.type('application/json; charset=utf-8').send(bytes);
    });
  }
}

/** @returns the OpenAPI document of everything that the gateway answers */
export function createOpenApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Deskwire')
    .setDescription('The gateway between helpdesks and Zulip.')
    .setVersion('1')
    .addBearerAuth()
    .addApiKey({ type: 'apiKey', name: 'X-API-Key', in: 'header' }, 'X-API-Key')
    .addSecurityRequirements('bearer')
    .addSecurityRequirements('X-API-Key')
    .build();
  return completeDocument(SwaggerModule.createDocument(app, config));
}
