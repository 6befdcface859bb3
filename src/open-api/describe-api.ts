import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { validateEnvironment } from '../config/validate-environment.js';
import { GatewayModule } from '../gateway.module.js';
import { createOpenApiDocument } from './open-api.js';

/** The API's description without a database: the application is put together in preview, nothing is created or started. */
export async function describeApi(): Promise<OpenAPIObject> {
  const parts = { environment: validateEnvironment({}), databaseUrl: 'postgres://preview', encryptionKey: 'preview' };
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.register(parts), new FastifyAdapter(), {
    preview: true,
    abortOnError: false,
    logger: false,
  });
  return createOpenApiDocument(app);
}
