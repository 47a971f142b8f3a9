import { anthropicVendor } from './anthropic/vendor.ts';
import { azureVendor } from './azure/vendor.ts';
import { bedrockVendor } from './bedrock/vendor.ts';
import { geminiVendor } from './gemini/vendor.ts';
import { mistralVendor } from './mistral/vendor.ts';
import { openAiVendor } from './openai-chat/vendor.ts';
import { type Vendor, type VendorName, vendorNames } from './vendor.ts';
import { VendorLedger } from './vendor-ledger.ts';
import { VendorServer } from './vendor-server.ts';
import { vllmVendor } from './vllm/vendor.ts';

const vendors: Readonly<Record<VendorName, Vendor>> = {
  anthropic: anthropicVendor,
  azure: azureVendor,
  bedrock: bedrockVendor,
  gemini: geminiVendor,
  mistral: mistralVendor,
  openai: openAiVendor,
  vllm: vllmVendor,
};

export interface SimulatedVendorsOptions {
  /** The one key that a vendor takes; any key where it is left out. For Bedrock `ACCESS_KEY_ID:SECRET`, or a bearer token. */
  readonly keys?: Partial<Readonly<Record<VendorName, string>>>;
  /** Port of the first vendor in alphabetical order, the others follow; 0: any free ports. */
  readonly firstPort?: number;
}

/**
 * Servers that look like the vendors of models: they check every request strictly against the vendor's published types and
 * rules, and answer in the vendor's own words, oddities included. What a model does depends on its name: see `behaviours`.
 */
export class SimulatedVendors {
  readonly ledger = new VendorLedger();
  readonly #servers: ReadonlyMap<VendorName, VendorServer>;

  constructor(options: SimulatedVendorsOptions = {}) {
    this.#servers = new Map(
      vendorNames.map((name) => [name, new VendorServer(vendors[name], this.ledger, options.keys?.[name] ?? null)]),
    );
  }

  /** Root of each vendor, without a path: `/v1/messages`, `/openai/…`, `/v1beta/…` stand below it. */
  get urls(): Readonly<Record<VendorName, string>> {
    const urls = [...this.#servers].map(([name, server]) => [name, server.url]);
    return Object.fromEntries(urls) as Record<VendorName, string>;
  }

  async listen(firstPort = 0): Promise<void> {
    for (const [index, server] of [...this.#servers.values()].entries()) {
      await server.listen(firstPort === 0 ? 0 : firstPort + index);
    }
  }

  /** Forgets what was received. */
  reset(): void {
    this.ledger.reset();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.stop()));
  }
}

/** Starts all vendors, each on a port of the loopback interface. */
export async function startSimulatedVendors(options: SimulatedVendorsOptions = {}): Promise<SimulatedVendors> {
  const started = new SimulatedVendors(options);
  await started.listen(options.firstPort);
  return started;
}
