import { Injectable } from '@nestjs/common';
import { IsUUID } from 'class-validator';
import { Problem } from '../http/problem.js';
import { validated } from '../http/validated.js';
import { validationProblem } from '../http/validation.js';
import { readRoute } from '../routes/compile-route.js';
import { CreateRouteBody, UpdateRouteBody } from '../routes/route.dto.js';
import { RouteTable } from '../routes/route-table.js';
import { type RouteDraft, RoutesService } from '../routes/routes.service.js';
import type { JudgingRoutes } from './route-judge.js';

/** Where a draft stands in a request. */
const PLACE = 'route';

class DraftOf {
  @IsUUID()
  id!: string;
}

/** The present routes, or what they would be with one of them saved. */
@Injectable()
export class DraftRoutes {
  constructor(
    private readonly routes: RoutesService,
    private readonly table: RouteTable,
  ) {}

  /**
   * @param fields of the draft, as they came; undefined = there is none
   * @throws Problem 400, 404 or 409, as saving it would
   */
  async routesWith(fields: Record<string, unknown> | undefined): Promise<JudgingRoutes> {
    if (!fields) return { routes: this.table.current.routes.all };
    const draft = readDraft(fields);
    try {
      const { routes, draftId } = await this.routes.tryOut(draft);
      return { routes: routes.map((route) => readRoute(route)), draft: { id: draftId, isNew: !('id' in draft) } };
    } catch (error) {
      throw error instanceof Problem ? underItsPlace(error) : error;
    }
  }
}

/** @throws Problem 400 `validation_failed` */
function readDraft({ id, ...fields }: Record<string, unknown>): RouteDraft {
  if (id === undefined) return { body: validated(CreateRouteBody, fields, PLACE) };
  return { id: validated(DraftOf, { id }, PLACE).id, body: validated(UpdateRouteBody, fields, PLACE) };
}

/** @returns a problem with a route's fields as one with the draft's */
function underItsPlace(problem: Problem): Problem {
  const { errors } = problem.extra;
  if (!errors) return new Problem(problem.getStatus(), problem.code, `${PLACE}: ${problem.detail}`, problem.extra);
  return validationProblem(
    errors.map(({ field, message }) => ({ field: `${PLACE}.${field}`, message: `${PLACE}.${message}` })),
  );
}
