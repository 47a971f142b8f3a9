import type { ServerResponse } from 'node:http';
import { ApiStatus } from './api-status.ts';
import { apiVersionOf, type KubeObject, type ResourceType } from './kube-object.ts';
import { collectionOf } from './resource-api.ts';
import { selectorOf } from './selectors.ts';
import type { StoredEvent, VersionedStore } from './versioned-store.ts';

export interface WatchRequest {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly query: URLSearchParams;
  /** Makes the form that the client asks for. */
  readonly form: (object: object) => object;
  /** How often a bookmark is sent. */
  readonly bookmarkMs: number;
}

/** Sends changes line by line until the client goes, `timeoutSeconds` are over, or the returned function is called. */
export function streamWatch(
  store: VersionedStore,
  { type, namespace, query, form, bookmarkMs }: WatchRequest,
  response: ServerResponse,
): () => void {
  const selected = selectorOf(query);
  const collection = collectionOf(type);
  const isMeant = (object: KubeObject): boolean =>
    (namespace === undefined || object.metadata.namespace === namespace) && selected(object);
  const send = (kind: string, object: object): void =>
    void response.write(`${JSON.stringify({ type: kind, object: form(object) })}\n`);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const onEvent = (event: StoredEvent): void => {
    if (event.collection === collection && isMeant(event.object)) send(event.type, event.object);
  };
  const asked = query.get('resourceVersion') ?? '';
  const fromNow = asked === '' || asked === '0';
  let unfollow = (): void => {};
  try {
    const present = fromNow ? store.list(collection).filter(isMeant) : [];
    for (const object of present) send('ADDED', object);
    unfollow = store.follow(fromNow ? store.version : Number(asked), onEvent);
  } catch (error) {
    if (!(error instanceof ApiStatus)) throw error;
    // A watch that cannot go on was begun: it says so in its only line.
    send('ERROR', error.toObject());
    response.end();
    return () => {};
  }
  const bookmark = (): void => {
    const metadata = { resourceVersion: String(store.version), creationTimestamp: null };
    send('BOOKMARK', { kind: type.kind, apiVersion: apiVersionOf(type), metadata });
  };
  const bookmarks = query.get('allowWatchBookmarks') === 'true' ? setInterval(bookmark, bookmarkMs) : undefined;
  const end = (): void => void response.end();
  const timeout = setTimeout(end, Number(query.get('timeoutSeconds') ?? 1_800) * 1_000);
  response.once('close', () => {
    unfollow();
    clearInterval(bookmarks);
    clearTimeout(timeout);
  });
  return end;
}
