import { KubeConfig } from '@kubernetes/client-node';
import { createLogger, type Logger } from '@penstock/telemetry';
import { ConfigError, readOperatorConfig } from './config/operator-config.ts';
import { SecretScrubber } from './reconcile/secret-scrubber.ts';
import { startOperator } from './start-operator.ts';

const STOP_DEADLINE_MS = 15_000;

const scrubber = new SecretScrubber();

/** Every line goes through the scrubber, whoever writes it. */
function scrubbedLogger(level: string): Logger {
  const destination = { write: (line: string) => void process.stdout.write(scrubber.scrub(line)) };
  return createLogger({ name: 'operator', level, destination });
}

/** In a pod by its service account, elsewhere by KUBECONFIG or `~/.kube/config`. */
function readKubeConfig(): KubeConfig {
  const config = new KubeConfig();
  config.loadFromDefault();
  return config;
}

try {
  const config = readOperatorConfig(process.env);
  const logger = scrubbedLogger(config.logLevel);
  const operator = await startOperator({ config, kubeConfig: readKubeConfig(), logger, scrubber });
  logger.info({ port: operator.port, namespaces: config.namespaces ?? 'all' }, 'Started');
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'Stopping');
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    operator.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'Stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
} catch (error) {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const reason = error instanceof ConfigError ? error.message : stack;
  process.stderr.write(`The operator could not start: ${scrubber.scrub(reason)}\n`);
  process.exit(1);
}
