import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import helmet from 'helmet';

/** Where HTML is served: the pages that describe the API, and what belongs to them. */
const PAGES = /^\/docs(\/|$)/;

/**
 * SHA-256 of the two `<style>` elements that @nestjs/swagger writes into its page, and of the one that its scripts add, in the
 * picture at the top; a test compares them with what is served. They stand for `'unsafe-inline'`, which would let any other
 * in too.
 */
const STYLES = [
  "'sha256-/jDKvbQ8cdux+c5epDIqkjHbXDaIY8RucT1PmAe8FG4='",
  "'sha256-eaPyLWVdqMc60xuz5bTp2yBRgVpQSoUggte1+40ONPU='",
  "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='",
];
/** The same of the one attribute `style` in that page: what keeps the icons that it draws from out of sight. */
const STYLE_ATTRIBUTE = "'sha256-ezdv1bOGcoOD7FKudKN0Y2Mb763O6qVtM8LT2mtanIU='";

/** No `Strict-Transport-Security`: the gateway speaks HTTP, and whether a proxy speaks HTTPS for good is that one's word. */
const protect = helmet({
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' },
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'", ...STYLES],
      'style-src-attr': ["'unsafe-hashes'", STYLE_ATTRIBUTE],
      // Icons of the page's style sheet stand in it as data.
      'img-src': ["'self'", 'data:'],
      // Requests that are tried out.
      'connect-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  },
});

/** Has the pages come with what browsers need to know. Routes that are added later; all others are left alone, and pay nothing. */
export function protectPages(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (!PAGES.test(route.url)) return;
    const others = route.onRequest === undefined ? [] : [route.onRequest].flat();
    route.onRequest = [...others, addHeaders];
  });
}

function addHeaders(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
  protect(request.raw, reply.raw, (error) => {
    done(error instanceof Error ? error : undefined);
  });
}
