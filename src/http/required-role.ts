import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

/** `admin`: everything; `auditor`: reads; `ingest`: posts events of its source. */
export const API_ROLES = ['admin', 'auditor', 'ingest'] as const;
export type ApiRole = (typeof API_ROLES)[number];

export const REQUIRED_ROLES = Symbol('required roles');
export const PUBLIC = Symbol('public');
/** Where the OpenAPI document finds the same. */
export const ROLES_EXTENSION = 'x-roles';
export const PUBLIC_EXTENSION = 'x-public';

/** The roles that may call a handler. Without this, only `admin` may. */
export const AllowRoles = (...roles: ApiRole[]): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(REQUIRED_ROLES, roles), ApiExtension(ROLES_EXTENSION, roles));

/** A handler that needs no API key: hook URLs carry their own token, health is asked by probes. */
export const Public = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(PUBLIC, true), ApiExtension(PUBLIC_EXTENSION, true));

export const WITHOUT_DATABASE = Symbol('without database');

/**
 * A handler that is needed most while the database is away: a key that opened it within the last hour opens it then, as far
 * as this process remembers.
 */
export const AnswersWithoutDatabase = (): MethodDecorator & ClassDecorator => SetMetadata(WITHOUT_DATABASE, true);
