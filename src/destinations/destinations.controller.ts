import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { parseId } from '../http/id-parameter.js';
import { type Page, PageQuery } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import {
  CreateDestinationBody,
  type DestinationTestView,
  type DestinationView,
  type NewDestinationView,
  type NewSecretView,
} from './destination.dto.js';
import { DestinationsService } from './destinations.service.js';

@ApiTags('destinations')
@Controller('api/v1/destinations')
export class DestinationsController {
  constructor(private readonly destinations: DestinationsService) {}

  /** Adds a Zulip bot, by its account or its zuliprc, or a webhook. Secrets are never shown again. */
  @Post()
  create(@Body() body: CreateDestinationBody): Promise<NewDestinationView> {
    return this.destinations.create(body);
  }

  @Get()
  @AllowRoles('admin', 'auditor')
  list(@Query() query: PageQuery): Promise<Page<DestinationView>> {
    return this.destinations.list(query);
  }

  @Get(':id')
  @AllowRoles('admin', 'auditor')
  get(@Param('id', parseId) id: string): Promise<DestinationView> {
    return this.destinations.get(id);
  }

  /** Ends whatever pauses the destination or its channels, and enables it if it was disabled; what waits is sent at once. */
  @Post(':id/resume')
  @HttpCode(200)
  resume(@Param('id', parseId) id: string): Promise<DestinationView> {
    return this.destinations.resume(id);
  }

  /** Sends a test message at once, also to a destination that is paused or disabled: a webhook gets the event `ping`. */
  @Post(':id/test')
  @HttpCode(200)
  test(@Param('id', parseId) id: string): Promise<DestinationTestView> {
    return this.destinations.test(id);
  }

  /** Signs a webhook with a new secret from now on; the one before signs too for 24 hours. */
  @Post(':id/rotate-secret')
  @HttpCode(200)
  rotateSecret(@Param('id', parseId) id: string): Promise<NewSecretView> {
    return this.destinations.rotateSecret(id);
  }
}
