import { Global, Module } from '@nestjs/common';
import { AdminTransactions } from './admin-transactions.js';
import { ChangesController } from './changes.controller.js';
import { ChangesService } from './changes.service.js';

/** Every room that admins change things in writes to the record. */
@Global()
@Module({
  controllers: [ChangesController],
  providers: [AdminTransactions, ChangesService],
  exports: [AdminTransactions],
})
export class ChangesModule {}
