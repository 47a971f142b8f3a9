import { Problem } from '../services/problem.mjs';

/** A refusal by the control plane: `status` and its public message. */
export class AdminApiError extends Problem {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** A client of the control plane's REST API with an admin token. */
export class AdminApi {
  #base;
  #token;

  constructor(base, token) {
    this.#base = `${base}/api/v1`;
    this.#token = token;
  }

  /** The document, or undefined when there is none of this name. */
  async find(path) {
    try {
      return await this.#send('GET', path);
    } catch (error) {
      if (error.status === 404) return undefined;
      throw error;
    }
  }

  list(path) {
    return this.#send('GET', path);
  }

  create(path, body) {
    return this.#send('POST', path, body);
  }

  async #send(method, path, body) {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    throw new AdminApiError(response.status, refusal(response.status, `${method} ${path}`, answer));
  }
}

function refusal(status, request, answer) {
  if (status === 401) {
    return 'The control plane refuses the admin token in secrets.json: the database belongs to another data folder; use that folder, or start afresh with --reset.';
  }
  const details = (answer.errors ?? []).map(({ field, message }) => `${field} ${message}`).join(', ');
  return `The control plane refused ${request}: ${status} ${answer.message ?? ''}${details ? ` (${details})` : ''}`;
}
