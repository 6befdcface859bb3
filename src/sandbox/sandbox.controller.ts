import { All, Controller, Get, HttpCode, Param, Patch, Post, Req, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../http/required-role.js';
import { RequestParameters } from './request-parameters.js';
import { SandboxBotGuard, botOf } from './sandbox-bot.guard.js';
import { SandboxErrorFilter } from './sandbox-error.filter.js';
import { SandboxError, badRequest, missingArgument } from './sandbox-error.js';
import { BOT_NAME, describeMessage } from './sandbox-message.js';
import { SandboxGuard } from './sandbox.guard.js';
import { SandboxZulip } from './sandbox-zulip.js';

const BASE_PATH = 'sandbox/zulip';

/** The server that the sandbox behaves as (https://zulip.com/api/changelog). */
const ZULIP_VERSION = '10.0';
const ZULIP_FEATURE_LEVEL = 367;
/** `role` and `bot_type` of https://zulip.com/api/get-own-user: a member, a generic bot. */
const MEMBER_ROLE = 400;
const GENERIC_BOT = 1;

type Answer = Record<string, unknown> & { result: 'success'; msg: '' };

/** Zulip's REST API (https://zulip.com/api/rest), as much of it as a bot that posts messages uses. */
@Public()
@UseGuards(SandboxGuard)
@UseFilters(SandboxErrorFilter)
@ApiExcludeController()
@Controller(BASE_PATH)
export class SandboxController {
  constructor(private readonly sandbox: SandboxZulip) {}

  /** https://zulip.com/api/send-message */
  @Post('api/v1/messages')
  @HttpCode(200)
  @UseGuards(SandboxBotGuard)
  sendMessage(@Req() request: FastifyRequest): Answer {
    const parameters = RequestParameters.of(request);
    const id = this.sandbox.send(botOf(request), {
      type: parameters.get('type'),
      to: parameters.get('to'),
      topic: readTopic(parameters),
      content: parameters.get('content'),
    });
    return success({ id });
  }

  /** https://zulip.com/api/get-messages */
  @Get('api/v1/messages')
  @UseGuards(SandboxBotGuard)
  getMessages(@Req() request: FastifyRequest): Answer {
    const parameters = RequestParameters.of(request);
    const asMarkdown = !parameters.boolean('apply_markdown', true);
    const window = this.sandbox.fetch(parameters.get('narrow'), {
      anchor: parameters.get('anchor'),
      includeAnchor: parameters.boolean('include_anchor', true),
      numBefore: parameters.count('num_before'),
      numAfter: parameters.count('num_after'),
    });
    return success({
      messages: window.messages.map((message) => describeMessage(message, asMarkdown)),
      found_anchor: window.foundAnchor,
      found_oldest: window.foundOldest,
      found_newest: window.foundNewest,
      history_limited: false,
      anchor: window.anchor,
    });
  }

  /** https://zulip.com/api/update-message */
  @Patch('api/v1/messages/:id')
  @UseGuards(SandboxBotGuard)
  editMessage(@Req() request: FastifyRequest, @Param('id') id: string): Answer {
    const parameters = RequestParameters.of(request);
    if (parameters.get('stream_id') !== undefined) {
      throw badRequest('The sandbox does not move messages between channels.');
    }
    this.sandbox.edit(botOf(request), Number(id), {
      topic: readTopic(parameters),
      propagateMode: parameters.get('propagate_mode'),
      content: parameters.get('content'),
    });
    return success({});
  }

  /** https://zulip.com/api/get-own-user */
  @Get('api/v1/users/me')
  @UseGuards(SandboxBotGuard)
  getOwnUser(@Req() request: FastifyRequest): Answer {
    const { id, email } = botOf(request);
    return success({
      user_id: id,
      email,
      delivery_email: email,
      full_name: BOT_NAME,
      is_bot: true,
      bot_type: GENERIC_BOT,
      is_active: true,
      is_guest: false,
      is_admin: false,
      is_owner: false,
      role: MEMBER_ROLE,
      timezone: '',
      avatar_url: null,
      max_message_id: this.sandbox.newestId,
      profile_data: {},
    });
  }

  /** https://zulip.com/api/get-stream-id */
  @Get('api/v1/get_stream_id')
  @UseGuards(SandboxBotGuard)
  getChannelId(@Req() request: FastifyRequest): Answer {
    const name = RequestParameters.of(request).get('stream');
    if (name === undefined) throw missingArgument('stream');
    try {
      return success({ stream_id: this.sandbox.findChannel(name).id });
    } catch (error) {
      // Zulip has another code here than where it refuses a message.
      throw error instanceof SandboxError ? badRequest(`Invalid channel name '${name}'`) : error;
    }
  }

  /** https://zulip.com/api/get-server-settings */
  @Get('api/v1/server_settings')
  getServerSettings(@Req() request: FastifyRequest): Answer {
    const realmUrl = `${request.protocol}://${request.host}/${BASE_PATH}`;
    return success({
      zulip_version: ZULIP_VERSION,
      zulip_feature_level: ZULIP_FEATURE_LEVEL,
      realm_name: 'Sandbox',
      realm_url: realmUrl,
      realm_uri: realmUrl,
      push_notifications_enabled: false,
      is_incompatible: false,
      authentication_methods: {},
      external_authentication_methods: [],
    });
  }

  /** Whatever else is asked for. */
  @All(['', '*'])
  notFound(): never {
    throw new SandboxError(404, 'BAD_REQUEST', 'Not found');
  }
}

function success(data: Record<string, unknown>): Answer {
  return { result: 'success', msg: '', ...data };
}

/** `subject` is what older clients call it. */
function readTopic(parameters: RequestParameters): string | undefined {
  return parameters.get('topic') ?? parameters.get('subject');
}
