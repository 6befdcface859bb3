import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { PreviewBody, type PreviewView } from './preview.dto.js';
import { PreviewService } from './preview.service.js';

@ApiTags('routes')
@Controller('api/v1/routes/preview')
export class PreviewController {
  constructor(private readonly previews: PreviewService) {}

  /**
   * Shows what would become of a webhook: its events, what each matcher of each route saw, and the messages. Nothing is
   * stored or sent; signatures are not verified.
   */
  @Post()
  @HttpCode(200)
  @ApiResponse({
    status: 400,
    description: 'The webhook is one that its hook would refuse, or the request is not valid.',
  })
  @ApiResponse({ status: 404, description: 'Unknown source or event.' })
  preview(@Body() body: PreviewBody): Promise<PreviewView> {
    return this.previews.preview(body);
  }
}
