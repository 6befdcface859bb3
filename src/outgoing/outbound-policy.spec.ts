import dns, { type LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import { OutboundPolicy } from './outbound-policy.js';
import { OutgoingHttp } from './outgoing-http.js';

const NOT_PUBLIC = 'The address is not on the public internet, and OUTBOUND_ALLOW does not name it.';

const outcomeOf = (url: string, policy = new OutboundPolicy([])): Promise<string> =>
  policy.check(url).then(
    () => 'allowed',
    (error: unknown) => String(error),
  );

describe('an address that is about to be saved', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://①②⑦.0.0.1/',
    'http://0/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[0:0:0:0:0:ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://169.254.169.254/latest/meta-data',
    'http://[fd00:ec2::254]/',
    'https://10.0.0.8:8443/',
    'http://192.168.1.1/',
    'http://100.100.100.200/',
    'http://198.18.0.1/',
    'http://255.255.255.255/',
    'http://localhost/',
    'http://localhost./',
    'http://LOCALHOST:8080/',
  ])('%s is not public', async (url) => {
    expect(await outcomeOf(url)).toBe(`ForbiddenAddressError: ${NOT_PUBLIC}`);
  });

  it.each([
    ['ftp://example.com/', 'The address must begin with http:// or https://.'],
    ['file:///etc/passwd', 'The address must begin with http:// or https://.'],
    ['gopher://127.0.0.1:70/', 'The address must begin with http:// or https://.'],
    ['https://user:secret@8.8.8.8/', 'The address must not hold credentials.'],
    ['https://8.8.8.8@127.0.0.1/', 'The address must not hold credentials.'],
    ['http://8.8.8.8:25/', 'Port 25 is not one for webhooks.'],
    ['http://8.8.8.8:6379/', 'Port 6379 is not one for webhooks.'],
    ['http://256.1.1.1/', 'The address is not a URL.'],
    ['callback', 'The address is not a URL.'],
  ])('%s: %s', async (url, words) => {
    expect(await outcomeOf(url)).toBe(`ForbiddenAddressError: ${words}`);
  });

  it.each(['https://8.8.8.8/hook', 'http://8.8.8.8:8080/', 'https://[2606:4700::1111]/', 'https://nowhere.invalid/'])(
    '%s may be saved',
    async (url) => {
      expect(await outcomeOf(url)).toBe('allowed');
    },
  );

  it('may be what was opened, and the process itself where it opens that', async () => {
    const policy = new OutboundPolicy(['10.1.0.0/16']);
    policy.openOwn('http://127.0.0.1:3000/sandbox/zulip');
    const sandbox = ['http://127.0.0.1:3000/sandbox/zulip', 'http://127.0.0.1:3000/sandbox/zulip/api/v1/messages'];
    const beside = ['/', '/tickets', '/sandbox/zulipper', '/sandbox/zulip/../../tickets', '/sandbox/zulip/%2e%2e/x'];
    const others = beside.map((path) => `http://127.0.0.1:3000${path}`);
    const outcomes = await Promise.all(
      ['http://10.1.2.3/', ...sandbox, 'http://10.2.2.3/', ...others].map((url) => outcomeOf(url, policy)),
    );
    expect(outcomes.map((outcome) => outcome === 'allowed')).toEqual([
      true,
      true,
      true,
      ...Array<boolean>(6).fill(false),
    ]);
  });
});

describe('a connection', () => {
  let server: Server;
  let reached = 0;
  let port = 0;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      reached += 1;
      response.end('reached');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as { port: number });
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    reached = 0;
  });

  const call = async (host: string, policy: OutboundPolicy): Promise<string> => {
    const http = new OutgoingHttp(policy);
    try {
      const url = `http://${host}:${port}/`;
      const { body } = await http.request({ method: 'GET', url, largestAnswer: 100, timeLimitMs: 2_000 });
      return body.toString();
    } catch (error) {
      return (error as Error).message;
    } finally {
      await http.onApplicationShutdown();
    }
  };

  it.each(['127.0.0.1', '2130706433', '127.1', '[::ffff:127.0.0.1]', 'localhost'])(
    'to %s is not made',
    async (host) => {
      expect(await call(host, new OutboundPolicy([]))).toBe(NOT_PUBLIC);
      expect(reached).toBe(0);
    },
  );

  it('is made where it was opened', async () => {
    expect(await call('127.0.0.1', new OutboundPolicy(['127.0.0.1/32']))).toBe('reached');
    expect(await call('localhost', new OutboundPolicy(['127.0.0.1/32', '::1']))).toBe('reached');
  });

  /** Whoever owns a name may answer with a public address while it is saved, and with ours when it is called. */
  it('is judged by the address that the name has when it is made', async () => {
    const answers: LookupAddress[][] = [[{ address: '8.8.8.8', family: 4 }], [{ address: '127.0.0.1', family: 4 }]];
    const rebinding = jest.spyOn(dns, 'lookup').mockImplementation(((
      _name: string,
      _options: unknown,
      done: unknown,
    ) => {
      (done as (error: null, found: LookupAddress[]) => void)(null, answers.shift() ?? []);
    }) as typeof dns.lookup);
    try {
      const policy = new OutboundPolicy([]);
      expect(await outcomeOf(`http://rebind.example:${port}/`, policy)).toBe('allowed');
      expect(await call('rebind.example', policy)).toBe(NOT_PUBLIC);
      expect([reached, answers]).toEqual([0, []]);
    } finally {
      rebinding.mockRestore();
    }
  });

  it('goes to those addresses of a name that may be reached, and to no others', async () => {
    const found = [
      { address: '10.0.0.1', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const several = jest.spyOn(dns, 'lookup').mockImplementation(((_name: string, _options: unknown, done: unknown) => {
      (done as (error: null, found: LookupAddress[]) => void)(null, found);
    }) as typeof dns.lookup);
    try {
      expect(await call('both.example', new OutboundPolicy(['127.0.0.1']))).toBe('reached');
    } finally {
      several.mockRestore();
    }
  });
});
