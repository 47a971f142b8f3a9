import type { Network } from '../../upstream/guarded-network.ts';
import type { Violation } from '../guardrail/text-rule.ts';
import { MAX_URL_LENGTH } from './url-finder.ts';

export interface UrlCheck {
  /** Whether a name with an address is enough. */
  readonly onlyDNS: boolean;
  /** For all URLs of a call together, milliseconds. */
  readonly timeout: number;
}

export interface UrlNetworks {
  /** Addresses that upstreams may have: enough for a look at DNS. */
  readonly network: Pick<Network, 'resolves'>;
  /** The public internet: where requests may go that a text asks for. */
  readonly publicNetwork: Network;
}

/** Of one text at the same time. */
const AT_ONCE = 10;
/** Of one policy at the same time; what comes on top of that is not checked, and so not good. */
const MAX_RUNNING = 256;
/** What of a URL is told. */
const SHOWN_LENGTH = 512;
const REASON = 'Violation of url validity detected.';

/** Finds out whether URLs lead anywhere. What cannot be found out in time counts as leading nowhere. */
export class UrlChecker {
  readonly #check: UrlCheck;
  readonly #networks: UrlNetworks;
  #running = 0;

  constructor(check: UrlCheck, networks: UrlNetworks) {
    this.#check = check;
    this.#networks = networks;
  }

  async judge(urls: readonly string[]): Promise<Violation | null> {
    const deadline = performance.now() + this.#check.timeout;
    const good = new Set<string>();
    const waiting = [...new Set(urls)];
    const work = async (): Promise<void> => {
      for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
        if (await this.#isGood(url, Math.ceil(deadline - performance.now()))) good.add(url);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, work));
    const invalid = [...new Set(urls)].filter((url) => !good.has(url));
    return invalid.length === 0 ? null : violation('One or more URLs in the payload failed validation.', invalid);
  }

  async #isGood(text: string, timeoutMs: number): Promise<boolean> {
    if (text.length > MAX_URL_LENGTH || !URL.canParse(text) || timeoutMs <= 0 || this.#running >= MAX_RUNNING) {
      return false;
    }
    this.#running += 1;
    try {
      return await this.#leadsSomewhere(new URL(text), timeoutMs);
    } catch {
      // No answer of DNS or of the server is what the check is about.
      return false;
    } finally {
      this.#running -= 1;
    }
  }

  /** The name first, also where a request follows: DNS is asked without a thread of the process, which many names would use up. */
  async #leadsSomewhere(url: URL, timeoutMs: number): Promise<boolean> {
    const { network, publicNetwork } = this.#networks;
    if (this.#check.onlyDNS) return network.resolves(url.hostname, timeoutMs);
    const startedAt = performance.now();
    if (!(await publicNetwork.resolves(url.hostname, timeoutMs))) return false;
    const leftMs = Math.ceil(timeoutMs - (performance.now() - startedAt));
    if (leftMs <= 0) return false;
    const head = { url, method: 'HEAD', timeoutMs: leftMs, maxBytes: 1_024, accept: '*/*' } as const;
    const { status } = await publicNetwork.request(head);
    return status >= 200 && status < 400;
  }
}

export function tooManyUrls(most: number): Violation {
  return violation(`The payload has more than ${most} different URLs.`, []);
}

function violation(message: string, invalid: readonly string[]): Violation {
  const invalidUrls = invalid.map((url) => url.slice(0, SHOWN_LENGTH).toWellFormed());
  return { reason: REASON, assessments: { message, invalidUrls } };
}
