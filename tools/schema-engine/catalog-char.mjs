import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';

const charType = 18; // Postgres' internal "char", which the engine's introspection reads from pg_catalog
const textType = 25;

/** Teaches a connection of adapter-pg, which knows no "char", to return such columns as characters. */
export function withCatalogChar(connection) {
  const performIO = connection.performIO.bind(connection);
  const queryRaw = connection.queryRaw.bind(connection);
  let charColumns = [];
  connection.performIO = async (query) => {
    const result = await performIO(query);
    charColumns = result.fields.map((field) => field.dataTypeID === charType);
    for (const field of result.fields) if (field.dataTypeID === charType) field.dataTypeID = textType;
    return result;
  };
  connection.queryRaw = async (query) => markCharacters(await queryRaw(query), charColumns);
  return connection;
}

function markCharacters(result, charColumns) {
  if (!charColumns.some(Boolean)) return result;
  const columnTypes = result.columnTypes.map((type, index) => (charColumns[index] ? ColumnTypeEnum.Character : type));
  const rows = result.rows.map((row) => row.map((value, index) => (charColumns[index] && value === '' ? '\0' : value)));
  return { ...result, columnTypes, rows };
}
