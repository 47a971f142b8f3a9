/** What clients write in place of a MIME type. */
const ALIASES: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  pdf: 'application/pdf',
};

/** The MIME type that is meant, in lower case and without parameters. */
export function canonicalMediaType(mediaType: string): string {
  const [bare = ''] = mediaType.toLowerCase().split(';');
  const trimmed = bare.trim();
  return ALIASES[trimmed] ?? trimmed;
}
