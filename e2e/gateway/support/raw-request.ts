import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number | null;
  readonly code: string | null;
  readonly headers: string;
  readonly text: string;
  /** The server closed the connection. */
  readonly closed: boolean;
}

/** Sends bytes as they are and reads one answer, or until the connection closes. */
export function rawRequest(
  port: number,
  bytes: string | Buffer,
  options: { readonly timeoutMs?: number; readonly end?: boolean } = {},
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    let closed = false;
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(readAnswer(Buffer.concat(chunks).toString('latin1'), closed));
    };
    const timer = setTimeout(finish, options.timeoutMs ?? 3000);
    socket.on('data', (data: Buffer) => {
      chunks.push(data);
      if (isComplete(Buffer.concat(chunks).toString('latin1'))) finish();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      closed = true;
      finish();
    });
    socket.write(bytes);
    if (options.end) socket.end();
  });
}

function isComplete(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  const length = /content-length: (\d+)/i.exec(text)?.[1];
  return end >= 0 && length !== undefined && text.length >= end + 4 + Number(length);
}

function readAnswer(text: string, closed: boolean): RawAnswer {
  const [headers = '', body = ''] = text.split('\r\n\r\n', 2);
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  let code: string | null = null;
  try {
    code = (JSON.parse(body) as { error?: { code?: string } }).error?.code ?? null;
  } catch {
    // No JSON body: the test sees a null code.
  }
  return { status: status === undefined ? null : Number(status), code, headers, text: body, closed };
}
