import { Prisma } from '../../prisma/generated/client.ts';
import { eventConditions, type EventQuestion } from '../event-question.ts';
import { type CsvCell, csvLine } from './csv-line.ts';
import { cursorPages } from './cursor-pages.ts';
import { EVENT_EXPORT_COLUMNS } from './event-columns.ts';

const columns = Prisma.raw(EVENT_EXPORT_COLUMNS.map(([, column]) => column).join(', '));

/** The events of a question as CSV, oldest first, in pieces of up to 1000 lines. */
export async function* eventLines(databaseUrl: string, question: EventQuestion): AsyncGenerator<string> {
  yield csvLine(EVENT_EXPORT_COLUMNS.map(([header]) => header));
  const query = Prisma.sql`
    SELECT json_build_array(${columns}) AS row FROM usage_event WHERE ${eventConditions(question)} ORDER BY occurred_at, id`;
  for await (const page of cursorPages<readonly CsvCell[]>(databaseUrl, query)) yield page.map(csvLine).join('');
}
