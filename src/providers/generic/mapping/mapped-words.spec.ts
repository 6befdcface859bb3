import { actorKindOf, eventTypeOf, priorityOf, statusOf, tagsOf } from './mapped-words.js';

describe('words of a system of one’s own', () => {
  it.each([
    ['Low', 'low'],
    ['normal', 'medium'],
    ['MEDIUM', 'medium'],
    ['3 - Moderate', 'medium'],
    ['Major', 'medium'],
    ['High', 'high'],
    ['urgent', 'urgent'],
    ['1 - Critical', 'urgent'],
    ['P1', 'urgent'],
    ['very_high', 'urgent'],
  ])('the priority %s', (native, normal) => {
    expect(priorityOf(native)).toEqual({ native, normal });
  });

  it.each([
    ['New', 'open'],
    ['in_progress', 'open'],
    ['On-Hold', 'pending'],
    ['Waiting for  customer', 'pending'],
    ['Resolved', 'solved'],
    ['Done', 'closed'],
    ['CLOSED', 'closed'],
    ['cancelled', 'closed'],
  ])('the status %s', (native, normal) => {
    expect(statusOf(native)).toEqual({ native, normal });
  });

  it('that are nobody else’s stay as they are', () => {
    expect(priorityOf('Gold')).toEqual({ native: 'Gold' });
    expect(statusOf('constructor')).toEqual({ native: 'constructor' });
    expect(statusOf('1')).toEqual({ native: '1' });
    expect(actorKindOf('ghost')).toBeUndefined();
  });

  it.each([
    ['Agent', 'agent'],
    ['end-user', 'customer'],
    ['bot', 'system'],
  ])('the actor %s', (text, kind) => {
    expect(actorKindOf(text)).toBe(kind);
  });

  it('are our types in any case', () => {
    expect(eventTypeOf(' Ticket.Closed ')).toBe('ticket.closed');
    expect(eventTypeOf('ticket.exploded')).toBeUndefined();
  });

  it.each<[string, string[]]>([
    ['', []],
    ['vip', ['vip']],
    [' vip, ,billing ,vip', ['vip', 'billing']],
    ['["a, b", " c ", 7, "", null, {"name": "x"}, ["y"]]', ['a, b', 'c', '7']],
    ['[]', []],
    ['[vip], billing', ['[vip]', 'billing']],
  ])('the tags %s', (text, tags) => {
    expect(tagsOf(text)).toEqual(tags);
  });
});
