import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, type SwaggerCustomOptions, SwaggerModule } from '@nestjs/swagger';
import { completeDocument } from './complete-document.js';
import { protectPages } from './protect-pages.js';

const PAGE: SwaggerCustomOptions = {
  customSiteTitle: 'Deskwire',
  // It would ask a server of somebody else's about us.
  swaggerOptions: { validatorUrl: null },
};

/** Serves the API's description: pages at `/docs`, the document at `/docs-json`. Made on first use, so that starting is not slower. */
export function setUpOpenApi(app: NestFastifyApplication): void {
  protectPages(app.getHttpAdapter().getInstance());
  SwaggerModule.setup('docs', app, () => createOpenApiDocument(app), PAGE);
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
