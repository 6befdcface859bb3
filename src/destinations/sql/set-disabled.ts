import type { Queryable, Statement } from '../../database/database.js';

const SET_DISABLED: Statement = {
  name: 'set-disabled',
  text: `
    update destinations
    set disabled_at = $2, updated_at = now()
    where id = $1 and deleted_at is null`,
};

/** @param disabledAt null = it is enabled again */
export async function setDisabled(db: Queryable, destinationId: string, disabledAt: Date | null): Promise<void> {
  await db.query(SET_DISABLED, [destinationId, disabledAt]);
}
