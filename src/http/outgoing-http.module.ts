import { HttpModule, type HttpModuleOptions } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { CONNECT_TIME_LIMIT_MS, OutgoingAgents } from './outgoing-agents.js';
import { USER_AGENT } from './user-agent.js';

/**
 * What holds for every outgoing request: the answer is the caller's to judge, redirects are not followed (they would
 * take credentials along), no proxy of the environment stands between, nothing is unpacked. Time limits and sizes are
 * the caller's.
 */
function outgoingHttpOptions(agents: OutgoingAgents): HttpModuleOptions {
  return {
    httpAgent: agents.http,
    httpsAgent: agents.https,
    proxy: false,
    maxRedirects: 0,
    validateStatus: () => true,
    decompress: false,
    headers: { 'User-Agent': USER_AGENT, Accept: 'application/json', 'Accept-Encoding': 'identity' },
  };
}

/** The one room that calls out: whoever sends a request imports it and takes its HttpService. */
@Module({
  imports: [
    HttpModule.registerAsync({
      extraProviders: [{ provide: OutgoingAgents, useFactory: () => new OutgoingAgents(CONNECT_TIME_LIMIT_MS) }],
      useFactory: outgoingHttpOptions,
      inject: [OutgoingAgents],
    }),
  ],
  exports: [HttpModule],
})
export class OutgoingHttpModule {}
