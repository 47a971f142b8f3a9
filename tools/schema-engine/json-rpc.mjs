import readline from 'node:readline';

const printIds = 1_000_000; // our own requests to the CLI must not collide with the ids of its requests

/** Serves JSON-RPC 2.0, one message per line, until stdin ends. `call(method, params)` answers each request. */
export async function serveJsonRpc(call) {
  let prints = printIds;
  const print = (content) => send({ id: (prints += 1), method: 'print', params: { content } });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    if (!request.method) continue; // the CLI's answer to a print
    const answer = await answerTo(request, call);
    // The native engine prints a diff itself; the CLI does not look at it in the result.
    if (request.method === 'diff' && answer.result?.stdout != null) print(answer.result.stdout);
    send(answer);
  }
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

async function answerTo({ id, method, params }, call) {
  try {
    return { id, result: (await call(method, params)) ?? null };
  } catch (error) {
    const data = { is_panic: false, message: String(error?.message ?? error), backtrace: null };
    return { id, error: { code: 4466, message: 'An error happened. Check the data field for details.', data } };
  }
}
