import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { rememberCaller } from '../http/caller.js';
import { Problem } from '../http/problem.js';
import { refuseUnexpected } from '../http/refuse-unexpected.js';
import { type ApiRole, PUBLIC, REQUIRED_ROLES, WITHOUT_DATABASE } from '../http/required-role.js';
import { SourceGate } from '../sources/source-gate.js';
import { KeyJudge } from './key-judge.js';

/**
 * Checks the API key of every handler that is not `@Public()`; handlers that name no roles are for admins. Then what its
 * source allows, and last what the request holds beside: in this one place, since who may not call at all is to learn
 * nothing else.
 */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly judge: KeyJudge,
    private readonly sources: SourceGate,
  ) {}

  /**
   * @throws Problem 401 `unauthorized` without a valid key, 403 `forbidden` when its role is too small; 429
   *   `too_many_attempts`; as `SourceGate.admit`, `refuseUnexpected`
   */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, targets) === true) return true;
    const roles = this.reflector.getAllAndOverride<ApiRole[] | undefined>(REQUIRED_ROLES, targets) ?? ['admin'];
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const mayRecall = this.reflector.getAllAndOverride<boolean | undefined>(WITHOUT_DATABASE, targets) === true;
    const key = await this.judge.require(request, context.switchToHttp().getResponse<FastifyReply>(), mayRecall);
    if (!roles.includes(key.role)) {
      throw new Problem(
        403,
        'forbidden',
        `This needs a key with the role ${roles.join(' or ')}; yours has ${key.role}.`,
      );
    }
    const { id: keyId, role, source_id: sourceId } = key;
    if (sourceId !== null) this.sources.admit(sourceId, request.ip);
    rememberCaller(request, { keyId, role, sourceId });
    refuseUnexpected(context);
    return true;
  }
}
