import { keepHeaders } from './keep-headers.js';

describe('keepHeaders', () => {
  it('keeps what tells about the webhook and masks what opens doors', () => {
    const headers = {
      'content-type': 'application/json',
      'x-groove-event': 'ticket_started',
      authorization: 'Bearer one',
      cookie: 'session=two',
      'x-api-key': 'three',
      'x-auth-token': 'four',
      'x-pass': 'six',
      'x-access-key': 'seven',
      'x-session-id': 'eight',
      'x-jwt': 'nine',
      referer: 'https://user:ten@desk.example.com/a',
      'x-zendesk-webhook-signature': 'five',
    };
    expect(keepHeaders(headers, { token: 'hook-token', values: [] })).toEqual({
      'content-type': 'application/json',
      'x-groove-event': 'ticket_started',
      authorization: '***',
      cookie: '***',
      'x-api-key': '***',
      'x-auth-token': '***',
      'x-pass': '***',
      'x-access-key': '***',
      'x-session-id': '***',
      'x-jwt': '***',
      referer: 'https://***@desk.example.com/a',
      'x-zendesk-webhook-signature': '***',
    });
  });

  it('masks the header that carries a secret, whatever it is called', () => {
    const headers = { 'x-check': 'hush', 'x-other': 'said', 'x-old': 'was known-secret' };
    const kept = keepHeaders(headers, { header: 'X-Check', values: ['known-secret', ''] });
    expect(kept).toEqual({ 'x-check': '***', 'x-other': 'said', 'x-old': 'was ***' });
  });

  it('masks the hook token in headers that repeat the address', () => {
    const kept = keepHeaders(
      { 'x-original-uri': '/hooks/groove/abc123?x=1', referer: 'http://h/hooks/groove/abc123' },
      { token: 'abc123', values: [] },
    );
    expect(kept).toEqual({ 'x-original-uri': '/hooks/groove/***?x=1', referer: 'http://h/hooks/groove/***' });
  });
});
