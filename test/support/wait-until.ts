const LOOK_EVERY_MS = 10;
const GIVE_UP_MS = 30_000;

/**
 * Waits for something that another part of the process does in its own time, by looking again and again.
 *
 * @throws the last failure when it did not happen in half a minute
 */
export async function waitUntil<Value>(
  look: () => Promise<Value | undefined | false> | Value | undefined | false,
): Promise<Value> {
  const until = Date.now() + GIVE_UP_MS;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > until) throw new Error(`Waited ${GIVE_UP_MS} ms in vain for: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
