import { Body, Controller, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiProblem } from '../http/api-problem.js';
import { BodyAsTextInterceptor } from './body-as-text.interceptor.js';
import { PreviewBody, PreviewView } from './preview.dto.js';
import { PreviewService } from './preview.service.js';

@ApiTags('routes')
@Controller('api/v1/routes/preview')
export class PreviewController {
  constructor(private readonly previews: PreviewService) {}

  /**
   * Shows what would become of a webhook: its events, what each matcher of each route saw, and the messages; with `route`,
   * what would become of it if that route was saved. Nothing is stored or sent; signatures are not verified.
   */
  @Post()
  @HttpCode(200)
  @UseInterceptors(BodyAsTextInterceptor)
  @ApiProblem(400, {
    validation_failed: 'a field is wrong, or settings or a route could not be saved; `errors` says which.',
    unknown_provider: 'no adapter is called so.',
    unknown_destination: 'the draft leads to a destination that there is not.',
    unreadable_body: 'the body of the webhook cannot be read.',
    missing_event_name: 'nothing in the webhook says what happened.',
    invalid_payload:
      'the webhook cannot be understood. An event of the log that was rejected is answered with its `reason` as the code.',
  })
  @ApiProblem(404, { not_found: 'there is no such source, event or route.' })
  @ApiProblem(409, {
    name_taken: 'the draft could not be saved: another route has its name.',
    destination_disabled: 'it could not be saved: nothing would be sent.',
    too_many_routes: 'it could not be saved: there are as many as there can be.',
    routes_too_costly: 'it could not be saved: all routes together would cost too much.',
  })
  preview(@Body() body: PreviewBody): Promise<PreviewView> {
    return this.previews.preview(body);
  }
}
