import { Module } from '@nestjs/common';
import { OutgoingHttp } from './outgoing-http.js';

/** Whoever sends a request imports it and takes its `OutgoingHttp`. */
@Module({ providers: [{ provide: OutgoingHttp, useFactory: () => new OutgoingHttp() }], exports: [OutgoingHttp] })
export class OutgoingModule {}
