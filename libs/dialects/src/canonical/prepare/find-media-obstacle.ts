import type { Dialect } from '@penstock/contracts';
import type { MediaPart, MediaSource } from '../canonical-part.ts';
import type { PrepareContext } from '../prepare-context.ts';

/** Addresses that a vendor reads from its own storage, not from the web. */
const OWN_STORAGE: Partial<Record<Dialect, readonly string[]>> = {
  gemini: ['gs://', 'https://generativelanguage.googleapis.com/'],
  'bedrock-converse': ['s3://'],
};

/** Dialects that fetch documents from the web. */
const FETCHES_DOCUMENTS: ReadonlySet<Dialect> = new Set<Dialect>(['openai-responses', 'anthropic']);

/** Why a model cannot take a part, as the beginning of a sentence; null when it can. Nothing is fetched on its behalf. */
export function findMediaObstacle(part: MediaPart, context: PrepareContext): string | null {
  const { source } = part;
  if (source.kind === 'file-id') return fileIdObstacle(part, source.dialect, context);
  switch (part.type) {
    case 'image':
      return imageObstacle(source, context);
    case 'document':
      return documentObstacle(source, context);
    case 'audio':
      return audioObstacle(source, context);
  }
}

/** A file's id means something to the vendor that keeps the file. OpenAI's two dialects share their files. */
function fileIdObstacle({ type }: MediaPart, dialect: Dialect, { upstream, profile }: PrepareContext): string | null {
  const isOwn = dialect === upstream || (dialect.startsWith('openai') && upstream.startsWith('openai'));
  const isTaken = { image: profile.images !== 'none', document: profile.documents, audio: profile.audioInput }[type];
  // Chat has an id for files only, and Converse has none at all.
  const hasWord = upstream === 'openai-chat' ? type !== 'image' : upstream !== 'bedrock-converse';
  return isOwn && isTaken && hasWord ? null : 'This file id cannot be used';
}

function imageObstacle(source: MediaSource, { upstream, profile }: PrepareContext): string | null {
  if (profile.images === 'none') return 'Images are not supported';
  if (source.kind === 'url') {
    const fetched = profile.images !== 'data' || isInOwnStorage(source.url, upstream);
    return fetched ? null : 'Images by URL are not supported';
  }
  if (source.kind !== 'data') return 'Images of this kind are not supported';
  if (profile.images === 'url') return 'Images as data are not supported';
  const { imageTypes } = profile;
  return imageTypes.length === 0 || imageTypes.includes(source.mediaType)
    ? null
    : `Images of type '${source.mediaType}' are not supported`;
}

function documentObstacle(source: MediaSource, { upstream, profile }: PrepareContext): string | null {
  if (source.kind === 'text') return null;
  if (!profile.documents) return 'Documents are not supported';
  if (source.kind === 'url') {
    const fetched = FETCHES_DOCUMENTS.has(upstream) || isInOwnStorage(source.url, upstream);
    return fetched ? null : 'Documents by URL are not supported';
  }
  const isPdf = source.kind === 'data' && source.mediaType === 'application/pdf';
  return isPdf || upstream !== 'anthropic' ? null : 'Documents other than PDF and text are not supported';
}

function audioObstacle(source: MediaSource, { upstream, profile }: PrepareContext): string | null {
  if (!profile.audioInput) return 'Audio is not supported';
  const isTaken = source.kind === 'data' || (source.kind === 'url' && isInOwnStorage(source.url, upstream));
  return isTaken ? null : 'Audio by URL is not supported';
}

function isInOwnStorage(url: string, upstream: Dialect): boolean {
  return OWN_STORAGE[upstream]?.some((prefix) => url.startsWith(prefix)) === true;
}
