/*
 * Zulip's limits are in code points; beyond them the server cuts silently, in the middle of a quotation if need be:
 * https://zulip.com/api/send-message, https://zulip.com/api/register-queue (max_message_length, max_topic_length).
 */

/** Code points of a message's content. */
export const LONGEST_CONTENT = 10_000;
/** Code points of a topic. */
export const LONGEST_STORED_TOPIC = 60;
/** What Zulip puts before the name of a resolved topic: https://zulip.com/help/resolve-a-topic */
export const RESOLVED_TOPIC_PREFIX = '✔ ';
/** Code points of the topics that we name: resolving them must not cut them. */
export const LONGEST_TOPIC = LONGEST_STORED_TOPIC - 2;
/** Code points of one value within a line: a title, a name. Encoded, each may take six. */
export const LONGEST_INLINE = 250;
/** Characters of a link's address. One that is longer is left out: half a link leads nowhere. */
export const LONGEST_LINK = 2_000;
