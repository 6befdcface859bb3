import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { rememberCaller } from '../http/caller.js';
import { Problem } from '../http/problem.js';
import { type ApiRole, PUBLIC, REQUIRED_ROLES } from '../http/required-role.js';
import { ApiKeysService } from './api-keys.service.js';

/** Checks the API key of every handler that is not `@Public()`. Handlers that name no roles are for admins. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeysService,
  ) {}

  /** @throws Problem 401 `unauthorized` without a valid key, 403 `forbidden` when its role is too small */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, targets) === true) return true;
    const roles = this.reflector.getAllAndOverride<ApiRole[] | undefined>(REQUIRED_ROLES, targets) ?? ['admin'];
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const presented = presentedKey(request);
    const key = presented === undefined ? null : await this.keys.authenticate(presented);
    if (!key) {
      throw new Problem(
        401,
        'unauthorized',
        'Send a valid API key as "Authorization: Bearer dw_…" or "X-API-Key: dw_…".',
      );
    }
    if (!roles.includes(key.role)) {
      throw new Problem(
        403,
        'forbidden',
        `This needs a key with the role ${roles.join(' or ')}; yours has ${key.role}.`,
      );
    }
    rememberCaller(request, { keyId: key.id, role: key.role, sourceId: key.sourceId });
    return true;
  }
}

function presentedKey(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const header = request.headers['x-api-key'];
  return bearer ?? (typeof header === 'string' ? header.trim() : undefined);
}
