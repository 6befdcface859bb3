import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../clock/clock.js';
import { AllowRoles } from '../../http/required-role.js';
import { DeliveriesExportQuery, EventsExportQuery, type ExportFormat } from '../log-query.dto.js';
import { toDeliveryView, toEventView } from '../log-views.js';
import { DELIVERIES } from '../sql/select-deliveries.js';
import { EVENTS } from '../sql/select-events.js';
import { ApiExport } from './api-export.js';
import { DELIVERY_COLUMNS } from './delivery-columns.js';
import { EVENT_COLUMNS } from './event-columns.js';
import { type Export, LogExports } from './log-exports.js';

/** The whole of what a query names, for spreadsheets and archives. */
@AllowRoles('admin', 'auditor')
@Controller('api/v1')
export class ExportsController {
  constructor(
    private readonly exports: LogExports,
    private readonly clock: Clock,
  ) {}

  /** All deliveries that the filters name, newest first, as one stream; each row has the cursor to go on after it. */
  @Get('deliveries/export')
  @ApiTags('deliveries')
  @ApiExport()
  async deliveries(@Query() query: DeliveriesExportQuery, @Res() reply: FastifyReply): Promise<void> {
    const what = {
      list: 'deliveries',
      table: DELIVERIES,
      toView: toDeliveryView,
      columns: DELIVERY_COLUMNS,
    };
    await this.send('deliveries', query.format, await this.exports.start(what, query), reply);
  }

  /** All events that the filters name, newest first, as one stream; each row has the cursor to go on after it. */
  @Get('events/export')
  @ApiTags('events')
  @ApiExport()
  async events(@Query() query: EventsExportQuery, @Res() reply: FastifyReply): Promise<void> {
    const what = { list: 'events', table: EVENTS, toView: toEventView, columns: EVENT_COLUMNS };
    await this.send('events', query.format, await this.exports.start(what, query), reply);
  }

  private async send(
    name: string,
    format: ExportFormat,
    { contentType, stream }: Export,
    reply: FastifyReply,
  ): Promise<void> {
    const file = `deskwire-${name}-${this.clock.now().toISOString().slice(0, 10)}.${format}`;
    void reply
      .type(contentType)
      .header('content-disposition', `attachment; filename="${file}"`)
      .header('cache-control', 'no-store');
    // Answered by its headers alone; Fastify would read the rest of the log, for nobody.
    if (reply.request.method === 'HEAD') stream.destroy();
    await reply.send(stream);
  }
}
