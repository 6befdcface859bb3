import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { AnsweredProblems } from './answered-problems.js';
import { CleanInputPipe } from './clean-input.pipe.js';
import { ProblemFilter } from './problem.filter.js';
import { PublicAddress } from './public-address.js';
import { RefusedConnections } from './refused-connections.js';
import { createValidationPipe } from './validation.js';

/** What every endpoint shares: problem documents, validation, the public address. */
@Global()
@Module({
  providers: [
    AnsweredProblems,
    PublicAddress,
    RefusedConnections,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: CleanInputPipe },
    { provide: APP_PIPE, useFactory: createValidationPipe },
  ],
  exports: [AnsweredProblems, PublicAddress],
})
export class HttpFoundationModule {}
