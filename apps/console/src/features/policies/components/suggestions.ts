import { createContext } from 'react';

/** What fields may suggest, by the name that schemas have for it: `providers` for the providers of the document. */
export type Suggestions = Readonly<Record<string, readonly string[]>>;

/** What the fields of an editor may suggest. */
export const SuggestionsContext = createContext<Suggestions>({});
