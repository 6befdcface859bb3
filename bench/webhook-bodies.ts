/** What helpdesks send: 1 KB of JSON as Groove does, and the bracketed form of Faveo. */
export type BodyKind = 'json' | 'form';

/** How a helpdesk posts one of these. */
export interface WebhookMaker {
  provider: 'groove' | 'faveo';
  headers: Readonly<Record<string, string>>;
  /** @returns a webhook that repeats no other of this process, nor one of another process started at another moment */
  make: (index: number) => string;
}

/** Neighbours are of different tickets. */
const TICKETS = 2_000;
const RUN = Date.now().toString(36);

const MESSAGE = `Thanks for getting back to me so quickly. I have tried what you said, and the invoice of last month still shows
the old address, while the order confirmation has the new one. Could you have a look at it, please?`;

const JSON_BODY = JSON.stringify({
  created_at: '2026-01-14 20:09:19 +0530',
  href: 'http://api.groovehq.com/v1/tickets/NUMBER',
  links: {
    customer: { id: '0070883940', href: 'http://api.groovehq.com/v1/customers/alex@example.com' },
    drafts: { href: 'http://api.groovehq.com/v1/tickets/NUMBER/drafts' },
    state: { href: 'http://api.groovehq.com/v1/tickets/NUMBER/state' },
  },
  number: 'NUMBER',
  priority: 'low',
  state: 'opened',
  title: 'Invoice UNIQUE shows the old address',
  updated_at: '2026-01-14 20:09:19 +0530',
  assigned_group: null,
  tags: ['billing', 'refund'],
  mailbox: 'Inbox',
  message_count: 1,
  type: 'Widget',
  last_message_author: { id: '1734497920', type: 'Agent' },
  app_url: 'https://bench.groovehq.com/groove_client/tickets/68659446',
  customer_name: 'Alex Example',
  last_message_plain_text: MESSAGE,
});

const FORM_BODY = new URLSearchParams([
  ['event', 'ticket_created'],
  ['ticket[creator_id]', '1'],
  ['ticket[user_id]', '2'],
  ['ticket[dept_id]', '1'],
  ['ticket[sla]', ''],
  ['ticket[priority_id]', '1'],
  ['ticket[source]', '1'],
  ['ticket[status]', '1'],
  ['ticket[updated_at]', '2026-01-14 07:52:32'],
  ['ticket[created_at]', '2026-01-14 07:52:32'],
  ['ticket[id]', 'NUMBER'],
  ['ticket[ticket_number]', 'BNCH-UNIQUE'],
  ['ticket[thread_count]', '0'],
  ['ticket[attachment_count]', '0'],
  ['ticket[department][name]', 'Support'],
  ['ticket[priority][priority]', 'Low'],
  ['ticket[statuses][name]', 'Open'],
  ['requester[id]', '2'],
  ['requester[first_name]', 'Alex'],
  ['requester[last_name]', 'Example'],
  ['requester[email]', 'alex@example.com'],
  ['requester[user_name]', 'alex@example.com'],
  ['requester[full_name]', 'Alex Example'],
  ['requester[meta_name]', 'Alex Example <alex@example.com>'],
  ['requester[email_verified]', '0'],
]).toString();

export const WEBHOOKS: Readonly<Record<BodyKind, WebhookMaker>> = {
  json: {
    provider: 'groove',
    headers: { 'content-type': 'application/json', 'x-groove-event': 'ticket_started' },
    make: maker(JSON_BODY),
  },
  form: {
    provider: 'faveo',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'GuzzleHttp/7' },
    make: maker(FORM_BODY),
  },
};

/** A load generator has no time for searching: the template is taken apart once. */
function maker(template: string): (index: number) => string {
  const pieces = template.split(/(NUMBER|UNIQUE)/);
  return (index) => {
    let body = '';
    for (const piece of pieces) {
      if (piece === 'NUMBER') body += String(1_000 + (index % TICKETS));
      else if (piece === 'UNIQUE') body += `${RUN}${index}`;
      else body += piece;
    }
    return body;
  };
}
