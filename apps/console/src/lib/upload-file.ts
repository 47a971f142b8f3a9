import { apiErrorFrom, networkError } from './api-error.ts';
import { csrfToken } from './csrf-token.ts';

/**
 * Sends a JSON file as the body of a PUT and tells how much of it has gone, 0 to 1; `fetch` cannot tell. Throws the
 * `ApiError` of a refusal.
 */
export function uploadFile(path: string, file: File, onProgress: (share: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', path);
    request.setRequestHeader('content-type', 'application/json');
    const token = csrfToken();
    if (token) request.setRequestHeader('x-csrf-token', token);
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total));
    request.addEventListener('error', () => reject(networkError(new Error('The upload got no answer.'))));
    request.addEventListener('load', () => {
      if (request.status < 300) resolve();
      else reject(apiErrorFrom(request.status, bodyOf(request.responseText)));
    });
    request.send(file);
  });
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // a proxy between us may answer in HTML; the status says enough then
  }
}
