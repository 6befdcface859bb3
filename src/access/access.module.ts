import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SourcesModule } from '../sources/sources.module.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { ApiKey } from './api-key.entity.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysService } from './api-keys.service.js';
import { AttemptLimiter } from './attempt-limiter.js';
import { Authenticator } from './authenticator.js';
import { KeyJudge } from './key-judge.js';
import { LargeBodies } from './large-bodies.js';

@Module({
  imports: [TypeOrmModule.forFeature([ApiKey]), SourcesModule],
  controllers: [ApiKeysController],
  providers: [
    ApiKeysService,
    AttemptLimiter,
    Authenticator,
    KeyJudge,
    LargeBodies,
    { provide: APP_GUARD, useClass: ApiKeyGuard },
  ],
  exports: [ApiKeysService, Authenticator],
})
export class AccessModule {}
