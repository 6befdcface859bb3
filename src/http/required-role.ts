import { SetMetadata } from '@nestjs/common';

/** `admin`: everything; `auditor`: reads; `ingest`: posts events of its source. */
export const API_ROLES = ['admin', 'auditor', 'ingest'] as const;
export type ApiRole = (typeof API_ROLES)[number];

export const REQUIRED_ROLES = Symbol('required roles');
export const PUBLIC = Symbol('public');

/** The roles that may call a handler. Without this, only `admin` may. */
export const AllowRoles = (...roles: ApiRole[]): ReturnType<typeof SetMetadata> => SetMetadata(REQUIRED_ROLES, roles);

/** A handler that needs no API key: hook URLs carry their own token, health is asked by probes. */
export const Public = (): ReturnType<typeof SetMetadata> => SetMetadata(PUBLIC, true);
